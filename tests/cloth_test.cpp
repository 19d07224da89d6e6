#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/check.hpp"
#include "tests/cloth_comparison.hpp"
#include "tests/printing.hpp"
#include "tests/temporary_folder.hpp"

using namespace ampsim;
using namespace ampsim::test;

namespace {

const std::string kExperiment = AMPSIM_SOURCE_DIR "/experiments/cloth.toml";
const std::string kData = AMPSIM_SOURCE_DIR "/../shared/data";

bool is_there() {
  const bool is = std::filesystem::exists(kData + "/workloads");
  if (!is) MESSAGE("skipped: no " << kData << "/workloads");
  return is;
}

std::size_t count(const std::vector<ClothCase>& cases, ClothCase which) {
  return static_cast<std::size_t>(std::count(cases.begin(), cases.end(), which));
}

// 0 == 1 -- 2. In sat: of channel 0, 0 has 100 and 1 has 10; of channel 1, 0 has nothing and 1 has
// 300; of channel 2, 1 has 100 and 2 has 50.
const std::string kNodes = "id\n0\n1\n2\n";
const std::string kChannels =
    "id,edge1_id,edge2_id,node1_id,node2_id,capacity\n"
    "0,0,1,0,1,110000\n1,2,3,0,1,300000\n2,4,5,1,2,150000\n";
const std::string kEdges =
    "id,channel_id,counter_edge_id,from_node_id,to_node_id,balance,fee_base,fee_proportional,"
    "min_htlc,timelock\n"
    "0,0,1,0,1,100000,0,0,0,40\n1,0,0,1,0,10000,0,0,0,40\n"
    "2,1,3,0,1,0,0,0,0,40\n3,1,2,1,0,300000,0,0,0,40\n"
    "4,2,5,1,2,100000,0,0,0,40\n5,2,4,2,1,50000,0,0,0,40\n";
const std::string kPayments =
    "id,sender_id,receiver_id,amount,start_time\n"
    "0,0,2,60000,0\n"        // both, over channel 0
    "1,2,0,105000,10000\n"   // CLoTH sends over channel 0, ours over channel 1
    "2,0,1,102000,20000\n"   // of which 0 had only 100 at the start
    "3,0,2,200000,30000\n";  // nobody has that much
const std::string kOutput =
    "id,sender_id,receiver_id,amount,start_time,end_time,mpp,is_success,no_balance_count,"
    "offline_node_count,timeout_exp,attempts,route,total_fee\n"
    "0,0,2,60000,0,400,0,1,0,0,0,1,0-4,0\n"
    "1,2,0,105000,10000,10400,0,0,1,0,0,2,5-1,0\n"
    "2,0,1,102000,20000,20000,0,0,0,0,0,1,-1,\n"
    "3,0,2,200000,30000,30000,0,0,0,0,0,1,-1,\n";

ClothFiles small_files(const TemporaryFolder& folder, const std::string& output) {
  return {.experiment = kExperiment,
          .topology = {folder.write("nodes", kNodes).string(),
                       folder.write("channels", kChannels).string(),
                       folder.write("edges", kEdges).string()},
          .payments = folder.write("payments", kPayments).string(),
          .output = folder.write("output", output).string()};
}

}  // namespace

TEST_CASE("cloth: differences have their causes, on three nodes") {
  const TemporaryFolder folder;
  const ClothRun run = run_as_cloth(small_files(folder, kOutput), {});
  const std::vector<ClothCase> expected{ClothCase::same_route, ClothCase::only_ours_parallel,
                                        ClothCase::only_ours_later, ClothCase::neither};
  const std::vector<ClothCase> cases = classify(run);
  CHECK((cases == expected));
  CHECK(same_outcomes(cases) == 2);
  CHECK(unexplained_outcomes(cases) == 0);
  const ClothMeasures ours = our_measures(run);
  CHECK(ours.succeeded == 3);
  CHECK(ours.hops == doctest::Approx(5.0 / 3));
  CHECK(their_measures(run).succeeded == 1);
  CHECK(their_measures(run).volume_rate == doctest::Approx(60.0 / 467));
  // 0 starts with 100 sat, gets 105 and is to send 60 + 102 + 200.
  CHECK(must_fail(run) == 1);
  CHECK(ends_allow(run) == 3);
  // Alone, neither what 0 has got before nor what 2 has.
  CHECK(count_alone(small_files(folder, kOutput), {}) == 1);
}

TEST_CASE("cloth: an output of other payments is refused") {
  const TemporaryFolder folder;
  const auto error_of = [&](const std::string& from, const std::string& to) {
    std::string output = kOutput;
    output.replace(output.find(from), from.size(), to);
    try {
      run_as_cloth(small_files(folder, output), {});
    } catch (const InputError& error) {
      const std::string message = error.what();
      return message.substr(message.find("output") + 6);
    }
    return std::string("accepted");
  };
  CHECK(error_of("0,0,2,60000", "0,1,2,60000") ==
        ":2: sender_id: found \"1\"; allowed: 0, as the payments have it");
  CHECK(error_of("0-4", "0+4") ==
        ":2: route: found \"0+4\"; allowed: ids of edges with '-' between them, or -1");
  CHECK(error_of("0-4", "0-6").starts_with(":2: route: "));
  CHECK(error_of("3,0,2,200000,30000,30000,0,0,0,0,0,1,-1,\n", "") ==
        ": found 3 payments; allowed: 4");
}

TEST_CASE("cloth: the workload `small` ends as in CLoTH" * doctest::test_suite("slow")) {
  if (!is_there()) return;
  const ClothFiles files = cloth_files(kExperiment, kData, "small");
  const ClothRun run = run_as_cloth(files, {});
  const ClothMeasures ours = our_measures(run);
  const ClothMeasures theirs = their_measures(run);
  REQUIRE(theirs.payments == 1000);
  CHECK(theirs.success_rate() == doctest::Approx(0.706));
  CHECK(ours.success_rate() == doctest::Approx(theirs.success_rate()).epsilon(0.01));
  CHECK(std::abs(ours.hops - theirs.hops) < 0.05);
  CHECK(std::abs(ours.fee_median / theirs.fee_median - 1) < 0.01);
  const std::vector<ClothCase> cases = classify(run);
  CHECK(same_outcomes(cases) >= 950);
  CHECK(unexplained_outcomes(cases) == 0);
  CHECK(count(cases, ClothCase::other_route) == 0);
  CHECK(count(cases, ClothCase::same_route) >= 500);

  // The comparison sees a difference in the model.
  const std::vector<ClothCase> other = classify(run_as_cloth(files, {"payment.max_attempts=1"}));
  CHECK(same_outcomes(other) < 950);
}

TEST_CASE("cloth: of the workload `mpp` AMP completes more, and none by half" *
          doctest::test_suite("slow")) {
  if (!is_there()) return;
  const ClothRun run = run_as_cloth(cloth_files(kExperiment, kData, "mpp"), {"payment.scheme=amp"});
  const ClothMeasures ours = our_measures(run);
  const ClothMeasures theirs = their_measures(run);
  REQUIRE(theirs.payments == 5000);
  CHECK(theirs.success_rate() == doctest::Approx(0.7044));
  CHECK(ours.success_rate() > 0.85);
  CHECK(ours.partial == 0);
  CHECK(must_fail(run) == 327);
  CHECK(ours.succeeded <= 5000 - must_fail(run));
  CHECK(ends_allow(run) == 4412);
}
