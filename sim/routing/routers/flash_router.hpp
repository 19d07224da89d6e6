#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <vector>

#include "core/units.hpp"
#include "sim/routing/registry.hpp"

/// Flash (Wang et al., CoNEXT 2019): elephants and mice are routed differently. A payment is an
/// elephant if its amount is above `routing.elephant_above_sat` or, with 0, above nine tenths of
/// the amounts of all payments before: each counts once, as a whole, whoever divides it.
///
/// Elephants: augmenting paths (Edmonds & Karp) on the announced graph, capacities as announced
/// until a path is probed and answers with the true balances of its channels, up to
/// `routing.max_probes` probes or until their flow has the amount. Then the cheapest flow through
/// the probed channels: the paper's linear program, as minimum-cost flow.
///
/// Mice: `routing.paths` paths that share no channel, kept per pair, in random order (stream
/// `flash`). The whole amount is sent over the first; where it fails, the path is probed, gets what
/// it can carry, and the rest goes over the next. A path that failed twice is given up.
///
/// A probe costs two messages a channel and no simulated time. View `none` only.
///
/// Tested by tests/flash_test.cpp.
namespace ampsim::sim {

/// The value that nine tenths of the amounts so far do not exceed, in O(log n) an amount.
class NineTenths {
 public:
  void add(Msat amount);
  /// None before the first amount.
  std::optional<Msat> value() const;

 private:
  std::priority_queue<Msat> low_;  ///< the smallest nine tenths, rounded up
  std::priority_queue<Msat, std::vector<Msat>, std::greater<>> high_;
};

RouterKind flash_router_kind();

}  // namespace ampsim::sim
