#pragma once

#include <vector>

#include "sim/measure/run_result.hpp"
#include "sim/network/network.hpp"
#include "sim/payment/params.hpp"
#include "sim/routing/feasibility.hpp"
#include "sim/routing/registry.hpp"
#include "sim/workload/workload.hpp"

/// Whether payments could be made when they start (sim/routing/feasibility.hpp), with the limits
/// that their senders have: for the measures of how much a router makes of it.
///
/// Tested by tests/feasibility_test.cpp.
namespace ampsim::sim {

class FeasiblePayments {
 public:
  /// All of it must outlive this.
  FeasiblePayments(const PaymentParams& payment,
                   const ReceiverParams& receiver,
                   const RoutingMeans& routing,
                   const Network& network);

  /// As one set, whatever the scheme; nothing if the sender is away.
  Feasibility at_start(const PaymentSpec& spec, SimTime now);

 private:
  const PaymentParams& payment_;
  const ReceiverParams& receiver_;
  const RoutingMeans& routing_;
  const Network& network_;
  FeasibilityCheck check_;
  std::vector<LocalChannel> local_;  // reused from payment to payment
};

/// Whether payments may have several parts at once.
bool may_split(const PaymentParams& payment, const RoutingParams& routing);

}  // namespace ampsim::sim
