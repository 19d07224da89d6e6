#pragma once

#include <algorithm>
#include <span>

#include "sim/routing/liquidity_view.hpp"
#include "sim/routing/routers/lnd/scratch.hpp"
#include "sim/routing/views/apriori.hpp"
#include "sim/routing/views/bimodal.hpp"

/// What lnd's search asks a view, one class a kind of view, so that the compiler can see through:
///
///   nodes()            what the sender knows of nodes, or nothing
///   is_hot(results)    whether a hop from the node may be likelier than highest_plain
///   is_proven(pair)    whether this pair of a hot node may be likelier than its others
///   highest_unproven(results)   bound of the others
///   remote(q, results) that somebody else's channel carries the amount
///   own(results, to)   that one of the sender's own does
///   highest_plain, highest_hot, highest_own    no hop is likelier: from a node that is not hot,
///   from
///                      a hot one, over an own channel; rounding included
///
/// Tested by tests/reference_router_test.cpp.
namespace ampsim::sim::lnd {

constexpr double kRounding = 1 + 1e-9;  // more than a few operations can add to a probability

class AprioriBeliefs {
 public:
  AprioriBeliefs(const Apriori& view, const RoutingParams& params, const RouteRequest& request)
      : highest_plain(params.hop_probability * kRounding),
        highest_hot(std::max(kSuccessProbability, params.hop_probability) * kRounding),
        highest_own(kSuccessProbability),
        view_(view),
        params_(params),
        request_(request) {}

  const double highest_plain;
  const double highest_hot;
  const double highest_own;

  std::span<const NodeResults> nodes() const { return view_.nodes(); }
  /// Without a success of the amount or more the average of a node is at most the prior.
  bool is_hot(const NodeResults& results) const {
    return results.largest_success >= request_.amount;
  }
  bool is_proven(const PairResult& pair) const { return pair.success >= request_.amount; }
  /// The average of the node for the amount. On the way amounts only grow, and then successes drop
  /// out of it and failures come in; only a prior above that of a success would rise.
  double highest_unproven(const NodeResults& results) const {
    if (params_.hop_probability > kSuccessProbability) return highest_plain;
    return node_probability(params_, &results, request_.amount, Msat::max(), request_.now) *
           kRounding;
  }
  double remote(const HopQuery& query, const NodeResults* results) const {
    return pair_probability(params_, results, query.to, query.amount + query.used, query.capacity,
                            query.now);
  }
  double own(const NodeResults* results, NodeId to) const {
    return local_pair_probability(params_, results, to, request_.now);
  }

 private:
  const Apriori& view_;
  const RoutingParams& params_;
  const RouteRequest& request_;
};

class BimodalBeliefs {
 public:
  BimodalBeliefs(const Bimodal& view, const RouteRequest& request)
      : highest_plain(view.highest_without_success(request.amount) * kRounding),
        view_(view),
        now_(request.now) {}

  const double highest_plain;
  const double highest_hot = 1;
  const double highest_own = 1;

  std::span<const NodeResults> nodes() const { return view_.nodes(); }
  bool is_hot(const NodeResults& results) const { return results.largest_success > Msat{0}; }
  static bool is_proven(const PairResult& /*pair*/) { return false; }
  double highest_unproven(const NodeResults& /*results*/) const { return highest_plain; }
  double remote(const HopQuery& query, const NodeResults* results) const {
    return view_.pair_probability(results, query.to, query.amount + query.used, query.capacity,
                                  query.now);
  }
  double own(const NodeResults* results, NodeId to) const {
    return view_.local_pair_probability(results, to, now_);
  }

 private:
  const Bimodal& view_;
  const SimTime now_;
};

/// Any view by its interface. It says nothing of own channels: their balance is known.
class PlainBeliefs {
 public:
  explicit PlainBeliefs(const LiquidityView& view)
      : highest_plain(view.highest_probability() * kRounding), view_(view) {}

  const double highest_plain;
  const double highest_hot = 1;
  const double highest_own = 1;

  static std::span<const NodeResults> nodes() { return {}; }
  static bool is_hot(const NodeResults& /*results*/) { return false; }
  static bool is_proven(const PairResult& /*pair*/) { return false; }
  double highest_unproven(const NodeResults& /*results*/) const { return highest_plain; }
  double remote(const HopQuery& query, const NodeResults* /*results*/) const {
    return view_.probability(query);
  }
  static double own(const NodeResults* /*results*/, NodeId /*to*/) { return 1; }

 private:
  const LiquidityView& view_;
};

}  // namespace ampsim::sim::lnd
