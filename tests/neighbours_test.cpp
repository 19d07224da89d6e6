#include "topologies/neighbours.hpp"

#include <doctest/doctest.h>

#include "tests/topology_files.hpp"
#include "topologies/source.hpp"

using namespace ampsim;
using namespace ampsim::topo;

namespace {

Topology edges(const std::string& rows) {
  return ampsim::test::read_texts("csv", {"u,v\n" + rows});
}

using Numbers = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("neighbours: parallel channels are one link and every list is in order") {
  Topology topology = edges("a,b\nb,a\nc,a\n");
  topology.nodes.push_back({.name = "alone"});
  const Neighbours neighbours(topology);
  CHECK(neighbours.node_count() == 4);
  CHECK(neighbours.pair_count() == 2);
  const auto of_a = neighbours.of(0);
  CHECK(Numbers(of_a.begin(), of_a.end()) == Numbers{1, 2});
  CHECK(neighbours.count_of(1) == 1);
  CHECK(neighbours.of(3).empty());
  const Components components = components_of(neighbours);
  CHECK(components.of == Numbers{0, 0, 0, 1});
  CHECK(components.sizes == Numbers{3, 1});
  CHECK(components.largest() == 0);
}

TEST_CASE("neighbours: cores are what is left when nodes with few neighbours go") {
  // A clique of four, a triangle that hangs on it, and a tail.
  const Topology topology = edges("a,b\na,c\na,d\nb,c\nb,d\nc,d\nd,e\ne,f\nf,d\nf,g\ng,h\nh,g\n");
  CHECK(core_numbers(Neighbours(topology)) == Numbers{3, 3, 3, 3, 2, 2, 1, 1});
  CHECK(articulation_points(Neighbours(topology)) == Numbers{3, 5, 6});
}

TEST_CASE("neighbours: nothing and nodes alone have no parts") {
  CHECK(core_numbers(Neighbours({})).empty());
  CHECK(components_of(Neighbours({})).sizes.empty());
  CHECK(articulation_points(Neighbours({})).empty());
  Topology alone;
  alone.nodes.resize(2);
  CHECK(core_numbers(Neighbours(alone)) == Numbers{0, 0});
  CHECK(articulation_points(Neighbours(alone)).empty());
}
