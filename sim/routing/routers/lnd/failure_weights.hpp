#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/routing/views/apriori.hpp"

/// What each failure that a sender remembers still counts (failure_weight), computed once a search
/// and only for nodes that the search asks about: an exponential each.
///
/// Memory: 8 bytes a remembered pair. Tested by tests/reference_router_test.cpp.
namespace ampsim::sim::lnd {

class FailureWeights {
 public:
  /// Forgets all, for a search that knows of so many nodes.
  void begin(std::size_t nodes) {
    weights_.clear();
    places_.assign(nodes, 0);
  }
  /// Those of the pairs of the `index`th node, in their order; 0 where nothing has failed. Valid
  /// until the next call.
  const double* of(std::size_t index,
                   const NodeResults& results,
                   SimTime now,
                   SimDuration half_life) {
    std::uint32_t& place = places_[index];
    if (place == 0) {
      place = static_cast<std::uint32_t>(weights_.size()) + 1;
      for (const PairResult& pair : results.pairs) {
        const bool has_failed = pair.failure_time != PairResult::kNever;
        weights_.push_back(has_failed ? failure_weight(now - pair.failure_time, half_life) : 0);
      }
    }
    return weights_.data() + (place - 1);
  }

 private:
  std::vector<double> weights_;
  std::vector<std::uint32_t> places_;  ///< 1 + first of the node's, by index; 0: not yet there
};

}  // namespace ampsim::sim::lnd
