#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "sim/routing/routers/lnd/search.hpp"

/// What a search of lnd's router takes for granted of the way that is left to the sender; part of
/// search.hpp, kept apart because it decides how fast a search is and not what it finds.
///
/// A hop of probability p from v to u adds at least attempt_cost (1/p - 1) / P(u), and no way from
/// u to the receiver is likelier than the product of the highest probabilities of as many hops as
/// there are. u is next to the receiver, two hops off, or further.
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

/// No hop from the node to that one is likelier.
template <class Beliefs>
double Search<Beliefs>::highest(std::uint32_t from, std::uint32_t to) const {
  const NodeResults* results = known(from);
  if (results == nullptr) return beliefs_.highest_plain;
  if ((scratch_.is_special[from] & kHot) != 0) {
    const PairResult* pair = results->find(NodeId{to});
    if (pair != nullptr && beliefs_.is_proven(*pair)) return beliefs_.highest_hot;
  }
  return beliefs_.highest_unproven(*results);
}

/// Finds the nodes one and, if that is not too much, two hops from the receiver, and with them what
/// ways from nodes further off can be worth at most.
template <class Beliefs>
void Search<Beliefs>::look_at_target() {
  Scratch& s = scratch_;
  const auto mark = [&](std::uint32_t head, std::uint8_t bit) {
    double likeliest = 0;
    const std::uint32_t end = channels_.transit_end[head];
    std::uint32_t last = NodeId::none().index;
    for (std::uint32_t edge = begin_of(NodeId{head}); edge < end; ++edge) {
      const std::uint32_t tail = tail_of(edge);
      if (tail == last) continue;
      last = tail;
      likeliest = std::max(likeliest, highest(tail, head));
      if ((s.is_special[tail] & (kNextToTarget | kTwoFromTarget)) == 0) {
        s.near_target.push_back(tail);
      }
      s.is_special[tail] |= bit;
    }
    return likeliest;
  };
  highest_last_ = mark(request_.target.index, kNextToTarget);
  const std::size_t next = s.near_target.size();
  std::uint64_t edges = 0;
  for (std::size_t i = 0; i < next; ++i) {
    const std::uint32_t node = s.near_target[i];
    edges +=
        channels_.transit_end[node] - std::min(begin_of(NodeId{node}), channels_.transit_end[node]);
  }
  ahead_work_ += next;
  if (edges > 2 * work_) return;
  ahead_work_ += edges;
  double highest_second = 0;
  for (std::size_t i = 0; i < next; ++i) {
    highest_second = std::max(highest_second, mark(s.near_target[i], kTwoFromTarget));
  }
  highest_two_ = highest_last_ * highest_second;
}

/// Sets what the search may take for granted of the way that is left.
template <class Beliefs>
void Search<Beliefs>::aim(bool has_hot, bool has_hot_local) {
  constexpr double kExact = 1LL << 52;
  if (!(cost_ < kExact * min_probability_)) return;
  const double hottest = std::max(beliefs_.highest_hot, beliefs_.highest_plain);
  is_guided_ = least_rise(beliefs_.highest_plain, 1) > 0;
  own_hop_ = least_rise(own_highest(), 1);
  if (!is_guided_ || (has_hot && least_rise(hottest, 1) == 0)) return;
  // Where a hop adds little, much of the network is as near as the rest.
  constexpr double kLittle = 0.25;
  may_look_ahead_ = 1 / beliefs_.highest_plain - 1 > kLittle;
  highest_label_ = has_hot ? hottest : beliefs_.highest_plain;
  step_ = least_rise(beliefs_.highest_plain, beliefs_.highest_plain);
  detour_ = least_rise(has_hot_local ? hottest : beliefs_.highest_plain, highest_label_);
  // But for a channel to the receiver itself the own hop is not the first.
  if (scratch_.own_to[request_.target.index] == 0) {
    own_hop_ = least_rise(own_highest(), highest_label_);
  }
}

/// What the own hop adds at least, where no own channel leads to the receiver.
template <class Beliefs>
std::int64_t Search<Beliefs>::least_own_hop() const {
  const NodeResults* results = known(request_.source.index);
  std::int64_t least = Outlook::kFar;
  for (const OwnChannel& own : scratch_.own) {
    const NodeId head = graph_.head(own.local.channel);
    const double likeliest =
        results == nullptr ? beliefs_.highest_own : beliefs_.own(results, head);
    least = std::min(least, least_rise(likeliest, highest_label(head.index)));
  }
  return least;
}

/// No own channel is likelier.
template <class Beliefs>
double Search<Beliefs>::own_highest() const {
  const NodeResults* results = known(request_.source.index);
  if (results == nullptr) return beliefs_.highest_own;
  double likeliest = 0;
  for (const OwnChannel& own : scratch_.own) {
    likeliest = std::max(likeliest, beliefs_.own(results, graph_.head(own.local.channel)));
  }
  return likeliest;
}

/// What the look from the sender's side goes over. Of the heads of hops only this counts: whether
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
      proven_[i] = search.least_rise(beliefs.highest_hot, labels_[i]);
    }
    least_plain_ = search.least_rise(beliefs.highest_plain, search.highest_label_);
    least_hot_ = search.least_rise(hottest, search.highest_label_);
  }

  std::int64_t least_rise(std::uint32_t node) const {
    return (search_.scratch_.is_special[node] & kHot) != 0 ? least_hot_ : least_plain_;
  }
  template <class Use>
  void for_each(std::uint32_t node, const Use& use) const {
    const std::uint32_t end = search_.channels_.transit_end[node];
    std::uint32_t edge = search_.begin_of(NodeId{node});
    const NodeResults* results = search_.known(node);
    if (results == nullptr) {
      for (; edge < end; ++edge) {
        const std::uint32_t head = search_.tail_of(edge);
        use(head, plain_[kind_of(head)]);
      }
      return;
    }
    const double unproven = search_.beliefs_.highest_unproven(*results);
    std::array<std::int64_t, kKinds> rises{};
    for (std::size_t i = 0; i < kKinds; ++i) rises[i] = search_.least_rise(unproven, labels_[i]);
    const bool is_hot = (search_.scratch_.is_special[node] & kHot) != 0;
    for (; edge < end; ++edge) {
      const std::uint32_t head = search_.tail_of(edge);
      const std::size_t kind = kind_of(head);
      const PairResult* pair = is_hot ? results->find(NodeId{head}) : nullptr;
      const bool is_proven = pair != nullptr && search_.beliefs_.is_proven(*pair);
      use(head, is_proven ? proven_[kind] : rises[kind]);
    }
  }

 private:
  static constexpr std::size_t kKinds = 6;

  std::size_t kind_of(std::uint32_t node) const {
    const std::uint8_t is_special = search_.scratch_.is_special[node];
    const std::size_t far = (is_special & kNextToTarget) != 0    ? 0
                            : (is_special & kTwoFromTarget) != 0 ? 1
                                                                 : 2;
    return (is_special & kHot) != 0 ? kKinds / 2 + far : far;
  }

  const Search& search_;
  std::array<double, kKinds> labels_{};
  std::array<std::int64_t, kKinds> plain_{};
  std::array<std::int64_t, kKinds> proven_{};
  std::int64_t least_plain_ = 0;
  std::int64_t least_hot_ = 0;
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
      // On the way the amount is the receiver's and at most the fee limit more.
      if (onward.is_disabled || onward.htlc_maximum < request_.amount ||
          onward.htlc_minimum - request_.amount > request_.fee_limit) {
        continue;
      }
      reach(graph_.head(onward.channel));
    }
  }
  return true;
}

/// Looks from the sender's side as long as that has cost less than half of the rest.
template <class Beliefs>
void Search<Beliefs>::look_ahead() {
  constexpr std::uint64_t kShortest = 256;
  if (!has_looked_for_dead_end_ && work_ >= kShortest && source_distance_ == kUnreached) {
    has_looked_for_dead_end_ = true;
    if (starts_in_dead_end()) return scratch_.queue.clear();
  }
  constexpr std::uint64_t kShort = 1500;  // mostly there is a way before that
  constexpr std::uint64_t kPiece = 32;
  if (!may_look_ahead_ || work_ < kShort + 2 * ahead_work_) return;
  Outlook& outlook = scratch_.outlook;
  if (!has_looked_) {
    has_looked_ = true;
    look_at_target();
    if (scratch_.own_to[request_.target.index] == 0) own_hop_ = least_own_hop();
  }
  const Hops hops(*this);
  for (const OwnChannel& own : scratch_.own) {
    const std::uint32_t head = graph_.head(own.local.channel).index;
    if (head != request_.target.index) outlook.start_at(head, hops.least_rise(head));
  }
  ahead_work_ += outlook.look(hops, kPiece + work_ / 4);
}

}  // namespace ampsim::sim::lnd
