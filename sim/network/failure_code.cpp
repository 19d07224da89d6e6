#include "sim/network/failure_code.hpp"

#include <array>

#include "core/check.hpp"

namespace ampsim::sim {

std::string_view name_of(FailureCode code) {
  switch (code) {
    case FailureCode::none:
      return "";
    case FailureCode::temporary_node_failure:
      return "temporary_node_failure";
    case FailureCode::permanent_node_failure:
      return "permanent_node_failure";
    case FailureCode::required_node_feature_missing:
      return "required_node_feature_missing";
    case FailureCode::invalid_onion_version:
      return "invalid_onion_version";
    case FailureCode::invalid_onion_hmac:
      return "invalid_onion_hmac";
    case FailureCode::invalid_onion_key:
      return "invalid_onion_key";
    case FailureCode::invalid_onion_payload:
      return "invalid_onion_payload";
    case FailureCode::invalid_onion_blinding:
      return "invalid_onion_blinding";
    case FailureCode::temporary_channel_failure:
      return "temporary_channel_failure";
    case FailureCode::permanent_channel_failure:
      return "permanent_channel_failure";
    case FailureCode::required_channel_feature_missing:
      return "required_channel_feature_missing";
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
    case FailureCode::final_incorrect_cltv_expiry:
      return "final_incorrect_cltv_expiry";
    case FailureCode::final_incorrect_htlc_amount:
      return "final_incorrect_htlc_amount";
    case FailureCode::mpp_timeout:
      return "mpp_timeout";
    case FailureCode::unreadable:
      return "unreadable";
  }
  AMPSIM_UNREACHABLE("unknown failure code");
}

std::span<const FailureCode> failure_codes() {
  static constexpr std::array kCodes{
      FailureCode::temporary_node_failure,
      FailureCode::permanent_node_failure,
      FailureCode::required_node_feature_missing,
      FailureCode::invalid_onion_version,
      FailureCode::invalid_onion_hmac,
      FailureCode::invalid_onion_key,
      FailureCode::invalid_onion_payload,
      FailureCode::invalid_onion_blinding,
      FailureCode::temporary_channel_failure,
      FailureCode::permanent_channel_failure,
      FailureCode::required_channel_feature_missing,
      FailureCode::unknown_next_peer,
      FailureCode::amount_below_minimum,
      FailureCode::fee_insufficient,
      FailureCode::incorrect_cltv_expiry,
      FailureCode::expiry_too_soon,
      FailureCode::channel_disabled,
      FailureCode::expiry_too_far,
      FailureCode::incorrect_or_unknown_payment_details,
      FailureCode::final_incorrect_cltv_expiry,
      FailureCode::final_incorrect_htlc_amount,
      FailureCode::mpp_timeout,
      FailureCode::unreadable,
  };
  return kCodes;
}

bool is_of_receiver(FailureCode code) {
  return code == FailureCode::incorrect_or_unknown_payment_details ||
         code == FailureCode::final_incorrect_cltv_expiry ||
         code == FailureCode::final_incorrect_htlc_amount || code == FailureCode::mpp_timeout;
}

}  // namespace ampsim::sim
