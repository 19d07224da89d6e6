#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>

#include "core/units.hpp"

/// The HTLCs of one part, in the order of its hops.
///
/// Most routes are short: the HTLCs of up to five hops lie in the chain itself, those of a longer
/// one together on the heap. So an event finds its HTLC beside the counters of the attempt, without
/// a second pointer (sim/payment/attempt.hpp), and the HTLC says itself what it locks where: 32
/// bytes, so that two of them are a line of the cache.
///
/// Tested by tests/htlc_chain_test.cpp.
namespace ampsim::sim {

/// The life of one HTLC. `offered` -> `fulfilling` -> `resolved`, or `offered` -> `failing` ->
/// `resolved`; each step once. An HTLC whose channel is closed goes the same way, on chain, but
/// whoever is later there may leave out a step.
enum class HtlcState : std::uint8_t { unsent, offered, fulfilling, failing, resolved };

struct Htlc {
  SimTime added{};
  Msat amount{};            ///< that it locks, once it is offered ...
  DirectedChannel channel;  ///< ... and where; before that, where the sender wants it
  BlockDelta expiry;        ///< as in the route
  HtlcState state = HtlcState::unsent;
  bool is_committed = false;  ///< irrevocably, on both sides
  bool is_on_chain = false;   ///< its channel is closed: messages about it come to nothing
  bool is_paid = false;       ///< the near end knows the preimage
};
static_assert(sizeof(Htlc) == 32, "two a line of the cache");

class HtlcChain {
 public:
  HtlcChain() = default;
  HtlcChain(std::initializer_list<Htlc> htlcs) {
    resize(htlcs.size());
    std::copy(htlcs.begin(), htlcs.end(), begin());
  }

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  Htlc* begin() { return size_ <= kNear ? near_.data() : far_.get(); }
  Htlc* end() { return begin() + size_; }
  const Htlc* begin() const { return size_ <= kNear ? near_.data() : far_.get(); }
  const Htlc* end() const { return begin() + size_; }
  Htlc& operator[](std::size_t hop) { return begin()[hop]; }
  const Htlc& operator[](std::size_t hop) const { return begin()[hop]; }
  const Htlc& back() const { return begin()[size_ - 1]; }

  /// So many HTLCs, none of them sent.
  void resize(std::size_t hops) { std::fill_n(grow(hops), hops, Htlc{}); }
  /// So many HTLCs, which the caller writes: the first of them.
  Htlc* grow(std::size_t hops) {
    size_ = static_cast<std::uint32_t>(hops);
    far_ = hops > kNear ? std::make_unique<Htlc[]>(hops) : nullptr;
    return begin();
  }

 private:
  static constexpr std::size_t kNear = 5;

  std::unique_ptr<Htlc[]> far_;  // all of them, where there are more
  std::uint32_t size_ = 0;
  std::array<Htlc, kNear> near_{};
};

}  // namespace ampsim::sim
