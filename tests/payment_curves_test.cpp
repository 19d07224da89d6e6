#include "sim/report/payment_curves.hpp"

#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/check.hpp"
#include "sim/measure/confidence.hpp"
#include "sim/measure/metrics.hpp"
#include "sim/report/results.hpp"
#include "tests/report_world.hpp"

using namespace ampsim;
using namespace ampsim::report;
using ampsim::test::TemporaryFolder;

namespace {

constexpr const char* kHeader = "run,amount_msat,start_ms,end_ms,state\n";

PaymentCurves curves_of(const std::string& rows, std::size_t points, std::size_t replicates) {
  const TemporaryFolder folder;
  return read_payments(folder.write("payments.csv", kHeader + rows), points, replicates);
}

}  // namespace

TEST_CASE("payment_curves: times are quantiles of the succeeded payments of all replicates") {
  const PaymentCurves curves = curves_of(
      "0,1000,0,10,succeeded\n0,1000,5,25,succeeded\n0,1000,0,900,failed\n"
      "1,1000,0.5,30.5,succeeded\n3,1000,0,7,failed\n",
      2, 2);
  REQUIRE(curves.latencies.size() == 2);
  CHECK(curves.latencies[0].payments == 4);
  CHECK(curves.latencies[0].succeeded == 3);
  const std::vector<double>& shares = latency_shares();
  REQUIRE(curves.latencies[0].ms.size() == shares.size());
  for (std::size_t i = 0; i < shares.size(); ++i) {
    std::vector<double> times = {10, 20, 30};
    CHECK(curves.latencies[0].ms[i] == sim::quantile(times, shares[i]));
  }
  CHECK(shares.front() == 0);
  CHECK(shares.back() == 1);
  CHECK(curves.latencies[1].payments == 1);
  CHECK(curves.latencies[1].ms.empty());
}

TEST_CASE("payment_curves: amounts are counted by 1 and 2 and 5 and their tens") {
  const PaymentCurves curves = curves_of(
      "0,999,0,1,succeeded\n0,1000,0,1,succeeded\n0,1999,0,1,failed\n0,2000,0,1,failed\n"
      "0,4999,0,1,failed\n0,5000,0,1,succeeded\n0,9999,0,1,failed\n0,10000,0,1,succeeded\n"
      "0,123456789,0,1,succeeded\n0,9007199254740991000,0,1,partial\n",
      1, 1);
  std::string seen;
  for (const AmountBin& bin : curves.by_amount[0]) {
    seen += std::to_string(bin.from_sat) + "-" + std::to_string(bin.to_sat) + ":" +
            std::to_string(bin.payments) + " ";
  }
  CHECK(seen ==
        "0-1:1 1-2:2 2-5:2 5-10:2 10-20:1 100000-200000:1 "
        "5000000000000000-10000000000000000:1 ");
  CHECK(curves.by_amount[0][1].rate == 0.5);
  CHECK(std::isnan(curves.by_amount[0][1].ci95));
}

TEST_CASE("payment_curves: rates are means over the replicates that have such an amount") {
  const PaymentCurves curves = curves_of(
      "0,1000,0,1,succeeded\n0,1000,0,1,failed\n1,1000,0,1,succeeded\n2,50000,0,1,succeeded\n", 1,
      3);
  REQUIRE(curves.by_amount[0].size() == 2);
  const sim::Confidence expected = sim::confidence(std::vector<double>{0.5, 1.0});
  CHECK(curves.by_amount[0][0].rate == expected.mean);
  CHECK(curves.by_amount[0][0].ci95 == expected.ci95);
  CHECK(curves.by_amount[0][0].payments == 3);
  CHECK(curves.by_amount[0][1].from_sat == 50);
}

TEST_CASE("payment_curves: medians and rates of a real experiment are those of its measures") {
  const TemporaryFolder folder;
  const std::string text = kComparison;
  run_into(folder.path() / "r", text.substr(0, text.find("replicates")) + "replicates = 1\n" +
                                    text.substr(text.find("[topology]")));
  const Results results = read_results(folder.path() / "r");
  const PaymentCurves curves =
      read_payments(folder.path() / "r/payments.csv", results.points.size(), 1);
  const MeasureColumn& median = *results.find_measure("latency_p50_ms");
  const MeasureColumn& success = *results.find_measure("success_rate");
  std::size_t middle = 0;
  while (std::abs(latency_shares()[middle] - 0.5) > 1e-9) ++middle;
  for (std::size_t point = 0; point < results.points.size(); ++point) {
    const LatencyCurve& curve = curves.latencies[point];
    CHECK(static_cast<double>(curve.succeeded) / static_cast<double>(curve.payments) ==
          success.mean[point]);
    CHECK(curve.ms[middle] == doctest::Approx(median.mean[point]));
    double arrived = 0;
    for (const AmountBin& bin : curves.by_amount[point]) {
      arrived += bin.rate * static_cast<double>(bin.payments);
    }
    CHECK(arrived == doctest::Approx(static_cast<double>(curve.succeeded)));
  }
}

TEST_CASE("payment_curves: rows out of order and runs that do not exist are refused") {
  CHECK_THROWS_AS(curves_of("1,1,0,1,failed\n0,1,0,1,failed\n", 1, 2), InputError);
  CHECK_THROWS_AS(curves_of("2,1,0,1,failed\n", 1, 2), InputError);
  CHECK_THROWS_AS(curves_of(",1,0,1,failed\n", 1, 2), InputError);
  CHECK_THROWS_AS(curves_of("x,1,0,1,failed\n", 1, 2), InputError);
}
