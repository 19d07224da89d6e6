#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "topologies/topology.hpp"

/// Where a topology comes from: a generator, a file, or several files that belong together.
///
/// Tested by tests/generators_test.cpp and tests/importer_test.cpp.
namespace ampsim::topo {

/// `[topology]`. Which of the numbers a generator reads is in its Generator entry.
struct TopologyParams {
  std::string generator = "lightning";  ///< a name of generators(); "" where files are given
  std::string file;                     ///< "" where a generator or `files` are given
  std::vector<std::string> files;       ///< of one network, in any order; otherwise empty
  std::string format = "auto";          ///< auto, or a name of importers()
  std::uint32_t nodes = 2000;
  std::uint32_t channels_per_node = 5;  ///< barabasi_albert: m; lightning ignores it
  std::uint32_t neighbours = 10;        ///< watts_strogatz: k, even
  double rewire_probability = 0.3;      ///< watts_strogatz
  double mean_degree = 6;               ///< erdos_renyi
  std::uint32_t width = 0;              ///< grid: columns; 0 = as square as possible

  bool has_files() const { return !file.empty() || !files.empty(); }
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

/// A file's content after decompression; the name is only for messages.
struct FileText {
  std::string_view content;
  std::string name;
};

/// A format has `read`, or, where a network is in several files, `read_files`.
struct Importer {
  std::string_view name;  ///< "lnd"
  std::string_view summary;
  Brought brings = {};
  /// Whether the content (after decompression) looks like a file of this format; never throws.
  bool (*recognises)(std::string_view content) = nullptr;
  /// `file` is only for messages. Errors: InputError with file and line.
  Topology (*read)(std::string_view content, const std::string& file) = nullptr;
  std::size_t files = 1;  ///< of one network
  /// So many files, in any order. Errors: InputError with file and line.
  Topology (*read_files)(std::span<const FileText> files) = nullptr;
};
const std::vector<Importer>& importers();

/// A network and the files that it was read from.
struct Imported {
  std::vector<std::string> files;
  Topology topology;
};

/// The networks in these files, plain or gzip, by their content (or `format`), in their order.
/// Files of one network stand together, in any order. Errors: InputError.
std::vector<Imported> import_networks(const std::vector<std::string>& files,
                                      const std::string& format = "auto");
/// The one network in these files, or in this file. Errors: InputError.
Topology import_files(const std::vector<std::string>& files, const std::string& format = "auto");
Topology import_file(const std::string& file, const std::string& format = "auto");

/// What every network of these settings has already.
Brought brought_by(const TopologyParams& params);

/// From the one source that is given. Files do not depend on the seed.
Topology make_topology(const TopologyParams& params, std::uint64_t seed);

}  // namespace ampsim::topo
