#include "sim/workload/endpoints.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/check.hpp"
#include "core/random.hpp"

namespace ampsim::sim {
namespace {

using Nodes = std::vector<NodeId>;

/// In the order of the topology.
Nodes with_channels(const topo::Topology& topology) {
  std::vector<bool> has_channel(topology.nodes.size(), false);
  for (const topo::Channel& channel : topology.channels) {
    for (const NodeId end : channel.ends) has_channel[end.index] = true;
  }
  Nodes nodes;
  for (std::uint32_t i = 0; i < has_channel.size(); ++i) {
    if (has_channel[i]) nodes.push_back(NodeId{i});
  }
  return nodes;
}

void shuffle(Nodes& nodes, Rng& rng) {
  for (std::size_t i = nodes.size(); i > 1; --i) std::swap(nodes[i - 1], nodes[rng.below(i)]);
}

NodeId draw_of(const Nodes& nodes, Rng& rng) { return nodes[rng.below(nodes.size())]; }

NodeId draw_other(const Nodes& nodes, NodeId than, Rng& rng) {
  for (;;) {
    const NodeId node = draw_of(nodes, rng);
    if (node != than) return node;
  }
}

/// In proportion to a whole-number weight; nodes of weight 0 are never drawn.
class ByWeight : public Transfers {
 public:
  ByWeight(const topo::Topology& topology, Endpoints kind, std::uint64_t seed)
      : rng_(seed, "endpoints"), sums_(topology.nodes.size(), 0) {
    for (const topo::Channel& channel : topology.channels) {
      for (const NodeId end : channel.ends) add(sums_[end.index], kind, channel);
    }
    std::uint64_t sum = 0;
    for (std::uint64_t& weight : sums_) weight = sum += weight;
  }

  Transfer next(Amounts& amounts) override {
    Transfer transfer{.amount = amounts.next()};
    transfer.sender = draw();
    do {
      transfer.receiver = draw();
    } while (transfer.receiver == transfer.sender);
    return transfer;
  }

 private:
  static void add(std::uint64_t& weight, Endpoints kind, const topo::Channel& channel) {
    if (kind == Endpoints::uniform) {
      weight = 1;
    } else if (kind == Endpoints::degree) {
      ++weight;
    } else {
      // In sat, so that the sum over all channels stays far below 2^64.
      weight +=
          static_cast<std::uint64_t>(std::max<std::int64_t>(1, channel.capacity->count / 1000));
    }
  }
  NodeId draw() {
    const auto above = std::upper_bound(sums_.begin(), sums_.end(), rng_.below(sums_.back()));
    return NodeId{static_cast<std::uint32_t>(above - sums_.begin())};
  }

  Rng rng_;
  std::vector<std::uint64_t> sums_;
};

struct Chosen {
  topo::NodeChoice by = topo::NodeChoice::degree;
  std::uint64_t number = 0;
  const std::string& listed;
};

/// Some of the nodes that have channels. `section` names the stream and the settings.
Nodes choose(const topo::Topology& topology,
             const Nodes& all,
             const Chosen& chosen,
             const std::string& section,
             std::uint64_t seed) {
  const std::string key = "workload." + section;
  Nodes nodes;
  if (chosen.by == topo::NodeChoice::random) {
    Rng rng(seed, section);
    nodes = all;
    shuffle(nodes, rng);
    nodes.resize(std::min<std::size_t>(nodes.size(), chosen.number));
    return nodes;
  }
  nodes = topo::choose_nodes(topology,
                             {.by = chosen.by,
                              .count = static_cast<std::uint32_t>(chosen.number),
                              .listed = chosen.listed},
                             section, key + ".listed", seed);
  for (const NodeId node : nodes) {
    if (std::binary_search(all.begin(), all.end(), node)) continue;
    const bool is_listed = chosen.by == topo::NodeChoice::listed;
    throw InputError(
        {.key = key + (is_listed ? ".listed" : ".number")},
        fmt::format("found node \"{}\", which has no channel", topology.nodes[node.index].name));
  }
  return nodes;
}

class Merchants : public Transfers {
 public:
  Merchants(const MerchantParams& params,
            const topo::Topology& topology,
            const Nodes& all,
            std::uint64_t seed)
      : rng_(seed, "endpoints") {
    const bool is_listed = params.choice == topo::NodeChoice::listed;
    std::uint64_t number = params.number;
    if (number == 0) {
      const double share = std::round(params.share * static_cast<double>(all.size()));
      number = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(share), 1, all.size() - 1);
    }
    if (number >= all.size() && !is_listed) refuse("number", number, all.size());
    merchants_ = choose(topology, all, {params.choice, number, params.listed}, "merchants", seed);
    if (merchants_.size() >= all.size()) refuse("listed", merchants_.size(), all.size());
    std::vector<bool> is_merchant(topology.nodes.size(), false);
    for (const NodeId node : merchants_) is_merchant[node.index] = true;
    for (const NodeId node : all) {
      if (!is_merchant[node.index]) consumers_.push_back(node);
    }
  }

  Transfer next(Amounts& amounts) override {
    Transfer transfer{.amount = amounts.next()};
    transfer.sender = draw_of(consumers_, rng_);
    transfer.receiver = draw_of(merchants_, rng_);
    return transfer;
  }

 private:
  [[noreturn]] static void refuse(const std::string& name, std::uint64_t number, std::size_t all) {
    throw InputError(
        {.key = "workload.merchants." + name},
        fmt::format("found {} of the {} nodes with channels; allowed: fewer, so that somebody pays",
                    number, all));
  }

  Rng rng_;
  Nodes merchants_;
  Nodes consumers_;
};

class HotSpots : public Transfers {
 public:
  HotSpots(const HotSpotParams& params,
           const topo::Topology& topology,
           Nodes all,
           std::uint64_t seed)
      : rng_(seed, "endpoints"), share_(params.share), end_(params.end), all_(std::move(all)) {
    const std::uint64_t number = std::min<std::uint64_t>(params.number, all_.size());
    hot_ = choose(topology, all_, {params.choice, number, params.listed}, "hot_spots", seed);
  }

  Transfer next(Amounts& amounts) override {
    Transfer transfer{.amount = amounts.next()};
    const bool is_hot = rng_.chance(share_);
    const NodeId one = draw_of(is_hot ? hot_ : all_, rng_);
    const NodeId other = draw_other(all_, one, rng_);
    const bool one_is_paid =
        end_ == HotEnd::receiver || (end_ == HotEnd::either && rng_.chance(0.5));
    transfer.sender = one_is_paid ? other : one;
    transfer.receiver = one_is_paid ? one : other;
    return transfer;
  }

 private:
  Rng rng_;
  double share_;
  HotEnd end_;
  Nodes all_;
  Nodes hot_;
};

class Circulation : public Transfers {
 public:
  Circulation(const CirculationParams& params,
              const topo::Topology& topology,
              Nodes all,
              std::uint64_t seed)
      : rng_(seed, "endpoints"),
        params_(params),
        all_(std::move(all)),
        ranks_(topology.nodes.size(), 0),
        cycles_(params.open) {
    if (params.length > all_.size()) {
      throw InputError({.key = "workload.circulation.length"},
                       fmt::format("found {}; allowed: at most {}, the nodes with channels",
                                   params.length, all_.size()));
    }
    Rng ranking(seed, "circulation");
    Nodes ranked = all_;
    shuffle(ranked, ranking);
    for (std::uint32_t rank = 0; rank < ranked.size(); ++rank) ranks_[ranked[rank].index] = rank;
  }

  Transfer next(Amounts& amounts) override {
    if (rng_.chance(params_.dag_share)) {
      NodeId lower = draw_of(all_, rng_);
      NodeId higher = draw_other(all_, lower, rng_);
      if (ranks_[lower.index] > ranks_[higher.index]) std::swap(lower, higher);
      return {lower, higher, amounts.next()};
    }
    Cycle& cycle = cycles_[rng_.below(cycles_.size())];
    if (cycle.nodes.empty()) start(cycle, amounts);
    const std::size_t step = cycle.step++;
    const Transfer transfer{cycle.nodes[step], cycle.nodes[cycle.step % cycle.nodes.size()],
                            cycle.amount};
    if (cycle.step == cycle.nodes.size()) cycle = {};
    return transfer;
  }

 private:
  struct Cycle {
    Nodes nodes;  ///< empty = to be drawn
    std::size_t step = 0;
    Msat amount;
  };

  void start(Cycle& cycle, Amounts& amounts) {
    while (cycle.nodes.size() < params_.length) {
      const NodeId node = draw_of(all_, rng_);
      const bool is_there =
          std::find(cycle.nodes.begin(), cycle.nodes.end(), node) != cycle.nodes.end();
      if (!is_there) cycle.nodes.push_back(node);
    }
    cycle.amount = amounts.next();
  }

  Rng rng_;
  CirculationParams params_;
  Nodes all_;
  std::vector<std::uint32_t> ranks_;
  std::vector<Cycle> cycles_;
};

}  // namespace

std::unique_ptr<Transfers> make_transfers(const EndpointParams& params,
                                          const topo::Topology& topology,
                                          std::uint64_t seed) {
  if (topology.channels.empty()) {
    throw InputError({.key = "topology"}, "found a network without channels; nobody can pay");
  }
  Nodes all = with_channels(topology);
  switch (params.kind) {
    case Endpoints::uniform:
    case Endpoints::capacity:
    case Endpoints::degree:
      return std::make_unique<ByWeight>(topology, params.kind, seed);
    case Endpoints::merchants:
      return std::make_unique<Merchants>(params.merchants, topology, all, seed);
    case Endpoints::hot_spots:
      return std::make_unique<HotSpots>(params.hot_spots, topology, std::move(all), seed);
    case Endpoints::circulation:
      return std::make_unique<Circulation>(params.circulation, topology, std::move(all), seed);
  }
  AMPSIM_UNREACHABLE("unknown endpoints");
}

}  // namespace ampsim::sim
