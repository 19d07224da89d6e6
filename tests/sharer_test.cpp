#include "core/sharer.hpp"

#include <doctest/doctest.h>

#include "core/check.hpp"
#include "tests/amp_printing.hpp"

using namespace ampsim::amp;
using ampsim::Rng;

TEST_CASE("sharer: what was split off and the rest add up to the root") {
  for (const Derivation derivation : kDerivations) {
    Rng rng(1, "sharer_test");
    Sharer sharer(derivation, random_root(derivation, rng));
    const Share a = sharer.split(random_share(derivation, rng));
    const Share b = sharer.split(random_share(derivation, rng));
    CHECK(combine(derivation, combine(derivation, a, b), sharer.current()) == sharer.root());
    const Share rest = sharer.take_rest();
    CHECK(sharer.current().is_zero());
    CHECK(combine(derivation, combine(derivation, a, b), rest) == sharer.root());
  }
}

TEST_CASE("sharer: a zero sharer cannot be split") {
  Rng rng(1, "sharer_test");
  const Share left = random_share(Derivation::lnd, rng);
  Sharer zero(Derivation::lnd, Share{});
  CHECK_THROWS_AS(zero.split(left), ampsim::InvariantError);

  Sharer sharer(Derivation::lnd, random_root(Derivation::lnd, rng));
  static_cast<void>(sharer.take_rest());
  CHECK_THROWS_AS(sharer.split(left), ampsim::InvariantError);
}

TEST_CASE("sharer: a merged share can be given out again") {
  for (const Derivation derivation : kDerivations) {
    Rng rng(2, "sharer_test");
    Sharer sharer(derivation, random_root(derivation, rng));
    const Share failed = sharer.split(random_share(derivation, rng));
    const Share rest = sharer.take_rest();
    sharer.merge(failed);
    CHECK(sharer.current() == failed);
    sharer.merge(rest);
    CHECK(sharer.current() == sharer.root());
  }
}

TEST_CASE("sharer: a single part takes the root itself") {
  Sharer sharer(Derivation::lnd, Share{});
  CHECK(sharer.take_rest().is_zero());
}
