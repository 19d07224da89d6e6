#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "sim/routing/routers/lnd/search.hpp"

/// How a search of lnd's router extends labels over hops; part of search.hpp, which says why in
/// this order.
///
/// Tested by tests/reference_router_test.cpp.
namespace ampsim::sim::lnd {

template <class Beliefs>
void Search<Beliefs>::stand_at(NodeId node, const Label& label, std::int64_t its_distance) {
  pivot_ = node;
  at_ = label;
  at_distance_ = its_distance;
  likeliest_plain_ = at_.probability * beliefs_.highest_plain;
  likeliest_hot_ = at_.probability * std::max(beliefs_.highest_plain, beliefs_.highest_hot);
}

/// The row of the pivot, or what is left of it, is relaxed when the queue comes to its least
/// distance over one more hop, and what is left behind it.
template <class Beliefs>
void Search<Beliefs>::postpone(std::int64_t least, std::int64_t left, Step step) {
  if (left >= Outlook::kFar - 1 || least > bar_ - left) return;
  scratch_.queue.push({least + left, at_.probability, pivot_.index, step});
}

/// To the tails whose potentials do not lie above that of the entry, or not by much; the others
/// wait for the least of theirs.
template <class Beliefs>
void Search<Beliefs>::relax_part(const Entry& part) {
  stand_at(NodeId{part.node}, scratch_.labels[part.node], 0);
  const std::int64_t least = least_of_row(part.node);
  const std::int64_t left = part.key - least;
  if (left < detour_) return postpone(least, detour_, part.step);
  const std::int64_t until = left + slack_ + left / 16;
  std::int64_t next = Outlook::kFar;
  const std::uint32_t end = channels_.transit_end[part.node];
  const std::int64_t* const distances = scratch_.distances.data();
  Range& rest = scratch_.rest[part.node];
  const bool is_first = part.step == Step::relax;
  if (is_first) {
    rest.begin = rest.end = scratch_.rests_end;
    const std::size_t most = rest.begin + width(part.node);
    if (scratch_.rests.size() < most) scratch_.rests.resize(most);
  }
  std::uint32_t* const rests = scratch_.rests.data();
  std::uint32_t kept = rest.begin;
  // Returns where to go on in the row.
  const auto use = [&](std::uint32_t edge) {
    const std::uint32_t tail = tail_of(edge);
    const std::int64_t left_of_tail = potential(tail);
    if (left_of_tail <= until) return offer(edge, end);
    if (left_of_tail <= bar_ - least) {
      next = std::min(next, left_of_tail);
      rests[kept++] = edge;
    }
    do {
      ++edge;  // parallel channels are offered together
    } while (edge < end && tail_of(edge) == tail);
    return edge;
  };
  if (is_first) {
    work_ += width(part.node);
    for (std::uint32_t edge = begin_of(part.node); edge < end;) {
      // Most end here: nothing but two arrays has been read.
      edge = distances[tail_of(edge)] < least ? edge + 1 : use(edge);
    }
    scratch_.rests_end = kept;
  } else {
    work_ += rest.size();
    for (std::uint32_t i = rest.begin; i < rest.end; ++i) {
      if (distances[tail_of(rests[i])] >= least) use(rests[i]);
    }
  }
  rest.end = kept;
  postpone(least, next, Step::relax_rest);
}

/// To every node that has a channel to the pivot.
template <class Beliefs>
void Search<Beliefs>::relax_row(NodeId node) {
  // A tail is passed over where even a hop without fee and delta would not improve its label, or
  // would lie beyond the sender. Most end here: nothing but two arrays has been read.
  const std::int64_t least = distance(at_.weight, cost_, likeliest_hot_);
  if (least > bar_ - detour_) return;
  const std::uint32_t end = channels_.transit_end[node.index];
  std::uint32_t edge = begin_of(node.index);
  work_ += end > edge ? end - edge : 0;
  while (edge < end) {
    edge = scratch_.distances[tail_of(edge)] < least ? edge + 1 : offer(edge, end);
  }
}

/// To the special nodes that have a channel to the pivot.
template <class Beliefs>
void Search<Beliefs>::relax_special() {
  constexpr std::size_t kStepsOfSearch = 8;
  const Scratch& s = scratch_;
  const std::uint32_t end = channels_.transit_end[pivot_.index];
  const std::uint32_t begin = begin_of(pivot_.index);
  if (begin >= end) return;
  work_ += std::min<std::uint64_t>(s.special.size() * kStepsOfSearch, end - begin);
  if (s.special.size() * kStepsOfSearch > end - begin) {
    for (std::uint32_t edge = begin; edge < end;) {
      const std::uint32_t tail = tail_of(edge);
      const bool is_due =
          (s.is_special[tail] & (kLocal | kHot)) != 0 && s.distances[tail] != kSettled;
      edge = is_due ? offer(edge, end) : edge + 1;
    }
    return;
  }
  for (const std::uint32_t tail : s.special) {
    if (s.distances[tail] == kSettled) continue;
    const std::uint32_t first = first_from(tail, begin, end);
    if (first < end && tail_of(first) == tail) offer(first, end);
  }
}

/// The first edge of part of a row whose tail is not before this one.
template <class Beliefs>
std::uint32_t Search<Beliefs>::first_from(std::uint32_t tail,
                                          std::uint32_t first,
                                          std::uint32_t last) const {
  while (first < last) {
    const std::uint32_t middle = first + (last - first) / 2;
    if (tail_of(middle) < tail) {
      first = middle + 1;
    } else {
      last = middle;
    }
  }
  return first;
}

/// The parallel channels that start at `edge` as one, to their tail; returns the edge behind them.
template <class Beliefs>
template <bool kIsLimited>
std::uint32_t Search<Beliefs>::offer_some(std::uint32_t edge, std::uint32_t end) {
  const std::uint32_t tail = tail_of(edge);
  UnifiedChannel hop;
  do {
    // Most that cannot carry the amount are too small, which is quickly seen.
    if (channels_.capacity_of(edge) >= at_.amount) {
      const AnnouncedChannel& channel = at(edge);
      if constexpr (kIsLimited) {
        if (scratch_.limits.allow(channel, at_.amount)) hop.add(channel, at_.amount);
      } else {
        hop.add(channel, at_.amount);
      }
    }
    ++edge;
  } while (edge < end && tail_of(edge) == tail);
  work_ += kOffer;
  if (!hop.is_none()) consider(NodeId{tail}, hop);
  return edge;
}

/// The pivot's label extended by a hop becomes the tail's label if it is allowed and better.
template <class Beliefs>
void Search<Beliefs>::consider(NodeId tail, const UnifiedChannel& hop) {
  const BlockDelta expiry = at_.expiry + hop.delta;
  if (expiry > request_.cltv_limit) return;
  const std::int64_t weight = at_.weight + edge_weight(at_.amount, hop.fee, hop.delta);
  std::int64_t& best = scratch_.distances[tail.index];
  const std::int64_t left = potential(tail.index);
  const std::int64_t limit = std::min(best, bar_ - left);
  const bool is_hot = (scratch_.is_special[tail.index] & kHot) != 0;
  if (distance(weight, cost_, is_hot ? likeliest_hot_ : likeliest_plain_) > limit) return;

  const HopQuery query{
      .from = tail,
      .to = pivot_,
      .channel = hop.channel,
      .capacity = hop.capacity,
      .amount = at_.amount,
      .used = is_limited_ ? scratch_.limits.used(hop.channel) : Msat{0},
      .now = request_.now,
  };
  const double probability = at_.probability * beliefs_.remote(query, known(tail.index));
  if (probability == 0 || probability < min_probability_) return;
  const std::int64_t dist = distance(weight, cost_, probability);
  if (dist > limit) return;

  Label& label = scratch_.labels[tail.index];
  const bool is_tie = dist == best && probability == label.probability;
  if (dist == best) {
    if (probability < label.probability) return;
    if (is_tie && label.channel < hop.channel) return;
  }
  if (best == kUnreached) scratch_.touched.push_back(tail.index);
  best = dist;
  label = {.amount = at_.amount + hop.fee,
           .weight = weight,
           .probability = probability,
           .expiry = expiry,
           .channel = hop.channel};
  if (!is_tie) scratch_.queue.push({dist + left, probability, tail.index, Step::settle});
}

/// Of the sender's channels to the pivot that can send what it has to receive, the one that has
/// most to send.
template <class Beliefs>
const OwnChannel* Search<Beliefs>::best_own() const {
  const OwnChannel* best = nullptr;
  for (std::uint32_t i = scratch_.own_to[pivot_.index]; i != 0; i = scratch_.own[i - 1].next) {
    const OwnChannel& own = scratch_.own[i - 1];
    const AnnouncedChannel& channel = channels_.at(own.local.channel);
    if (own.local.available < at_.amount || !channel.carries(at_.amount)) continue;
    if (is_limited_ && !scratch_.limits.allow(channel, at_.amount)) continue;
    const bool is_better =
        best == nullptr || own.local.available > best->local.available ||
        (own.local.available == best->local.available && own.local.channel < best->local.channel);
    if (is_better) best = &own;
  }
  return best;
}

/// Whether the plain search settles the sender, with the label that it has, before the node.
template <class Beliefs>
bool Search<Beliefs>::is_after_sender(std::int64_t distance_of_node,
                                      double probability,
                                      NodeId node) const {
  if (distance_of_node != source_distance_) return distance_of_node > source_distance_;
  if (probability != source_label_.probability) return probability < source_label_.probability;
  return node > request_.source;
}

/// The sender's own channels to the pivot: no fee, no delta.
template <class Beliefs>
void Search<Beliefs>::relax_own() {
  const OwnChannel* best = best_own();
  if (best == nullptr || at_.expiry > request_.cltv_limit) return;
  if (is_after_sender(at_distance_, at_.probability, pivot_)) return;
  const double probability = at_.probability * beliefs_.own(known(request_.source.index), pivot_);
  if (probability == 0 || probability < min_probability_) return;
  const std::int64_t dist = distance(at_.weight, cost_, probability);
  if (dist > source_distance_) return;
  if (dist == source_distance_) {
    if (probability < source_label_.probability) return;
    if (probability == source_label_.probability && source_label_.channel < best->local.channel) {
      return;
    }
  }
  source_distance_ = dist;
  bar_ = std::min(bar_, dist);
  source_label_ = at_;
  source_label_.probability = probability;
  source_label_.channel = best->local.channel;
}

}  // namespace ampsim::sim::lnd
