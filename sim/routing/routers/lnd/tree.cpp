#include "sim/routing/routers/lnd/tree.hpp"

#include <algorithm>

namespace ampsim::sim::lnd {

void Tree::begin(std::size_t nodes, Msat fee_limit) {
  if (distances_.empty()) {
    distances_.resize(nodes, kUnreached);
    labels_.resize(nodes);
    first_child_.resize(nodes, kNone);
    next_child_.resize(nodes, kNone);
  }
  for (const std::uint32_t node : changed_) {
    distances_[node] = kUnreached;
    first_child_[node] = kNone;
  }
  changed_.clear();
  fee_limit_ = fee_limit;
  highest_fee_within_ = Msat{0};
  lowest_fee_beyond_ = Msat::max();
}

void Tree::add(NodeId node, NodeId parent, std::int64_t distance, const Label& label) {
  changed_.push_back(node.index);
  if (first_child_[parent.index] == kNone) changed_.push_back(parent.index);
  distances_[node.index] = distance;
  labels_[node.index] = label;
  next_child_[node.index] = first_child_[parent.index];
  first_child_[parent.index] = node.index;
}

void Tree::count_fee(Msat fee) {
  if (fee > fee_limit_) {
    lowest_fee_beyond_ = std::min(lowest_fee_beyond_, fee);
  } else {
    highest_fee_within_ = std::max(highest_fee_within_, fee);
  }
}

Trees::Trees(std::size_t nodes) {
  constexpr std::size_t kNodes = 1U << 18U;
  constexpr std::size_t kMostPlaces = 32;
  constexpr std::size_t kLeastPlaces = 4;  // payments run side by side
  const std::size_t places = std::min(kNodes / std::max<std::size_t>(nodes, 1), kMostPlaces);
  if (places >= kLeastPlaces) places_.resize(places);
}

Trees::Place* Trees::find(const TreeKey& key) {
  const auto place = std::find_if(places_.begin(), places_.end(), [&](const Place& each) {
    return each.used != 0 && each.key == key;
  });
  if (place == places_.end()) return nullptr;
  place->used = ++uses_;
  return &*place;
}

void Trees::add(const TreeKey& key, std::uint64_t steps) {
  if (places_.empty()) return;
  Place* place = find(key);
  if (place == nullptr) {
    place = &*std::min_element(places_.begin(), places_.end(),
                               [](const Place& a, const Place& b) { return a.used < b.used; });
    place->key = key;
    place->steps = 0;
    place->used = ++uses_;
    place->is_grown = false;
  }
  place->steps += steps;
}

}  // namespace ampsim::sim::lnd
