#include "sim/network/failure_code.hpp"

#include "core/check.hpp"

namespace ampsim::sim {

std::string_view name_of(FailureCode code) {
  switch (code) {
    case FailureCode::none:
      return "";
    case FailureCode::temporary_channel_failure:
      return "temporary_channel_failure";
    case FailureCode::permanent_channel_failure:
      return "permanent_channel_failure";
    case FailureCode::unknown_next_peer:
      return "unknown_next_peer";
    case FailureCode::amount_below_minimum:
      return "amount_below_minimum";
    case FailureCode::fee_insufficient:
      return "fee_insufficient";
    case FailureCode::incorrect_cltv_expiry:
      return "incorrect_cltv_expiry";
    case FailureCode::expiry_too_soon:
      return "expiry_too_soon";
    case FailureCode::channel_disabled:
      return "channel_disabled";
    case FailureCode::expiry_too_far:
      return "expiry_too_far";
    case FailureCode::incorrect_or_unknown_payment_details:
      return "incorrect_or_unknown_payment_details";
    case FailureCode::mpp_timeout:
      return "mpp_timeout";
  }
  AMPSIM_UNREACHABLE("unknown failure code");
}

}  // namespace ampsim::sim
