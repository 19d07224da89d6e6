#include "sim/measure/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace ampsim::sim {
namespace {

double ratio(double part, double whole) {
  return whole > 0 ? part / whole : std::numeric_limits<double>::quiet_NaN();
}
double ratio(std::uint64_t part, std::uint64_t whole) {
  return ratio(static_cast<double>(part), static_cast<double>(whole));
}
double ratio(Msat part, Msat whole) {
  return ratio(static_cast<double>(part.count), static_cast<double>(whole.count));
}

}  // namespace

double quantile_of_sorted(std::span<const double> values, double share) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  const double place = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(std::floor(place));
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (place - std::floor(place)) * (values[above] - values[below]);
}

Metrics::Metrics(const RecordParams& record, const MeasuredPart& part, const StopParams& stop)
    : record_(record), part_(part) {
  if (stop.has_rule()) rule_.emplace(stop);
  if (part_.first.index == 0) return;
  warm_up_ = std::make_unique<Metrics>(RecordParams{.payments = false});
}

double quantile(std::vector<double>& values, double share) {
  std::sort(values.begin(), values.end());
  return quantile_of_sorted(values, share);
}

void Metrics::attempt_ended(PartRecord record, bool is_settled) {
  if (!is_measured(record.payment)) return warm_up_->attempt_ended(std::move(record), is_settled);
  if (is_settled) {
    ++settled_attempts_;
    settled_hops_ += record.route.size();
  }
  if (record_.parts) parts_.push_back(std::move(record));
}

void Metrics::payment_was_feasible(PaymentId payment, Feasibility feasible) {
  if (!is_measured(payment)) return;
  if (feasible_.size() <= payment.index) feasible_.resize(payment.index + 1);
  feasible_[payment.index] = feasible;
  feasible_on_one_path_ += feasible.on_one_path ? 1 : 0;
  feasible_by_flow_ += feasible.by_flow ? 1 : 0;
}

void Metrics::payment_ended(const PaymentRecord& record) {
  if (!is_measured(record.payment)) return warm_up_->payment_ended(record);
  if (rule_) rule_->payment_ended(record);
  ++payment_count_;
  attempts_ += record.attempts;
  volume_ += record.amount;
  delivered_ += record.delivered;
  honest_ += record.is_honest ? 1 : 0;
  honest_succeeded_ += record.is_honest && record.state == PaymentState::succeeded ? 1 : 0;
  switch (record.state) {
    case PaymentState::succeeded:
      ++succeeded_;
      succeeded_volume_ += record.amount;
      succeeded_parts_ += record.parts;
      fee_ppm_sum_ += 1e6 * ratio(record.fee, record.amount);
      latencies_ms_.push_back(to_ms(record.end - record.start));
      break;
    case PaymentState::partial:
      ++partial_;
      partial_volume_ += record.delivered;
      break;
    case PaymentState::failed:
      break;
  }
  if (!record_.payments) return;
  payments_.push_back(record);
  if (record_.feasibility) payments_.back().feasible = feasible_.at(record.payment.index);
}

double Metrics::success_rate() const { return ratio(succeeded_, payment_count_); }

std::vector<Measure> Metrics::measures(const Counted& counted) const {
  const auto count = [](std::uint64_t n) { return static_cast<std::int64_t>(n); };
  std::vector<double> latencies = latencies_ms_;
  // HTLCs of the warm-up may still lock money after it.
  const Int128 locked = locked_msat_ns_ + (warm_up_ ? warm_up_->locked_msat_ns_ : 0);
  const Msat chain_fees = counted.chain_fees - before_.chain_fees;
  std::vector<Measure> all = {
      {"payments", count(payment_count_)},
      {"succeeded", count(succeeded_)},
      {"success_rate", success_rate()},
      {"volume_msat", volume_.count},
      {"delivered_msat", delivered_.count},
      {"volume_success_rate", ratio(succeeded_volume_, volume_)},
      {"partial_payments", count(partial_)},
      {"partial_msat", partial_volume_.count},
      {"parts_mean", ratio(succeeded_parts_, succeeded_)},
      {"attempts_mean", ratio(attempts_, payment_count_)},
      {"hops_mean", ratio(settled_hops_, settled_attempts_)},
      {"fee_ppm_mean", ratio(fee_ppm_sum_, static_cast<double>(succeeded_))},
      {"latency_p50_ms", quantile(latencies, 0.50)},
      {"latency_p95_ms", quantile(latencies, 0.95)},
      {"latency_p99_ms", quantile(latencies, 0.99)},
      {"htlcs_added", count(htlcs_added_)},
      {"htlcs_settled", count(htlcs_settled_)},
      {"htlcs_failed", count(htlcs_failed_)},
      {"htlcs_expired", count(htlcs_expired_)},
      {"locked_msat_s", static_cast<double>(locked) * 1e-9},
      {"events", count(counted.events)},
      {"sets_claimed", count(sets_claimed_)},
      {"sets_out_of_order", count(sets_out_of_order_)},
      {"hash_reuses", count(hash_reuses_)},
      {"invoices_requested", count(invoices_requested_)},
      {"htlcs_stuck", count(htlcs_stuck_)},
      {"channels_closed", count(channels_closed_)},
      {"onchain_fee_sat", static_cast<double>(chain_fees.count) / 1000},
      {"htlcs_claimed_on_chain", count(htlcs_claimed_on_chain_)},
      {"lost_on_chain_msat", lost_on_chain_.count},
      {"closing_locked_msat_s", static_cast<double>(closing_locked_msat_ns_) * 1e-9},
  };
  if (record_.spares) {
    all.push_back({"spare_parts_sent", count(spares_sent_)});
    all.push_back({"parts_cancelled", count(parts_cancelled_)});
    all.push_back({"reversals", count(reversals_)});
  }
  if (record_.misbehaviour) {
    all.push_back({"misbehaving_payments", count(payment_count_ - honest_)});
    all.push_back({"honest_success_rate", ratio(honest_succeeded_, honest_)});
  }
  if (record_.messages) {
    all.push_back({"probe_messages", count(counted.probe_messages - before_.probe_messages)});
    all.push_back({"repair_messages", count(counted.repair_messages - before_.repair_messages)});
  }
  if (record_.feasibility) {
    const std::uint64_t feasible = counted.splits ? feasible_by_flow_ : feasible_on_one_path_;
    all.push_back({"feasible_single_rate", ratio(feasible_on_one_path_, payment_count_)});
    all.push_back({"feasible_flow_rate", ratio(feasible_by_flow_, payment_count_)});
    all.push_back({"feasible_rate", ratio(feasible, payment_count_)});
    all.push_back({"efficiency", ratio(succeeded_, feasible)});
  }
  if (record_.stops) add_stop_measures(all, counted);
  return all;
}

void Metrics::add_stop_measures(std::vector<Measure>& all, const Counted& counted) const {
  const std::uint64_t warm_up = warm_up_ ? warm_up_->payment_count_ : 0;
  const double latency = std::accumulate(latencies_ms_.begin(), latencies_ms_.end(), 0.0);
  all.push_back({"warmup_payments", static_cast<std::int64_t>(warm_up)});
  all.push_back({"measured_s", to_seconds(measured_time(SimTime{}, counted.now))});
  all.push_back({"latency_mean_ms", ratio(latency, static_cast<double>(latencies_ms_.size()))});
  if (!record_.interval) return;
  all.push_back({"interval_half_width",
                 rule_ ? rule_->half_width() : std::numeric_limits<double>::quiet_NaN()});
}

std::vector<PaymentRecord> Metrics::take_payments() {
  std::sort(payments_.begin(), payments_.end(),
            [](const PaymentRecord& a, const PaymentRecord& b) { return a.payment < b.payment; });
  return std::move(payments_);
}

std::vector<PartRecord> Metrics::take_parts() {
  std::sort(parts_.begin(), parts_.end(), [](const PartRecord& a, const PartRecord& b) {
    return std::pair(a.payment, a.attempt) < std::pair(b.payment, b.attempt);
  });
  return std::move(parts_);
}

std::string_view name_of(PaymentState state) {
  switch (state) {
    case PaymentState::succeeded:
      return "succeeded";
    case PaymentState::failed:
      return "failed";
    case PaymentState::partial:
      return "partial";
  }
  return "";
}

std::string_view name_of(PaymentFailure failure) {
  switch (failure) {
    case PaymentFailure::none:
      return "";
    case PaymentFailure::no_route:
      return "no_route";
    case PaymentFailure::insufficient_balance:
      return "insufficient_balance";
    case PaymentFailure::timeout:
      return "timeout";
    case PaymentFailure::attempts_exhausted:
      return "attempts_exhausted";
    case PaymentFailure::rejected:
      return "rejected";
    case PaymentFailure::withheld:
      return "withheld";
    case PaymentFailure::claimed_early:
      return "claimed_early";
    case PaymentFailure::reversed:
      return "reversed";
    case PaymentFailure::sender_offline:
      return "sender_offline";
    case PaymentFailure::receiver_offline:
      return "receiver_offline";
    case PaymentFailure::lost_on_chain:
      return "lost_on_chain";
  }
  return "";
}

std::string_view name_of(AttemptState state) {
  switch (state) {
    case AttemptState::settled:
      return "settled";
    case AttemptState::failed:
      return "failed";
    case AttemptState::timed_out:
      return "timed_out";
    case AttemptState::cancelled:
      return "cancelled";
  }
  return "";
}

}  // namespace ampsim::sim
