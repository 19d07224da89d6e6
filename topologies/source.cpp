#include "topologies/source.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/check.hpp"

namespace ampsim::topo {

Brought brought_by(const TopologyParams& params) {
  if (!params.has_files()) {
    for (const Generator& generator : generators()) {
      if (generator.name == params.generator) return generator.brings;
    }
    return {};
  }
  for (const Importer& importer : importers()) {
    if (params.format == importer.name) return importer.brings;
  }
  const Importer* const found =
      importer_of_file(params.file.empty() ? params.files.front() : params.file);
  return found == nullptr ? Brought{} : found->brings;
}

Topology make_topology(const TopologyParams& params, std::uint64_t seed) {
  if (!params.file.empty()) return import_file(params.file, params.format);
  if (!params.files.empty()) return import_files(params.files, params.format);
  std::vector<std::string> known;
  for (const Generator& generator : generators()) {
    if (generator.name == params.generator) return generator.make(params, seed);
    known.emplace_back(generator.name);
  }
  throw InputError({.key = "topology.generator"},
                   fmt::format("found \"{}\"; allowed: {}{}", params.generator,
                               fmt::join(known, ", "), did_you_mean(params.generator, known)));
}

Topology make_network(const TopologyParams& params,
                      const ChannelParams& channels,
                      std::uint64_t seed) {
  Topology topology = make_topology(params, seed);
  endow(topology, channels, seed);
  return subnetwork(std::move(topology), params.subnetwork, seed);
}

}  // namespace ampsim::topo
