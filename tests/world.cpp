#include "tests/world.hpp"

#include <algorithm>
#include <stdexcept>

#include "tests/printing.hpp"
#include "tests/text_network.hpp"

namespace ampsim::test {

World::World(std::string_view network) : topology(parse_network(network)) {
  params.network = {.reserve = 0,
                    .max_in_flight = 1,
                    .latency = {.kind = DistributionKind::constant, .mean = 10}};
  params.record = {.payments = true, .parts = true, .channels = true};
  params.seed = 1;
}

NodeId World::node(std::string_view name) const {
  for (std::uint32_t i = 0; i < topology.nodes.size(); ++i) {
    if (topology.nodes[i].name == name) return NodeId{i};
  }
  throw std::invalid_argument("no such node: " + std::string(name));
}

World& World::pay(std::string_view from, std::string_view to, std::int64_t sat, double at_ms) {
  workload_.push_back({.sender = node(from),
                       .receiver = node(to),
                       .amount = Msat::from_sat(sat),
                       .at = SimTime{from_seconds(at_ms * 1e-3)}});
  return *this;
}

const sim::RunResult& World::run() {
  result_ = sim::simulate(topology, workload_, params, hooks);
  return result_;
}

Msat World::balance(std::string_view name) const {
  Msat sum{};
  for (std::size_t i = 0; i < topology.channels.size(); ++i) {
    if (topology.channels[i].ends[0] == node(name)) sum += result_.channels[i].balance_0;
    if (topology.channels[i].ends[1] == node(name)) sum += result_.channels[i].balance_1;
  }
  return sum;
}

void World::expect_conserved() const {
  for (std::size_t i = 0; i < topology.channels.size(); ++i) {
    CHECK(result_.channels[i].balance_0 + result_.channels[i].balance_1 ==
          *topology.channels[i].capacity);
  }
}

double World::measure(std::string_view name) const {
  const auto found = std::find_if(result_.measures.begin(), result_.measures.end(),
                                  [name](const sim::Measure& m) { return m.name == name; });
  if (found == result_.measures.end()) {
    throw std::invalid_argument("no such measure: " + std::string(name));
  }
  if (const auto* count = std::get_if<std::int64_t>(&found->value)) {
    return static_cast<double>(*count);
  }
  return std::get<double>(found->value);
}

}  // namespace ampsim::test
