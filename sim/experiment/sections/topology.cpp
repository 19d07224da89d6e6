#include <algorithm>
#include <utility>
#include <vector>

#include "sim/experiment/sections/sections.hpp"

namespace ampsim::sim {
namespace {

/// The key that says where the network comes from.
std::string source_key(const Settings& s) {
  if (!s.topology.file.empty()) return "topology.file";
  return s.topology.files.empty() ? "topology.generator" : "topology.files";
}

/// For a key that is a source itself: it has no effect where another is.
std::function<std::string(const Settings&)> unless_other_source(std::string key) {
  return [key = std::move(key)](const Settings& s) {
    const std::string source = source_key(s);
    return source == key ? "" : source;
  };
}

/// Keys of [topology] are read by the generators that say so, and by none where files are given.
std::function<std::string(const Settings&)> read_by_generator(std::string name) {
  return [name = std::move(name)](const Settings& s) -> std::string {
    if (s.topology.has_files()) return source_key(s);
    for (const topo::Generator& generator : topo::generators()) {
      if (generator.name != s.topology.generator) continue;
      for (const std::string_view key : generator.reads) {
        if (key == name || key == "topology." + name) return "";
      }
    }
    return "topology.generator";
  };
}

/// What the topology has of its own is not drawn: topologies/endowment.hpp.
std::function<std::string(const Settings&)> unless_brought(bool topo::Brought::*part,
                                                           std::string name) {
  return [part, name = std::move(name)](const Settings& s) -> std::string {
    return topo::brought_by(s.topology).*part ? name : "";
  };
}

void add_channels(SettingBuilder& table) {
  using topo::BalanceKind;
  using topo::ChannelParams;
  using Kind = DistributionKind;
  const auto channels = &Settings::channels;
  const auto by_capacities = unless_brought(&topo::Brought::capacities, "capacities");
  const auto by_balances = unless_brought(&topo::Brought::balances, "balances");
  const auto by_policies = unless_brought(&topo::Brought::policies, "policies");
  SettingBuilder capacity;
  capacity.add_distribution(
      "channels.capacity",
      "capacity, where the topology has none; what is drawn below 20,000 sat becomes 20,000", "sat",
      {Kind::constant, Kind::uniform, Kind::exponential, Kind::normal, Kind::lognormal}, channels,
      &ChannelParams::capacity);
  for (Setting& setting : capacity.take()) {
    setting.brought = by_capacities;
    table.push(std::move(setting));
  }
  table
      .add_choice("channels.balance.distribution", "how the capacity lies between the two ends",
                  Choices<BalanceKind>{{"half", BalanceKind::half},
                                       {"uniform", BalanceKind::uniform},
                                       {"bimodal", BalanceKind::bimodal},
                                       {"file", BalanceKind::file}},
                  channels, &ChannelParams::balance)
      .brought = by_balances;
  Setting& scale =
      table.add("channels.balance.scale_sat", "how near to an end the bimodal balances lie",
                between(1, kMostSat), channels, &ChannelParams::bimodal_scale);
  scale.brought = by_balances;
  scale.blocked_by = [](const Settings& s) -> std::string {
    return s.channels.balance == BalanceKind::bimodal ? "" : "channels.balance.distribution";
  };
  table.add("channels.reserve", "share of the capacity that each end must keep",
            at_least_and_below(0, 1), &Settings::network, &NetworkParams::reserve);
  table.add("channels.max_htlcs", "most HTLCs in flight in one direction", between(1, 483),
            &Settings::network, &NetworkParams::max_htlcs);
  table.add("channels.max_in_flight", "largest share of the capacity in flight in one direction",
            above(0, 1), &Settings::network, &NetworkParams::max_in_flight);
  table
      .add("channels.fee_base_msat", "fee for an HTLC, where the topology has no policy",
           between(0, 4'294'967'295), channels, &ChannelParams::fee_base)
      .brought = by_policies;
  table
      .add("channels.fee_proportional_ppm", "and this part of its amount", between(0, 1'000'000),
           channels, &ChannelParams::fee_proportional)
      .brought = by_policies;
  table
      .add("channels.cltv_expiry_delta_blocks",
           "time lock between incoming and outgoing HTLC, likewise", between(0, 65'535), channels,
           &ChannelParams::cltv_expiry_delta)
      .brought = by_policies;
  table
      .add("channels.htlc_minimum_msat", "smallest HTLC, likewise", between(0, kMostMsat), channels,
           &ChannelParams::htlc_minimum)
      .brought = by_policies;
}

void add_subnetwork(SettingBuilder& table) {
  using topo::Subnetwork;
  using topo::SubnetworkParams;
  using topo::TopologyParams;
  const auto topology = &Settings::topology;
  const auto part = &TopologyParams::subnetwork;
  table.add_choice("topology.subnetwork", "which part of the network is taken",
                   Choices<Subnetwork>{{"all", Subnetwork::all},
                                       {"largest_component", Subnetwork::largest_component},
                                       {"core", Subnetwork::core},
                                       {"top", Subnetwork::top},
                                       {"snowball", Subnetwork::snowball}},
                   topology, part, &SubnetworkParams::kind);
  const auto read_by = [](std::vector<Subnetwork> kinds) {
    return [kinds = std::move(kinds)](const Settings& s) -> std::string {
      const bool is_read =
          std::find(kinds.begin(), kinds.end(), s.topology.subnetwork.kind) != kinds.end();
      return is_read ? "" : "topology.subnetwork";
    };
  };
  table
      .add("topology.subnetwork_core",
           "core: neighbours that every node has in it; 0 = the innermost core",
           between(0, 1'000'000), topology, part, &SubnetworkParams::core)
      .blocked_by = read_by({Subnetwork::core});
  table
      .add("topology.subnetwork_nodes",
           "top: so many nodes, those with most capacity; snowball: so many nodes",
           between(2, 10'000'000), topology, part, &SubnetworkParams::nodes)
      .blocked_by = read_by({Subnetwork::top, Subnetwork::snowball});
  table
      .add("topology.subnetwork_neighbours",
           "snowball: so many neighbours that a node names at a time; 0 = all",
           between(0, 1'000'000), topology, part, &SubnetworkParams::neighbours)
      .blocked_by = read_by({Subnetwork::snowball});
}

}  // namespace

void add_topology(SettingBuilder& table) {
  using topo::TopologyParams;
  const auto topology = &Settings::topology;
  std::vector<std::string> generators;
  for (const topo::Generator& each : topo::generators()) generators.emplace_back(each.name);
  std::vector<std::string> formats = {"auto"};
  for (const topo::Importer& each : topo::importers()) formats.emplace_back(each.name);

  table
      .add("topology.generator", "draws a network; or give a file", generators, topology,
           &TopologyParams::generator)
      .blocked_by = unless_other_source("topology.generator");
  Setting& file = table.add("topology.file", "a network to read, plain or gzip", topology,
                            &TopologyParams::file);
  file.kind = ValueKind::file;
  file.blocked_by = unless_other_source("topology.file");
  table
      .add("topology.files", "a network in several files, in any order", topology,
           &TopologyParams::files)
      .blocked_by = unless_other_source("topology.files");
  table
      .add("topology.format", "auto finds it from the content", formats, topology,
           &TopologyParams::format)
      .blocked_by = [](const Settings& s) -> std::string {
    return s.topology.has_files() ? "" : "topology.generator";
  };

  const auto add = [&](const std::string& name, const std::string& help, Bounds bounds,
                       auto field) {
    table.add("topology." + name, help, bounds, topology, field).blocked_by =
        read_by_generator(name);
  };
  add("nodes", "number of nodes", between(2, 10'000'000), &TopologyParams::nodes);
  add("channels_per_node", "channels that a new node opens", between(1, 100'000),
      &TopologyParams::channels_per_node);
  add("neighbours", "channels of a node before rewiring, an even number", between(2, 100'000),
      &TopologyParams::neighbours);
  add("rewire_probability", "probability that a channel gets another end", kProbability,
      &TopologyParams::rewire_probability);
  add("mean_degree", "mean number of channels of a node", above(0, 1'000'000),
      &TopologyParams::mean_degree);
  add("width", "columns of the grid; 0 = as square as possible", between(0, 10'000'000),
      &TopologyParams::width);

  add_subnetwork(table);
  add_channels(table);
}

}  // namespace ampsim::sim
