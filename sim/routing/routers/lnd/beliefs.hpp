#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "sim/routing/liquidity_view.hpp"
#include "sim/routing/routers/lnd/failure_weights.hpp"
#include "sim/routing/views/apriori.hpp"
#include "sim/routing/views/bimodal.hpp"

/// What lnd's search asks a view, one class a kind of view, so that the compiler can see through:
///
///   nodes()            what the sender knows of nodes, or nothing
///   is_hot(results)    whether a hop from the node may be likelier than highest_plain
///   highest_of(results)         no hop from the node is likelier, if it is not hot
///   highest_over(results, to, capacity, amount)   no hop of this pair with as much or more is
///                      likelier, over channels of at most this capacity
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
  AprioriBeliefs(const Apriori& view,
                 const RoutingParams& params,
                 const RouteRequest& request,
                 FailureWeights& weights)
      : highest_plain(params.hop_probability * kRounding),
        highest_hot(std::max(kSuccessProbability, params.hop_probability) * kRounding),
        highest_own(kSuccessProbability),
        view_(view),
        params_(params),
        request_(request),
        weights_(weights) {
    weights_.begin(view.nodes().size());
  }

  const double highest_plain;
  const double highest_hot;
  const double highest_own;

  std::span<const NodeResults> nodes() const { return view_.nodes(); }
  /// Without a success of the amount or more the average of a node is at most the prior.
  bool is_hot(const NodeResults& results) const {
    return results.largest_success >= request_.amount;
  }
  /// The average of the node for the amount. On the way amounts only grow, and then successes drop
  /// out of it and failures come in; only a prior above that of a success would rise.
  double highest_of(const NodeResults& results) const {
    if (params_.hop_probability > kSuccessProbability) return highest_plain;
    return average(results, request_.amount, Msat::max()) * kRounding;
  }
  double highest_over(const NodeResults* results, NodeId to, Msat capacity, Msat amount) const {
    if (params_.hop_probability > kSuccessProbability) return highest_hot;
    if (results == nullptr) return highest_plain * capacity_factor(amount, capacity);
    // Near the capacity the average is not worth remembering.
    const double unknown = capacity - amount > capacity / 8 ? full(*results, amount)
                                                            : average(*results, amount, capacity);
    return after(*results, to, unknown, amount) * kRounding;
  }
  double remote(const HopQuery& query, const NodeResults* results) const {
    const Msat amount = query.amount + query.used;
    if (results == nullptr) {
      return node_probability(params_, nullptr, amount, query.capacity, query.now);
    }
    return after(*results, query.to, average(*results, amount, query.capacity), amount);
  }
  double own(const NodeResults* results, NodeId to) const {
    return local_pair_probability(params_, results, to, request_.now);
  }

 private:
  const double* weights_of(const NodeResults& results) const {
    const auto index = static_cast<std::size_t>(&results - view_.nodes().data());
    return weights_.of(index, results, request_.now, params_.penalty_half_life);
  }
  double average(const NodeResults& results, Msat amount, Msat capacity) const {
    const double* weights = weights_of(results);
    return node_probability(params_, results, amount, capacity,
                            [&](std::size_t i) { return weights[i]; });
  }
  double after(const NodeResults& results, NodeId to, double unknown, Msat amount) const {
    const PairResult* pair = results.find(to);
    if (pair == nullptr) return unknown;
    return probability_after(*pair, unknown, amount,
                             weights_of(results)[pair - results.pairs.data()]);
  }
  /// The average far below all capacities, of which a look asks again and again.
  double full(const NodeResults& results, Msat amount) const {
    constexpr std::uint64_t kSpread = 0x9E3779B97F4A7C15;
    Average& known = averages_[static_cast<std::uint64_t>(amount.count) * kSpread >> 61];
    if (known.of != &results || known.amount != amount) {
      known = {&results, amount, average(results, amount, Msat::max())};
    }
    return known.value;
  }

  struct Average {
    const NodeResults* of = nullptr;
    Msat amount;
    double value = 0;
  };

  const Apriori& view_;
  const RoutingParams& params_;
  const RouteRequest& request_;
  FailureWeights& weights_;
  mutable std::array<Average, 8> averages_{};
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
  double highest_of(const NodeResults& /*results*/) const { return highest_plain; }
  double highest_over(const NodeResults* results,
                      NodeId /*to*/,
                      Msat /*capacity*/,
                      Msat /*amount*/) const {
    return results != nullptr && is_hot(*results) ? highest_hot : highest_plain;
  }
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
  double highest_of(const NodeResults& /*results*/) const { return highest_plain; }
  double highest_over(const NodeResults* /*results*/,
                      NodeId /*to*/,
                      Msat /*capacity*/,
                      Msat /*amount*/) const {
    return highest_plain;
  }
  double remote(const HopQuery& query, const NodeResults* /*results*/) const {
    return view_.probability(query);
  }
  static double own(const NodeResults* /*results*/, NodeId /*to*/) { return 1; }

 private:
  const LiquidityView& view_;
};

}  // namespace ampsim::sim::lnd
