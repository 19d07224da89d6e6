#pragma once

#include <cstddef>
#include <vector>

/// Where the nodes of a small network are drawn: linked ones near each other, all of them apart.
/// Fruchterman and Reingold's forces (Boost.Graph), from a circle on; no randomness. Time grows
/// with the square of the nodes: 150 of them take some milliseconds.
///
/// Tested by tests/network_pictures_test.cpp.
namespace ampsim::report {

struct Link {
  std::size_t from = 0;
  std::size_t to = 0;
};

struct Place {
  double x = 0;
  double y = 0;
};

/// One place a node, each coordinate from 0 to `size`. Links name nodes below `nodes`.
std::vector<Place> lay_out(std::size_t nodes, const std::vector<Link>& links, double size);

}  // namespace ampsim::report
