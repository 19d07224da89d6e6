#include "sim/measure/measures.hpp"

#include <algorithm>
#include <iterator>

namespace ampsim::sim {
namespace {

constexpr std::string_view kPayments = "Payments";
constexpr std::string_view kCost = "Cost and time";
constexpr std::string_view kHtlcs = "HTLCs";
constexpr std::string_view kGoals = "Goals of AMP";
constexpr std::string_view kChain = "On chain";
constexpr std::string_view kStopping = "Warm-up and stopping";
constexpr std::string_view kObservers = "Observers";
constexpr std::string_view kSpares = "Spare parts";
constexpr std::string_view kSenders = "Senders that misbehave";
constexpr std::string_view kRouters = "Routers that ask";
constexpr std::string_view kFeasible = "What could be paid";
constexpr std::string_view kAttacks = "Attacks";

using Unit = MeasureUnit;

// The definitions are the second column of the tables of docs/results.md.
constexpr MeasureDefinition kMeasures[] = {
    {"payments", "Payments", kPayments, Unit::count, "all payments of the run, but for a warm-up"},
    {"succeeded", "Succeeded payments", kPayments, Unit::count, "payments that succeeded"},
    {"success_rate", "Success rate", kPayments, Unit::share, "`succeeded` / `payments`"},
    {"volume_msat", "Amount to be paid", kPayments, Unit::msat,
     "sum of the amounts of all payments"},
    {"delivered_msat", "Amount delivered", kPayments, Unit::msat,
     "what receivers kept, of succeeded and partial payments"},
    {"volume_success_rate", "Success rate by value", kPayments, Unit::share,
     "amounts of succeeded payments / `volume_msat`"},
    {"partial_payments", "Payments paid in part", kPayments, Unit::count,
     "payments that are partial"},
    {"partial_msat", "Amount kept of partial payments", kPayments, Unit::msat,
     "what receivers kept of partial payments"},
    {"parts_mean", "Parts of a payment", kPayments, Unit::number,
     "settled parts of a succeeded payment, mean over succeeded payments"},
    {"attempts_mean", "Attempts of a payment", kPayments, Unit::number,
     "attempts of a payment, mean over all payments"},
    {"hops_mean", "Channels of a route", kPayments, Unit::number,
     "channels of a route, mean over settled attempts"},
    {"fee_ppm_mean", "Fee", kCost, Unit::ppm,
     "1,000,000 × fee / amount of a succeeded payment, mean over succeeded payments, each counting "
     "alike"},
    {"latency_p50_ms", "Time to pay, median", kCost, Unit::ms,
     "median over succeeded payments of the time from the start of a payment until the sender "
     "knows how its last part ended, as a rule by its preimage; asking for invoices included"},
    {"latency_p95_ms", "Time to pay, 95 % quantile", kCost, Unit::ms,
     "the same, 95 % quantile; quantiles are linear between neighbours, as in numpy and pandas"},
    {"latency_p99_ms", "Time to pay, 99 % quantile", kCost, Unit::ms, "the same, 99 % quantile"},
    {"htlcs_added", "HTLCs offered", kHtlcs, Unit::count,
     "HTLCs that were offered: one for each hop of each attempt that got so far"},
    {"htlcs_settled", "HTLCs fulfilled", kHtlcs, Unit::count, "HTLCs that were fulfilled"},
    {"htlcs_failed", "HTLCs failed", kHtlcs, Unit::count, "HTLCs that were failed"},
    {"htlcs_expired", "HTLCs expired", kHtlcs, Unit::count,
     "HTLCs of attempts that the receiver's timer ended, and HTLCs that were taken back on chain; "
     "also in `htlcs_failed`"},
    {"locked_msat_s", "Amount × time locked in HTLCs", kHtlcs, Unit::msat_s,
     "sum over all HTLCs of amount × time, from the offer until the removal is irrevocable"},
    {"events", "Events handled", kHtlcs, Unit::count,
     "events that the run handled, also in a warm-up"},
    {"sets_claimed", "Sets claimed", kGoals, Unit::count,
     "sets that receivers claimed: one for each succeeded payment, with `invoices` one for each "
     "invoice paid"},
    {"sets_out_of_order", "Sets claimed out of order", kGoals, Unit::count,
     "claimed sets of which an attempt arrived after one that was sent later"},
    {"hash_reuses", "Payment hashes used again", kGoals, Unit::count,
     "attempts with a payment hash that an earlier attempt of the same payment had: another part, "
     "or a retry"},
    {"invoices_requested", "Invoices asked for", kGoals, Unit::count,
     "invoices that senders asked for"},
    {"htlcs_stuck", "HTLCs that hung", kChain, Unit::count,
     "HTLCs that hung at a node (`faults.stuck_probability`)"},
    {"channels_closed", "Channels closed on chain", kChain, Unit::count,
     "channels that were closed on chain"},
    {"onchain_fee_sat", "Fees on chain", kChain, Unit::sat, "what miners got: fees and burnt dust"},
    {"htlcs_claimed_on_chain", "HTLCs claimed on chain", kChain, Unit::count,
     "HTLCs that the far end claimed on chain with the preimage; also in `htlcs_settled`"},
    {"lost_on_chain_msat", "Amount lost on chain", kChain, Unit::msat,
     "HTLCs whose far end had the preimage and was not paid: too late, or dust"},
    {"closing_locked_msat_s", "Amount × time locked by closings", kChain, Unit::msat_s,
     "balances of closed channels × time, from the closing until they can be spent"},
    {"warmup_payments", "Payments of the warm-up", kStopping, Unit::count,
     "payments that were simulated and not measured"},
    {"measured_s", "Measured time", kStopping, Unit::s,
     "from the start of the first measured payment to the end of the run"},
    {"latency_mean_ms", "Time to pay, mean", kStopping, Unit::ms,
     "the mean of what `latency_p50_ms` is the median of"},
    {"interval_half_width", "Half width that the run stopped at", kStopping, Unit::number,
     "half of the 95 % interval of `stop.interval.measure`, when the rule last looked and could "
     "judge; where `stop.interval` is used at any point"},
    {"observed_payments", "Payments observed", kObservers, Unit::count,
     "payments of which the coalition forwarded a part"},
    {"observed_payments_share", "Share of payments observed", kObservers, Unit::share,
     "of all payments"},
    {"observed_parts", "Parts observed", kObservers, Unit::count,
     "parts that a member of the coalition forwarded, or was asked to"},
    {"observed_parts_share", "Share of parts observed", kObservers, Unit::share, "of all parts"},
    {"pairs_observed", "Pairs of parts observed", kObservers, Unit::count,
     "pairs of observed parts"},
    {"pairs_linked_by_hash", "Pairs linked by their hash", kObservers, Unit::count,
     "of those, pairs with one payment hash: linked with certainty"},
    {"pairs_guessed", "Pairs guessed", kObservers, Unit::count,
     "pairs of settled records with different hashes, of whatever payments, that the side channels "
     "make look as if they belonged together (*What forwarding nodes see* in "
     "[model.md](model.md))"},
    {"link_precision", "Right guesses among all guesses", kObservers, Unit::share,
     "share of these guesses that are right: the two are of one payment"},
    {"link_recall", "Pairs found by guessing", kObservers, Unit::share,
     "of the pairs of settled parts that no hash links, the share that was guessed"},
    {"records_observed", "Records of the observers", kObservers, Unit::count,
     "records of the coalition: one for each observed part, with `ptlc` one for each stretch of "
     "neighbouring members on its route"},
    {"retries_guessed", "Retries guessed", kObservers, Unit::count,
     "failed records whose payment a later record is guessed to try again"},
    {"retry_precision", "Right guesses of retries", kObservers, Unit::share,
     "share of these guesses that are right"},
    {"spare_parts_sent", "Spare parts sent", kSpares, Unit::count,
     "attempts with parts beyond those that reach the total"},
    {"parts_cancelled", "Parts cancelled", kSpares, Unit::count,
     "attempts that reached a receiver who was paid by others"},
    {"reversals", "Sets reversed", kSpares, Unit::count,
     "sets of which a receiver claimed too many parts, so that all went back"},
    {"misbehaving_payments", "Payments of senders that misbehave", kSenders, Unit::count,
     "payments that were sent as `sender.behaviour` says"},
    {"honest_success_rate", "Success rate of honest payments", kSenders, Unit::share,
     "of honest payments, neither an attacker's nor those that `sender.behaviour` sends, the share "
     "that succeeded"},
    {"probe_messages", "Messages that asked paths", kRouters, Unit::count,
     "messages by which routers have learnt what paths can carry: two for each channel of each "
     "path that was asked for, there and back"},
    {"repair_messages", "Messages that kept coordinates", kRouters, Unit::count,
     "messages that kept coordinates up to date: one for each node and tree that got a new one"},
    {"feasible_single_rate", "Could be paid on one path", kFeasible, Unit::share,
     "payments that could have been made on one path / `payments`"},
    {"feasible_flow_rate", "Could be paid by a flow", kFeasible, Unit::share,
     "payments that could have been made by a flow / `payments`"},
    {"feasible_rate", "Could be paid as the run may", kFeasible, Unit::share,
     "what the run may do: `feasible_flow_rate` if its payments may have several parts, "
     "`feasible_single_rate` if not (`payment.scheme`, `payment.max_parts`, `routing.splitter = "
     "\"none\"`)"},
    {"efficiency", "Succeeded of what could be paid", kFeasible, Unit::number,
     "`succeeded` / the number of payments that `feasible_rate` counts. It may be above 1: money "
     "can come back while a payment is tried"},
    {"attack_htlcs", "HTLCs of the attacker", kAttacks, Unit::count,
     "HTLCs of the attacker that were offered, one for each hop"},
    {"attack_locked_msat_s", "Amount × time locked by the attack", kAttacks, Unit::msat_s,
     "sum over them of amount × time, in channels that are not the attacker's"},
    {"attack_own_locked_msat_s", "The same in the attacker's channels", kAttacks, Unit::msat_s,
     "the same in the attacker's own channels"},
    {"attack_amplification", "Amplification of the attack", kAttacks, Unit::number,
     "`attack_locked_msat_s` / `attack_own_locked_msat_s`"},
    {"attack_locked_msat_s_per_sat", "Locked by a sat of the budget", kAttacks, Unit::number,
     "`attack_locked_msat_s` / `attack.budget_sat`; empty where the attacker needs no budget"},
    {"attack_cost_msat", "Cost of the attack", kAttacks, Unit::msat,
     "what the attacker's own channels held at the start and no longer hold, nor have paid out on "
     "chain: fees, and what greedy receivers claimed"},
    {"parts_kept", "Parts kept", kAttacks, Unit::count,
     "`keep_part`: HTLCs of honest payments that were kept"},
    {"parts_wormholed", "Parts through a wormhole", kAttacks, Unit::count,
     "`wormhole`: parts of which an accomplice fulfilled early"},
    {"stolen_fee_msat", "Fees stolen", kAttacks, Unit::msat,
     "`wormhole`: fees of the honest nodes that were skipped"},
    {"probes", "Probes sent", kAttacks, Unit::count, "`probing`: HTLCs sent to learn a balance"},
    {"channels_probed", "Channels probed", kAttacks, Unit::count,
     "`probing`: channels of which a balance was searched, at least once"},
    {"probe_uncertainty_sat", "Uncertainty of probed balances", kAttacks, Unit::sat,
     "`probing`: how far the bounds of a balance are apart in the end, mean over probed channels"},
    {"probe_hit_rate", "Balances found by probing", kAttacks, Unit::share,
     "`probing`: share of probed channels whose balance lies within these bounds when its search "
     "ends"},
    {"probe_bits", "Bits learnt by probing", kAttacks, Unit::number,
     "`probing`: sum over probed channels of log2(capacity / uncertainty), in whole msat"},
};

}  // namespace

std::span<const MeasureDefinition> measure_definitions() { return kMeasures; }

const MeasureDefinition* find_measure(std::string_view name) {
  const auto* const found =
      std::find_if(std::begin(kMeasures), std::end(kMeasures),
                   [&](const MeasureDefinition& each) { return each.name == name; });
  return found == std::end(kMeasures) ? nullptr : found;
}

std::string_view unit_name(MeasureUnit unit) {
  switch (unit) {
    case MeasureUnit::count:
      return "count";
    case MeasureUnit::share:
      return "share";
    case MeasureUnit::number:
      return "number";
    case MeasureUnit::msat:
      return "msat";
    case MeasureUnit::sat:
      return "sat";
    case MeasureUnit::ppm:
      return "ppm";
    case MeasureUnit::ms:
      return "ms";
    case MeasureUnit::s:
      return "s";
    case MeasureUnit::msat_s:
      return "msat_s";
  }
  return "";
}

}  // namespace ampsim::sim
