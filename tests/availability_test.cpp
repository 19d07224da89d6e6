#include "sim/network/availability.hpp"

#include "core/check.hpp"
#include "tests/printing.hpp"
#include "tests/temporary_folder.hpp"
#include "tests/text_network.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

struct Line {
  topo::Topology topology = test::parse_network("a 1000 -- 1000 b\nb 1000 -- 1000 c");
  Network network{topology, {}, 1};
  Scheduler scheduler;

  /// Handles events until `until`; returns what waited and may go on.
  std::vector<EventPayload> run(Availability& availability, SimTime until) {
    std::vector<EventPayload> released;
    while (!scheduler.empty() && scheduler.next_time() <= until) {
      for (const EventPayload& event : availability.change(scheduler.next()->payload)) {
        released.push_back(event);
      }
    }
    return released;
  }
};

SimTime at_s(double seconds) { return SimTime{from_seconds(seconds)}; }

const NodeId kA{0};
const NodeId kB{1};
const DirectedChannel kAb{0};
const DirectedChannel kBc{2};

}  // namespace

TEST_CASE("availability: a file says who is away when, and absences may overlap") {
  const test::TemporaryFolder folder;
  const auto file = folder.write("away.csv", "node,down_s,up_s\nb,10,20\nb,15,30\na,12,13\n");
  Line line;
  Availability availability({.offline_file = file.string()}, line.topology, line.scheduler,
                            line.network, 1);
  CHECK(line.network.is_connected(kAb));
  line.run(availability, at_s(10));
  CHECK_FALSE(line.network.is_connected(kAb));
  CHECK_FALSE(line.network.is_connected(kBc));
  line.run(availability, at_s(12));
  CHECK_FALSE(line.network.is_up(kA));
  line.run(availability, at_s(25));
  CHECK(line.network.is_up(kA));
  CHECK_FALSE(line.network.is_up(kB));
  line.run(availability, at_s(30));
  CHECK(line.network.is_connected(kBc));
}

TEST_CASE("availability: what waits goes on in its order, when the last reason to be away ends") {
  Line line;
  Availability availability({}, line.topology, line.scheduler, line.network, 1);
  availability.take_down(kB, from_seconds(5));
  availability.take_down(kB, from_seconds(9));
  availability.wait(kB, EventPayload::of(EventKind::htlc_add, 1));
  availability.wait(kB, EventPayload::of(EventKind::htlc_add, 2));
  CHECK(line.run(availability, at_s(5)).empty());
  const auto released = line.run(availability, at_s(9));
  REQUIRE(released.size() == 2);
  CHECK(released[0].subject == 1);
  CHECK(released[1].subject == 2);
  CHECK_THROWS_AS(availability.wait(kB, released[0]), InvariantError);
}

TEST_CASE("availability: in the long run nodes are away as much as the means say") {
  Line line;
  Availability availability(
      {.mean_up = std::chrono::seconds{30}, .mean_down = std::chrono::seconds{10}}, line.topology,
      line.scheduler, line.network, 5);
  double away = 0;
  SimTime last{};
  while (line.scheduler.next_time() < at_s(200'000)) {
    const Event event = *line.scheduler.next();
    if (!line.network.is_up(kB)) away += to_seconds(event.at - last);
    last = event.at;
    availability.change(event.payload);
  }
  CHECK(away / 200'000 == doctest::Approx(0.25).epsilon(0.05));
}

TEST_CASE("availability: a file of unknown nodes or backward times is refused by its line") {
  const test::TemporaryFolder folder;
  const Line line;
  const auto message = [&](const std::string& text) {
    try {
      read_absences(folder.write("away.csv", text).string(), line.topology);
      return std::string();
    } catch (const InputError& error) {
      return std::string(error.what());
    }
  };
  CHECK(message("node,down_s,up_s\nz,1,2\n").find("away.csv:2: node: found \"z\"") !=
        std::string::npos);
  CHECK(message("node,down_s,up_s\na,2,2\n").find("later than down_s") != std::string::npos);
  CHECK(message("node,down_s,up_s\na,1,2\n").empty());
}
