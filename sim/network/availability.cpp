#include "sim/network/availability.hpp"

#include <utility>

#include "core/check.hpp"
#include "core/csv.hpp"
#include "topologies/importers/file_content.hpp"
#include "topologies/node_names.hpp"

namespace ampsim::sim {

std::vector<Absence> read_absences(const std::string& file, const topo::Topology& topology) {
  constexpr double kThirtyYearsS = 1e9;
  const CsvTable table(topo::text_of_file(file), file);
  table.require_columns({"node", "down_s", "up_s"});
  const topo::NodeNames names(topology);
  std::vector<Absence> absences;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const Absence absence{
        .node = names.find(table, row, "node"),
        .from = SimTime{from_seconds(table.number(row, "down_s", 0, kThirtyYearsS))},
        .until = SimTime{from_seconds(table.number(row, "up_s", 0, kThirtyYearsS))}};
    if (absence.until <= absence.from) throw table.bad_field(row, "up_s", "later than down_s");
    absences.push_back(absence);
  }
  return absences;
}

Availability::Availability(const FaultParams& params,
                           const topo::Topology& topology,
                           Scheduler& scheduler,
                           Network& network,
                           std::uint64_t seed)
    : params_(params),
      scheduler_(scheduler),
      network_(network),
      rng_(seed, "offline"),
      waiting_(network.node_count()) {
  if (!params.offline_file.empty()) {
    for (const Absence& absence : read_absences(params.offline_file, topology)) {
      schedule(absence.from, EventKind::node_leaves, absence.node, Cause::file);
      schedule(absence.until, EventKind::node_returns, absence.node, Cause::file);
    }
  } else if (params.mean_down > SimDuration{}) {
    // In the long run a node is away for mean_down of mean_up + mean_down: so it is at the start.
    const double up = to_seconds(params.mean_up);
    const double down = to_seconds(params.mean_down);
    for (std::uint32_t index = 0; index < topology.nodes.size(); ++index) {
      const NodeId node{index};
      if (rng_.chance(down / (up + down))) {
        network_.leave(node);
        schedule_own(EventKind::node_returns, node, params.mean_down);
      } else {
        schedule_own(EventKind::node_leaves, node, params.mean_up);
      }
    }
  }
}

void Availability::schedule(SimTime at, EventKind kind, NodeId node, Cause cause) {
  scheduler_.schedule_at(at, EventPayload::of(kind, node.index, static_cast<std::uint32_t>(cause)));
}

void Availability::schedule_own(EventKind kind, NodeId node, SimDuration mean) {
  const SimDuration length = from_seconds(rng_.exponential(to_seconds(mean)));
  schedule(scheduler_.now() + length, kind, node, Cause::own);
}

std::vector<EventPayload> Availability::change(const EventPayload& event) {
  const NodeId node{event.subject};
  const bool leaves = event.kind == EventKind::node_leaves;
  if (static_cast<Cause>(event.detail) == Cause::own) {
    schedule_own(leaves ? EventKind::node_returns : EventKind::node_leaves, node,
                 leaves ? params_.mean_down : params_.mean_up);
  }
  if (leaves) {
    network_.leave(node);
    return {};
  }
  network_.come_back(node);
  if (!network_.is_up(node)) return {};
  return std::exchange(waiting_[node.index], {});
}

void Availability::take_down(NodeId node, SimDuration length) {
  network_.leave(node);
  schedule(scheduler_.now() + length, EventKind::node_returns, node, Cause::fault);
}

void Availability::wait(NodeId node, const EventPayload& event) {
  AMPSIM_CHECK(!network_.is_up(node), "a message waits for a node that is there");
  waiting_[node.index].push_back(event);
}

}  // namespace ampsim::sim
