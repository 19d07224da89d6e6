#include <algorithm>
#include <utility>
#include <variant>

#include "sim/payment/sender.hpp"
#include "sim/payment/sender_sight.hpp"
#include "sim/routing/promises.hpp"

// What a sender asks its router and its splitter, and what it tells them.
namespace ampsim::sim {
LiquidityView& Sender::view_of(NodeId sender) {
  std::unique_ptr<LiquidityView>& view = views_[sender.index];
  if (!view) view = make_liquidity_view(means_.routing, means_.network);
  return *view;
}

namespace {

/// Where the attempts are, the sender's own channels included.
void add_uses(const AttemptTable& attempts,
              const std::vector<AttemptId>& ids,
              std::vector<ChannelUse>& uses) {
  for (const AttemptId id : ids) {
    for (const Hop& hop : attempts[id].route.hops) {
      const auto use = std::find_if(uses.begin(), uses.end(),
                                    [&](const ChannelUse& u) { return u.channel == hop.channel; });
      if (use != uses.end()) {
        use->amount += hop.amount;
      } else {
        uses.push_back({hop.channel, hop.amount});
      }
    }
  }
}

}  // namespace

/// What the sender can see now: its own channels, and where the payment's parts are.
void Sender::look_around(const Session& session) {
  see_own_channels(means_.network, means_.routing.graph.channel_count(), session.spec.sender,
                   local_);
  in_flight_.clear();
  add_uses(means_.attempts, session.in_flight, in_flight_);
}

std::vector<ChannelUse> Sender::counted_uses(const Session& session) const {
  const NodeId sender = session.spec.sender;
  std::vector<ChannelUse> used;
  switch (own_use(means_.routing.params)) {
    case OwnUse::none:
      return {};
    case OwnUse::payment:
      used = in_flight_;
      break;
    case OwnUse::sender:
      add_uses(means_.attempts, all_in_flight_[sender.index], used);
      break;
  }
  std::erase_if(
      used, [&](const ChannelUse& use) { return means_.network.source(use.channel) == sender; });
  return used;
}

PartsResult Sender::find_parts(const Session& session, Msat amount, Splitter& splitter) {
  look_around(session);
  const RoutingParams& routing = means_.routing.params;
  const std::vector<ChannelUse> used = counted_uses(session);
  const std::vector<ChannelId> avoided = means_.disguise.avoided(means_.attempts, session);
  const RouteRequest request{
      .payment = session.id,
      .source = session.spec.sender,
      .target = session.spec.receiver,
      .amount = amount,
      .total = session.set_total,
      .fee_limit = session.set_fee_limit - session.set_fees_settled - session.fees_in_flight,
      .cltv_limit = routing.cltv_limit,
      .final_cltv_delta =
          receiver_.final_cltv_delta + kBlockPadding + means_.disguise.expiry_offset(),
      .now = means_.scheduler.now(),
      .local = local_,
      .avoided = avoided,
      .used = used,
      .failed = session.failed};
  PartsResult result = splitter.split(router_, request, view_of(session.spec.sender),
                                      {.min_part = params_.min_part,
                                       .parts_in_flight = session.parts_in_flight,
                                       .max_parts = params_.max_parts,
                                       .in_flight = in_flight_,
                                       .sizes = means_.disguise.amounts()});
  if (const auto* const routes = std::get_if<std::vector<Route>>(&result)) {
    check_promises(*routes, request, means_.routing.graph, routing.algorithm);
  }
  return result;
}

RouteResult Sender::find_part(const Session& session, Msat amount) {
  PartsResult result = find_parts(session, amount, *whole_);
  if (const auto* const reason = std::get_if<NoRoute>(&result)) return *reason;
  return std::move(std::get<std::vector<Route>>(result).front());
}

}  // namespace ampsim::sim
