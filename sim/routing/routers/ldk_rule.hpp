#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "sim/routing/forwarding_fee.hpp"
#include "sim/routing/routers/backward_search.hpp"
#include "sim/routing/routers/ldk_router.hpp"

/// How LDK extends a label; the rule of its BackwardSearch.
///
/// Tested by tests/ldk_router_test.cpp.
namespace ampsim::sim {

/// The best known way from a node to the receiver.
struct LdkLabel {
  double score = 0;
  DirectedChannel next;
  Msat fees;          ///< of the channels of that way but the first of the route
  Msat path_minimum;  ///< the least that the way carries, with fees
  Msat penalty;
  Msat value;
  BlockDelta expiry;  ///< of the HTLC that the node receives
  std::uint32_t hops = 0;

  Msat cost() const { return std::max(fees, path_minimum) + penalty; }
};

/// What is taken of a channel.
struct LdkUse {
  DirectedChannel channel;
  Msat before;   ///< by parts in flight
  Msat planned;  ///< by paths of the collection
};

class LdkRule {
 public:
  using Label = LdkLabel;

  LdkRule(const ChannelGraph& graph, const LdkParams& ldk) : graph_(graph), params_(ldk) {}

  /// `least`: that each path has to contribute.
  void begin(const RouteRequest& request, const LiquidityView& view, Msat least) {
    request_ = &request;
    view_ = &view;
    scorer_ = dynamic_cast<const Scorer*>(&view);
    least_ = least;
    saturation = params_.saturation;
    cltv_limit_ = std::min(request.cltv_limit, params_.cltv_limit);
    uses_.clear();
    for (const ChannelUse& use : request.used) uses_.push_back({use.channel, use.amount, Msat{0}});
  }
  void plan(DirectedChannel channel, Msat amount) {
    for (LdkUse& use : uses_) {
      if (use.channel == channel) {
        use.planned += amount;
        return;
      }
    }
    uses_.push_back({channel, Msat{0}, amount});
  }
  LdkUse use_of(DirectedChannel channel) const {
    for (const LdkUse& use : uses_) {
      if (use.channel == channel) return use;
    }
    return {channel, Msat{0}, Msat{0}};
  }
  Label start() const { return {.value = request_->amount, .expiry = request_->final_cltv_delta}; }
  /// What the channel can still carry, of somebody else's.
  Msat usable(const AnnouncedChannel& channel, const LdkUse& use) const {
    const Msat share{channel.capacity.count >> saturation};
    return std::max(Msat{0}, std::min(std::min(share, channel.htlc_maximum) - use.planned,
                                      channel.capacity - use.before - use.planned));
  }

  bool extend(const Label& at, const SearchHop& hop, double limit, Label& out) const {
    const AnnouncedChannel& channel = hop.channel;
    const LdkUse use = (hop.marks & hop_used) != 0 ? use_of(channel.channel) : LdkUse{};
    out.value = std::min(usable(channel, use) - at.fees, at.value);
    if (out.value < least_ || at.hops >= LdkRouter::kMaxHops) return false;
    out.expiry = at.expiry + channel.cltv_expiry_delta;
    if (out.expiry > cltv_limit_) return false;
    const Msat amount = out.value + at.fees;
    if (amount < channel.htlc_minimum || amount < at.path_minimum) return false;

    out.fees = at.fees + forwarding_fee(channel, amount);
    if (out.fees > request_->fee_limit) return false;
    const Msat minimum = std::max(at.path_minimum, channel.htlc_minimum);
    out.path_minimum = minimum + forwarding_fee(channel, minimum);
    const Msat cost = std::max(out.fees, out.path_minimum) + at.penalty;
    const auto value = static_cast<double>(out.value.count);
    // Most end here: the risk costs more to compute than all else.
    const double least_penalty = std::floor(
        ldk_penalty(params_, amount, channel.htlc_maximum, channel.capacity, least_risk(hop)));
    if ((static_cast<double>(cost.count) + least_penalty) / value > limit) return false;

    const double penalty = ldk_penalty(params_, amount, channel.htlc_maximum, channel.capacity,
                                       risk(hop, amount, use.before + use.planned));
    out.penalty = at.penalty + Msat{static_cast<std::int64_t>(penalty)};
    out.hops = at.hops + 1;
    out.score = static_cast<double>(out.cost().count) / value;
    return out.score <= limit;
  }

  bool extend_own(const Label& at,
                  const LocalChannel& own,
                  const SearchHop& hop,
                  Label& out) const {
    out = at;
    out.value = std::min(std::min(own.available, hop.channel.htlc_maximum) - at.fees, at.value);
    if (out.value < least_ || at.hops >= LdkRouter::kMaxHops) return false;
    const Msat amount = out.value + at.fees;
    if (amount < hop.channel.htlc_minimum || amount < at.path_minimum) return false;
    if (at.expiry > cltv_limit_) return false;
    out.path_minimum = std::max(at.path_minimum, hop.channel.htlc_minimum);
    out.hops = at.hops + 1;
    out.score = static_cast<double>(out.cost().count) / static_cast<double>(out.value.count);
    return true;
  }

  /// Costs are divided by at most the amount asked for, and what depends on the amount of the hop
  /// by no more than that; the risk is least for the smallest contribution.
  double least_rise(const SearchHop& hop) const {
    const AnnouncedChannel& channel = hop.channel;
    if (std::min(channel.capacity, channel.htlc_maximum) < least_) {
      return std::numeric_limits<double>::infinity();
    }
    const LdkRisk least = risk(hop, least_, Msat{0});
    const double fixed = static_cast<double>(params_.base.constant.count) +
                         least.history * static_cast<double>(params_.history.constant.count) - 1;
    return std::max(0.0, fixed) / static_cast<double>(request_->amount.count) +
           static_cast<double>(params_.base.of_amount.count) / (1 << 30) +
           least.history * static_cast<double>(params_.history.of_amount.count) / (1 << 20);
  }

  /// LDK's order: with three times the amount or more, the smallest first; others after them, the
  /// largest first.
  bool precedes(const LocalChannel& a, const LocalChannel& b) const {
    const Msat wanted = request_->amount * LdkRouter::kProvision;
    if (a.available == b.available) return a.channel < b.channel;
    if (a.available >= wanted && b.available >= wanted) return a.available < b.available;
    return a.available > b.available;
  }

  /// No part takes more than 2^-this of a channel.
  std::uint32_t saturation = 0;

 private:
  bool is_unknown(const SearchHop& hop) const {
    return scorer_ != nullptr && (hop.marks & hop_met) == 0;
  }

  LdkRisk least_risk(const SearchHop& hop) const {
    static const double kLeast = unknown_risk(BalanceDensity::uniform, Msat{0}, Msat{1}).history;
    return {.history = is_unknown(hop) ? kLeast : 0};
  }

  LdkRisk risk(const SearchHop& hop, Msat amount, Msat used) const {
    const Msat capacity = hop.channel.capacity;
    if (is_unknown(hop)) return unknown_risk(params_.density, amount + used, capacity);
    const HopQuery query{.from = hop.tail,
                         .to = hop.head,
                         .channel = hop.channel.channel,
                         .capacity = capacity,
                         .amount = amount,
                         .used = used,
                         .now = request_->now};
    if (scorer_ != nullptr) return scorer_->risk(query);
    const double log = ldk_log(view_->probability(query));
    return {.history = log, .live = log, .is_impossible = amount > view_->bounds(query).upper};
  }

  const ChannelGraph& graph_;
  const LdkParams params_;
  const RouteRequest* request_ = nullptr;
  const LiquidityView* view_ = nullptr;
  const Scorer* scorer_ = nullptr;  ///< the view, if it is one
  Msat least_;
  BlockDelta cltv_limit_;
  std::vector<LdkUse> uses_;
};

}  // namespace ampsim::sim
