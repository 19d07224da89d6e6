#include "topologies/source.hpp"

#include <algorithm>

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
  // The format may be known only from the content: then what all of them bring.
  Brought common{.capacities = true, .balances = true, .policies = true};
  for (const Importer& importer : importers()) {
    if (params.format != "auto" && params.format != importer.name) continue;
    if ((importer.files > 1) != (params.files.size() > 1)) continue;
    common.capacities = common.capacities && importer.brings.capacities;
    common.balances = common.balances && importer.brings.balances;
    common.policies = common.policies && importer.brings.policies;
  }
  return common;
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

}  // namespace ampsim::topo
