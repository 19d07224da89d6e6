#include "sim/routing/disjoint_paths.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include "tests/printing.hpp"
#include "tests/routing_world.hpp"
#include "tests/text_network.hpp"

using namespace ampsim;
using namespace ampsim::sim;
using namespace ampsim::test;

namespace {

//      B             the short way narrow, the long ways wide
//    /   \           .
//   A--C--D
//    \--E-F-D
constexpr const char* kNetwork =
    "A 100 -- 0 B\n"
    "B 100 -- 0 D\n"
    "A 200 -- 0 C\n"
    "C 200 -- 0 D\n"
    "A 900 -- 0 E\n"
    "E 900 -- 0 F\n"
    "F 900 -- 0 D\n"
    "A 50 -- 0 C\n";

std::vector<std::vector<std::uint32_t>> lines(const std::vector<Path>& paths) {
  std::vector<std::vector<std::uint32_t>> all;
  for (const Path& path : paths) {
    all.emplace_back();
    for (const DirectedChannel channel : path) all.back().push_back(channel.channel().index);
  }
  return all;
}

using Lines = std::vector<std::vector<std::uint32_t>>;

}  // namespace

TEST_CASE("disjoint_paths: the shortest ones, and the widest ones, share no channel") {
  const topo::Topology topology = parse_network(kNetwork);
  const ChannelGraph graph(topology);
  DisjointPaths shortest(graph, PathChoice::shortest, 4);
  CHECK(lines(shortest.between({0}, {2})) == Lines{{0, 1}, {2, 3}, {4, 5, 6}});
  DisjointPaths widest(graph, PathChoice::widest, 4);
  CHECK(lines(widest.between({0}, {2})) == Lines{{4, 5, 6}, {2, 3}, {0, 1}});
  DisjointPaths two(graph, PathChoice::widest, 2);
  CHECK(two.between({0}, {2}).size() == 2);
  // The same again, and the way back.
  CHECK(&two.between({0}, {2}) == &two.between({0}, {2}));
  CHECK(lines(shortest.between({2}, {0})) == Lines{{1, 0}, {3, 2}, {6, 5, 4}});
}

TEST_CASE("disjoint_paths: disabled channels are the sender's only") {
  const topo::Topology topology =
      parse_network("A 9 -- 0 B off=0\nB 9 -- 0 C\nC 9 -- 0 D off=0\nB 5 -- 0 D\n");
  const ChannelGraph graph(topology);
  DisjointPaths paths(graph, PathChoice::widest, 4);
  CHECK(lines(paths.between({0}, {3})) == Lines{{0, 3}});
}

TEST_CASE("disjoint_paths: the first is the best of all paths") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    Rng rng(seed, "disjoint_paths_test");
    const topo::Topology topology =
        random_topology(rng, {.nodes = 6, .channels = 10, .has_fees = false});
    const ChannelGraph graph(topology);
    const std::vector<Path> all = all_paths(topology, {0}, {5});
    const auto width = [&](const Path& path) {
      Msat least = Msat::max();
      for (const DirectedChannel d : path) {
        least = std::min(least, *topology.channels[d.channel().index].capacity);
      }
      return least;
    };
    DisjointPaths shortest(graph, PathChoice::shortest, 3);
    DisjointPaths widest(graph, PathChoice::widest, 3);
    CHECK(shortest.between({0}, {5}).empty() == all.empty());
    if (all.empty()) continue;
    for (const Path& path : all) {
      CHECK(shortest.between({0}, {5}).front().size() <= path.size());
      CHECK(width(widest.between({0}, {5}).front()) >= width(path));
    }
    for (DisjointPaths* paths : {&shortest, &widest}) {
      std::set<std::uint32_t> seen;
      for (const Path& path : paths->between({0}, {5})) {
        CHECK(std::find(all.begin(), all.end(), path) != all.end());
        for (const DirectedChannel d : path) CHECK(seen.insert(d.channel().index).second);
      }
    }
  }
}
