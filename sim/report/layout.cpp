#include "sim/report/layout.hpp"

#include <algorithm>
#include <cmath>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/circle_layout.hpp>
#include <boost/graph/fruchterman_reingold.hpp>
#include <boost/graph/topology.hpp>

namespace ampsim::report {
namespace {

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS>;
using Space = boost::square_topology<>;
using Point = Space::point_type;

/// Spreads the middle, where the well connected nodes crowd: of the distance from the centre of all
/// the root is taken.
void spread(std::vector<Place>& places) {
  Place centre;
  for (const Place& place : places) {
    centre.x += place.x / static_cast<double>(places.size());
    centre.y += place.y / static_cast<double>(places.size());
  }
  for (Place& place : places) {
    const double x = place.x - centre.x;
    const double y = place.y - centre.y;
    const double root = std::sqrt(std::hypot(x, y));
    if (root > 0)
      place = {x / root, y / root};
    else
      place = {};
  }
}

/// To the borders of the picture on both sides.
void stretch(std::vector<Place>& places, double size) {
  const auto [left, right] = std::minmax_element(
      places.begin(), places.end(), [](const Place& a, const Place& b) { return a.x < b.x; });
  const auto [top, bottom] = std::minmax_element(
      places.begin(), places.end(), [](const Place& a, const Place& b) { return a.y < b.y; });
  const Place least{left->x, top->y};
  const Place most{right->x, bottom->y};
  const auto stretched = [size](double value, double from, double to) {
    return to > from ? size * (value - from) / (to - from) : size / 2;
  };
  for (Place& place : places) {
    place = {stretched(place.x, least.x, most.x), stretched(place.y, least.y, most.y)};
  }
}

}  // namespace

std::vector<Place> lay_out(std::size_t nodes, const std::vector<Link>& links, double size) {
  if (nodes == 0) return {};
  Graph graph(nodes);
  for (const Link& link : links) {
    // Parallel channels would pull twice as hard.
    if (!boost::edge(link.from, link.to, graph).second) add_edge(link.from, link.to, graph);
  }
  std::vector<Point> points(nodes);
  const auto positions =
      boost::make_iterator_property_map(points.begin(), get(boost::vertex_index, graph));
  boost::circle_graph_layout(graph, positions, size / 2);
  constexpr double kSteps = 200;
  const double step = size / 10;
  boost::fruchterman_reingold_force_directed_layout(
      graph, positions, Space(size),
      boost::force_pairs(boost::all_force_pairs())
          .cooling(boost::linear_cooling<double>(static_cast<std::size_t>(kSteps), step)));
  std::vector<Place> places;
  places.reserve(points.size());
  for (const Point& point : points) places.push_back({point[0], point[1]});
  spread(places);
  stretch(places, size);
  return places;
}

}  // namespace ampsim::report
