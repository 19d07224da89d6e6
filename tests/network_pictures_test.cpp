#include "sim/report/network_pictures.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/random.hpp"
#include "sim/report/layout.hpp"
#include "tests/temporary_folder.hpp"

using namespace ampsim;
using namespace ampsim::report;
using ampsim::test::TemporaryFolder;

namespace {

constexpr const char* kHeader =
    "run,channel,source,destination,capacity_msat,balance_source_msat,balance_destination_msat\n";

NetworkPictures pictures_of(const std::string& rows, std::size_t replicates) {
  const TemporaryFolder folder;
  return read_channels(folder.write("channels.csv", kHeader + rows), replicates);
}

std::string row(std::size_t run, const std::string& id, const std::string& ends, int a, int b) {
  return std::to_string(run) + "," + id + "," + ends + "," + std::to_string(a + b) + "," +
         std::to_string(a) + "," + std::to_string(b) + "\n";
}

}  // namespace

TEST_CASE("network_pictures: shares and depletions are those of the balances") {
  //  a ===2=== b        c alone with a
  const NetworkPictures pictures = pictures_of(
      row(0, "1", "a,b", 100, 0) + row(0, "2", "b,a", 50, 50) + row(0, "3", "a,c", 30, 70), 1);
  REQUIRE(pictures.ends.size() == 1);
  const NetworkLayout& layout = pictures.layouts[0];
  const NetworkEnd& end = pictures.ends[0];
  REQUIRE(layout.nodes.size() == 3);
  CHECK(layout.all_channels == 3);
  CHECK(layout.nodes[0].name == "a");
  CHECK(layout.nodes[0].capacity_msat == 300);
  CHECK(layout.nodes[2].capacity_msat == 100);
  CHECK(layout.channels[1].source == 1);
  CHECK(layout.channels[1].destination == 0);
  CHECK(end.source_share == std::vector<double>{1, 0.5, 0.3});
  CHECK(end.node_share == std::vector<double>{0.6, 0.25, 0.7});
  // |2 b / c - 1|: 100 %, 0 %, 40 %.
  CHECK(end.by_depletion == std::array<std::size_t, 10>{1, 0, 0, 0, 1, 0, 0, 0, 0, 1});
}

TEST_CASE("network_pictures: the first replicate of each point is shown, and networks are shared") {
  std::string rows;
  for (std::size_t run = 0; run < 6; ++run) {
    rows += row(run, "1", run < 4 ? "a,b" : "a,c", static_cast<int>(10 * run), 60);
  }
  const NetworkPictures pictures = pictures_of(rows, 2);
  REQUIRE(pictures.ends.size() == 3);
  CHECK(pictures.layouts.size() == 2);
  CHECK(pictures.ends[1].run == 2);
  CHECK(pictures.ends[1].point == 1);
  CHECK(pictures.ends[1].layout == 0);
  CHECK(pictures.ends[1].source_share[0] == 0.25);
  CHECK(pictures.ends[2].layout == 1);
  CHECK(pictures_of("", 2).ends.empty());
}

TEST_CASE("network_pictures: of a large network the largest nodes and channels are drawn") {
  Rng rng(3, "channels");
  std::string rows;
  for (int i = 0; i < 4000; ++i) {
    const std::string ends = std::to_string(rng.below(400)) + "," + std::to_string(rng.below(400));
    rows += row(0, std::to_string(i), ends, static_cast<int>(rng.below(1000)), 500);
  }
  const NetworkPictures pictures = pictures_of(rows + row(16, "0", "1,2", 1, 1), 1);
  const NetworkLayout& layout = pictures.layouts[0];
  CHECK(layout.all_channels == 4000);
  CHECK(layout.nodes.size() <= kMostNodes);
  CHECK(layout.channels.size() <= kMostChannels);
  CHECK(layout.channels.size() > 300);
  const auto& counts = pictures.ends[0].by_depletion;
  CHECK(std::accumulate(counts.begin(), counts.end(), std::size_t{0}) == 4000);
  for (const DrawnNode& node : layout.nodes) {
    CHECK((node.x >= 0 && node.x <= kPictureSize && node.y >= 0 && node.y <= kPictureSize));
  }
  const NetworkPictures again = pictures_of(rows, 1);
  for (std::size_t i = 0; i < layout.nodes.size(); ++i) {
    CHECK(again.layouts[0].nodes[i].x == layout.nodes[i].x);
  }
}

TEST_CASE("network_pictures: no more runs are read than are shown") {
  std::string rows;
  for (std::size_t run = 0; run < kMostRuns + 5; ++run) rows += row(run, "1", "a,b", 1, 1);
  CHECK(pictures_of(rows, 1).ends.size() == kMostRuns);
}

TEST_CASE("network_pictures: linked nodes lie nearer to each other than others") {
  // Two rings of ten, joined once.
  std::vector<Link> links;
  for (std::size_t ring = 0; ring < 2; ++ring) {
    for (std::size_t i = 0; i < 10; ++i) links.push_back({10 * ring + i, 10 * ring + (i + 1) % 10});
  }
  links.push_back({0, 10});
  const std::vector<Place> places = lay_out(20, links, 100);
  const auto mean_distance = [&](bool linked) {
    double sum = 0;
    std::size_t count = 0;
    for (std::size_t a = 0; a < 20; ++a) {
      for (std::size_t b = a + 1; b < 20; ++b) {
        const bool is_linked = std::any_of(links.begin(), links.end(), [&](const Link& link) {
          return (link.from == a && link.to == b) || (link.from == b && link.to == a);
        });
        if (is_linked != linked) continue;
        sum += std::hypot(places[a].x - places[b].x, places[a].y - places[b].y);
        ++count;
      }
    }
    return sum / static_cast<double>(count);
  };
  CHECK(mean_distance(true) < 0.6 * mean_distance(false));
  CHECK(lay_out(0, {}, 100).empty());
  CHECK(lay_out(1, {}, 100)[0].x == 50);
}
