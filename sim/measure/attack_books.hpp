#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/units.hpp"
#include "sim/measure/run_result.hpp"

/// What an attack did, kept apart from the books of honest payments (Metrics): its HTLCs, the money
/// that they locked, and what it stole or learnt.
///
/// An HTLC is the attack's if it belongs to no payment of the workload. A channel is the attacker's
/// own if it stands behind those of the public network.
///
/// Tested by tests/attack_test.cpp.
namespace ampsim::sim {

/// The end of a search for one balance.
struct ProbedBalance {
  Msat capacity;
  Msat least;  ///< the balance is at least this ...
  Msat most;   ///< ... and at most this, as far as the probes tell
  Msat truth;  ///< what it is when the search ends
};

class AttackBooks {
 public:
  struct Public {
    std::size_t payments = 0;
    std::size_t channels = 0;
  };
  explicit AttackBooks(const Public& all) : public_(all) {}

  bool is_attack(PaymentId payment) const { return payment.index >= public_.payments; }

  void htlc_added() { ++htlcs_; }
  void htlc_ended(ChannelId channel, Msat amount, SimDuration in_flight) {
    Int128& sum = channel.index < public_.channels ? locked_msat_ns_ : own_locked_msat_ns_;
    sum += static_cast<Int128>(amount.count) * in_flight.count();
  }
  void part_kept() { ++parts_kept_; }
  void part_wormholed(Msat stolen) {
    ++parts_wormholed_;
    stolen_ += stolen;
  }
  void probe_sent() { ++probes_; }
  void balance_probed(const ProbedBalance& balance);

  struct Run {
    /// Absent where another feature has that column already.
    std::optional<double> honest_success_rate;
    Msat budget;  ///< of the attacker's own channels; 0 where it needs none
    Msat cost;    ///< what the attacker's own channels held at the start and no longer hold
  };
  std::vector<Measure> measures(const Run& run) const;

 private:
  Public public_;
  Int128 locked_msat_ns_ = 0;
  Int128 own_locked_msat_ns_ = 0;
  Msat stolen_;
  Int128 uncertainty_msat_ = 0;
  double bits_ = 0;
  std::uint64_t htlcs_ = 0;
  std::uint64_t parts_kept_ = 0;
  std::uint64_t parts_wormholed_ = 0;
  std::uint64_t probes_ = 0;
  std::uint64_t channels_probed_ = 0;
  std::uint64_t probed_rightly_ = 0;
};

}  // namespace ampsim::sim
