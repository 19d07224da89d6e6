#include "sim/routing/views/mission_control.hpp"

#include <algorithm>
#include <utility>

#include "core/check.hpp"

namespace ampsim::sim {
namespace {

PairResult& pair_of(NodeResults& results, NodeId to) {
  std::vector<PairResult>& pairs = results.pairs;
  const auto it = std::lower_bound(pairs.begin(), pairs.end(), to,
                                   [](const PairResult& a, NodeId b) { return a.to < b; });
  if (it != pairs.end() && it->to == to) return *it;
  return *pairs.insert(it, PairResult{.to = to});
}

Msat largest_success(const std::vector<PairResult>& pairs) {
  Msat largest;
  for (const PairResult& pair : pairs) largest = std::max(largest, pair.success);
  return largest;
}

}  // namespace

const PairResult* NodeResults::find(NodeId to) const {
  const auto it = std::lower_bound(pairs.begin(), pairs.end(), to,
                                   [](const PairResult& a, NodeId b) { return a.to < b; });
  return it != pairs.end() && it->to == to ? &*it : nullptr;
}

const NodeResults* MissionControl::find(NodeId from) const {
  const auto it = std::lower_bound(nodes_.begin(), nodes_.end(), from,
                                   [](const NodeResults& a, NodeId b) { return a.from < b; });
  return it != nodes_.end() && it->from == from ? &*it : nullptr;
}

const PairResult* MissionControl::find(NodeId from, NodeId to) const {
  const NodeResults* results = find(from);
  return results == nullptr ? nullptr : results->find(to);
}

NodeResults& MissionControl::results_of(NodeId from) {
  auto node = std::lower_bound(nodes_.begin(), nodes_.end(), from,
                               [](const NodeResults& a, NodeId b) { return a.from < b; });
  if (node == nodes_.end() || node->from != from) {
    node = nodes_.insert(node, NodeResults{from, {}, {}});
  }
  return *node;
}

void MissionControl::succeed(NodeId from, NodeId to, Msat amount, SimTime now) {
  NodeResults& results = results_of(from);
  PairResult& result = pair_of(results, to);
  result.success_time = now;
  result.success = std::max(result.success, amount);
  // The failure is kept for larger amounts, about which nothing new was learnt.
  if (result.has_failed(amount)) result.failure = amount + Msat{1};
  results.largest_success = std::max(results.largest_success, result.success);
}

void MissionControl::fail(NodeId from, NodeId to, Msat amount, SimTime now) {
  NodeResults& results = results_of(from);
  PairResult& result = pair_of(results, to);
  const bool is_recent =
      result.failure_time != PairResult::kNever && now - result.failure_time < kRelaxInterval;
  if (is_recent && amount > result.failure) return;  // results may arrive out of order
  result.failure_time = now;
  result.failure = amount;
  if (amount == Msat{0}) {
    result.success = Msat{0};
  } else if (amount <= result.success) {
    result.success = amount - Msat{1};
  }
  results.largest_success = largest_success(results.pairs);
}

void MissionControl::succeed_until(const Route& route, std::size_t end, SimTime now) {
  for (std::size_t i = 0; i < end; ++i) {
    const Hop& hop = route.hops[i];
    succeed(graph_->tail(hop.channel), graph_->head(hop.channel), hop.amount, now);
  }
}

void MissionControl::fail_hop(const Route& route, std::size_t hop, SimTime now) {
  const DirectedChannel channel = route.hops[hop].channel;
  fail(graph_->tail(channel), graph_->head(channel), Msat{0}, now);
  fail(graph_->head(channel), graph_->tail(channel), Msat{0}, now);
}

void MissionControl::fail_node(const Route& route, std::size_t node, SimTime now) {
  const NodeId failed = graph_->head(route.hops[node - 1].channel);
  for (NodeResults& results : nodes_) {
    for (PairResult& result : results.pairs) {
      if (results.from == failed || result.to == failed) {
        result = PairResult{.to = result.to, .failure_time = now};
      }
    }
    results.largest_success = largest_success(results.pairs);
  }
  fail_hop(route, node - 1, now);
  if (node < route.hops.size()) fail_hop(route, node, now);
}

bool MissionControl::second_chance(const Hop& hop, SimTime now) {
  const NodeId from = graph_->tail(hop.channel);
  const NodeId to = graph_->head(hop.channel);
  const auto it = std::lower_bound(chances_.begin(), chances_.end(), std::pair(from, to),
                                   [](const Chance& a, const std::pair<NodeId, NodeId>& b) {
                                     return std::pair(a.from, a.to) < b;
                                   });
  if (it == chances_.end() || it->from != from || it->to != to) {
    chances_.insert(it, Chance{from, to, now});
    return true;
  }
  if (now - it->given <= kRelaxInterval) return false;
  it->given = now;
  return true;
}

void MissionControl::report_success(const Route& route, SimTime now) {
  succeed_until(route, route.hops.size(), now);
}

void MissionControl::interpret_final(const Route& route, FailureCode code, SimTime now) {
  const std::size_t n = route.hops.size();
  if (code == FailureCode::incorrect_or_unknown_payment_details ||
      code == FailureCode::mpp_timeout) {
    succeed_until(route, n, now);  // the part did arrive
  } else if (n > 1 && (code == FailureCode::final_incorrect_cltv_expiry ||
                       code == FailureCode::final_incorrect_htlc_amount)) {
    // The node before the last changed the HTLC.
    fail_hop(route, n - 1, now);
    succeed_until(route, n - 1, now);
  } else {
    fail_node(route, n, now);
    succeed_until(route, n - 1, now);
  }
}

void MissionControl::report_failure(const Route& route,
                                    std::size_t erring_node,
                                    FailureCode code,
                                    SimTime now) {
  AMPSIM_CHECK(erring_node <= route.hops.size(), "the erring node is not on the route");
  AMPSIM_CHECK(code != FailureCode::none, "a failure without a code");
  if (code == FailureCode::unreadable) {
    if (route.hops.size() == 1) return fail_node(route, 1, now);
    for (std::size_t hop = 0; hop < route.hops.size(); ++hop) fail_hop(route, hop, now);
    return;
  }
  if (erring_node == 0) return;
  if (erring_node == route.hops.size()) return interpret_final(route, code, now);

  switch (code) {
    case FailureCode::temporary_channel_failure: {
      // Of this amount and more, in this direction only.
      const Hop& hop = route.hops[erring_node];
      fail(graph_->tail(hop.channel), graph_->head(hop.channel), hop.amount, now);
      succeed_until(route, erring_node, now);
      return;
    }
    case FailureCode::unknown_next_peer:
    case FailureCode::permanent_channel_failure:
    case FailureCode::invalid_onion_version:  // the next node's complaint, told by this one
    case FailureCode::invalid_onion_hmac:
    case FailureCode::invalid_onion_key:
      return fail_hop(route, erring_node, now);
    case FailureCode::channel_disabled:
      if (second_chance(route.hops[erring_node], now)) return;
      fail_hop(route, erring_node, now);
      return succeed_until(route, erring_node, now);
    case FailureCode::amount_below_minimum:
    case FailureCode::fee_insufficient:
    case FailureCode::incorrect_cltv_expiry:
      // A stale policy, or the node before changed the HTLC: blame the pair between the two. A
      // sender trusts itself, so a first hop has nobody before it to share the blame.
      if (second_chance(route.hops[erring_node], now)) return;
      if (erring_node == 1) return fail_node(route, 1, now);
      fail_hop(route, erring_node - 1, now);
      return succeed_until(route, erring_node - 1, now);
    case FailureCode::expiry_too_soon:
      // Somebody on the way was slow; nobody knows who.
      if (erring_node == 1) return fail_node(route, 1, now);
      for (std::size_t hop = 0; hop < erring_node; ++hop) fail_hop(route, hop, now);
      return;
    case FailureCode::invalid_onion_payload:
    case FailureCode::invalid_onion_blinding:
      fail_node(route, erring_node, now);
      return succeed_until(route, erring_node - 1, now);
    case FailureCode::temporary_node_failure:
    case FailureCode::permanent_node_failure:
    case FailureCode::required_node_feature_missing:
    case FailureCode::required_channel_feature_missing:
    case FailureCode::expiry_too_far:
    // A forwarder has no business to say one of these.
    case FailureCode::incorrect_or_unknown_payment_details:
    case FailureCode::final_incorrect_cltv_expiry:
    case FailureCode::final_incorrect_htlc_amount:
    case FailureCode::mpp_timeout:
    case FailureCode::unreadable:
    case FailureCode::none:
      return fail_node(route, erring_node, now);
  }
}

}  // namespace ampsim::sim
