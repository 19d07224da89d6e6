#include "core/share.hpp"

#include <set>
#include <string>

#include <doctest/doctest.h>

#include "core/sha256.hpp"
#include "tests/amp_printing.hpp"

using namespace ampsim::amp;
using ampsim::Rng;
using ampsim::test::from_hex;

TEST_CASE("share: combine and remove are inverse in every derivation") {
  for (const Derivation derivation : kDerivations) {
    Rng rng(1, "share_test");
    Share a;
    Share b;
    rng.fill(a.bytes);
    rng.fill(b.bytes);
    const Share sum = combine(derivation, a, b);
    CHECK(sum != a);
    CHECK(sum == combine(derivation, b, a));
    CHECK(remove(derivation, sum, b) == a);
    CHECK(remove(derivation, sum, a) == b);
    CHECK(remove(derivation, a, a).is_zero());
    CHECK(combine(derivation, a, Share{}) == a);
  }
}

TEST_CASE("share: toy adds modulo 2^256, big-endian") {
  const Share most = from_hex<Share>(std::string(64, 'f'));
  const Share one = from_hex<Share>(std::string(63, '0') + "1");
  CHECK(combine(Derivation::toy, most, one).is_zero());
  CHECK(remove(Derivation::toy, Share{}, one) == most);
}

TEST_CASE("share: the worked example 123456 + 654321 = 777777") {
  const Share a = parse_share(Derivation::toy, "123456").value();
  const Share b = parse_share(Derivation::toy, "654321").value();
  const Share root = combine(Derivation::toy, a, b);
  CHECK(to_text(Derivation::toy, root) == "777777");
  const Child first = derive_child(Derivation::toy, root, a, 1);
  CHECK(first.preimage == Preimage{ampsim::sha256("7777771")});
  CHECK(first.hash == hash_of(first.preimage));
}

TEST_CASE("share: the index is in every derivation, the share only in lnd's") {
  const Share root = from_hex<Share>(std::string(64, 'a'));
  const Share x = from_hex<Share>(std::string(64, '1'));
  const Share y = from_hex<Share>(std::string(64, '2'));
  for (const Derivation derivation : kDerivations) {
    CHECK(derive_child(derivation, root, x, 1).hash != derive_child(derivation, root, x, 2).hash);
    const bool differs =
        derive_child(derivation, root, x, 1).hash != derive_child(derivation, root, y, 1).hash;
    CHECK(differs == (derivation == Derivation::lnd));
  }
}

TEST_CASE("share: a child keeps the share and index it was derived from") {
  const std::array<ShareAndIndex, 2> parts{ShareAndIndex{from_hex<Share>(std::string(64, '1')), 7},
                                           ShareAndIndex{from_hex<Share>(std::string(64, '2')), 9}};
  const auto children = reconstruct_children(Derivation::lnd, parts);
  REQUIRE(children.size() == 2);
  CHECK(children[0].share == parts[0].share);
  CHECK(children[1].index == 9);
  CHECK(root_of(Derivation::lnd, parts) == from_hex<Share>(std::string(64, '3')));
}

TEST_CASE("share: random shares differ; those of toy are small and not zero") {
  Rng rng(1, "share_test");
  std::set<Share> seen;
  for (int i = 0; i < 100; ++i) seen.insert(random_share(Derivation::lnd, rng));
  CHECK(seen.size() == 100);
  for (int i = 0; i < 100; ++i) {
    const std::string text = to_text(Derivation::toy, random_share(Derivation::toy, rng));
    CHECK(text.size() <= 6);
    CHECK(text != "0");
    CHECK(to_text(Derivation::toy, random_root(Derivation::toy, rng)).size() == 9);
  }
}

TEST_CASE("share: text is hexadecimal, and decimal for toy") {
  const std::string digits = "0692356a8b3e76a18518c2673dc5ce11b7baedcf361fd07bf730de2fac03f18e";
  CHECK(to_text(Derivation::lnd, parse_share(Derivation::lnd, digits).value()) == digits);
  CHECK_FALSE(parse_share(Derivation::og2018, "123456").has_value());

  CHECK(parse_share(Derivation::toy, "0").value().is_zero());
  CHECK(to_text(Derivation::toy, parse_share(Derivation::toy, "000123").value()) == "123");
  const std::string most =
      "115792089237316195423570985008687907853269984665640564039457584007913129639935";
  CHECK(parse_share(Derivation::toy, most) == from_hex<Share>(std::string(64, 'f')));
  CHECK(to_text(Derivation::toy, parse_share(Derivation::toy, most).value()) == most);
  const std::string too_large =
      "115792089237316195423570985008687907853269984665640564039457584007913129639936";
  for (const std::string& bad : {too_large, std::string(79, '1'), std::string(), std::string("-1"),
                                 std::string("12a"), std::string("1.5")}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_share(Derivation::toy, bad).has_value());
  }
}

TEST_CASE("share: derivations are found by their names") {
  for (const Derivation derivation : kDerivations) {
    CHECK(find_derivation(name_of(derivation)) == derivation);
  }
  CHECK_FALSE(find_derivation("LND").has_value());
}
