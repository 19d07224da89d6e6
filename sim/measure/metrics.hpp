#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/units.hpp"
#include "sim/measure/run_result.hpp"
#include "sim/measure/stopping.hpp"

/// Counts what happens in one run and sums it up into the measures of runs.csv.
///
/// What belongs to a payment of the warm-up is kept apart (`of`) and is in no measure; what takes
/// time, or belongs to no payment, counts from the end of the warm-up on.
///
/// Tested by tests/metrics_test.cpp.
namespace ampsim::sim {

/// What comes after the warm-up.
struct MeasuredPart {
  PaymentId first{0};  ///< payment
  SimTime since{};     ///< when it starts
};

class Metrics {
 public:
  explicit Metrics(const RecordParams& record,
                   const MeasuredPart& part = {},
                   const StopParams& stop = {});

  /// The books that the payment is in.
  Metrics& of(PaymentId payment) { return is_measured(payment) ? *this : *warm_up_; }
  bool is_measured(PaymentId payment) const { return payment.index >= part_.first.index; }
  /// How much of the time from `since` to `now` is after the warm-up.
  SimDuration measured_time(SimTime since, SimTime now) const {
    return std::max(now - std::max(since, part_.since), SimDuration{});
  }

  void htlc_added() { ++htlcs_added_; }
  void htlc_settled(Msat amount, SimDuration in_flight) {
    ++htlcs_settled_;
    lock(amount, in_flight);
  }
  void htlc_failed(Msat amount, SimDuration in_flight) {
    ++htlcs_failed_;
    lock(amount, in_flight);
  }
  /// HTLCs of a part that the receiver's timer ended, or that timed out on chain; they also count
  /// as failed.
  void htlcs_expired(std::uint32_t hops) { htlcs_expired_ += hops; }
  void invoice_requested() { ++invoices_requested_; }
  void hash_reused() { ++hash_reuses_; }
  void htlc_stuck() { ++htlcs_stuck_; }
  void channel_closed(SimTime now) { channels_closed_ += now >= part_.since ? 1U : 0U; }
  void htlc_claimed_on_chain() { ++htlcs_claimed_on_chain_; }
  /// Somebody had the preimage of an HTLC and did not get it.
  void lost_on_chain(Msat amount) { lost_on_chain_ += amount; }
  /// A balance of a closed channel, from the closing until it can be spent on chain.
  void closing_locked(Msat amount, SimTime since, SimTime now) {
    closing_locked_msat_ns_ +=
        static_cast<Int128>(amount.count) * measured_time(since, now).count();
  }
  void set_claimed(bool in_order) {
    ++sets_claimed_;
    sets_out_of_order_ += in_order ? 0 : 1;
  }
  void spare_sent() { ++spares_sent_; }
  void part_cancelled() { ++parts_cancelled_; }
  void set_reversed() { ++reversals_; }
  /// At the start of a payment, before it ends.
  void payment_was_feasible(PaymentId payment, Feasibility feasible);
  void attempt_ended(PartRecord record, bool is_settled);
  void payment_ended(const PaymentRecord& record);

  /// Measured ones.
  std::uint64_t payments_ended() const { return payment_count_; }
  std::uint64_t all_payments_ended() const {
    return payment_count_ + (warm_up_ ? warm_up_->payment_count_ : 0);
  }
  /// Whether a rule of `[stop]` that goes by how payments end is fulfilled, and which; nothing
  /// otherwise.
  std::optional<StopReason> stop_reason() const {
    return rule_ && rule_->is_fulfilled() ? std::optional(rule_->reason()) : std::nullopt;
  }
  double success_rate() const;
  std::uint64_t attempts_ended() const { return attempts_; }
  /// What others have counted since the start of the run.
  struct Counted {
    std::uint64_t events = 0;           ///< of the scheduler; the warm-up's are not taken off
    Msat chain_fees;                    ///< of the network
    std::uint64_t probe_messages = 0;   ///< of the router
    std::uint64_t repair_messages = 0;  ///< likewise
    bool splits = true;                 ///< a payment may have several parts
    SimTime now{};                      ///< the end of the run
  };
  /// The warm-up is over, with so much counted: not called where there is none.
  void end_warm_up(const Counted& counted) { before_ = counted; }
  /// Everything as measures, in the order of runs.csv.
  std::vector<Measure> measures(const Counted& counted) const;
  /// Hand the tables over, in the order of the payments and of their attempts.
  std::vector<PaymentRecord> take_payments();
  std::vector<PartRecord> take_parts();

 private:
  void add_stop_measures(std::vector<Measure>& all, const Counted& counted) const;
  void lock(Msat amount, SimDuration in_flight) {
    locked_msat_ns_ += static_cast<Int128>(amount.count) * in_flight.count();
  }

  RecordParams record_;
  MeasuredPart part_;
  Counted before_;
  std::unique_ptr<Metrics> warm_up_;  // where there is one
  std::optional<StopRule> rule_;
  std::vector<PaymentRecord> payments_;
  std::vector<PartRecord> parts_;
  std::vector<double> latencies_ms_;   // of succeeded payments
  std::vector<Feasibility> feasible_;  // by payment, where it is recorded
  Int128 locked_msat_ns_ = 0;
  double fee_ppm_sum_ = 0;
  Msat volume_;
  Msat succeeded_volume_;
  Msat delivered_;
  Msat partial_volume_;
  std::uint64_t payment_count_ = 0;
  std::uint64_t succeeded_ = 0;
  std::uint64_t partial_ = 0;
  std::uint64_t succeeded_parts_ = 0;
  std::uint64_t attempts_ = 0;
  std::uint64_t settled_attempts_ = 0;
  std::uint64_t settled_hops_ = 0;
  std::uint64_t htlcs_added_ = 0;
  std::uint64_t htlcs_settled_ = 0;
  std::uint64_t htlcs_failed_ = 0;
  std::uint64_t htlcs_expired_ = 0;
  std::uint64_t invoices_requested_ = 0;
  std::uint64_t hash_reuses_ = 0;
  std::uint64_t sets_claimed_ = 0;
  std::uint64_t sets_out_of_order_ = 0;
  std::uint64_t spares_sent_ = 0;
  std::uint64_t parts_cancelled_ = 0;
  std::uint64_t reversals_ = 0;
  std::uint64_t honest_ = 0;
  std::uint64_t honest_succeeded_ = 0;
  std::uint64_t feasible_on_one_path_ = 0;
  std::uint64_t feasible_by_flow_ = 0;
  std::uint64_t htlcs_stuck_ = 0;
  std::uint64_t channels_closed_ = 0;
  std::uint64_t htlcs_claimed_on_chain_ = 0;
  Msat lost_on_chain_;
  Int128 closing_locked_msat_ns_ = 0;
};

/// The value below which `share` of the values lie, linear between neighbours (as numpy and pandas
/// do by default); NaN of nothing. Sorts the values.
double quantile(std::vector<double>& values, double share);

/// The same of values that are sorted already.
double quantile_of_sorted(std::span<const double> values, double share);

}  // namespace ampsim::sim
