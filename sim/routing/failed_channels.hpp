#pragma once

#include "sim/network/failure_code.hpp"

/// Which of a payment's failures speak against the channel that they are about
/// (RouteRequest::failed), for routers that keep off such channels for the rest of the payment.
///
/// Tested by tests/path_router_test.cpp.
namespace ampsim::sim {

/// What only the receiver says had come over all channels.
constexpr bool speaks_against_channel(FailureCode code) {
  return code != FailureCode::mpp_timeout &&
         code != FailureCode::incorrect_or_unknown_payment_details &&
         code != FailureCode::final_incorrect_cltv_expiry &&
         code != FailureCode::final_incorrect_htlc_amount;
}

}  // namespace ampsim::sim
