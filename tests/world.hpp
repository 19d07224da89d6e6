#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/units.hpp"
#include "sim/measure/run_result.hpp"
#include "sim/simulation.hpp"
#include "topologies/topology.hpp"

/// A network of text_network.hpp and four verbs: pay, run, balance, expect_conserved.
///
/// Without other settings: one-way delays of 10 ms, no reserve, no in-flight cap below the
/// capacity.
namespace ampsim::test {

class World {
 public:
  explicit World(std::string_view network);

  sim::SimulationParams params;
  sim::SimulationHooks hooks;
  topo::Topology topology;

  NodeId node(std::string_view name) const;
  ChannelId channel(std::size_t line) const { return ChannelId{static_cast<std::uint32_t>(line)}; }

  /// From `from` to `to`, amount in sat, at `at_ms`.
  World& pay(std::string_view from, std::string_view to, std::int64_t sat, double at_ms = 0);
  /// Runs what was asked for; every table is recorded.
  const sim::RunResult& run();
  const sim::RunResult& result() const { return result_; }
  /// Of the run's end, over all channels of the node.
  Msat balance(std::string_view name) const;
  /// The network holds what it held at the start.
  void expect_conserved() const;
  /// A measure of the run by its name in runs.csv.
  double measure(std::string_view name) const;

 private:
  std::vector<sim::PaymentSpec> workload_;
  sim::RunResult result_;
};

}  // namespace ampsim::test
