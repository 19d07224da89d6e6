#pragma once

#include <cstdint>
#include <string_view>

namespace ampsim::sim {

/// Why an HTLC was failed, by the names and numbers of BOLT 4.
/// Tested by tests/liquidity_view_test.cpp, which says what a sender learns from each.
enum class FailureCode : std::uint16_t {
  none = 0,
  temporary_channel_failure = 0x1007,
  permanent_channel_failure = 0x4008,
  unknown_next_peer = 0x400A,
  amount_below_minimum = 0x100B,
  fee_insufficient = 0x100C,
  incorrect_cltv_expiry = 0x100D,
  expiry_too_soon = 0x100E,
  channel_disabled = 0x1014,
  expiry_too_far = 21,
  incorrect_or_unknown_payment_details = 0x400F,
  mpp_timeout = 23,
};
std::string_view name_of(FailureCode code);

}  // namespace ampsim::sim
