#include "sim/measure/observer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "core/check.hpp"
#include "core/random.hpp"

namespace ampsim::sim {
namespace {

std::uint64_t key_of(PaymentId payment, std::uint32_t attempt) {
  return (std::uint64_t{payment.index} << 32U) | attempt;
}

std::vector<std::uint32_t> degrees_of(const topo::Topology& topology) {
  std::vector<std::uint32_t> degrees(topology.nodes.size());
  for (const topo::Channel& channel : topology.channels) {
    for (const NodeId end : channel.ends) ++degrees[end.index];
  }
  return degrees;
}

std::vector<std::uint32_t> listed_nodes(const topo::Topology& topology, const std::string& names) {
  std::vector<std::string> known;
  for (const topo::Node& node : topology.nodes) known.push_back(node.name);
  std::vector<std::uint32_t> nodes;
  std::istringstream words(names);
  for (std::string name; words >> name;) {
    const auto found = std::find(known.begin(), known.end(), name);
    if (found == known.end()) {
      throw InputError(
          {.key = "observer.listed"},
          fmt::format("found \"{}\"; allowed: names of nodes{}", name, did_you_mean(name, known)));
    }
    nodes.push_back(static_cast<std::uint32_t>(found - known.begin()));
  }
  return nodes;
}

/// All pairs of n things.
std::uint64_t pairs_of(std::uint64_t n) { return n * (n - (n > 0 ? 1 : 0)) / 2; }

/// Whether two amounts could be parts of one that was halved: 1 : 2^k, up to 2 % for fees.
bool are_halves(Msat a, Msat b) {
  const auto smaller = static_cast<double>(std::min(a, b).count);
  const auto larger = static_cast<double>(std::max(a, b).count);
  const double steps = std::log2(larger / smaller);
  return std::abs(steps - std::round(steps)) < std::log2(1.02);
}

double share_of(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? std::numeric_limits<double>::quiet_NaN()
                    : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

std::vector<bool> choose_observers(const topo::Topology& topology,
                                   const ObserverParams& params,
                                   std::uint64_t seed) {
  std::vector<bool> members(topology.nodes.size(), false);
  const std::vector<std::uint32_t> degrees = degrees_of(topology);
  std::vector<std::uint32_t> nodes(topology.nodes.size());
  std::iota(nodes.begin(), nodes.end(), 0U);
  switch (params.choice) {
    case ObserverChoice::listed:
      nodes = listed_nodes(topology, params.listed);
      break;
    case ObserverChoice::degree:
      std::stable_sort(nodes.begin(), nodes.end(),
                       [&](std::uint32_t a, std::uint32_t b) { return degrees[a] > degrees[b]; });
      break;
    case ObserverChoice::random: {
      Rng rng(seed, "observers");
      // Nodes with one channel forward nothing.
      std::erase_if(nodes, [&](std::uint32_t node) { return degrees[node] < 2; });
      for (std::size_t i = nodes.size(); i > 1; --i) std::swap(nodes[i - 1], nodes[rng.below(i)]);
      break;
    }
  }
  if (params.choice != ObserverChoice::listed && nodes.size() > params.nodes) {
    nodes.resize(params.nodes);
  }
  for (const std::uint32_t node : nodes) members[node] = true;
  return members;
}

void Observer::see_add(const Sight& sight) {
  const auto [place, is_new] = places_.emplace(key_of(sight.payment, sight.attempt), seen_.size());
  // Members further along the route see the same hash: they add nothing to the first.
  if (is_new) seen_.push_back({.sight = sight});
}

void Observer::see_preimage(PaymentId payment, std::uint32_t attempt, SimTime now) {
  const auto place = places_.find(key_of(payment, attempt));
  AMPSIM_CHECK(place != places_.end(), "a preimage passes where no HTLC was");
  Seen& seen = seen_[place->second];
  seen.preimage = std::min(seen.preimage, now);
}

template <class Visit>
void Observer::for_each_guess(Visit visit) const {
  std::vector<std::size_t> settled;
  for (std::size_t i = 0; i < seen_.size(); ++i) {
    if (seen_[i].preimage != SimTime::max()) settled.push_back(i);
  }
  std::stable_sort(settled.begin(), settled.end(), [this](std::size_t a, std::size_t b) {
    return seen_[a].preimage < seen_[b].preimage;
  });
  for (std::size_t i = 0; i < settled.size(); ++i) {
    const Seen& first = seen_[settled[i]];
    for (std::size_t j = i + 1; j < settled.size(); ++j) {
      const Seen& second = seen_[settled[j]];
      if (second.preimage - first.preimage > window_) break;
      const SimDuration apart = second.sight.came - first.sight.came;
      if (std::max(apart, -apart) <= window_ &&
          are_halves(first.sight.amount, second.sight.amount)) {
        visit(first, second);
      }
    }
  }
}

std::vector<PrivacyRecord> Observer::records() const {
  struct Count {
    PrivacyRecord record;
    std::uint64_t settled = 0;
    std::map<amp::PaymentHash, Msat> by_hash;
    std::map<amp::PaymentHash, std::uint64_t> parts_by_hash;
  };
  std::map<PaymentId, Count> counts;
  for (const Seen& seen : seen_) {
    Count& count = counts[seen.sight.payment];
    count.record.payment = seen.sight.payment;
    ++count.record.parts_seen;
    const bool is_settled = seen.preimage != SimTime::max();
    count.settled += is_settled ? 1 : 0;
    ++count.parts_by_hash[seen.sight.hash];
    // Parts that failed may have been sent again: only settled ones add up.
    Msat& sum = count.by_hash[seen.sight.hash];
    sum = is_settled ? sum + seen.sight.amount : std::max(sum, seen.sight.amount);
    count.record.amount_bound = std::max(count.record.amount_bound, sum);
  }
  for_each_guess([&](const Seen& a, const Seen& b) {
    if (a.sight.payment == b.sight.payment && a.sight.hash != b.sight.hash) {
      ++counts[a.sight.payment].record.pairs_guessed;
    }
  });
  std::vector<PrivacyRecord> records;
  for (auto& [payment, count] : counts) {
    count.record.pairs_seen = pairs_of(count.record.parts_seen);
    for (const auto& [hash, parts] : count.parts_by_hash) {
      count.record.pairs_linked_by_hash += pairs_of(parts);
    }
    records.push_back(count.record);
  }
  return records;
}

std::vector<Measure> Observer::measures(const All& all) const {
  std::uint64_t pairs = 0;
  std::uint64_t by_hash = 0;
  const std::vector<PrivacyRecord> rows = records();
  for (const PrivacyRecord& row : rows) {
    pairs += row.pairs_seen;
    by_hash += row.pairs_linked_by_hash;
  }
  // Guesses are about what the hash does not tell already.
  std::uint64_t guessed = 0;
  std::uint64_t right = 0;
  for_each_guess([&](const Seen& a, const Seen& b) {
    if (a.sight.hash == b.sight.hash) return;
    ++guessed;
    right += a.sight.payment == b.sight.payment ? 1U : 0U;
  });
  std::map<PaymentId, std::map<amp::PaymentHash, std::uint64_t>> settled;
  for (const Seen& seen : seen_) {
    if (seen.preimage != SimTime::max()) ++settled[seen.sight.payment][seen.sight.hash];
  }
  std::uint64_t hidden = 0;  // pairs of settled parts that no hash links
  for (const auto& [payment, hashes] : settled) {
    std::uint64_t together = 0;
    std::uint64_t linked = 0;
    for (const auto& [hash, parts] : hashes) {
      together += parts;
      linked += pairs_of(parts);
    }
    hidden += pairs_of(together) - linked;
  }
  const auto count = [](std::uint64_t n) { return static_cast<std::int64_t>(n); };
  return {{"observed_payments", count(rows.size())},
          {"observed_payments_share", share_of(rows.size(), all.payments)},
          {"observed_parts", count(seen_.size())},
          {"observed_parts_share", share_of(seen_.size(), all.parts)},
          {"pairs_observed", count(pairs)},
          {"pairs_linked_by_hash", count(by_hash)},
          {"pairs_guessed", count(guessed)},
          {"link_precision", share_of(right, guessed)},
          {"link_recall", share_of(right, hidden)}};
}

}  // namespace ampsim::sim
