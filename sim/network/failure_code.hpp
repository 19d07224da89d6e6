#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace ampsim::sim {

/// Why an HTLC was failed, by the names and numbers of BOLT 4.
/// Tested by tests/mission_control_test.cpp, which says what a sender learns from each.
enum class FailureCode : std::uint16_t {
  none = 0,
  temporary_node_failure = 0x2002,
  permanent_node_failure = 0x6002,
  required_node_feature_missing = 0x6003,
  invalid_onion_version = 0xC004,
  invalid_onion_hmac = 0xC005,
  invalid_onion_key = 0xC006,
  invalid_onion_payload = 0x4016,
  invalid_onion_blinding = 0xC018,
  temporary_channel_failure = 0x1007,
  permanent_channel_failure = 0x4008,
  required_channel_feature_missing = 0x4009,
  unknown_next_peer = 0x400A,
  amount_below_minimum = 0x100B,
  fee_insufficient = 0x100C,
  incorrect_cltv_expiry = 0x100D,
  expiry_too_soon = 0x100E,
  channel_disabled = 0x1014,
  expiry_too_far = 21,
  incorrect_or_unknown_payment_details = 0x400F,
  final_incorrect_cltv_expiry = 18,
  final_incorrect_htlc_amount = 19,
  mpp_timeout = 23,
  /// Not a code: a failure that the sender cannot decrypt, so that it may come from anybody.
  unreadable = 0xFFFF,
};
std::string_view name_of(FailureCode code);
/// All but `none`.
std::span<const FailureCode> failure_codes();
/// Whether only the last node of a route says so.
bool is_of_receiver(FailureCode code);

}  // namespace ampsim::sim
