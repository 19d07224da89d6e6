#include "core/invoice_registry.hpp"

#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "core/check.hpp"
#include "tests/amp_parts.hpp"
#include "tests/amp_printing.hpp"

using namespace ampsim::amp;
using ampsim::AttemptId;
using ampsim::Msat;
using ampsim::Rng;
using ampsim::test::amp_parts;
using ampsim::test::is_claim;
using ampsim::test::is_fail;
using ampsim::test::is_hold;
using ampsim::test::send_parts;

namespace {

constexpr PaymentSecret kFirst{{std::byte{1}}};
constexpr PaymentSecret kSecond{{std::byte{2}}};

InvoiceRegistry registry_of(const char* scheme,
                            BadSet bad_set = BadSet::fail_set,
                            LatePart late_part = LatePart::reject) {
  return {*find_scheme(scheme), {.late_part = late_part}, bad_set};
}

/// The two parts of an AMP set, attempts from `first` on, for an invoice.
std::vector<ArrivedPart> two_parts(std::uint64_t seed,
                                   const PaymentSecret& secret,
                                   std::uint32_t first) {
  std::vector<ArrivedPart> parts = amp_parts(Derivation::lnd, 2, seed);
  for (ArrivedPart& part : parts) {
    part.payload.payment_secret = secret;
    part.attempt = {first++};
  }
  return parts;
}

}  // namespace

TEST_CASE("invoice_registry: spontaneous parts make an invoice just in time, two payments two") {
  InvoiceRegistry registry = registry_of("amp");
  CHECK_FALSE(registry.is_open(kFirst));
  const auto one = two_parts(1, kFirst, 0);
  const auto other = two_parts(2, kSecond, 2);
  CHECK(is_hold(registry.arrive(one[0])));
  CHECK(registry.is_open(kFirst));
  CHECK(is_hold(registry.arrive(other[0])));
  CHECK(is_claim(registry.arrive(other[1])));
  CHECK(is_claim(registry.arrive(one[1])));
  CHECK(registry.invoice_count() == 2);
  registry.forget(kFirst, one[0].payload.set_id);
  registry.forget(kSecond, other[0].payload.set_id);
  CHECK(registry.invoice_count() == 0);
}

TEST_CASE("invoice_registry: many sets settle on one reusable invoice, which stays open") {
  InvoiceRegistry registry = registry_of("amp");
  registry.add_reusable(kFirst);
  std::vector<std::vector<ArrivedPart>> sets;
  for (std::uint32_t i = 0; i < 5; ++i) sets.push_back(two_parts(i + 1, kFirst, 2 * i));
  for (const auto& parts : sets) CHECK(is_hold(registry.arrive(parts[0])));
  for (const auto& parts : sets) CHECK(is_claim(registry.arrive(parts[1])));
  CHECK(registry.is_open(kFirst));
  CHECK(registry.invoice_count() == 1);
}

TEST_CASE(
    "invoice_registry: a bad set fails alone, or closes the invoice for all that come later") {
  for (const BadSet bad_set : {BadSet::fail_set, BadSet::cancel_invoice}) {
    InvoiceRegistry registry = registry_of("amp", bad_set);
    registry.add_reusable(kFirst);
    const auto early = two_parts(1, kFirst, 0);
    CHECK(is_hold(registry.arrive(early[0])));
    auto bad = two_parts(2, kFirst, 2);
    bad[1].payload.share.bytes.front() ^= std::byte{1};
    CHECK(is_hold(registry.arrive(bad[0])));
    CHECK(is_fail(registry.arrive(bad[1]), SetFailure::reconstruction));
    const bool is_open = bad_set == BadSet::fail_set;
    CHECK(registry.is_open(kFirst) == is_open);
    const auto late = two_parts(3, kFirst, 4);
    if (is_open) {
      CHECK(is_hold(registry.arrive(late[0])));
      CHECK(is_claim(registry.arrive(late[1])));
      CHECK(is_claim(registry.arrive(early[1])));
    } else {
      CHECK(is_fail(registry.arrive(late[0]), SetFailure::invoice_closed));
      CHECK(is_fail(registry.arrive(early[1]), SetFailure::invoice_closed));
      // What is held is left to its timer; a replay is answered as before.
      CHECK(is_hold(registry.arrive(early[0])));
      HtlcSet* const set = registry.find_set(kFirst, early[0].payload.set_id);
      REQUIRE(set != nullptr);
      CHECK(is_fail(set->time_out(set->held()), SetFailure::timed_out));
    }
  }
}

TEST_CASE("invoice_registry: other failures of a set leave its invoice open") {
  InvoiceRegistry registry = registry_of("amp", BadSet::cancel_invoice);
  registry.add_reusable(kFirst);
  auto parts = two_parts(1, kFirst, 0);
  parts[1].payload.total += Msat{1};
  CHECK(is_hold(registry.arrive(parts[0])));
  CHECK(is_fail(registry.arrive(parts[1]), SetFailure::total_mismatch));
  CHECK(registry.is_open(kFirst));
}

TEST_CASE("invoice_registry: a set id that is known under another invoice is refused there") {
  InvoiceRegistry registry = registry_of("amp");
  registry.add_reusable(kFirst);
  registry.add_reusable(kSecond);
  const auto parts = two_parts(1, kFirst, 0);
  CHECK(is_hold(registry.arrive(parts[0])));
  ArrivedPart squatter = parts[1];
  squatter.payload.payment_secret = kSecond;
  squatter.attempt = {7};
  CHECK(is_fail(registry.arrive(squatter), SetFailure::unknown_invoice));
  CHECK(is_claim(registry.arrive(parts[1])));
  // Nor once the set is over and forgotten.
  registry.forget(kFirst, parts[0].payload.set_id);
  CHECK(is_fail(registry.arrive(squatter), SetFailure::unknown_invoice));
}

TEST_CASE("invoice_registry: a part of no set is none of a reusable invoice") {
  InvoiceRegistry registry = registry_of("amp");
  registry.add_reusable(kFirst);
  ArrivedPart part = two_parts(1, kFirst, 0)[0];
  part.payload.set_id = {};
  CHECK(is_fail(registry.arrive(part), SetFailure::wrong_set));
}

TEST_CASE("invoice_registry: without an invoice nothing is received where one is needed") {
  Rng rng(3, "invoice_registry_test");
  SetEnds ends = find_scheme("mpp")->open({.total = {2000}}, rng);
  auto parts = send_parts(*ends.sender, 2, {1000});
  for (ArrivedPart& part : parts) part.payload.payment_secret = kFirst;
  InvoiceRegistry registry = registry_of("mpp");
  CHECK(is_fail(registry.arrive(parts[0]), SetFailure::unknown_invoice));
  registry.add(kFirst, std::move(ends.receiver));
  ArrivedPart stranger = parts[0];
  stranger.payload.payment_secret = kSecond;
  CHECK(is_fail(registry.arrive(stranger), SetFailure::unknown_invoice));
  CHECK(is_hold(registry.arrive(parts[0])));
  CHECK(is_claim(registry.arrive(parts[1])));
  CHECK_THROWS_AS(registry.add_reusable(kSecond), ampsim::InvariantError);
}

TEST_CASE("invoice_registry: a late part is refused, or held until its timer rings") {
  for (const LatePart late_part : {LatePart::reject, LatePart::hold}) {
    InvoiceRegistry registry = registry_of("amp", BadSet::fail_set, late_part);
    registry.add_reusable(kFirst);
    const auto parts = two_parts(1, kFirst, 0);
    CHECK(is_hold(registry.arrive(parts[0])));
    CHECK(is_claim(registry.arrive(parts[1])));
    ArrivedPart late = parts[0];
    late.attempt = {9};
    const Decision decision = registry.arrive(late);
    HtlcSet* const set = registry.find_set(kFirst, late.payload.set_id);
    REQUIRE(set != nullptr);
    CHECK(set->is_claimed());
    if (late_part == LatePart::reject) {
      CHECK(is_fail(decision, SetFailure::set_closed));
    } else {
      CHECK(is_hold(decision));
      CHECK(is_fail(set->time_out(set->held()), SetFailure::timed_out));
    }
    // Both answer a replay of what was claimed as before.
    CHECK(is_claim(registry.arrive(parts[0])));
  }
}

TEST_CASE("invoice_registry: where parts may be late, a set that failed can be tried again") {
  InvoiceRegistry registry = registry_of("amp", BadSet::fail_set, LatePart::hold);
  registry.add_reusable(kFirst);
  auto parts = two_parts(1, kFirst, 0);
  auto bad = parts;
  bad[1].payload.child_index ^= 1U;
  CHECK(is_hold(registry.arrive(bad[0])));
  CHECK(is_fail(registry.arrive(bad[1]), SetFailure::reconstruction));
  parts[0].attempt = {10};
  parts[1].attempt = {11};
  CHECK(is_hold(registry.arrive(parts[0])));
  CHECK(is_claim(registry.arrive(parts[1])));
}

TEST_CASE("invoice_registry: alone above the total, a late part fails by its own share") {
  InvoiceRegistry registry = registry_of("amp", BadSet::fail_set, LatePart::hold);
  registry.add_reusable(kFirst);
  const auto parts = two_parts(1, kFirst, 0);
  CHECK(is_hold(registry.arrive(parts[0])));
  CHECK(is_claim(registry.arrive(parts[1])));
  ArrivedPart late = parts[0];
  late.attempt = {9};
  late.amount = late.payload.total;
  CHECK(is_fail(registry.arrive(late), SetFailure::reconstruction));
}
