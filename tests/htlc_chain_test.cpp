#include "sim/payment/htlc_chain.hpp"

#include <utility>

#include <doctest/doctest.h>

using namespace ampsim;
using namespace ampsim::sim;

TEST_CASE("htlc_chain: long and short chains alike hold one HTLC a hop, in order") {
  for (const std::size_t hops : {0U, 1U, 5U, 6U, 20U}) {
    CAPTURE(hops);
    HtlcChain chain;
    chain.resize(hops);
    CHECK(chain.size() == hops);
    CHECK(chain.empty() == (hops == 0));
    for (std::size_t hop = 0; hop < hops; ++hop) {
      CHECK(chain[hop].state == HtlcState::unsent);
      chain[hop].amount = Msat{static_cast<std::int64_t>(hop)};
    }
    const HtlcChain moved = std::move(chain);
    std::int64_t next = 0;
    for (const Htlc& htlc : moved) CHECK(htlc.amount.count == next++);
    CHECK(next == static_cast<std::int64_t>(hops));
    if (hops > 0) CHECK(moved.back().amount.count == next - 1);
  }
}

TEST_CASE("htlc_chain: resized, it starts anew") {
  HtlcChain chain = {{.state = HtlcState::offered}, {.state = HtlcState::resolved}};
  CHECK(chain[1].state == HtlcState::resolved);
  chain.resize(6);
  for (const Htlc& htlc : chain) CHECK(htlc.state == HtlcState::unsent);
  chain[5].state = HtlcState::failing;
  chain.resize(2);
  CHECK(chain.size() == 2);
  for (const Htlc& htlc : chain) CHECK(htlc.state == HtlcState::unsent);
}
