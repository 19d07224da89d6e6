#include "topologies/subnetwork.hpp"

#include <algorithm>
#include <set>

#include <doctest/doctest.h>

#include "core/check.hpp"
#include "tests/topology_files.hpp"
#include "topologies/neighbours.hpp"
#include "topologies/source.hpp"

using namespace ampsim;
using namespace ampsim::topo;
using namespace ampsim::test;

namespace {

/// A clique of four with a triangle and a tail, a pair apart, and capacities in sat.
Topology network() {
  return read_texts("csv", {"u,v,capacity\n"
                            "a,b,1\na,c,1\na,d,1\nb,c,1\nb,d,1\nc,d,1\n"
                            "d,e,7\ne,f,7\nf,d,7\nf,g,100\n"
                            "y,z,90\n"});
}

std::string names(const Topology& topology) {
  std::string all;
  for (const Node& node : topology.nodes) all += node.name;
  return all;
}

std::string error_of(const Topology& topology, const SubnetworkParams& params) {
  try {
    subnetwork(topology, params, 1);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("subnetwork: all of it is the network itself") {
  CHECK(lines_of(subnetwork(network(), {}, 1)) == lines_of(network()));
  for (const Subnetwork kind :
       {Subnetwork::largest_component, Subnetwork::core, Subnetwork::top, Subnetwork::snowball}) {
    CHECK(subnetwork({}, {.kind = kind}, 1).nodes.empty());
  }
}

TEST_CASE("subnetwork: the largest component with all that is known of it") {
  const Topology part = subnetwork(network(), {.kind = Subnetwork::largest_component}, 1);
  CHECK(names(part) == "abcdefg");
  std::vector<std::string> expected = lines_of(network());
  std::erase_if(expected, [](const std::string& line) {
    return line.find('y') != std::string::npos && line.find("capacity 90000") != std::string::npos;
  });
  std::erase(expected, "node y ()");
  std::erase(expected, "node z ()");
  CHECK(lines_of(part) == expected);
}

TEST_CASE("subnetwork: cores by their number and the innermost one") {
  const auto core = [](std::uint32_t k) {
    return subnetwork(network(), {.kind = Subnetwork::core, .core = k}, 1);
  };
  CHECK(names(core(1)) == "abcdefgyz");
  CHECK(names(core(2)) == "abcdef");
  CHECK(core(2).channels.size() == 9);
  CHECK(names(core(3)) == "abcd");
  CHECK(names(core(0)) == "abcd");
  CHECK(error_of(network(), {.kind = Subnetwork::core, .core = 4}) ==
        "topology.subnetwork_core: found 4; allowed: up to 3, which is the innermost core of the "
        "network, or 0 for that");
}

TEST_CASE("subnetwork: the nodes with most capacity and the channels between them") {
  const auto top = [](std::uint32_t count) {
    return subnetwork(network(), {.kind = Subnetwork::top, .nodes = count}, 1);
  };
  CHECK(names(top(2)) == "fg");
  CHECK(names(top(4)) == "fgyz");
  CHECK(top(4).channels.size() == 2);
  CHECK(names(top(5)) == "dfgyz");
  CHECK(names(top(100)) == "abcdefgyz");
  Topology open = network();
  open.channels[1].capacity.reset();
  CHECK(error_of(open, {.kind = Subnetwork::top}) ==
        "topology.subnetwork: found \"top\", but channel \"1\" has no capacity; allowed here: all, "
        "largest_component, core, snowball");
}

TEST_CASE("subnetwork: a snowball is connected and has the nodes that it should have") {
  const Topology whole = make_network({.generator = "lightning", .nodes = 400}, {}, 1);
  const Components components = components_of(Neighbours(whole));
  const std::uint32_t largest = components.sizes[components.largest()];
  std::set<std::string> drawn;
  for (const std::uint32_t nodes : {2U, 17U, 150U, 100'000U}) {
    for (const std::uint32_t neighbours : {0U, 1U, 3U}) {
      for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const SubnetworkParams params{
            .kind = Subnetwork::snowball, .nodes = nodes, .neighbours = neighbours};
        const Topology part = subnetwork(whole, params, seed);
        CHECK(part.nodes.size() == std::min(nodes, largest));
        CHECK(components_of(Neighbours(part)).sizes.size() == 1);
        CHECK(validate(part).empty());
        CHECK(lines_of(part) == lines_of(subnetwork(whole, params, seed)));
        if (nodes == 17) drawn.insert(names(part));
      }
    }
  }
  CHECK(drawn.size() == 9);
}

TEST_CASE("subnetwork: nodes that name all their neighbours make whole waves") {
  // A star: whoever is the start, the centre is among the first two.
  const Topology star = make_topology({.generator = "star", .nodes = 50}, 1);
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Topology part = subnetwork(star, {.kind = Subnetwork::snowball, .nodes = 5}, seed);
    CHECK(part.nodes[0].name == "0");
    CHECK(part.channels.size() == 4);
  }
}

TEST_CASE("subnetwork: a part of an experiment's network has the draws of the whole") {
  const TopologyParams params{.generator = "barabasi_albert", .nodes = 60, .channels_per_node = 2};
  const Topology whole = make_network(params, {}, 7);
  for (const Subnetwork kind : {Subnetwork::core, Subnetwork::top, Subnetwork::snowball}) {
    TopologyParams of_part = params;
    of_part.subnetwork = {.kind = kind, .nodes = 20};
    const Topology part = make_network(of_part, {}, 7);
    for (const Channel& channel : part.channels) {
      const Channel& same = whole.channels[std::stoul(channel.id)];
      CHECK((channel.capacity == same.capacity));
      CHECK((channel.balance_0 == same.balance_0));
    }
  }
}
