#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "sim/routing/forwarding_fee.hpp"
#include "sim/routing/routers/backward_search.hpp"
#include "sim/routing/routers/eclair_router.hpp"
#include "sim/routing/views/no_memory.hpp"

/// How Eclair extends a label; the rule of its BackwardSearch.
///
/// Tested by tests/eclair_router_test.cpp.
namespace ampsim::sim {

/// The best known way from a node to the receiver.
struct EclairLabel {
  double score = 0;  ///< the weight
  DirectedChannel next;
  EclairWeight parts;
  BlockDelta expiry;  ///< of the HTLC that the node receives
  std::uint32_t hops = 0;
};

class EclairRule {
 public:
  using Label = EclairLabel;

  explicit EclairRule(const EclairParams& params) : params_(params) {}

  void begin(const RouteRequest& request, const LiquidityView& view, Msat amount) {
    request_ = &request;
    view_ = &view;
    no_memory_ = dynamic_cast<const NoMemory*>(&view);
    amount_ = amount;
  }
  Label start() const {
    return {.parts = {.amount = amount_}, .expiry = request_->final_cltv_delta};
  }

  bool extend(const Label& at, const SearchHop& hop, double limit, Label& out) const {
    const AnnouncedChannel& channel = hop.channel;
    if (!channel.carries(at.parts.amount) || at.hops >= max_hops) return false;
    const Msat used = (hop.marks & hop_used) != 0 ? used_of(channel.channel) : Msat{0};
    if (at.parts.amount + used > channel.capacity) return false;
    const double probability = success(hop, at.parts.amount, used);
    if (probability <= 0) return false;
    const Msat fee = forwarding_fee(channel, at.parts.amount);
    out.parts = at.parts;
    out.score = out.parts.extend(params_, at.score, fee, channel.cltv_expiry_delta, probability);
    if (out.score > limit) return false;
    out.expiry = at.expiry + channel.cltv_expiry_delta;
    out.hops = at.hops + 1;
    return out.parts.amount - amount_ <= fee_limit && out.expiry <= request_->cltv_limit;
  }

  /// An own channel adds nothing to the weight.
  bool extend_own(const Label& at,
                  const LocalChannel& own,
                  const SearchHop& hop,
                  Label& out) const {
    out = at;
    ++out.hops;
    return own.available >= at.parts.amount && hop.channel.carries(at.parts.amount) &&
           at.hops < max_hops && at.expiry <= request_->cltv_limit;
  }

  /// Of the smallest amount that can come by.
  double least_rise(const SearchHop& hop) const {
    const AnnouncedChannel& channel = hop.channel;
    constexpr double kNever = std::numeric_limits<double>::infinity();
    if (std::min(channel.capacity, channel.htlc_maximum) < amount_) return kNever;
    const double probability = success(hop, amount_, Msat{0});
    if (probability <= 0) return kNever;
    const Msat fee = forwarding_fee(channel, amount_);
    const double risk = static_cast<double>(amount_.count) * channel.cltv_expiry_delta.count *
                        params_.locked_funds_risk;
    const auto failure = static_cast<double>(params_.failure_cost.of(amount_).count);
    const double unlikely =
        params_.uses_log_probability ? -std::log(probability) : 1 / probability - 1;
    return static_cast<double>((fee + params_.hop_cost.of(amount_)).count) + risk +
           failure * unlikely;
  }

  bool precedes(const LocalChannel& a, const LocalChannel& b) const {
    return a.available != b.available ? a.available > b.available : a.channel < b.channel;
  }

  Msat used_of(DirectedChannel channel) const {
    for (const ChannelUse& use : request_->used) {
      if (use.channel == channel) return use.amount;
    }
    return Msat{0};
  }
  double success(const SearchHop& hop, Msat amount, Msat used) const {
    const HopQuery query{.from = hop.tail,
                         .to = hop.head,
                         .channel = hop.channel.channel,
                         .capacity = hop.channel.capacity,
                         .amount = amount,
                         .used = used,
                         .now = request_->now};
    return no_memory_ != nullptr ? no_memory_->probability(query) : view_->probability(query);
  }

  Msat fee_limit;
  std::uint32_t max_hops = 0;

 private:
  const EclairParams params_;
  const RouteRequest* request_ = nullptr;
  const LiquidityView* view_ = nullptr;
  const NoMemory* no_memory_ = nullptr;  ///< the view, if it is that: saves a call a hop
  Msat amount_;
};

}  // namespace ampsim::sim
