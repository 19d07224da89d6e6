#pragma once

#include <cstdint>
#include <map>

#include "core/units.hpp"
#include "sim/engine/scheduler.hpp"
#include "sim/payment/attempt.hpp"
#include "sim/payment/htlc_flow.hpp"

/// HTLCs that a node of the attacker sits on: neither fulfilled, nor forwarded, nor failed, until
/// their time is up or the attack ends; then they are failed.
///
/// Tested by tests/attack_test.cpp.
namespace ampsim::sim {

class HeldHtlcs {
 public:
  HeldHtlcs(Scheduler& scheduler, AttemptTable& attempts, HtlcFlow& flow)
      : scheduler_(scheduler), attempts_(attempts), flow_(flow) {}

  /// The HTLC of `hop` is at its far end, and stays there.
  void hold(AttemptId id, std::uint32_t hop, SimDuration time);
  /// Its time is up. What is no longer held stays as it is: the slot's generation tells.
  void release(AttemptId id, std::uint32_t generation);
  void release_all();

 private:
  struct Held {
    std::uint32_t hop = 0;
    std::uint32_t generation = 0;
  };
  void fail(AttemptId id, const Held& held);

  Scheduler& scheduler_;
  AttemptTable& attempts_;
  HtlcFlow& flow_;
  std::map<AttemptId, Held> held_;
};

}  // namespace ampsim::sim
