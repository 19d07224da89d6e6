#include "sim/workload/workload.hpp"

#include <filesystem>
#include <map>
#include <string>

#include <doctest/doctest.h>

#include "core/check.hpp"
#include "tests/printing.hpp"
#include "tests/temporary_folder.hpp"
#include "tests/text_network.hpp"

using namespace ampsim;
using sim::Endpoints;
using sim::make_workload;
using sim::WorkloadParams;

namespace {

topo::Topology star() {
  topo::Topology topology = test::parse_network(R"(
    hub 100 -- 100 a
    hub 100 -- 100 b
    hub 300 -- 300 c
  )");
  topology.nodes.push_back({.name = "lonely"});
  return topology;
}

class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& text) : path_(folder_.write("payments.csv", text)) {}
  std::string path() const { return path_.string(); }

 private:
  test::TemporaryFolder folder_;
  std::filesystem::path path_;
};

std::string error_of(const std::string& csv) {
  const TemporaryFile file(csv);
  try {
    static_cast<void>(make_workload({.file = file.path()}, star(), 1));
  } catch (const InputError& error) {
    return std::string(error.what()).substr(file.path().size());
  }
  return "";
}

}  // namespace

TEST_CASE("workload: arrivals are ordered, at the rate, and nobody pays itself") {
  const auto workload = make_workload({.payments = 20'000, .rate_per_s = 4}, star(), 1);
  REQUIRE(workload.size() == 20'000);
  for (std::size_t i = 1; i < workload.size(); ++i) REQUIRE(workload[i - 1].at <= workload[i].at);
  for (const auto& payment : workload) {
    REQUIRE(payment.sender != payment.receiver);
    REQUIRE(payment.sender != NodeId{4});
    REQUIRE(payment.receiver != NodeId{4});
  }
  CHECK(to_seconds(workload.back().at.time_since_epoch()) == doctest::Approx(5'000).epsilon(0.03));
}

TEST_CASE("workload: endpoints by degree and by capacity follow the weights") {
  for (const Endpoints endpoints : {Endpoints::degree, Endpoints::capacity}) {
    const auto workload = make_workload({.payments = 20'000, .endpoints = endpoints}, star(), 1);
    std::map<std::uint32_t, int> senders;
    for (const auto& payment : workload) ++senders[payment.sender.index];
    // Degree: hub 3 of 6. Capacity: hub 1000 of 2000, c 600 of 2000.
    CHECK(senders[0] / 20'000.0 == doctest::Approx(0.5).epsilon(0.05));
    const double share_of_c = endpoints == Endpoints::degree ? 1.0 / 6 : 0.3;
    CHECK(senders[3] / 20'000.0 == doctest::Approx(share_of_c).epsilon(0.05));
  }
}

TEST_CASE("workload: the same seed gives the same payments, whatever the amounts are") {
  const auto small = make_workload({.payments = 100}, star(), 9);
  WorkloadParams larger{.payments = 100};
  larger.amount.mean *= 10;
  const auto large = make_workload(larger, star(), 9);
  for (std::size_t i = 0; i < small.size(); ++i) {
    CHECK(small[i].at == large[i].at);
    CHECK(small[i].sender == large[i].sender);
    CHECK(small[i].receiver == large[i].receiver);
    CHECK(small[i].amount < large[i].amount);
  }
}

TEST_CASE("workload: payments from a file are sorted by their start") {
  const TemporaryFile file(
      "start_ms,source,destination,amount_msat\n20.5,a,b,7\n0,hub,c,1000\n20.5,b,a,8\n");
  const auto workload = make_workload({.file = file.path()}, star(), 1);
  REQUIRE(workload.size() == 3);
  CHECK(workload[0].receiver == NodeId{3});
  CHECK(workload[1].amount == Msat{7});
  CHECK(workload[1].at == SimTime{SimDuration{20'500'000}});
  CHECK(workload[2].amount == Msat{8});
}

TEST_CASE("workload: CLoTH's columns are known by the header") {
  const TemporaryFile file(
      "id,sender_id,receiver_id,amount,start_time\r\n0,a,b,7000,20\r\n1,hub,c,5,10\r\n");
  const auto workload = make_workload({.file = file.path()}, star(), 1);
  REQUIRE(workload.size() == 2);
  CHECK(workload[0].sender == NodeId{0});
  CHECK(workload[0].amount == Msat{5});
  CHECK(workload[1].receiver == NodeId{2});
  CHECK(workload[1].at == SimTime{SimDuration{20'000'000}});
  const std::string header = "id,sender_id,receiver_id,amount,start_time\n";
  CHECK(error_of(header + "0,a,a,7,20\n") ==
        ":2: receiver_id: found \"a\"; allowed: another node than the source");
  CHECK(error_of("id,sender_id,receiver_id,amount\n0,a,b,7\n") ==
        ":1: start_time: found no such column; the header has id,sender_id,receiver_id,amount");
  CHECK(error_of("a,b\n1,2\n") == ":1: source: found no such column; the header has a,b");
}

TEST_CASE("workload: files that are empty, missing or folders are named") {
  CHECK(error_of("") == ": found no header");
  const auto read = [](const std::string& file) { make_workload({.file = file}, star(), 1); };
  CHECK_THROWS_WITH_AS(read("/no/such"), "/no/such: cannot be read: No such file or directory",
                       InputError);
  CHECK_THROWS_WITH_AS(read("/tmp"), "/tmp: found a folder; allowed: a file", InputError);
}

TEST_CASE("workload: the payments of several runs are not one workload") {
  const std::string header = "run,source,destination,amount_msat,start_ms\n";
  CHECK(error_of(header + "3,hub,a,1,0\n3,hub,a,1,0\n").empty());
  CHECK(error_of(header + "3,hub,a,1,0\n3,hub,a,1,5\n4,hub,a,1,0\n") ==
        ":4: run: found \"4\"; allowed: the payments of one run, here \"3\"");
}

TEST_CASE("workload: bad files are refused with line and column") {
  const std::string header = "source,destination,amount_msat,start_ms\n";
  CHECK(error_of(header + "hub,aa,1,0\n") ==
        ":2: destination: found \"aa\"; allowed: the name of a node of the topology; did you mean "
        "\"a\"?");
  CHECK(error_of(header + "hub,hub,1,0\n") ==
        ":2: destination: found \"hub\"; allowed: another node than the source");
  CHECK(error_of(header + "hub,a,-5,0\n").starts_with(":2: amount_msat: found \"-5\""));
  CHECK(error_of(header + "hub,a,1,soon\n").starts_with(":2: start_ms: found \"soon\""));
}

TEST_CASE("workload: amounts and times that no run could hold are refused") {
  WorkloadParams large{.payments = 20};
  large.amount = {.kind = DistributionKind::constant, .mean = 2.1e15};
  CHECK_THROWS_AS(make_workload(large, star(), 1), InputError);
  CHECK_THROWS_AS(make_workload({.payments = 10'000, .rate_per_s = 1e-6}, star(), 1), InputError);
}
