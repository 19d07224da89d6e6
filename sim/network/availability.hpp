#pragma once

#include <cstdint>
#include <vector>

#include "core/random.hpp"
#include "core/units.hpp"
#include "sim/engine/event.hpp"
#include "sim/engine/scheduler.hpp"
#include "sim/network/network.hpp"
#include "sim/network/params.hpp"
#include "topologies/topology.hpp"

/// When nodes leave and return, and what waits for those that are away.
///
/// A node is away for any number of reasons at once (its own ups and downs, a line of a file, a
/// fault that took it down), and back when the last of them has ended. A message between two nodes
/// of which one is away is not lost: peers send it again when they meet again (BOLT 2,
/// channel_reestablish), so it waits here.
///
/// Tested by tests/availability_test.cpp.
namespace ampsim::sim {

/// When a node is away.
struct Absence {
  NodeId node;
  SimTime from;
  SimTime until;  ///< from < until
};
/// From a CSV with the columns node,down_s,up_s. Errors: InputError with the line, for a name that
/// the topology does not have too.
std::vector<Absence> read_absences(const std::string& file, const topo::Topology& topology);

class Availability {
 public:
  /// Schedules the first change of every node. Exponential times come from stream `offline` of the
  /// seed. Errors: InputError for a file that cannot be used.
  Availability(const FaultParams& params,
               const topo::Topology& topology,
               Scheduler& scheduler,
               Network& network,
               std::uint64_t seed);

  /// An event of kind node_leaves or node_returns is due. Returns what waited for the node, if it
  /// is back: in the order in which it began to wait.
  std::vector<EventPayload> change(const EventPayload& event);
  /// One more reason to be away, from now on.
  void take_down(NodeId node, SimDuration length);
  /// `event` waits for a node that is away.
  void wait(NodeId node, const EventPayload& event);

 private:
  /// What an absence comes from; the detail of its events.
  enum class Cause : std::uint8_t { own, file, fault };
  void schedule(SimTime at, EventKind kind, NodeId node, Cause cause);
  void schedule_own(EventKind kind, NodeId node, SimDuration mean);

  FaultParams params_;
  Scheduler& scheduler_;
  Network& network_;
  Rng rng_;
  std::vector<std::vector<EventPayload>> waiting_;  // by node
};

}  // namespace ampsim::sim
