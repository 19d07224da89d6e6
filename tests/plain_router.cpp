#include "tests/plain_router.hpp"

#include <algorithm>
#include <queue>
#include <tuple>

#include "sim/routing/routers/lnd/path_cost.hpp"
#include "sim/routing/views/apriori.hpp"
#include "sim/routing/views/bimodal.hpp"

namespace ampsim::sim {
namespace {

Msat used(const RouteRequest& request, DirectedChannel channel) {
  for (const ChannelUse& use : request.used) {
    if (use.channel == channel) return use.amount;
  }
  return {};
}

/// Whether the payment's own past speaks against one more HTLC of the amount over the channel.
bool may_pass(const RouteRequest& request,
              const LiquidityView& view,
              DirectedChannel channel,
              Msat amount,
              Msat capacity) {
  const auto& avoided = request.avoided;
  if (std::find(avoided.begin(), avoided.end(), channel.channel()) != avoided.end()) return false;
  if (amount + used(request, channel) > capacity) return false;
  if (view.remembers()) return true;
  for (const FailedHop& failed : request.failed) {
    if (failed.channel != channel) continue;
    if (failed.code == FailureCode::mpp_timeout) continue;
    if (failed.code == FailureCode::incorrect_or_unknown_payment_details) continue;
    const bool is_of_balance = failed.code == FailureCode::temporary_channel_failure;
    if (!is_of_balance || amount >= failed.amount) return false;
  }
  return true;
}

double own_probability(const RoutingParams& params,
                       const LiquidityView& view,
                       const RouteRequest& request,
                       NodeId to) {
  if (const auto* apriori = dynamic_cast<const Apriori*>(&view)) {
    return local_pair_probability(params, apriori->find(request.source), to, request.now);
  }
  if (const auto* bimodal = dynamic_cast<const Bimodal*>(&view)) {
    return bimodal->local_pair_probability(bimodal->find(request.source), to, request.now);
  }
  return 1;
}

}  // namespace

struct PlainRouter::Query {
  const RouteRequest& request;
  const LiquidityView& view;
  double cost;
  std::vector<std::optional<NodeWithDistance>> nodes;
  /// (distance, -probability, node), least first.
  using Entry = std::tuple<std::int64_t, double, std::uint32_t>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> heap;
};

PlainRouter::PlainRouter(const topo::Topology& topology, const RoutingParams& params)
    : params_(params), incoming_(topology.nodes.size()) {
  for (std::uint32_t i = 0; i < 2 * topology.channels.size(); ++i) {
    const DirectedChannel channel{i};
    const topo::Channel& c = topology.channels[channel.channel().index];
    incoming_[topology.target(channel).index].push_back(
        {channel, topology.source(channel), *c.capacity, *c.policy[channel.direction()]});
  }
  for (std::vector<Channel>& row : incoming_) {
    std::stable_sort(row.begin(), row.end(),
                     [](const Channel& a, const Channel& b) { return a.from < b.from; });
  }
}

std::optional<PlainRouter::Unified> PlainRouter::unify_local(std::span<const Channel> parallel,
                                                             const Query& query,
                                                             Msat amount) const {
  std::optional<Unified> best;
  Msat largest{-1};
  for (const Channel& channel : parallel) {
    if (!may_pass(query.request, query.view, channel.channel, amount, channel.capacity)) continue;
    if (amount > channel.capacity || amount > channel.policy.htlc_maximum ||
        amount < channel.policy.htlc_minimum) {
      continue;
    }
    for (const LocalChannel& local : query.request.local) {
      if (local.channel != channel.channel || amount > local.available) continue;
      if (local.available < largest ||
          (local.available == largest && best->channel < local.channel)) {
        continue;
      }
      largest = local.available;
      best = Unified{channel.channel, Msat{0}, BlockDelta{0}, channel.capacity};
    }
  }
  return best;
}

std::optional<PlainRouter::Unified> PlainRouter::unify_remote(std::span<const Channel> parallel,
                                                              const Query& query,
                                                              Msat amount) const {
  std::optional<Unified> best;
  BlockDelta delta;
  Msat capacity;
  for (const Channel& channel : parallel) {
    if (!may_pass(query.request, query.view, channel.channel, amount, channel.capacity)) continue;
    const topo::ForwardingPolicy& policy = channel.policy;
    if (amount > channel.capacity || amount > policy.htlc_maximum || amount < policy.htlc_minimum ||
        policy.is_disabled) {
      continue;
    }
    capacity = std::max(capacity, channel.capacity);
    delta = std::max(delta, policy.cltv_expiry_delta);
    const Msat fee = policy.fee(amount);
    if (best && (fee < best->fee || (fee == best->fee && best->channel < channel.channel))) {
      continue;
    }
    best = Unified{channel.channel, fee, {}, {}};
  }
  if (best) {
    best->delta = delta;
    best->capacity = capacity;
  }
  return best;
}

void PlainRouter::process(NodeId from, const Unified& hop, NodeId pivot, Query& query) const {
  const RouteRequest& request = query.request;
  const NodeWithDistance to = *query.nodes[pivot.index];
  if (to.amount - request.amount > request.fee_limit) return;

  const double hop_probability = from == request.source
                                     ? own_probability(params_, query.view, request, pivot)
                                     : query.view.probability({.from = from,
                                                               .to = pivot,
                                                               .channel = hop.channel,
                                                               .capacity = hop.capacity,
                                                               .amount = to.amount,
                                                               .used = used(request, hop.channel),
                                                               .now = request.now});
  if (hop_probability == 0) return;
  const BlockDelta expiry = to.expiry + hop.delta;
  if (expiry > request.cltv_limit) return;
  const double probability = to.probability * hop_probability;
  if (probability < params_.min_probability) return;
  const Int128 locked = Int128{to.amount.count} * hop.delta.count * 15 / 1'000'000'000;
  const std::int64_t weight = to.weight + hop.fee.count + static_cast<std::int64_t>(locked);
  const std::int64_t dist = distance(weight, query.cost, probability);

  std::optional<NodeWithDistance>& current = query.nodes[from.index];
  if (current) {
    if (current->is_settled || dist > current->distance) return;
    if (dist == current->distance) {
      if (probability < current->probability) return;
      if (probability == current->probability && current->next < hop.channel) return;
    }
  }
  current = NodeWithDistance{dist,   weight,      probability, to.amount + hop.fee,
                             expiry, hop.channel, pivot,       false};
  query.heap.emplace(dist, -probability, from.index);
}

RouteResult PlainRouter::find(const RouteRequest& request, const LiquidityView& view) {
  Msat total;
  Msat largest;
  for (const LocalChannel& local : request.local) {
    total += local.available;
    largest = std::max(largest, local.available);
  }
  if (total < request.amount) return NoRoute::insufficient_balance;
  if (largest < request.amount) return NoRoute::no_path;

  Query query{request, view, attempt_cost(params_, request.amount), {}, {}};
  query.nodes.resize(incoming_.size());
  query.nodes[request.target.index] =
      NodeWithDistance{.amount = request.amount, .expiry = request.final_cltv_delta};
  NodeId pivot = request.target;
  while (pivot != request.source) {
    query.nodes[pivot.index]->is_settled = true;
    const Msat amount = query.nodes[pivot.index]->amount;
    const std::span<const Channel> row = incoming_[pivot.index];
    for (std::size_t begin = 0, end = 0; begin < row.size(); begin = end) {
      const NodeId from = row[begin].from;
      while (end < row.size() && row[end].from == from) ++end;
      if (from == request.target) continue;
      const std::span<const Channel> parallel = row.subspan(begin, end - begin);
      const std::optional<Unified> hop = from == request.source
                                             ? unify_local(parallel, query, amount)
                                             : unify_remote(parallel, query, amount);
      if (hop) process(from, *hop, pivot, query);
    }
    while (!query.heap.empty() && query.nodes[std::get<2>(query.heap.top())]->is_settled) {
      query.heap.pop();
    }
    if (query.heap.empty()) return NoRoute::no_path;
    pivot = NodeId{std::get<2>(query.heap.top())};
    query.heap.pop();
  }

  Route route;
  route.probability = query.nodes[request.source.index]->probability;
  route.cost = query.nodes[request.source.index]->distance;
  for (NodeId node = request.source; node != request.target;) {
    const NodeWithDistance& label = *query.nodes[node.index];
    node = label.next_node;
    route.hops.push_back(
        {label.next, query.nodes[node.index]->amount, query.nodes[node.index]->expiry});
  }
  return route;
}

}  // namespace ampsim::sim
