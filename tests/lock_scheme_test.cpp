#include "core/lock_scheme.hpp"

#include <set>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "tests/amp_parts.hpp"
#include "tests/amp_printing.hpp"

using namespace ampsim::amp;
using ampsim::AttemptId;
using ampsim::Msat;
using ampsim::Rng;
using ampsim::test::arrive;
using ampsim::test::is_claim;
using ampsim::test::is_fail;
using ampsim::test::is_hold;
using ampsim::test::send_parts;

TEST_CASE("lock_scheme: the schemes and what differs between them") {
  std::vector<std::string_view> names;
  for (const Scheme& scheme : schemes()) {
    names.push_back(scheme.name);
    CHECK(find_scheme(scheme.name) == &scheme);
    CHECK_FALSE(scheme.summary.empty());
  }
  CHECK(names == std::vector<std::string_view>{"single", "invoices", "mpp", "amp", "og_amp",
                                               "keysend", "mpp_keysend", "ptlc", "stuckless",
                                               "boomerang"});
  CHECK(find_scheme("spear") == nullptr);
  CHECK_FALSE(find_scheme("single")->splits);
  CHECK_FALSE(find_scheme("single")->many_sets);
  CHECK(find_scheme("invoices")->many_sets);
  CHECK(find_scheme("mpp")->splits);
  CHECK(find_scheme("mpp")->needs_invoice);
  CHECK(find_scheme("amp")->splits);
  for (const char* spontaneous : {"amp", "og_amp", "keysend", "mpp_keysend"}) {
    CHECK_FALSE(find_scheme(spontaneous)->needs_invoice);
  }
  CHECK_FALSE(find_scheme("keysend")->splits);
}

TEST_CASE("lock_scheme: what a sender locks its receiver claims, in every scheme") {
  for (const Scheme& scheme : schemes()) {
    CAPTURE(scheme.name);
    const std::uint32_t count = scheme.splits ? 4 : 1;
    Rng rng(1, "lock_scheme_test");
    const SetEnds ends = scheme.open({.total = Msat{1000} * count, .parts = count}, rng);
    const auto parts = send_parts(*ends.sender, count, {1000});
    const bool has_points = scheme.name == "ptlc" || scheme.has_spares;
    const LockKind kind = has_points ? LockKind::point : LockKind::hash;
    Decision decision = Hold{};
    for (const ArrivedPart& part : parts) {
      CHECK(is_hold(decision));
      decision = arrive(ends, part);
    }
    REQUIRE(is_claim(decision));
    const auto& claimed = std::get<Claim>(decision).parts;
    REQUIRE(claimed.size() == parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
      CHECK(claimed[i].attempt == parts[i].attempt);
      CHECK(opens(kind, claimed[i].preimage, parts[i].hash));
    }
  }
}

TEST_CASE("lock_scheme: a cancelled part can be replaced, in every scheme") {
  for (const Scheme& scheme : schemes()) {
    CAPTURE(scheme.name);
    Rng rng(2, "lock_scheme_test");
    const SetEnds ends = scheme.open({.total = {1000}}, rng);
    static_cast<void>(ends.sender->next({0}, true));
    ends.sender->cancel({0});
    const PartLock lock = ends.sender->next({1}, true);
    CHECK(is_claim(arrive(ends, {{1}, {1000}, lock.hash, lock.payload})));
  }
}

TEST_CASE("lock_scheme: mpp and mpp_keysend have one hash for all parts, the others one for each") {
  const auto hashes = [](const char* name) {
    Rng rng(3, "lock_scheme_test");
    std::set<PaymentHash> seen;
    const SetEnds ends = find_scheme(name)->open({.total = {8000}, .parts = 8}, rng);
    for (const ArrivedPart& part : send_parts(*ends.sender, 8, {1000})) seen.insert(part.hash);
    return seen.size();
  };
  CHECK(hashes("mpp") == 1);
  CHECK(hashes("mpp_keysend") == 1);
  CHECK(hashes("amp") == 8);
  CHECK(hashes("og_amp") == 8);
  for (const char* points : {"ptlc", "stuckless", "boomerang"}) CHECK(hashes(points) == 8);
}

TEST_CASE("lock_scheme: every set has secrets of its own") {
  for (const Scheme& scheme : schemes()) {
    CAPTURE(scheme.name);
    Rng rng(4, "lock_scheme_test");
    const SetEnds first = scheme.open({.total = {1000}}, rng);
    const SetEnds second = scheme.open({.total = {1000}}, rng);
    const PartLock a = first.sender->next({0}, true);
    const PartLock b = second.sender->next({0}, true);
    CHECK(a.hash != b.hash);
    const Decision decision = arrive(second, {{0}, {1000}, a.hash, a.payload});
    // Without an invoice a receiver starts from nothing: it is whatever set arrives first.
    if (scheme.needs_invoice) {
      CHECK(std::holds_alternative<Fail>(decision));
    } else {
      CHECK(is_claim(decision));
    }
  }
}

TEST_CASE("lock_scheme: a set of one part takes no smaller part") {
  for (const char* name : {"single", "invoices", "keysend"}) {
    Rng rng(5, "lock_scheme_test");
    const SetEnds ends = find_scheme(name)->open({.total = {1000}}, rng);
    const PartLock lock = ends.sender->next({0}, true);
    CHECK(is_fail(ends.receiver->arrive({{0}, {999}, lock.hash, lock.payload}),
                  SetFailure::total_too_low));
    CHECK(is_claim(ends.receiver->arrive({{1}, {1000}, lock.hash, lock.payload})));
    CHECK(is_fail(ends.receiver->arrive({{2}, {1000}, lock.hash, lock.payload}),
                  SetFailure::set_closed));
  }
}

TEST_CASE("lock_scheme: terms reach both ends") {
  Rng rng(6, "lock_scheme_test");
  const SetTerms terms{
      .total = {1000}, .derivation = Derivation::toy, .completion = Completion::eq};
  const SetEnds ends = find_scheme("amp")->open(terms, rng);
  const PartLock lock = ends.sender->next({0}, true);
  CHECK(lock.payload.total.count == 1000);
  CHECK(lock.payload.child_index == 1);
  CHECK(lock.hash == derive_child(Derivation::toy, lock.payload.share, lock.payload.share, 1).hash);
  CHECK(
      is_fail(ends.receiver->arrive({{0}, {1001}, lock.hash, lock.payload}), SetFailure::overpaid));
}

TEST_CASE("lock_scheme: the same stream gives the same payment") {
  for (const Scheme& scheme : schemes()) {
    CAPTURE(scheme.name);
    Rng first(7, "lock_scheme_test");
    Rng second(7, "lock_scheme_test");
    CHECK(scheme.open({.total = {1}}, first).sender->next({0}, true).hash ==
          scheme.open({.total = {1}}, second).sender->next({0}, true).hash);
  }
}

TEST_CASE("lock_scheme: every failure has a name of its own") {
  std::set<std::string_view> names;
  for (const SetFailure failure :
       {SetFailure::timed_out, SetFailure::total_mismatch, SetFailure::total_too_low,
        SetFailure::total_too_high, SetFailure::overpaid, SetFailure::wrong_set,
        SetFailure::wrong_hash, SetFailure::reconstruction, SetFailure::set_closed,
        SetFailure::unknown_invoice, SetFailure::invoice_closed, SetFailure::not_needed,
        SetFailure::reversed}) {
    names.insert(name_of(failure));
  }
  CHECK(names.size() == 13);
}
