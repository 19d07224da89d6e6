#include <algorithm>
#include <functional>
#include <utility>

#include <fmt/format.h>

#include "core/check.hpp"
#include "topologies/exporters/formats.hpp"
#include "topologies/exporters/text.hpp"
#include "topologies/short_channel_id.hpp"

namespace ampsim::topo {
namespace {

std::string counted(std::size_t count, std::string_view thing) {
  return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

/// Collects what is lost: a phrase with %, for the things that have it.
class Losses {
 public:
  explicit Losses(const Topology& topology) : topology_(topology) {}

  void nodes(std::string_view what, const std::function<bool(std::size_t node)>& has) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < topology_.nodes.size(); ++i) count += has(i) ? 1U : 0U;
    add(what, counted(count, "node"), count);
  }
  void channels(std::string_view what, const std::function<bool(const Channel& channel)>& has) {
    const auto count = static_cast<std::size_t>(
        std::count_if(topology_.channels.begin(), topology_.channels.end(), has));
    add(what, counted(count, "channel"), count);
  }
  void directions(std::string_view what,
                  const std::function<bool(const ForwardingPolicy& policy, Msat capacity)>& has) {
    std::size_t count = 0;
    for (const Channel& channel : topology_.channels) {
      for (const std::optional<ForwardingPolicy>& policy : channel.policy) {
        if (policy && channel.capacity && has(*policy, *channel.capacity)) ++count;
      }
    }
    add(what, counted(count, "direction"), count);
  }
  std::vector<std::string> take() { return std::move(lost_); }

 private:
  void add(std::string_view what, const std::string& things, std::size_t count) {
    if (count == 0) return;
    std::string phrase(what);
    lost_.push_back(phrase.replace(phrase.find('%'), 1, things));
  }

  const Topology& topology_;
  std::vector<std::string> lost_;
};

/// Those that have another place when nodes come in the order in which channels name them.
std::vector<bool> moved_nodes(const Topology& topology, const std::vector<bool>& is_lone) {
  std::vector<std::uint32_t> order;
  std::vector<bool> is_named(topology.nodes.size());
  for (const Channel& channel : topology.channels) {
    for (const NodeId end : channel.ends) {
      if (!is_named[end.index]) order.push_back(end.index);
      is_named[end.index] = true;
    }
  }
  std::vector<bool> has_moved(topology.nodes.size());
  std::size_t place = 0;
  for (std::uint32_t node = 0; node < topology.nodes.size(); ++node) {
    if (!is_lone[node]) has_moved[node] = order[place++] != node;
  }
  return has_moved;
}

void find_lost_nodes(const Topology& topology, const Holds& holds, Losses& lost) {
  const auto& nodes = topology.nodes;
  std::vector<bool> is_lone(nodes.size(), true);
  for (const Channel& channel : topology.channels) {
    for (const NodeId end : channel.ends) is_lone[end.index] = false;
  }
  if (!holds.names) {
    lost.nodes("the names of %: they are numbered",
               [&](std::size_t i) { return nodes[i].name != std::to_string(i); });
  }
  if (!holds.aliases) {
    lost.nodes("the aliases of %", [&](std::size_t i) { return !nodes[i].alias.empty(); });
  }
  if (!holds.lone_nodes) {
    lost.nodes("% without a channel", [&](std::size_t i) { return is_lone[i]; });
  }
  if (!holds.node_order) {
    const std::vector<bool> has_moved = moved_nodes(topology, is_lone);
    lost.nodes("the order of the nodes: % get another place, and the same seed draws others",
               [&](std::size_t i) { return has_moved[i]; });
  }
  if (!holds.control_characters) {
    lost.nodes("the control characters in the names of %", [&](std::size_t i) {
      return has_control_characters(nodes[i].name) || has_control_characters(nodes[i].alias);
    });
  }
}

void find_lost_channels(const Topology& topology, const Holds& holds, Losses& lost) {
  if (holds.ids == IdKind::short_channel_id && short_channel_ids(topology).are_numbered) {
    lost.channels("the ids of %: they are numbered", [](const Channel&) { return true; });
  }
  if (holds.ids == IdKind::numbered) {
    lost.channels("the ids of %: they are numbered", [&](const Channel& channel) {
      return channel.id != std::to_string(&channel - topology.channels.data());
    });
  }
  if (!holds.control_characters) {
    lost.channels("the control characters in the ids of %",
                  [](const Channel& channel) { return has_control_characters(channel.id); });
  }
  if (!holds.end_order) {
    const auto name = [&](NodeId node) { return topology.nodes[node.index].name; };
    lost.channels(
        "which end of % comes first: it is the one with the smaller name",
        [&](const Channel& channel) { return name(channel.ends[0]) > name(channel.ends[1]); });
  }
  if (!holds.balances) {
    lost.channels("the balances of %",
                  [](const Channel& channel) { return channel.balance_0.has_value(); });
  }
  if (!holds.msat) {
    lost.channels("parts of a sat in the capacities of %", [](const Channel& channel) {
      return channel.capacity && channel.capacity->count % 1000 != 0;
    });
  }
  if (!holds.htlc_maximum) {
    lost.directions("the largest HTLC of %: it is the capacity",
                    [](const ForwardingPolicy& policy, Msat capacity) {
                      return policy.htlc_maximum < capacity;
                    });
  }
  if (!holds.disabled_minimum) {
    lost.directions("the smallest HTLC of %: they are disabled",
                    [](const ForwardingPolicy& policy, Msat capacity) {
                      return policy.is_disabled && policy.htlc_minimum != capacity;
                    });
  }
}

}  // namespace

const std::vector<Exporter>& exporters() {
  static const std::vector<Exporter> all{ampsim_network_target(), lnd_target(),   cln_target(),
                                         sim_ln_target(),         cloth_target(), graphml_target(),
                                         edge_list_target()};
  return all;
}

const Exporter& exporter_named(const std::string& name, const std::string& key) {
  std::vector<std::string> known;
  for (const Exporter& exporter : exporters()) {
    if (exporter.name == name) return exporter;
    known.emplace_back(exporter.name);
  }
  throw InputError({.key = key}, fmt::format("found \"{}\"; allowed: {}{}", name,
                                             fmt::join(known, ", "), did_you_mean(name, known)));
}

std::vector<std::string> losses(const Topology& topology, const Exporter& exporter) {
  Losses lost(topology);
  find_lost_nodes(topology, exporter.holds, lost);
  find_lost_channels(topology, exporter.holds, lost);
  return lost.take();
}

std::vector<std::string> gaps(const Topology& topology, const Exporter& exporter) {
  Losses missing(topology);
  if (exporter.needs.capacities) {
    missing.channels("the capacities of %",
                     [](const Channel& channel) { return !channel.capacity; });
  }
  if (exporter.needs.balances) {
    missing.channels("the balances of %",
                     [](const Channel& channel) { return !channel.balance_0; });
  }
  if (exporter.needs.policies) {
    missing.channels("the policies of %",
                     [](const Channel& channel) { return !channel.has_policies(); });
  }
  return missing.take();
}

}  // namespace ampsim::topo
