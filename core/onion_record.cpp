#include "core/onion_record.hpp"

#include <algorithm>

#include "core/check.hpp"

namespace ampsim::amp {
namespace {

using Bytes = std::vector<std::byte>;
using ByteSpan = std::span<const std::byte>;

constexpr std::uint64_t kMppType = 8;
constexpr std::uint64_t kAmpType = 14;
constexpr std::uint64_t kKeysendType = 5'482'373'484;
constexpr std::size_t kFieldSize = 32;

void append_big_endian(Bytes& bytes, std::uint64_t value, std::size_t size) {
  for (std::size_t i = size; i-- > 0;) {
    bytes.push_back(static_cast<std::byte>((value >> (8 * i)) & 0xffU));
  }
}

std::uint64_t big_endian(ByteSpan bytes) {
  std::uint64_t value = 0;
  for (const std::byte byte : bytes) value = value << 8U | std::to_integer<std::uint64_t>(byte);
  return value;
}

void append_big_size(Bytes& bytes, std::uint64_t value) {
  if (value < 0xfd) return append_big_endian(bytes, value, 1);
  const std::size_t size = value <= 0xffff ? 2 : value <= 0xffff'ffff ? 4 : 8;
  bytes.push_back(size == 2 ? std::byte{0xfd} : size == 4 ? std::byte{0xfe} : std::byte{0xff});
  append_big_endian(bytes, value, size);
}

/// tu32 and tu64.
void append_truncated(Bytes& bytes, std::uint64_t value) {
  std::size_t size = 0;
  while (size < 8 && value >> (8 * size) != 0) ++size;
  append_big_endian(bytes, value, size);
}

template <class Tag>
void append(Bytes& bytes, const Bytes32<Tag>& field) {
  bytes.insert(bytes.end(), field.bytes.begin(), field.bytes.end());
}

Bytes record(std::uint64_t type, const Bytes& value) {
  Bytes bytes;
  append_big_size(bytes, type);
  append_big_size(bytes, value.size());
  bytes.insert(bytes.end(), value.begin(), value.end());
  return bytes;
}

/// Takes a BigSize off the front of `bytes`.
std::variant<std::uint64_t, RecordFailure> take_big_size(ByteSpan& bytes) {
  if (bytes.empty()) return RecordFailure::truncated;
  const auto first = std::to_integer<std::uint64_t>(bytes.front());
  const std::size_t size = first < 0xfd ? 0 : first == 0xfd ? 2 : first == 0xfe ? 4 : 8;
  if (bytes.size() < 1 + size) return RecordFailure::truncated;
  const std::uint64_t value = size == 0 ? first : big_endian(bytes.subspan(1, size));
  const std::uint64_t least = size == 2 ? 0xfd : size == 4 ? 0x1'0000 : 0x1'0000'0000;
  if (size > 0 && value < least) return RecordFailure::not_minimal;
  bytes = bytes.subspan(1 + size);
  return value;
}

/// The value of a record that is all of `bytes`, of `type`, with a value of a length from `least`
/// to `most`.
struct Shape {
  std::uint64_t type = 0;
  std::size_t least = 0;
  std::size_t most = 0;
};
std::variant<ByteSpan, RecordFailure> value_of(ByteSpan bytes, const Shape& shape) {
  const auto type = take_big_size(bytes);
  if (const auto* failure = std::get_if<RecordFailure>(&type)) return *failure;
  if (std::get<std::uint64_t>(type) != shape.type) return RecordFailure::wrong_type;
  const auto length = take_big_size(bytes);
  if (const auto* failure = std::get_if<RecordFailure>(&length)) return *failure;
  const std::uint64_t size = std::get<std::uint64_t>(length);
  if (size < shape.least || size > shape.most) return RecordFailure::wrong_length;
  if (bytes.size() < size) return RecordFailure::truncated;
  if (bytes.size() > size) return RecordFailure::trailing_bytes;
  return bytes;
}

template <class Field>
Field field_at(ByteSpan value, std::size_t offset) {
  Field field;
  const ByteSpan source = value.subspan(offset, kFieldSize);
  std::copy(source.begin(), source.end(), field.bytes.begin());
  return field;
}

bool is_minimal(ByteSpan number) { return number.empty() || number.front() != std::byte{0}; }

}  // namespace

std::string_view name_of(RecordFailure failure) {
  switch (failure) {
    case RecordFailure::truncated:
      return "truncated";
    case RecordFailure::trailing_bytes:
      return "trailing_bytes";
    case RecordFailure::wrong_type:
      return "wrong_type";
    case RecordFailure::wrong_length:
      return "wrong_length";
    case RecordFailure::not_minimal:
      return "not_minimal";
    case RecordFailure::out_of_range:
      return "out_of_range";
  }
  AMPSIM_UNREACHABLE("unknown record failure");
}

Bytes encode(const MppRecord& mpp) {
  AMPSIM_CHECK(mpp.total.count >= 0, "a negative total");
  Bytes value;
  append(value, mpp.payment_secret);
  append_truncated(value, static_cast<std::uint64_t>(mpp.total.count));
  return record(kMppType, value);
}

Bytes encode(const AmpRecord& amp) {
  Bytes value;
  append(value, amp.share);
  append(value, amp.set_id);
  append_truncated(value, amp.child_index);
  return record(kAmpType, value);
}

Bytes encode(const KeysendRecord& keysend) {
  Bytes value;
  append(value, keysend.preimage);
  return record(kKeysendType, value);
}

std::variant<MppRecord, RecordFailure> decode_mpp(ByteSpan bytes) {
  const auto found = value_of(bytes, {kMppType, kFieldSize, kFieldSize + 8});
  if (const auto* failure = std::get_if<RecordFailure>(&found)) return *failure;
  const ByteSpan value = std::get<ByteSpan>(found);
  const ByteSpan number = value.subspan(kFieldSize);
  if (!is_minimal(number)) return RecordFailure::not_minimal;
  const std::uint64_t total = big_endian(number);
  if (total > static_cast<std::uint64_t>(Msat::max().count)) return RecordFailure::out_of_range;
  return MppRecord{field_at<PaymentSecret>(value, 0), {static_cast<std::int64_t>(total)}};
}

std::variant<AmpRecord, RecordFailure> decode_amp(ByteSpan bytes) {
  const auto found = value_of(bytes, {kAmpType, 2 * kFieldSize, 2 * kFieldSize + 4});
  if (const auto* failure = std::get_if<RecordFailure>(&found)) return *failure;
  const ByteSpan value = std::get<ByteSpan>(found);
  const ByteSpan number = value.subspan(2 * kFieldSize);
  if (!is_minimal(number)) return RecordFailure::not_minimal;
  return AmpRecord{field_at<Share>(value, 0), field_at<SetId>(value, kFieldSize),
                   static_cast<std::uint32_t>(big_endian(number))};
}

std::variant<KeysendRecord, RecordFailure> decode_keysend(ByteSpan bytes) {
  const auto found = value_of(bytes, {kKeysendType, kFieldSize, kFieldSize});
  if (const auto* failure = std::get_if<RecordFailure>(&found)) return *failure;
  return KeysendRecord{field_at<Preimage>(std::get<ByteSpan>(found), 0)};
}

}  // namespace ampsim::amp
