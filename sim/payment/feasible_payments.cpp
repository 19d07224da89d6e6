#include "sim/payment/feasible_payments.hpp"

#include "sim/payment/sender_sight.hpp"

namespace ampsim::sim {

FeasiblePayments::FeasiblePayments(const PaymentParams& payment,
                                   const ReceiverParams& receiver,
                                   const RoutingMeans& routing,
                                   const Network& network)
    : payment_(payment),
      receiver_(receiver),
      routing_(routing),
      network_(network),
      check_(routing.graph, network) {}

Feasibility FeasiblePayments::at_start(const PaymentSpec& spec, SimTime now) {
  if (!network_.is_up(spec.sender)) return {};
  see_own_channels(network_, routing_.graph.channel_count(), spec.sender, local_);
  const FeasibilityCheck::Answer answer =
      check_.check({.source = spec.sender,
                    .target = spec.receiver,
                    .amount = spec.amount,
                    .total = spec.amount,
                    .fee_limit = fee_limit(payment_, spec.amount),
                    .cltv_limit = routing_.params.cltv_limit,
                    .final_cltv_delta = receiver_.final_cltv_delta + kBlockPadding,
                    .now = now,
                    .local = local_});
  return {answer.on_one_path, answer.by_flow};
}

bool may_split(const PaymentParams& payment, const RoutingParams& routing) {
  const amp::Scheme& scheme = scheme_of(payment);
  if (scheme.has_spares) return payment.parts > 1;
  return scheme.splits && payment.max_parts > 1 && splitter_of(routing).name != "none";
}

}  // namespace ampsim::sim
