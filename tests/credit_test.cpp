/// Dandekar, Goel, Govindan & Post 2011, "Liquidity in credit networks": where nobody takes fees
/// and everything is known, which payments succeed does not depend on the paths that were chosen
/// for those before. With payments of one unit a path is a flow; larger ones need the whole flow.
#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "core/random.hpp"
#include "sim/simulation.hpp"
#include "tests/max_flow_oracle.hpp"
#include "tests/printing.hpp"
#include "tests/routing_world.hpp"

using namespace ampsim;
using namespace ampsim::sim;
using namespace ampsim::test;

namespace {

/// Balances are whole units.
topo::Topology credit_network(std::uint64_t seed) {
  Rng rng(seed, "credit_test");
  return random_topology(rng, {.nodes = 12, .channels = 24, .has_fees = false, .most_sat = 4});
}

std::vector<PaymentSpec> payments_of(std::uint64_t seed, std::int64_t most_units) {
  Rng rng(seed, "credit_test.payments");
  std::vector<PaymentSpec> payments;
  for (int i = 0; i < 150; ++i) {
    const auto from = static_cast<std::uint32_t>(rng.below(12));
    const auto to = static_cast<std::uint32_t>((from + 1 + rng.below(11)) % 12);
    payments.push_back({.sender = NodeId{from},
                        .receiver = NodeId{to},
                        .amount = Msat::from_sat(rng.between(1, most_units)),
                        .at = SimTime{std::chrono::seconds{i}}});
  }
  return payments;
}

SimulationParams credit_params(const std::string& router, const std::string& splitter) {
  SimulationParams params;
  params.network = plain_params();
  params.payment.min_part = Msat{1};
  params.payment.max_parts = 100;
  params.routing.algorithm = router;
  params.routing.splitter = splitter;
  params.routing.liquidity_view = "balances";
  params.record.feasibility = true;
  params.chain.block_interval = std::chrono::hours{100};
  return params;
}

/// Which payments succeeded, as zeros and ones; and that they are those that could.
std::string successes(const topo::Topology& topology,
                      const std::vector<PaymentSpec>& payments,
                      const SimulationParams& params) {
  std::string bits;
  for (const PaymentRecord& payment : simulate(topology, payments, params).payments) {
    const bool is_paid = payment.state == PaymentState::succeeded;
    CHECK(is_paid == payment.feasible.by_flow);
    bits += is_paid ? '1' : '0';
  }
  return bits;
}

/// The same by book-keeping: units go along random paths of the residual network, one by one.
std::string random_successes(topo::Topology topology,
                             const std::vector<PaymentSpec>& payments,
                             std::uint64_t seed) {
  Rng rng(seed, "credit_test.paths");
  std::string bits;
  for (const PaymentSpec& payment : payments) {
    const Network network(topology, plain_params(), 1);
    const bool is_paid =
        max_flow(topology, network, payment.sender, payment.receiver) >= payment.amount;
    bits += is_paid ? '1' : '0';
    for (Msat paid; is_paid && paid < payment.amount; paid += Msat::from_sat(1)) {
      // A random walk in depth that never turns back finds a path if there is one.
      std::vector<bool> visited(topology.nodes.size());
      std::vector<DirectedChannel> path;
      const std::function<bool(NodeId)> walk = [&](NodeId node) {
        if (node == payment.receiver) return true;
        visited[node.index] = true;
        std::vector<std::uint32_t> order(2 * topology.channels.size());
        for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
        for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[rng.below(i)]);
        for (const std::uint32_t i : order) {
          const DirectedChannel d{i};
          const topo::Channel& channel = topology.channels[i / 2];
          const Msat balance =
              i % 2 == 0 ? *channel.balance_0 : *channel.capacity - *channel.balance_0;
          if (topology.source(d) != node || visited[topology.target(d).index]) continue;
          if (balance < Msat::from_sat(1)) continue;
          path.push_back(d);
          if (walk(topology.target(d))) return true;
          path.pop_back();
        }
        return false;
      };
      REQUIRE(walk(payment.sender));
      for (const DirectedChannel d : path) {
        Msat& balance = *topology.channels[d.channel().index].balance_0;
        balance += d.direction() == 0 ? Msat::from_sat(-1) : Msat::from_sat(1);
      }
    }
  }
  return bits;
}

}  // namespace

TEST_CASE("credit: which unit payments succeed does not depend on the paths") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CAPTURE(seed);
    const topo::Topology topology = credit_network(seed);
    const auto payments = payments_of(seed, 1);
    const std::string expected = random_successes(topology, payments, seed);
    CHECK(expected.find('0') != std::string::npos);
    CHECK(expected.find('1') != std::string::npos);
    CHECK(random_successes(topology, payments, seed + 1000) == expected);
    for (const std::string router : {"cheapest", "shortest", "widest", "max_flow"}) {
      CAPTURE(router);
      CHECK(successes(topology, payments, credit_params(router, "none")) == expected);
      CHECK(successes(topology, payments, credit_params(router, "halving")) == expected);
    }
    CHECK(successes(topology, payments, credit_params("max_flow", "flow")) == expected);
  }
}

TEST_CASE("credit: which larger payments succeed does not depend on the flows") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CAPTURE(seed);
    const topo::Topology topology = credit_network(seed);
    const auto payments = payments_of(seed, 6);
    const std::string expected = random_successes(topology, payments, seed);
    CHECK(expected.find('0') != std::string::npos);
    CHECK(random_successes(topology, payments, seed + 1000) == expected);
    CHECK(successes(topology, payments, credit_params("max_flow", "flow")) == expected);
  }
}
