#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "topologies/topology.hpp"

/// Where a topology comes from: one generator or one file.
///
/// Tested by tests/generators_test.cpp and tests/importer_test.cpp.
namespace ampsim::topo {

/// `[topology]`. Which of the numbers a generator reads is in its Generator entry.
struct TopologyParams {
  std::string generator = "lightning";  ///< a name of generators(); "" where a file is given
  std::string file;                     ///< "" where a generator is given
  std::string format = "auto";          ///< auto, or a name of importers()
  std::uint32_t nodes = 2000;
  std::uint32_t channels_per_node = 5;  ///< barabasi_albert: m; lightning ignores it
  std::uint32_t neighbours = 10;        ///< watts_strogatz: k, even
  double rewire_probability = 0.3;      ///< watts_strogatz
  double mean_degree = 6;               ///< erdos_renyi
  std::uint32_t width = 0;              ///< grid: columns; 0 = as square as possible
};

/// What the networks of a source have already: `[channels]` draws only the rest.
struct Brought {
  bool capacities = false;
  bool balances = false;
  bool policies = false;
};

struct Generator {
  std::string_view name;
  std::string_view summary;             ///< one sentence, with the paper it follows
  std::vector<std::string_view> reads;  ///< keys of [topology] that it reads
  Brought brings = {};
  Topology (*make)(const TopologyParams& params, std::uint64_t seed) = nullptr;
};
const std::vector<Generator>& generators();

struct Importer {
  std::string_view name;  ///< "lnd"
  std::string_view summary;
  Brought brings = {};
  /// Whether the content (after decompression) looks like this format; never throws.
  bool (*recognises)(std::string_view content) = nullptr;
  /// `file` is only for messages. Errors: InputError with file and line.
  Topology (*read)(std::string_view content, const std::string& file) = nullptr;
};
const std::vector<Importer>& importers();

/// The file, plain or gzip, by its content (or `format`). Errors: InputError.
Topology import_file(const std::string& file, const std::string& format = "auto");

/// What every network of these settings has already.
Brought brought_by(const TopologyParams& params);

/// One or the other. A file does not depend on the seed.
Topology make_topology(const TopologyParams& params, std::uint64_t seed);

}  // namespace ampsim::topo
