#include "sim/measure/attack_books.hpp"

#include <cmath>
#include <limits>

namespace ampsim::sim {
namespace {

double ratio(double part, double whole) {
  return whole > 0 ? part / whole : std::numeric_limits<double>::quiet_NaN();
}

/// How many balances in whole msat lie from `least` to `most`.
double count_of(Msat least, Msat most) { return static_cast<double>((most - least).count) + 1; }

}  // namespace

void AttackBooks::balance_probed(const ProbedBalance& balance) {
  ++channels_probed_;
  uncertainty_msat_ += (balance.most - balance.least).count;
  bits_ += std::log2(count_of(Msat{0}, balance.capacity) / count_of(balance.least, balance.most));
  if (balance.least <= balance.truth && balance.truth <= balance.most) ++probed_rightly_;
}

std::vector<Measure> AttackBooks::measures(const Run& run) const {
  const auto count = [](std::uint64_t n) { return static_cast<std::int64_t>(n); };
  const double locked = static_cast<double>(locked_msat_ns_) * 1e-9;
  const double own_locked = static_cast<double>(own_locked_msat_ns_) * 1e-9;
  const auto probed = static_cast<double>(channels_probed_);
  std::vector<Measure> all;
  if (run.honest_success_rate) all.push_back({"honest_success_rate", *run.honest_success_rate});
  const std::vector<Measure> own = {
      {"attack_htlcs", count(htlcs_)},
      {"attack_locked_msat_s", locked},
      {"attack_own_locked_msat_s", own_locked},
      {"attack_amplification", ratio(locked, own_locked)},
      {"attack_locked_msat_s_per_sat", ratio(locked, static_cast<double>(run.budget.count) / 1000)},
      {"attack_cost_msat", run.cost.count},
      {"parts_kept", count(parts_kept_)},
      {"parts_wormholed", count(parts_wormholed_)},
      {"stolen_fee_msat", stolen_.count},
      {"probes", count(probes_)},
      {"channels_probed", count(channels_probed_)},
      {"probe_uncertainty_sat", ratio(static_cast<double>(uncertainty_msat_) / 1000, probed)},
      {"probe_hit_rate", ratio(static_cast<double>(probed_rightly_), probed)},
      {"probe_bits", bits_},
  };
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

}  // namespace ampsim::sim
