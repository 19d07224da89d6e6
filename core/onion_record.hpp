#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "core/share.hpp"
#include "core/units.hpp"

/// The records of a multi-part payment in the final hop's onion payload, as bytes (BOLT 1 TLV;
/// BOLT 4 payment_data; lnd, record/amp.go and record/experimental.go):
///
///   record  type        value
///   mpp     8           payment_secret[32] || tu64(total_msat)
///   amp     14          share[32] || set_id[32] || tu32(child_index)
///   keysend 5482373484  preimage[32]
///
/// Type and length are BigSize; tuNN is big-endian without leading zero bytes, so that 0 has none.
/// The simulator passes PartPayload values; this is what they would be on the wire.
///
/// Tested by tests/onion_record_test.cpp.
namespace ampsim::amp {

struct MppRecord {
  PaymentSecret payment_secret;
  Msat total;
};
struct AmpRecord {
  Share share;
  SetId set_id;
  std::uint32_t child_index = 0;
};
struct KeysendRecord {
  Preimage preimage;
};

/// What is wrong with the bytes of a record.
enum class RecordFailure {
  truncated,       ///< they end before the record does
  trailing_bytes,  ///< they go on after it
  wrong_type,      ///< another record
  wrong_length,    ///< fixed fields missing, or the number too long
  not_minimal,     ///< a BigSize or a number with leading zeros
  out_of_range,    ///< an amount beyond 2^63 - 1 msat
};
std::string_view name_of(RecordFailure failure);

std::vector<std::byte> encode(const MppRecord& record);
std::vector<std::byte> encode(const AmpRecord& record);
std::vector<std::byte> encode(const KeysendRecord& record);

std::variant<MppRecord, RecordFailure> decode_mpp(std::span<const std::byte> bytes);
std::variant<AmpRecord, RecordFailure> decode_amp(std::span<const std::byte> bytes);
std::variant<KeysendRecord, RecordFailure> decode_keysend(std::span<const std::byte> bytes);

}  // namespace ampsim::amp
