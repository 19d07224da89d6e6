#pragma once

#include <cstddef>

#include "core/units.hpp"
#include "sim/network/failure_code.hpp"

/// What one sender believes about the liquidity of channels that are not its own, from the results
/// of its own attempts: the memory, and what it makes of it. One class a kind, in
/// sim/routing/views/, and a line of the registry; or outside of this tree
/// (docs/guide/own-view.md).
///
/// Every view answers both questions, so every router can work with every view. Both follow from
/// the same beliefs: bounds(q).lower is what is believed to get through, upper what is believed not
/// to be exceeded, and probability(q) falls between them. It need not begin at 1 nor end at 0:
/// lnd's `apriori` trusts nothing beyond 0.95 and has an opinion on every amount up to the
/// capacity, and where results fade (`estimates`, `scorer`) the bounds are where the fall is
/// steep, not where it ends.
///
/// The sender's own channels are known, and no view is asked about them: they carry what is
/// available. Only the router `lnd` asks the views that are lnd's own, `apriori` and `bimodal`, how
/// its own channels failed lately; a view that is made of one of these, but is not it, is asked
/// about other channels alone.
///
/// Memory: grows with what was learnt, never with the network.
///
/// Tested by tests/liquidity_view_test.cpp, for all kinds.
namespace ampsim::sim {

struct Route;

/// A directed channel and an amount. Where parallel channels count as one (lnd), `channel` is one
/// of them and `capacity` the largest.
struct HopQuery {
  NodeId from;
  NodeId to;
  DirectedChannel channel;
  Msat capacity;
  Msat amount;  ///< of one more HTLC
  Msat used;    ///< what other parts of the payment have in flight there, or planned
  SimTime now;
};

/// How much more than what is used is believed to go: at least `lower`, no more than `upper`;
/// 0 <= lower <= upper.
struct LiquidityBounds {
  Msat lower;
  Msat upper;
};

class LiquidityView {
 public:
  virtual ~LiquidityView() = default;

  /// That the channel carries the amount, in [0, 1]; never rises with the amount, nor with what is
  /// used.
  virtual double probability(const HopQuery& query) const = 0;
  /// Does not read the amount.
  virtual LiquidityBounds bounds(const HopQuery& query) const = 0;
  /// No probability of a channel is above this: the lower it is, the faster a search can be.
  virtual double highest_probability() const { return 1; }

  /// Whether failures of every kind change the answers. Where they do not it is for the router to
  /// keep a payment from failing twice at the same place (RouteRequest::failed).
  virtual bool remembers() const { return false; }

  /// The sender has sent a part; one of the two below will follow.
  virtual void report_sent(const Route& /*route*/) {}
  /// The receiver has got the part: every channel of the route carried its amount.
  virtual void report_success(const Route& route, SimTime now) = 0;
  /// The node that is `erring_node` hops away from the sender failed the part: 0 is the sender
  /// itself, hops.size() the receiver. So where a hop could not be added, it is that hop's index.
  virtual void report_failure(const Route& route,
                              std::size_t erring_node,
                              FailureCode code,
                              SimTime now) = 0;
};

}  // namespace ampsim::sim
