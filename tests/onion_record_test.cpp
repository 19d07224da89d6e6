#include "core/onion_record.hpp"

#include <string>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "tests/amp_printing.hpp"

using namespace ampsim::amp;
using ampsim::parse_hex;
using ampsim::to_hex;
using ampsim::test::from_hex;

namespace {

const std::string kA(64, 'a');
const std::string kB(64, 'b');

template <class Record>
bool fails(const std::variant<Record, RecordFailure>& decoded, RecordFailure expected) {
  const auto* const failure = std::get_if<RecordFailure>(&decoded);
  return failure != nullptr && *failure == expected;
}
auto amp(const std::string& hex) { return decode_amp(parse_hex(hex).value()); }
auto mpp(const std::string& hex) { return decode_mpp(parse_hex(hex).value()); }
auto keysend(const std::string& hex) { return decode_keysend(parse_hex(hex).value()); }

}  // namespace

TEST_CASE("onion_record: numbers lose their leading zero bytes, and 0 has none") {
  const auto amp_of = [](std::uint32_t index) {
    return to_hex(encode(AmpRecord{from_hex<Share>(kA), from_hex<SetId>(kB), index}));
  };
  CHECK(amp_of(0) == "0e40" + kA + kB);
  CHECK(amp_of(255) == "0e41" + kA + kB + "ff");
  CHECK(amp_of(256) == "0e42" + kA + kB + "0100");
  CHECK(amp_of(0xffff'ffff) == "0e44" + kA + kB + "ffffffff");
  CHECK(to_hex(encode(MppRecord{from_hex<PaymentSecret>(kA), {0}})) == "0820" + kA);
  CHECK(to_hex(encode(MppRecord{from_hex<PaymentSecret>(kA), ampsim::Msat::max()})) ==
        "0828" + kA + "7fffffffffffffff");
}

TEST_CASE("onion_record: what is encoded is decoded again") {
  const bool holds = rc::check("round trip", [](std::uint32_t index, std::uint64_t total) {
    const AmpRecord sent{from_hex<Share>(kA), from_hex<SetId>(kB), index};
    const AmpRecord got = std::get<AmpRecord>(decode_amp(encode(sent)));
    RC_ASSERT(got.share == sent.share);
    RC_ASSERT(got.set_id == sent.set_id);
    RC_ASSERT(got.child_index == index);
    const ampsim::Msat amount{static_cast<std::int64_t>(total >> 1U)};
    const MppRecord with_total{from_hex<PaymentSecret>(kA), amount};
    RC_ASSERT(std::get<MppRecord>(decode_mpp(encode(with_total))).total == amount);
  });
  CHECK(holds);
}

TEST_CASE("onion_record: every way to be wrong has its name") {
  CHECK(fails(amp(""), RecordFailure::truncated));
  CHECK(fails(amp("0e"), RecordFailure::truncated));
  CHECK(fails(amp("0e40" + kA), RecordFailure::truncated));
  CHECK(fails(amp("0e40" + kA + kB + "00"), RecordFailure::trailing_bytes));
  CHECK(fails(amp("0a40" + kA + kB), RecordFailure::wrong_type));
  CHECK(fails(amp("0e3f" + kA + kB), RecordFailure::wrong_length));
  CHECK(fails(amp("0e45" + kA + kB + "0102030405"), RecordFailure::wrong_length));
  CHECK(fails(amp("0e41" + kA + kB + "00"), RecordFailure::not_minimal));
  CHECK(fails(amp("0e43" + kA + kB + "000102"), RecordFailure::not_minimal));
  CHECK(fails(amp("fd000e40" + kA + kB), RecordFailure::not_minimal));
  CHECK(fails(amp("0efd0040" + kA + kB), RecordFailure::not_minimal));
  CHECK(fails(amp("fd00"), RecordFailure::truncated));
  CHECK(fails(mpp("081f" + kA), RecordFailure::wrong_length));
  CHECK(fails(mpp("0829" + kA + "010203040506070809"), RecordFailure::wrong_length));
  CHECK(fails(mpp("0821" + kA + "00"), RecordFailure::not_minimal));
  CHECK(fails(mpp("0828" + kA + "8000000000000000"), RecordFailure::out_of_range));
  CHECK(fails(mpp("0e20" + kA), RecordFailure::wrong_type));
  CHECK(fails(keysend("ff0000000146c6616c1f" + kA), RecordFailure::wrong_length));
  CHECK(fails(keysend("ff00000000c6c6616c20" + kA), RecordFailure::not_minimal));
  CHECK(fails(keysend("fe46c6616c20" + kA), RecordFailure::wrong_type));
  CHECK(name_of(RecordFailure::not_minimal) == "not_minimal");
}
