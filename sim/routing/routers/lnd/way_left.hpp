#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

#include "sim/routing/routers/lnd/search.hpp"

/// What a search of lnd's router takes for granted of the way that is left to the sender; part of
/// search.hpp, kept apart because it decides how fast a search is and not what it finds.
///
/// A hop of probability p from v to u adds at least attempt_cost (1/p - 1) / P(u), and no way from
/// u to the receiver is likelier than the product of the highest probabilities of as many hops as
/// there are. u is next to the receiver, two hops off, or further. Nor does u get less than the
/// amount and the least fees of as many nodes; what is known of v may say that more cannot pass.
///
/// Tested by tests/reference_router_test.cpp.
namespace ampsim::sim::lnd {

/// What a hop of this probability adds at least to a label of that one, rounded down: that of a
/// double is below 1 up to 2^52 msat, and so is the floor of a distance.
template <class Beliefs>
std::int64_t Search<Beliefs>::least_rise(double likeliest, double highest_label) const {
  const double rise = cost_ * (1 / likeliest - 1) * (1 - 1e-9) / highest_label - 4;
  if (!(rise > 0)) return 0;  // nor where an attempt costs nothing and cannot succeed: 0 / 0
  return static_cast<std::int64_t>(std::min(rise, 1e15));
}

/// No hop of the node is likelier.
template <class Beliefs>
double Search<Beliefs>::highest(std::uint32_t node) const {
  if ((scratch_.is_special[node] & kHot) != 0) {
    return std::max(beliefs_.highest_hot, beliefs_.highest_plain);
  }
  const NodeResults* results = known(node);
  return results == nullptr ? beliefs_.highest_plain : beliefs_.highest_of(*results);
}

/// No way from the node, which is not the receiver, is likelier.
template <class Beliefs>
double Search<Beliefs>::highest_label(std::uint32_t node) const {
  const std::uint8_t is_special = scratch_.is_special[node];
  if ((is_special & kNextToTarget) != 0 || !has_marked_) return highest(node);
  if ((is_special & kTwoFromTarget) != 0) return highest(node) * highest_last_;
  return highest(node) * std::min(highest_last_, highest_two_);
}

/// Of the sender's channels to the node.
template <class Beliefs>
double Search<Beliefs>::own_probability(NodeId head) const {
  return own_results_ == nullptr ? beliefs_.highest_own : beliefs_.own(own_results_, head);
}

/// Whether an amount of the receiver's and at most the fee limit more may pass.
template <class Beliefs>
[[gnu::always_inline]] inline bool Search<Beliefs>::may_carry(
    const AnnouncedChannel& channel) const {
  if (channel.is_disabled || channel.htlc_maximum < request_.amount) return false;
  if (channel.htlc_minimum - request_.amount > request_.fee_limit) return false;
  return !is_limited_ || channel.htlc_minimum > request_.amount ||
         scratch_.limits.allow(channel, request_.amount);
}

/// Marks the nodes from which a hop leads to the node; no such hop is likelier or cheaper than what
/// it returns.
template <class Beliefs>
auto Search<Beliefs>::mark(std::uint32_t head, std::uint8_t bit) -> Hop {
  Scratch& s = scratch_;
  Hop best;
  const std::uint32_t end = channels_.transit_end[head];
  for (std::uint32_t edge = begin_of(head); edge < end; ++edge) {
    if (channels_.capacity_of(edge) < request_.amount) continue;  // most, and quickly seen
    const AnnouncedChannel channel = at(edge);
    if (!may_carry(channel)) continue;
    const std::uint32_t tail = tail_of(edge);
    const Msat fee = forwarding_fee(channel, request_.amount);
    best.fee = std::min(best.fee, fee);
    const NodeResults* results = known(tail);
    const double likely =
        results == nullptr
            ? beliefs_.highest_plain
            : beliefs_.highest_over(results, NodeId{head}, channel.capacity, request_.amount);
    best.likeliest = std::max(best.likeliest, likely);
    if ((s.is_special[tail] & (kNextToTarget | kTwoFromTarget)) == 0) s.near_target.push_back(tail);
    s.is_special[tail] |= bit;
  }
  return best;
}

/// Finds the nodes one and two hops from the receiver, each unless it is too much, and with them
/// what ways from nodes further off can be worth at most.
template <class Beliefs>
std::uint64_t Search<Beliefs>::mark_near_target(std::uint64_t budget) {
  Scratch& s = scratch_;
  if (has_marked_two_) return 0;
  std::uint64_t steps = 0;
  if (!has_marked_) {
    steps = width(request_.target.index);
    if (steps > budget) return 0;
    has_marked_ = true;
    const Hop last = mark(request_.target.index, kNextToTarget);
    highest_last_ = last.likeliest;
    if (last.likeliest > 0) fee_last_ = last.fee;
    next_to_target_ = s.near_target.size();
  }
  std::uint64_t edges = 0;
  for (std::size_t i = 0; i < next_to_target_; ++i) edges += width(s.near_target[i]);
  if (steps + edges > budget) return steps;
  has_marked_two_ = true;
  Hop second;
  for (std::size_t i = 0; i < next_to_target_; ++i) {
    const Hop hop = mark(s.near_target[i], kTwoFromTarget);
    second = {std::max(second.likeliest, hop.likeliest), std::min(second.fee, hop.fee)};
  }
  highest_two_ = highest_last_ * second.likeliest;
  if (second.likeliest > 0) fee_second_ = second.fee;
  return steps + edges;
}

/// Sets what the search may take for granted of the way that is left.
template <class Beliefs>
void Search<Beliefs>::aim(bool has_hot, bool has_hot_head) {
  Scratch& s = scratch_;
  constexpr double kExact = 1LL << 52;
  if (cost_ < kExact * min_probability_) {
    is_guided_ = least_rise(beliefs_.highest_plain, 1) > 0;
    double highest_own = own_results_ == nullptr ? beliefs_.highest_own : 0;
    if (own_results_ != nullptr) {
      for (const OwnChannel& own : s.own) {
        highest_own = std::max(highest_own, own_probability(graph_.head(own.local.channel)));
      }
    }
    // The way begins at the receiver itself only until that is settled, which comes first.
    own_hop_ = least_rise(highest_own, highest_label_);
  }
  next_look_ = kFirstLook;
  s.outlook.begin(own_hop_);
  detour_ = own_hop_;
  const double hottest = std::max(beliefs_.highest_hot, beliefs_.highest_plain);
  if (!is_guided_ || (has_hot && least_rise(hottest, 1) == 0)) return;
  is_flat_ = false;
  bar_ = Outlook::kFar / 2;
  // Where a hop adds little, much of the network is as near as the rest.
  constexpr double kLittle = 0.25;
  may_look_ahead_ = 1 / beliefs_.highest_plain - 1 > kLittle;
  slack_ = least_rise(beliefs_.highest_plain, 1) / 4;
  detour_ += least_rise(has_hot_head ? hottest : beliefs_.highest_plain, highest_label_);
  s.outlook.begin(detour_);
  for (const OwnChannel& own : s.own) {
    s.outlook.start_at(graph_.head(own.local.channel).index, own_hop_);
  }
}

/// What a look from the sender's side goes over. Of the heads of hops only this counts: whether
/// they are hot, and how far they are from the receiver (next, two hops, more).
template <class Beliefs>
class Search<Beliefs>::Hops {
 public:
  explicit Hops(const Search& search) : search_(search) {
    const Beliefs& beliefs = search.beliefs_;
    const double lasts[] = {1, search.highest_last_,
                            std::min(search.highest_last_, search.highest_two_)};
    const double hottest = std::max(beliefs.highest_hot, beliefs.highest_plain);
    for (std::size_t i = 0; i < kKinds; ++i) {
      labels_[i] = (i < kKinds / 2 ? beliefs.highest_plain : hottest) * lasts[i % (kKinds / 2)];
      plain_[i] = search.least_rise(beliefs.highest_plain, labels_[i]);
      const std::size_t far = i % (kKinds / 2);
      if (far > 0) fees_[i] = search.fee_last_;
      if (far > 1 && search.has_marked_two_) fees_[i] += search.fee_second_;
    }
    least_plain_ = search.least_rise(beliefs.highest_plain, search.highest_label_);
    for (std::size_t bits = 0; bits < kinds_.size(); ++bits) {
      const bool is_next = (bits & kNextToTarget / kHot) != 0 || !search.has_marked_;
      const std::uint8_t far = (bits & kTwoFromTarget / kHot) != 0 ? 1 : 2;
      kinds_[bits] = static_cast<std::uint8_t>((bits & 1) * kKinds / 2 + (is_next ? 0 : far));
    }
  }

  std::int64_t least_rise(std::uint32_t node) const {
    if (search_.known(node) == nullptr) return least_plain_;
    return search_.least_rise(search_.highest(node), search_.highest_label_);
  }
  std::uint64_t count(std::uint32_t node) const { return search_.width(node); }

  template <class Use>
  void for_each_start(const Use& use) const {
    const Scratch& s = search_.scratch_;
    for (std::size_t i = 0; i < s.own.size(); ++i) {
      const NodeId head = search_.graph_.head(s.own[i].local.channel);
      if (s.own_to[head.index] != i + 1 || s.distances[head.index] == kSettled) continue;
      use(head.index,
          search_.least_rise(search_.own_probability(head), search_.highest_label(head.index)));
    }
  }

  template <class Use>
  void for_each(std::uint32_t node, const Use& use) const {
    const std::uint32_t end = search_.channels_.transit_end[node];
    const NodeResults* results = search_.known(node);
    std::array<std::int64_t, kKinds> leasts = plain_;
    if (results != nullptr) {
      const double likeliest = search_.highest(node);
      for (std::size_t i = 0; i < kKinds; ++i)
        leasts[i] = search_.least_rise(likeliest, labels_[i]);
    }
    for (std::uint32_t edge = search_.begin_of(node); edge < end; ++edge) {
      const std::uint32_t head = search_.tail_of(edge);
      if (search_.scratch_.distances[head] == kSettled) continue;
      const std::size_t kind = kind_of(head);
      use(head, leasts[kind], [&] { return rise(edge, head, kind, results); });
    }
  }

  void use_least(std::uint32_t node, std::int64_t least) {
    const Scratch& s = search_.scratch_;
    if ((s.is_special[node] & (kLocal | kHot)) != 0 || s.distances[node] == kSettled) return;
    nearest_ = std::min(nearest_, least);
  }
  /// No node is nearer that is not settled and not special.
  std::int64_t nearest() const { return nearest_; }

 private:
  static constexpr std::size_t kKinds = 6;

  /// Of the hop over the channel in the other direction.
  std::int64_t rise(std::uint32_t edge,
                    std::uint32_t head,
                    std::size_t kind,
                    const NodeResults* results) const {
    const Msat amount = search_.request_.amount;
    const IncomingChannels& channels = search_.channels_;
    const Msat capacity = channels.capacity_of(edge);
    if (capacity < amount) return Outlook::kFar;
    const AnnouncedChannel onward = channels.at(channels.channel_of_edge(edge).reversed());
    if (!search_.may_carry(onward)) return Outlook::kFar;
    const std::int64_t weight = std::max<std::int64_t>(
        edge_weight(amount, forwarding_fee(onward, amount), onward.cltv_expiry_delta), 0);
    // Only near the capacity does it make a difference.
    if (results == nullptr && capacity - amount > capacity / 8) {
      return plain_[kind] + weight;
    }
    const double likeliest = search_.beliefs_.highest_over(
        results, NodeId{head}, capacity,
        amount + fees_[kind] + search_.scratch_.least_fees[head].of(amount));
    return search_.least_rise(likeliest, labels_[kind]) + weight;
  }

  /// By the bits of is_special: next to the receiver, two hops off, further; hot ones the same.
  std::size_t kind_of(std::uint32_t node) const {
    return kinds_[search_.scratch_.is_special[node] / kHot];
  }

  const Search& search_;
  std::array<std::uint8_t, 8> kinds_{};
  std::array<double, kKinds> labels_{};
  std::array<std::int64_t, kKinds> plain_{};
  std::array<Msat, kKinds> fees_{};  ///< of those behind it, at least
  std::int64_t least_plain_ = 0;
  std::int64_t nearest_ = Outlook::kFar;
};

/// Whether the sender's channels lead to a few nodes only, and not to the receiver: looks at no
/// more than some rows, from the sender's side. A negative answer says nothing.
template <class Beliefs>
bool Search<Beliefs>::starts_in_dead_end() {
  constexpr std::size_t kNodes = 48;
  std::size_t channels_left = 256;
  std::vector<NodeId>& reached = scratch_.reached;
  reached.clear();
  const auto reach = [&](NodeId node) {
    if (node == request_.source) return;
    if (std::find(reached.begin(), reached.end(), node) == reached.end()) reached.push_back(node);
  };
  for (const OwnChannel& own : scratch_.own) {
    if (reached.size() > kNodes || channels_left-- == 0) return false;
    reach(graph_.head(own.local.channel));
  }
  for (std::size_t i = 0; i < reached.size(); ++i) {
    if (reached[i] == request_.target) return false;
    const auto edges = out_edges(reached[i].index, channels_.rows);
    for (auto edge = edges.first; edge != edges.second; ++edge) {
      if (reached.size() > kNodes || channels_left-- == 0) return false;
      const AnnouncedChannel& onward = channels_.at(channels_.channel_of(*edge).reversed());
      if (may_carry(onward)) reach(graph_.head(onward.channel));
    }
  }
  return true;
}

template <class Beliefs>
void Search<Beliefs>::look_for_dead_end() {
  next_look_ = std::numeric_limits<std::uint64_t>::max();
  if (source_distance_ == kUnreached && starts_in_dead_end()) heads_left_ = 0;
}

/// After potentials have risen. False for what does not matter any more.
template <class Beliefs>
bool Search<Beliefs>::put_back(Entry& entry) const {
  if (entry.step == Step::settle) {
    const std::int64_t distance_of_node = scratch_.distances[entry.node];
    if (distance_of_node == kSettled) return false;
    if (entry.probability != scratch_.labels[entry.node].probability) return false;  // overtaken
    entry.key = distance_of_node + potential(entry.node);
  } else {
    entry.key = std::max(entry.key, least_of_row(entry.node) + detour_);
  }
  return entry.key <= bar_;
}

/// Looks from the sender's side as far as it takes to tell which potentials are above `left`. All
/// looks cost less than the rest, which has cost `now` steps.
template <class Beliefs>
void Search<Beliefs>::look_ahead(std::uint64_t now, std::int64_t left) {
  const std::uint64_t budget = now / kLook;
  next_look_ = 2 * now;
  if (scratch_.own.size() > budget) return;
  const std::uint64_t marked = mark_near_target(budget);
  Hops hops(*this);
  Outlook& outlook = scratch_.outlook;
  const std::int64_t frontier = outlook.frontier();
  const std::uint64_t looked = outlook.look(hops, budget, std::min(bar_, left + slack_ + left / 4));
  detour_ = std::max(detour_, std::min(hops.nearest(), outlook.frontier()));
  next_look_ = now + 2 * kLook * (looked + marked) + kFirstLook;
  if (outlook.frontier() > frontier) {
    scratch_.queue.change([&](Entry& entry) { return put_back(entry); });
  }
}

}  // namespace ampsim::sim::lnd
