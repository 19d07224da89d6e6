#include "topologies/source.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/check.hpp"

namespace ampsim::topo {

Topology make_topology(const TopologyParams& params, std::uint64_t seed) {
  if (!params.file.empty()) return import_file(params.file, params.format);
  std::vector<std::string> known;
  for (const Generator& generator : generators()) {
    if (generator.name == params.generator) return generator.make(params, seed);
    known.emplace_back(generator.name);
  }
  throw InputError({.key = "topology.generator"},
                   fmt::format("found \"{}\"; allowed: {}{}", params.generator,
                               fmt::join(known, ", "), did_you_mean(params.generator, known)));
}

}  // namespace ampsim::topo
