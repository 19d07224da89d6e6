#include "sim/cli/progress.hpp"

#include <cstdio>
#include <string>

#include <doctest/doctest.h>

#include "sim/cli/result_table.hpp"

using namespace ampsim;

TEST_CASE("progress: the line has a bar, runs, payments per second and the time left") {
  const sim::RunnerProgress half{
      .runs = 8, .runs_done = 4, .payments = 8000, .payments_done = 4000};
  CHECK(cli::progress_line(half, 10, 10) == "[=====>    ] 4/8 runs, 400 payments/s, 10 s left");
}

TEST_CASE("progress: nothing is made up at the start, and nothing is left at the end") {
  CHECK(cli::progress_line({.runs = 8, .payments = 80}, 0, 4) == "[>   ] 0/8 runs");
  const sim::RunnerProgress done{.runs = 8, .runs_done = 8, .payments = 80, .payments_done = 80};
  CHECK(cli::progress_line(done, 4, 4) == "[====] 8/8 runs, 20 payments/s");
}

TEST_CASE("progress: kept runs do not count as speed") {
  const sim::RunnerProgress resumed{.runs = 10, .runs_done = 6, .runs_kept = 5};
  CHECK(cli::progress_line(resumed, 10, 10) == "[==>       ] 6/10 runs, 40 s left");
}

TEST_CASE("progress: durations are read at a glance") {
  CHECK(cli::duration_text(0.4) == "0 s");
  CHECK(cli::duration_text(59.6) == "1 min 00 s");
  CHECK(cli::duration_text(187) == "3 min 07 s");
  CHECK(cli::duration_text(7500) == "2 h 05 min");
}

TEST_CASE("progress: a short run into a file prints nothing, quiet prints nothing anywhere") {
  std::FILE* file = std::tmpfile();
  REQUIRE(file != nullptr);
  {
    cli::ProgressLine line(file, /*is_quiet=*/false);
    line.show({.runs = 1});
    cli::ProgressLine quiet(file, /*is_quiet=*/true);
    quiet.show({.runs = 1});
  }
  CHECK(std::ftell(file) == 0);
  std::fclose(file);
}

TEST_CASE("result_table: a row a point with intervals, measures that are absent left out") {
  const std::string table = cli::result_table(
      "payment.scheme,workload.amount.mean_sat,replicates,success_rate_mean,success_rate_sd,"
      "success_rate_ci95,latency_p50_ms_mean,latency_p50_ms_sd,latency_p50_ms_ci95\n"
      "single,10000,3,0.9,0.01,0.0123,812.4,1,2\n"
      "amp,10000,1,1,,,,,\n");
  CHECK(table ==
        "scheme  mean_sat   success %  p50 ms\n"
        "single  10000     90.0 ± 1.2     812\n"
        "amp     10000          100.0       -\n");
}

TEST_CASE("result_table: where points are compared the differences stand at the end") {
  const std::string table = cli::result_table(
      "payment.scheme,replicates,success_rate_mean,success_rate_sd,success_rate_ci95,"
      "success_rate_diff_mean,success_rate_diff_sd,success_rate_diff_ci95\n"
      "mpp,5,0.5,0.1,0.02,,,\namp,5,0.75,0.1,0.04,0.25,0.1,0.01\n");
  CHECK(table ==
        "scheme   success %  success diff %\n"
        "mpp     50.0 ± 2.0               -\n"
        "amp     75.0 ± 4.0      25.0 ± 1.0\n");
}
