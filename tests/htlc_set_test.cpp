#include "core/htlc_set.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "core/amp_lock.hpp"
#include "core/check.hpp"
#include "core/invoice_lock.hpp"
#include "tests/amp_parts.hpp"
#include "tests/amp_printing.hpp"
#include "tests/printing.hpp"

using namespace ampsim::amp;
using ampsim::AttemptId;
using ampsim::Msat;
using ampsim::test::amp_parts;
using ampsim::test::is_claim;
using ampsim::test::is_fail;
using ampsim::test::is_hold;

namespace {

AmpSet amp_set(Derivation derivation = Derivation::lnd, Completion completion = Completion::ge) {
  return AmpSet(derivation, completion);
}

/// Lets the parts arrive one after another; the last decision.
Decision arrive_all(HtlcSet& set, const std::vector<ArrivedPart>& parts) {
  Decision decision = Hold{};
  for (const ArrivedPart& part : parts) decision = set.arrive(part);
  return decision;
}

/// Every part has its own preimage in the claim.
bool opens(const Decision& decision, const std::vector<ArrivedPart>& parts) {
  const auto* const claim = std::get_if<Claim>(&decision);
  if (claim == nullptr || claim->parts.size() != parts.size()) return false;
  return std::all_of(parts.begin(), parts.end(), [claim](const ArrivedPart& part) {
    return std::any_of(
        claim->parts.begin(), claim->parts.end(), [&part](const ClaimedPart& claimed) {
          return claimed.attempt == part.attempt && hash_of(claimed.preimage) == part.hash;
        });
  });
}

constexpr Preimage kInvoicePreimage{{std::byte{7}}};

InvoiceSet mpp_set(Msat amount, Completion completion = Completion::ge) {
  return InvoiceSet({amount, kInvoicePreimage}, completion);
}
ArrivedPart mpp_part(std::uint32_t attempt, Msat amount, Msat total) {
  return {{attempt}, amount, hash_of(kInvoicePreimage), {.total = total}};
}

}  // namespace

TEST_CASE("htlc_set: MUST NOT fulfill any HTLC of the set before the total is reached") {
  for (const Derivation derivation : kDerivations) {
    AmpSet set = amp_set(derivation);
    const auto parts = amp_parts(derivation, 4, 1);
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
      CHECK(is_hold(set.arrive(parts[i])));
      CHECK_FALSE(set.is_claimed());
    }
    CHECK(opens(set.arrive(parts.back()), parts));
    CHECK(set.is_claimed());
  }
  InvoiceSet mpp = mpp_set({1000});
  CHECK(is_hold(mpp.arrive(mpp_part(0, {999}, {1000}))));
  CHECK(is_claim(mpp.arrive(mpp_part(1, {1}, {1000}))));
}

TEST_CASE("htlc_set: if it fulfills any HTLC in the HTLC set, MUST fulfill the entire HTLC set") {
  const auto parts = amp_parts(Derivation::lnd, 16, 2);
  AmpSet set = amp_set();
  const Decision decision = arrive_all(set, parts);
  REQUIRE(opens(decision, parts));
  CHECK(set.held().empty());
  InvoiceSet mpp = mpp_set({3000});
  const Decision claimed = arrive_all(
      mpp, {mpp_part(0, {1000}, {3000}), mpp_part(1, {1000}, {3000}), mpp_part(2, {1000}, {3000})});
  REQUIRE(is_claim(claimed));
  CHECK(std::get<Claim>(claimed).parts.size() == 3);
}

TEST_CASE("htlc_set: MUST fail the entire HTLC set if total_msat is not the same for all HTLCs") {
  auto parts = amp_parts(Derivation::lnd, 3, 3);
  parts[1].payload.total += Msat{1};
  AmpSet set = amp_set();
  CHECK(is_hold(set.arrive(parts[0])));
  const Decision decision = set.arrive(parts[1]);
  REQUIRE(is_fail(decision, SetFailure::total_mismatch));
  CHECK(std::get<Fail>(decision).parts == std::vector<AttemptId>{{0}, {1}});
  CHECK(is_fail(set.arrive(parts[2]), SetFailure::set_closed));

  InvoiceSet mpp = mpp_set({1000});
  CHECK(is_hold(mpp.arrive(mpp_part(0, {500}, {1000}))));
  CHECK(is_fail(mpp.arrive(mpp_part(1, {500}, {1001})), SetFailure::total_mismatch));
}

TEST_CASE("htlc_set: MUST fail the HTLC if total_msat is zero or less than the invoice asks") {
  auto parts = amp_parts(Derivation::lnd, 2, 4);
  parts[0].payload.total = {0};
  AmpSet set = amp_set();
  CHECK(is_fail(set.arrive(parts[0]), SetFailure::total_too_low));
  InvoiceSet mpp = mpp_set({1000});
  CHECK(is_fail(mpp.arrive(mpp_part(0, {999}, {999})), SetFailure::total_too_low));
}

TEST_CASE("htlc_set: MUST fail an HTLC whose payment_hash is unknown, and only that one") {
  InvoiceSet mpp = mpp_set({1000});
  CHECK(is_hold(mpp.arrive(mpp_part(0, {400}, {1000}))));
  ArrivedPart stranger = mpp_part(1, {600}, {1000});
  stranger.hash = hash_of(Preimage{{std::byte{8}}});
  const Decision decision = mpp.arrive(stranger);
  REQUIRE(is_fail(decision, SetFailure::wrong_hash));
  CHECK(std::get<Fail>(decision).parts == std::vector<AttemptId>{{1}});
  CHECK(is_claim(mpp.arrive(mpp_part(2, {600}, {1000}))));
}

TEST_CASE("htlc_set: MUST fail with mpp_timeout all parts whose timer ran out, and only those") {
  const auto parts = amp_parts(Derivation::lnd, 3, 5);
  AmpSet set = amp_set();
  CHECK(is_hold(set.arrive(parts[0])));
  CHECK(is_hold(set.arrive(parts[1])));
  const Decision decision = set.time_out(std::vector<AttemptId>{{0}});
  REQUIRE(is_fail(decision, SetFailure::timed_out));
  CHECK(std::get<Fail>(decision).parts == std::vector<AttemptId>{{0}});
  CHECK(set.held() == std::vector<AttemptId>{{1}});
  // What timed out no longer counts towards the total.
  CHECK(is_hold(set.arrive(parts[2])));
  CHECK_FALSE(set.is_claimed());
}

TEST_CASE("htlc_set: a part may be sent again after it timed out, and completes the set") {
  ampsim::Rng rng(6, "htlc_set_test");
  const SetEnds ends = find_scheme("amp")->open({.total = {3000}}, rng);
  auto parts = ampsim::test::send_parts(*ends.sender, 3, {1000});
  ends.receiver->arrive(parts[0]);
  ends.receiver->arrive(parts[1]);
  ends.receiver->time_out(std::vector<AttemptId>{{0}});
  ends.receiver->arrive(parts[2]);
  ends.sender->cancel({0});
  const PartLock again = ends.sender->next({3}, true);
  CHECK(again.hash != parts[0].hash);
  const ArrivedPart retry{{3}, {1000}, again.hash, again.payload};
  CHECK(opens(ends.receiver->arrive(retry), {parts[1], parts[2], retry}));
}

TEST_CASE("htlc_set: a timer that runs out after the claim finds nothing to do") {
  const auto parts = amp_parts(Derivation::lnd, 2, 7);
  AmpSet set = amp_set();
  CHECK(is_hold(set.time_out(std::vector<AttemptId>{{0}, {1}})));
  REQUIRE(is_claim(arrive_all(set, parts)));
  CHECK(is_hold(set.time_out(std::vector<AttemptId>{{0}, {1}})));
  CHECK(set.is_claimed());
}

TEST_CASE("htlc_set: a timer of the set fails all its parts at once, in the order given") {
  const auto parts = amp_parts(Derivation::lnd, 3, 8);
  AmpSet set = amp_set();
  set.arrive(parts[0]);
  set.arrive(parts[1]);
  const Decision decision = set.time_out(std::vector<AttemptId>{{0}, {1}, {2}});
  REQUIRE(is_fail(decision, SetFailure::timed_out));
  CHECK(std::get<Fail>(decision).parts == std::vector<AttemptId>{{0}, {1}});
  CHECK(set.held().empty());
}

TEST_CASE("htlc_set: a late part is failed at once and cannot revive a set") {
  auto parts = amp_parts(Derivation::lnd, 2, 9);
  AmpSet claimed = amp_set();
  REQUIRE(is_claim(arrive_all(claimed, parts)));
  ArrivedPart late = parts[0];
  late.attempt = {9};
  CHECK(is_fail(claimed.arrive(late), SetFailure::set_closed));
  CHECK(claimed.is_claimed());

  AmpSet failed = amp_set();
  auto altered = parts;
  altered[1].payload.child_index ^= 1U;
  REQUIRE(is_fail(arrive_all(failed, altered), SetFailure::reconstruction));
  parts[0].attempt = {10};
  parts[1].attempt = {11};
  CHECK(is_fail(failed.arrive(parts[0]), SetFailure::set_closed));
  CHECK(is_fail(failed.arrive(parts[1]), SetFailure::set_closed));
  CHECK_FALSE(failed.is_claimed());
}

TEST_CASE("htlc_set: a replayed HTLC is answered as before") {
  const auto parts = amp_parts(Derivation::lnd, 2, 10);
  AmpSet set = amp_set();
  CHECK(is_hold(set.arrive(parts[0])));
  CHECK(is_hold(set.arrive(parts[0])));
  CHECK(set.held().size() == 1);
  CHECK(opens(set.arrive(parts[1]), parts));
  CHECK(opens(set.arrive(parts[0]), parts));
}

TEST_CASE("htlc_set: a set id of zero or of another set is refused, the set goes on") {
  const auto parts = amp_parts(Derivation::lnd, 2, 11);
  AmpSet set = amp_set();
  ArrivedPart nameless = parts[0];
  nameless.attempt = {5};
  nameless.payload.set_id = {};
  CHECK(is_fail(set.arrive(nameless), SetFailure::wrong_set));
  CHECK(is_hold(set.arrive(parts[0])));
  ArrivedPart stranger = amp_parts(Derivation::lnd, 2, 12)[0];
  stranger.attempt = {6};
  CHECK(is_fail(set.arrive(stranger), SetFailure::wrong_set));
  CHECK(opens(set.arrive(parts[1]), parts));
}

TEST_CASE("htlc_set: an AMP part is no part of an invoice's set") {
  InvoiceSet mpp = mpp_set({1000});
  ArrivedPart part = mpp_part(0, {1000}, {1000});
  part.payload.set_id = {{std::byte{1}}};
  CHECK(is_fail(mpp.arrive(part), SetFailure::wrong_set));
}

TEST_CASE("htlc_set: more than the total is claimed with ge and failed with eq") {
  for (const bool exactly : {false, true}) {
    const Completion completion = exactly ? Completion::eq : Completion::ge;
    auto parts = amp_parts(Derivation::lnd, 2, 13);
    parts[1].amount += Msat{1};
    AmpSet set = amp_set(Derivation::lnd, completion);
    CHECK(is_hold(set.arrive(parts[0])));
    const Decision decision = set.arrive(parts[1]);
    if (exactly) {
      CHECK(is_fail(decision, SetFailure::overpaid));
      CHECK(std::get<Fail>(decision).parts.size() == 2);
    } else {
      CHECK(opens(decision, parts));
    }
    AmpSet exact = amp_set(Derivation::lnd, completion);
    parts[1].amount -= Msat{1};
    CHECK(opens(arrive_all(exact, parts), parts));
  }
}

TEST_CASE("htlc_set: SHOULD fail the HTLC if more than twice the invoice is named or sent") {
  InvoiceSet named = mpp_set({1000});
  CHECK(is_fail(named.arrive(mpp_part(0, {1}, {2001})), SetFailure::total_too_high));
  InvoiceSet twice = mpp_set({1000});
  CHECK(is_hold(twice.arrive(mpp_part(0, {1999}, {2000}))));
  CHECK(is_claim(twice.arrive(mpp_part(1, {1}, {2000}))));
  InvoiceSet sent = mpp_set({1000});
  CHECK(is_hold(sent.arrive(mpp_part(0, {999}, {1000}))));
  const Decision decision = sent.arrive(mpp_part(1, {1002}, {1000}));
  REQUIRE(is_fail(decision, SetFailure::overpaid));
  CHECK(std::get<Fail>(decision).parts.size() == 2);
}

TEST_CASE("htlc_set: a part that can no longer be claimed is out of the sum") {
  const auto parts = amp_parts(Derivation::lnd, 2, 17);
  AmpSet set = amp_set();
  CHECK(is_hold(set.arrive(parts[0])));
  set.drop(parts[0].attempt);
  CHECK(set.held().empty());
  CHECK(is_hold(set.arrive(parts[1])));
}

TEST_CASE("htlc_set: a surplus part opens with the others, and the others without it") {
  for (const char* scheme : {"amp", "mpp_keysend", "ptlc", "mpp"}) {
    CAPTURE(scheme);
    for (const bool has_surplus : {false, true}) {
      ampsim::Rng rng(18, "htlc_set_test");
      const SetEnds ends = find_scheme(scheme)->open({.total = {2000}}, rng);
      const PartLock first = ends.sender->next({0}, false);
      const PartLock surplus = ends.sender->surplus({1});
      const PartLock last = ends.sender->next({2}, true);
      CHECK(is_hold(ends.receiver->arrive({{0}, {1000}, first.hash, first.payload})));
      if (has_surplus) {
        CHECK(is_hold(ends.receiver->arrive({{1}, {10}, surplus.hash, surplus.payload})));
      }
      const Decision decision = ends.receiver->arrive({{2}, {1000}, last.hash, last.payload});
      REQUIRE(is_claim(decision));
      CHECK(std::get<Claim>(decision).parts.size() == (has_surplus ? 3 : 2));
    }
  }
}

TEST_CASE("htlc_set: amounts of any size are added without overflow") {
  const Msat most = Msat::max();
  InvoiceSet set = mpp_set(most);
  CHECK(is_hold(set.arrive(mpp_part(0, most - Msat{1}, most))));
  CHECK(is_claim(set.arrive(mpp_part(1, most, most))));
}

TEST_CASE("htlc_set: an HTLC of nothing is a bug of the caller") {
  AmpSet set = amp_set();
  auto parts = amp_parts(Derivation::lnd, 1, 14);
  parts[0].amount = {0};
  CHECK_THROWS_AS(set.arrive(parts[0]), ampsim::InvariantError);
}

TEST_CASE("htlc_set: every order of arrival of up to six parts ends in the same claim") {
  for (const Derivation derivation : kDerivations) {
    for (std::uint32_t count = 1; count <= 6; ++count) {
      const auto parts = amp_parts(derivation, count, count);
      std::vector<std::size_t> order(count);
      for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
      bool all_claim = true;
      do {
        AmpSet set = amp_set(derivation);
        Decision decision = Hold{};
        for (const std::size_t i : order) {
          all_claim = all_claim && is_hold(decision);
          decision = set.arrive(parts[i]);
        }
        all_claim = all_claim && opens(decision, parts);
      } while (std::next_permutation(order.begin(), order.end()));
      CAPTURE(name_of(derivation));
      CAPTURE(count);
      CHECK(all_claim);
    }
  }
}

TEST_CASE("htlc_set: no proper subset of up to six parts is ever claimed") {
  for (const Derivation derivation : kDerivations) {
    for (std::uint32_t count = 2; count <= 6; ++count) {
      const auto parts = amp_parts(derivation, count, 100 + count);
      for (std::uint32_t chosen = 1; chosen + 1 < 1U << count; ++chosen) {
        CAPTURE(name_of(derivation));
        CAPTURE(chosen);
        std::vector<ArrivedPart> subset;
        for (std::uint32_t i = 0; i < count; ++i) {
          if ((chosen >> i & 1U) != 0) subset.push_back(parts[i]);
        }
        AmpSet honest = amp_set(derivation);
        CHECK(is_hold(arrive_all(honest, subset)));
        CHECK(honest.held().size() == subset.size());

        // Not even by a receiver that takes what has arrived for the total.
        for (ArrivedPart& part : subset) {
          part.payload.total = Msat{1000} * static_cast<std::int64_t>(subset.size());
        }
        AmpSet greedy = amp_set(derivation);
        CHECK(is_fail(arrive_all(greedy, subset), SetFailure::reconstruction));
      }
    }
  }
}

TEST_CASE("htlc_set: the same part twice is never claimed") {
  for (const Derivation derivation : kDerivations) {
    for (std::size_t repeated = 0; repeated < 3; ++repeated) {
      auto parts = amp_parts(derivation, 3, 15);
      parts[(repeated + 1) % 3] = parts[repeated];
      for (std::uint32_t i = 0; i < parts.size(); ++i) parts[i].attempt = {i};
      AmpSet set = amp_set(derivation);
      CHECK(is_fail(arrive_all(set, parts), SetFailure::reconstruction));
    }
  }
}

TEST_CASE("htlc_set: equal child indexes are legal while the shares differ") {
  ampsim::Rng rng(16, "htlc_set_test");
  const Share left = random_share(Derivation::lnd, rng);
  const Share root = random_root(Derivation::lnd, rng);
  const Share right = remove(Derivation::lnd, root, left);
  std::vector<ArrivedPart> parts;
  for (const Share& share : {left, right}) {
    const Child child = derive_child(Derivation::lnd, root, share, 5);
    parts.push_back({{static_cast<std::uint32_t>(parts.size())},
                     {1},
                     child.hash,
                     {{2}, {{std::byte{1}}}, share, 5}});
  }
  AmpSet set = amp_set();
  CHECK(opens(arrive_all(set, parts), parts));
}

TEST_CASE("htlc_set: any set of any sender is claimed, in any order") {
  const bool holds = rc::check("random sets", [](std::uint64_t seed) {
    const Derivation derivation = *rc::gen::elementOf(kDerivations);
    const auto count = *rc::gen::inRange<std::uint32_t>(1, 20);
    const auto each = *rc::gen::inRange<std::int64_t>(1, 1'000'000'000);
    auto parts = amp_parts(derivation, count, seed, {each});
    ampsim::Rng rng(seed, "order");
    for (std::size_t i = parts.size(); i > 1; --i) std::swap(parts[i - 1], parts[rng.below(i)]);
    AmpSet set = amp_set(derivation);
    RC_ASSERT(opens(arrive_all(set, parts), parts));
  });
  CHECK(holds);
}

TEST_CASE("htlc_set: a set with one altered share, hash or index always fails") {
  const bool holds = rc::check("one bit is wrong", [](std::uint64_t seed) {
    const Derivation derivation = *rc::gen::elementOf(kDerivations);
    const auto count = *rc::gen::inRange<std::uint32_t>(1, 8);
    auto parts = amp_parts(derivation, count, seed);
    ArrivedPart& victim = parts[*rc::gen::inRange<std::size_t>(0, parts.size())];
    const auto byte = *rc::gen::inRange<std::size_t>(0, 32);
    const std::byte bit{static_cast<unsigned char>(1U << *rc::gen::inRange(0U, 8U))};
    switch (*rc::gen::inRange(0, 3)) {
      case 0:
        victim.payload.share.bytes[byte] ^= bit;
        break;
      case 1:
        victim.hash.bytes[byte] ^= bit;
        break;
      default:
        victim.payload.child_index ^= 1U << *rc::gen::inRange(0U, 32U);
    }
    AmpSet set = amp_set(derivation);
    const Decision decision = arrive_all(set, parts);
    RC_ASSERT(is_fail(decision, SetFailure::reconstruction));
    RC_ASSERT(std::get<Fail>(decision).parts.size() == parts.size());
    RC_ASSERT(set.held().empty());
  });
  CHECK(holds);
}
