#include "sim/measure/observer.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <utility>

#include "core/check.hpp"

namespace ampsim::sim {
namespace {

std::uint64_t key_of(PaymentId payment, std::uint32_t attempt) {
  return (std::uint64_t{payment.index} << 32U) | attempt;
}

/// All pairs of n things.
std::uint64_t pairs_of(std::uint64_t n) { return n * (n - (n > 0 ? 1 : 0)) / 2; }

double share_of(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? std::numeric_limits<double>::quiet_NaN()
                    : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

std::vector<bool> choose_observers(const topo::Topology& topology,
                                   const ObserverParams& params,
                                   std::uint64_t seed) {
  std::vector<bool> members(topology.nodes.size(), false);
  const bool is_listed = params.choice == ObserverChoice::listed;
  if (params.nodes == 0 && !is_listed) return members;
  for (const NodeId node : topo::choose_nodes(
           topology, {.by = params.choice, .count = params.nodes, .listed = params.listed},
           "observers", "observer.listed", seed)) {
    members[node.index] = true;
  }
  return members;
}

void Observer::see_add(const Sight& sight) {
  const auto [place, is_new] = places_.emplace(key_of(sight.payment, sight.attempt), kNone);
  const std::size_t last = place->second;
  if (last != kNone && seen_[last].lock_out == sight.lock_in) {
    // The same HTLC on, closer to the receiver.
    seen_[last].lock_out = sight.lock_out;
    seen_[last].least_amount = sight.amount;
    seen_[last].record.expiry = sight.expiry;
    seen_[last].record.after = sight.after;
    return;
  }
  place->second = seen_.size();
  seen_.push_back({.record = {.hash = sight.lock_in,
                              .amount = sight.amount,
                              .expiry = sight.expiry,
                              .before = sight.before,
                              .after = sight.after,
                              .came = sight.came},
                   .lock_out = sight.lock_out,
                   .least_amount = sight.amount,
                   .payment = sight.payment,
                   .attempt = sight.attempt,
                   .first_hop = sight.hop,
                   .earlier = last});
}

LinkRecord& Observer::record_of(PaymentId payment, std::uint32_t attempt, std::uint32_t hop) {
  const auto place = places_.find(key_of(payment, attempt));
  std::size_t index = place == places_.end() ? kNone : place->second;
  while (index != kNone && seen_[index].first_hop > hop) index = seen_[index].earlier;
  AMPSIM_CHECK(index != kNone, "an answer passes where no HTLC was");
  return seen_[index].record;
}

void Observer::see_preimage(PaymentId payment,
                            std::uint32_t attempt,
                            std::uint32_t hop,
                            SimTime now) {
  SimTime& settled = record_of(payment, attempt, hop).settled;
  settled = std::min(settled, now);
}

void Observer::see_failure(PaymentId payment,
                           std::uint32_t attempt,
                           std::uint32_t hop,
                           SimTime now) {
  SimTime& failed = record_of(payment, attempt, hop).failed;
  failed = std::min(failed, now);
}

namespace {

/// What there is to know of one payment, in truth: the coalition's records by part.
struct Truth {
  struct Part {
    amp::PaymentHash hash;  ///< of its first record
    bool is_settled = false;
  };
  PrivacyRecord record;
  std::map<std::uint32_t, Part> parts;  ///< by attempt
  std::map<amp::PaymentHash, Msat> sums;
  std::set<std::pair<std::uint32_t, std::uint32_t>> guessed;  ///< pairs of parts

  /// Of its parts, those pairs that have one hash.
  std::uint64_t linked(bool settled_only) const {
    std::map<amp::PaymentHash, std::uint64_t> by_hash;
    std::uint64_t pairs = 0;
    for (const auto& [attempt, part] : parts) {
      if (part.is_settled || !settled_only) pairs += by_hash[part.hash]++;
    }
    return pairs;
  }
  std::uint64_t settled() const {
    return static_cast<std::uint64_t>(std::count_if(
        parts.begin(), parts.end(), [](const auto& part) { return part.second.is_settled; }));
  }
};

}  // namespace

Observer::Report Observer::report(const All& all) const {
  std::vector<LinkRecord> records;
  records.reserve(seen_.size());
  std::map<PaymentId, Truth> truths;
  for (const Seen& seen : seen_) {
    const bool is_settled = seen.record.settled != SimTime::max();
    records.push_back(seen.record);
    Truth& truth = truths[seen.payment];
    Truth::Part& part =
        truth.parts.emplace(seen.attempt, Truth::Part{seen.record.hash}).first->second;
    part.is_settled = part.is_settled || is_settled;
    // Parts that failed may have been sent again: only settled ones add up.
    Msat& sum = truth.sums[seen.record.hash];
    if (is_settled) sum += seen.least_amount;
    truth.record.amount_bound = std::max({truth.record.amount_bound, sum, seen.least_amount});
  }
  const Guesses guesses = guess_links(records, channels_, window_);
  const auto is_right = [this](const std::pair<std::size_t, std::size_t>& pair) {
    return seen_[pair.first].payment == seen_[pair.second].payment;
  };
  std::uint64_t right = 0;
  for (const auto& pair : guesses.settled) {
    const Seen& a = seen_[pair.first];
    const Seen& b = seen_[pair.second];
    if (!is_right(pair)) continue;
    ++right;
    // Two records of one part are no pair of parts, though the coalition cannot know.
    if (a.attempt != b.attempt) {
      truths[a.payment].guessed.insert(std::minmax(a.attempt, b.attempt));
    }
  }
  const auto right_retries = static_cast<std::uint64_t>(
      std::count_if(guesses.retries.begin(), guesses.retries.end(), is_right));

  Report report;
  std::uint64_t parts = 0;
  std::uint64_t pairs = 0;
  std::uint64_t by_hash = 0;
  std::uint64_t hidden = 0;  // pairs of settled parts that no hash links
  std::uint64_t found = 0;   // of those
  for (auto& [payment, truth] : truths) {
    PrivacyRecord& record = truth.record;
    record.payment = payment;
    record.parts_seen = truth.parts.size();
    record.pairs_seen = pairs_of(record.parts_seen);
    record.pairs_linked_by_hash = truth.linked(false);
    record.pairs_guessed = truth.guessed.size();
    parts += record.parts_seen;
    pairs += record.pairs_seen;
    by_hash += record.pairs_linked_by_hash;
    hidden += pairs_of(truth.settled()) - truth.linked(true);
    found += record.pairs_guessed;
    report.payments.push_back(record);
  }
  const auto count = [](std::uint64_t n) { return static_cast<std::int64_t>(n); };
  report.measures = {{"observed_payments", count(truths.size())},
                     {"observed_payments_share", share_of(truths.size(), all.payments)},
                     {"observed_parts", count(parts)},
                     {"observed_parts_share", share_of(parts, all.parts)},
                     {"pairs_observed", count(pairs)},
                     {"pairs_linked_by_hash", count(by_hash)},
                     {"pairs_guessed", count(guesses.settled.size())},
                     {"link_precision", share_of(right, guesses.settled.size())},
                     {"link_recall", share_of(found, hidden)},
                     {"records_observed", count(seen_.size())},
                     {"retries_guessed", count(guesses.retries.size())},
                     {"retry_precision", share_of(right_retries, guesses.retries.size())}};
  return report;
}

}  // namespace ampsim::sim
