#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/units.hpp"
#include "sim/engine/scheduler.hpp"
#include "sim/network/network.hpp"
#include "sim/payment/attempt.hpp"

/// Brings into the processor's cache what the next HTLC events will need, in three steps, because
/// each names where the next one is: the attempt, the channel over which the part, its preimage or
/// its failure goes on, and the policy that a forwarder applies there. Changes nothing else.
///
/// What kind of event comes next is what no processor can guess, so nothing branches on it. Costs
/// some 80 instructions an event, and pays from some thousand parts in flight on
/// (bench/htlc_bench.cpp).
///
/// Tested by tests/prefetcher_test.cpp.
namespace ampsim::sim {

class Prefetcher {
 public:
  /// All of them outlive it.
  Prefetcher(const Scheduler& scheduler, const Network& network, const AttemptTable& attempts)
      : scheduler_(scheduler), network_(network), attempts_(attempts) {}

  /// To be called once an event, when it has been taken from the scheduler. (Inlined: GCC drops
  /// calls of functions that do nothing but prefetch.)
  [[gnu::always_inline]] void prepare() {
    const std::span<const Event> next = scheduler_.ahead();
    if (next.size() > kAttempt) prefetch_attempt(next[kAttempt].payload);
    prefetch_policy(passage_);
    if (next.size() > kChannel) passage_ = prefetch_channel(next[kChannel].payload);
  }

 private:
  /// How many events come before the one whose attempt, or whose channel, is fetched.
  static constexpr std::size_t kAttempt = 3;
  static constexpr std::size_t kChannel = 1;

  /// Where an HTLC goes on.
  struct Passage {
    DirectedChannel channel;  ///< none: nothing goes on
    bool is_add = false;      ///< and a policy applies
  };

  [[gnu::always_inline]] void prefetch_attempt(const EventPayload& event) const {
    if (!is_of_htlc(event.kind)) return;
    constexpr std::size_t kLine = 64;
    const auto* attempt = reinterpret_cast<const char*>(&attempts_[AttemptId{event.subject}]);
    for (std::size_t line = 0; line < Attempt::kLines; ++line)
      __builtin_prefetch(attempt + line * kLine);
  }

  [[gnu::always_inline]] Passage prefetch_channel(const EventPayload& event) const {
    if (!is_of_htlc(event.kind)) return {};
    const HtlcChain& htlcs = attempts_[AttemptId{event.subject}].htlcs;
    // At either end of the route, and for a removal, the HTLC's own.
    const std::uint32_t to = event.detail + kStep[static_cast<std::size_t>(event.kind)];
    const std::uint32_t hop = to < htlcs.size() ? to : event.detail;
    network_.prefetch(htlcs[hop].channel);
    return {htlcs[hop].channel, event.kind == EventKind::htlc_add};
  }

  [[gnu::always_inline]] void prefetch_policy(const Passage& passage) const {
    if (passage.channel == DirectedChannel{}) return;
    const void* policy = network_.policy_address(passage.channel);
    const void* something = &passage_;  // that is in the cache anyway; in place of a branch
    __builtin_prefetch(passage.is_add ? policy : something);
  }

  /// By kind of event: to which hop it goes on.
  static constexpr std::size_t kKinds = static_cast<std::size_t>(EventKind::htlc_removed) + 1;
  static constexpr std::array<std::uint32_t, kKinds> kStep = [] {
    std::array<std::uint32_t, kKinds> step{};
    step[static_cast<std::size_t>(EventKind::htlc_add)] = 1;
    step[static_cast<std::size_t>(EventKind::htlc_fulfill)] = ~0U;  // one back
    step[static_cast<std::size_t>(EventKind::htlc_fail)] = ~0U;
    return step;
  }();

  const Scheduler& scheduler_;
  const Network& network_;
  const AttemptTable& attempts_;
  Passage passage_;  ///< of the event whose channel was fetched last
};

}  // namespace ampsim::sim
