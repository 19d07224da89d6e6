#include "core/bad_share.hpp"

#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "tests/amp_parts.hpp"

using namespace ampsim::amp;
using ampsim::AttemptId;
using ampsim::Msat;
using ampsim::Rng;
using ampsim::test::arrive;
using ampsim::test::is_claim;
using ampsim::test::send_parts;
using ampsim::test::sends_shares;

namespace {

/// The decision about the last of `count` parts, one of them with a wrong share.
Decision last_decision(const Scheme& scheme, std::uint32_t count, ReceiverBehaviour behaviour) {
  Rng rng(1, "bad_share_test");
  SetEnds ends =
      scheme.open({.total = Msat{1000} * count, .behaviour = behaviour, .parts = count}, rng);
  ends.sender = with_bad_share(std::move(ends.sender));
  Decision decision = Hold{};
  for (const ArrivedPart& part : send_parts(*ends.sender, count, {1000})) {
    decision = arrive(ends, part);
  }
  return decision;
}

}  // namespace

TEST_CASE("bad_share: nothing can be claimed where locks are made of shares, elsewhere all can") {
  for (const ReceiverBehaviour behaviour : {ReceiverBehaviour::honest, ReceiverBehaviour::greedy}) {
    for (const Scheme& scheme : schemes()) {
      CAPTURE(scheme.name);
      CHECK(is_claim(last_decision(scheme, scheme.splits ? 3 : 1, behaviour)) ==
            !sends_shares(scheme));
    }
  }
}

TEST_CASE("bad_share: one live part is bad, and when it fails the next one is") {
  Rng rng(2, "bad_share_test");
  const auto sender = with_bad_share(find_scheme("mpp_keysend")->open({.total = {1}}, rng).sender);
  const auto is_bad = [&](const Share& sum, const PaymentHash& hash) {
    return hash_of(Preimage{sum.bytes}) != hash;
  };
  const PartLock first = sender->next({0}, true);
  CHECK(is_bad(first.payload.share, first.hash));
  sender->cancel({0});
  const PartLock second = sender->next({1}, false);
  const PartLock third = sender->next({2}, true);
  CHECK(is_bad(combine(Derivation::lnd, second.payload.share, third.payload.share), third.hash));
  sender->cancel({2});
  // The second is the bad one still: what replaces the third is not spoilt as well.
  const PartLock fourth = sender->next({3}, true);
  CHECK(fourth.payload.share == third.payload.share);
}
