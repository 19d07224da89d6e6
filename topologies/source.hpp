#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "topologies/endowment.hpp"
#include "topologies/subnetwork.hpp"
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
  SubnetworkParams subnetwork = {};     ///< what part of it is taken

  bool has_files() const { return !file.empty() || !files.empty(); }
  friend bool operator==(const TopologyParams&, const TopologyParams&) = default;
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

/// A format has `read`, or, where a network may be in several files, `part_of` and `read_files`.
struct Importer {
  std::string_view name;  ///< "lnd"
  std::string_view summary;
  Brought brings = {};
  /// Whether the content (after decompression; its first 64 KiB are enough) looks like a file of
  /// this format; never throws.
  bool (*recognises)(std::string_view content) = nullptr;
  /// `file` is only for messages. Errors: InputError with file and line.
  Topology (*read)(std::string_view content, const std::string& file) = nullptr;
  std::size_t files = 1;        ///< of one network at most
  std::size_t least_files = 1;  ///< and at least
  /// Which of the files this one is, from 0; `files` if none. Never throws.
  std::size_t (*part_of)(std::string_view content) = nullptr;
  /// The files of a network, in any order. Errors: InputError with file and line.
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
/// The format of a file by its head; nullptr where it is none of ours, or cannot be read.
const Importer* importer_of_file(const std::string& file);
/// The one network in these files, or in this file. Errors: InputError.
Topology import_files(const std::vector<std::string>& files, const std::string& format = "auto");
Topology import_file(const std::string& file, const std::string& format = "auto");

/// What every network of these settings has already. Where the format is to be found from the
/// content, it is found from the head of the first file; where that cannot be read, nothing.
Brought brought_by(const TopologyParams& params);

/// From the one source that is given, whole. Files do not depend on the seed.
Topology make_topology(const TopologyParams& params, std::uint64_t seed);

/// The network of an experiment: the topology, endowed (topologies/endowment.hpp), and of that the
/// part that is asked for. So a part has the capacities, balances and policies of the whole.
Topology make_network(const TopologyParams& params,
                      const ChannelParams& channels,
                      std::uint64_t seed);

}  // namespace ampsim::topo
