#include "sim/report/figures.hpp"

#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/check.hpp"
#include "tests/guide_page.hpp"
#include "tests/report_world.hpp"

using namespace ampsim;
using namespace ampsim::report;
using ampsim::sim::content_of;
using ampsim::test::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

constexpr const char* kSummary =
    "payment.scheme,workload.amount.mean_sat,topology.nodes,replicates,success_rate_mean,"
    "success_rate_sd,success_rate_ci95,latency_p50_ms_mean,latency_p50_ms_sd,latency_p50_ms_ci95\n"
    "mpp,1000,50,2,0.75,0,0.1,12,0,\n"
    "mpp,100000,50,2,0.5,0,0.0625,,,\n"
    "\"am\"\"p\",1000,50,2,0.8,0,0.1,11,0,1\n"
    "\"am\"\"p\",100000,50,2,0.6,0,0.1,,,\n"
    "mpp,1000,80,2,0.7,0,0.1,,,\n"
    "mpp,100000,80,2,0.4,0,0.1,,,\n"
    "\"am\"\"p\",1000,80,2,0.7,0,0.1,,,\n"
    "\"am\"\"p\",100000,80,2,0.4,0,0.1,,,\n";

Results by_hand(const TemporaryFolder& folder) {
  write_results(folder, {{"runs.csv",
                          "point,replicate,seed,payment.scheme,workload.amount.mean_sat,"
                          "topology.nodes,success_rate,latency_p50_ms\n"},
                         {"summary.csv", kSummary}});
  return read_results(folder.path());
}

std::vector<std::string> names_of(const std::vector<Figure>& figures) {
  std::vector<std::string> names;
  for (const Figure& figure : figures) names.push_back(figure.name);
  return names;
}

std::string refusal_of(const Results& results, const FigureChoice& choice) {
  try {
    figures_of(results, choice);
    return "";
  } catch (const InputError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("figures: one a measure and combination of the other keys, with the numbers") {
  const TemporaryFolder folder;
  const Results results = by_hand(folder);
  const std::vector<Figure> figures = figures_of(results, {});
  // The median has no value with 80 nodes.
  CHECK(names_of(figures) == std::vector<std::string>{"success_rate-nodes_50",
                                                      "success_rate-nodes_80",
                                                      "latency_p50_ms-nodes_50"});
  const std::string& script = figures[0].script;
  CAPTURE(script);
  CHECK(script.find("$line1 << END\n1000 0.75 0.1\n100000 0.5 0.0625\nEND\n") != std::string::npos);
  CHECK(script.find("$line2 << END\n1000 0.8 0.1\n100000 0.6 0.1\nEND\n") != std::string::npos);
  CHECK(script.find("set output \"success_rate-nodes_50.svg\"") != std::string::npos);
  CHECK(script.find("set ylabel \"Success rate (%)\"") != std::string::npos);
  CHECK(script.find("using ($1*0.981748):($2*100) with linespoints linetype 1 title \"mpp\"") !=
        std::string::npos);
  CHECK(script.find("set logscale x") != std::string::npos);
  CHECK(script.find("title \"am\\\"p\"") != std::string::npos);
  CHECK(figures[2].script.find("$line1 << END\n1000 12 0\nEND\n") != std::string::npos);
}

TEST_CASE("figures: keys and measures can be chosen") {
  const TemporaryFolder folder;
  const Results results = by_hand(folder);
  const std::vector<Figure> figures = figures_of(
      results,
      {.measures = {"success_rate"}, .along = "payment.scheme", .lines = "nodes", .format = "png"});
  CHECK(names_of(figures) ==
        std::vector<std::string>{"success_rate-mean_sat_1000", "success_rate-mean_sat_100000"});
  const std::string& script = figures[0].script;
  CHECK(script.find("set terminal pngcairo") != std::string::npos);
  CHECK(script.find("set xtics (\"mpp\" 0, \"am\\\"p\" 1)") != std::string::npos);
  CHECK(script.find("$line1 << END\n0 0.75 0.1\n1 0.8 0.1\nEND\n") != std::string::npos);
  CHECK(script.find("using ($1+0.06):($2*100) with points linetype 2 title \"80\"") !=
        std::string::npos);
  // The key that was along the axis takes the place of the lines.
  CHECK(names_of(figures_of(results, {.measures = {"success_rate"}, .lines = "mean_sat"})) ==
        std::vector<std::string>{"success_rate-nodes_50", "success_rate-nodes_80"});
  CHECK(refusal_of(results, {.measures = {"sucess_rate"}}) ==
        "--measure: found \"sucess_rate\"; allowed: success_rate, latency_p50_ms; did you mean "
        "\"success_rate\"?");
  CHECK(refusal_of(results, {.along = "payment.schema"}).find("--x: found \"payment.schema\"") ==
        0);
  CHECK(refusal_of(results, {.along = "nodes", .lines = "nodes"}).find("--by: found") == 0);
}

TEST_CASE("figures: nothing swept and too many are refused") {
  const TemporaryFolder one;
  write_results(one, {{"runs.csv", "point,replicate,seed,success_rate\n"},
                      {"summary.csv",
                       "replicates,success_rate_mean,success_rate_sd,success_rate_ci95\n1,1,,\n"}});
  CHECK(refusal_of(read_results(one.path()), {}).find("nothing was swept") != std::string::npos);
  const TemporaryFolder many;
  std::string summary = "a,b,c,replicates,success_rate_mean,success_rate_sd,success_rate_ci95\n";
  for (int i = 0; i < 402; ++i) {
    summary += std::to_string(i % 2) + ",x," + std::to_string(i / 2) + ",1,0.5,,\n";
  }
  write_results(
      many, {{"runs.csv", "point,replicate,seed,a,b,c,success_rate\n"}, {"summary.csv", summary}});
  CHECK(refusal_of(read_results(many.path()), {.along = "a", .lines = "b"})
            .find("there would be 201 figures") != std::string::npos);
}

TEST_CASE("figures: sampled points are all in one figure") {
  const TemporaryFolder folder;
  write_results(folder, {{"runs.csv", "point,replicate,seed,scheme,a,b,success_rate\n"},
                         {"summary.csv",
                          "scheme,a,b,replicates,success_rate_mean,success_rate_sd,"
                          "success_rate_ci95\n"
                          "mpp,7,1,1,0.1,,\nmpp,3,2,1,0.2,,\nmpp,5,3,1,0.3,,\n"
                          "amp,7,1,1,0.4,,\namp,3,2,1,0.5,,\namp,5,3,1,0.6,,\n"}});
  const std::vector<Figure> figures = figures_of(read_results(folder.path()), {.lines = "scheme"});
  REQUIRE(names_of(figures) == std::vector<std::string>{"success_rate"});
  CHECK(figures[0].script.find("$line1 << END\n3 0.2 0\n5 0.3 0\n7 0.1 0\nEND\n") !=
        std::string::npos);
  CHECK(figures[0].script.find("with points linetype 2 title \"amp\"") != std::string::npos);
}

TEST_CASE("figures: what is written on them calls no program and ends no line") {
  const TemporaryFolder folder;
  const std::string odd = "\"a`touch called`\n!touch called\"";
  write_results(folder, {{"runs.csv",
                          "point,replicate,seed,payment.scheme,workload.amount.mean_sat,"
                          "success_rate\n"},
                         {"summary.csv",
                          "payment.scheme,workload.amount.mean_sat,replicates,success_rate_mean,"
                          "success_rate_sd,success_rate_ci95\n" +
                              odd + ",1000,2,0.75,0,0.1\n" + odd + ",2000,2,0.75,0,0.1\n"}});
  for (const Figure& figure : figures_of(read_results(folder.path()), {})) {
    CAPTURE(figure.script);
    CHECK(figure.script.find('`') == std::string::npos);
    CHECK(figure.script.find("\n!") == std::string::npos);
  }
}

TEST_CASE("figures: gnuplot draws every one of them") {
  if (std::system("command -v gnuplot >/dev/null") != 0) {
    MESSAGE("skipped: no gnuplot");
    return;
  }
  const TemporaryFolder folder;
  const Results results = by_hand(folder);
  for (const std::string format : {"svg", "png"}) {
    for (const std::string along : {"mean_sat", "scheme"}) {
      for (const Figure& figure : figures_of(results, {.along = along, .format = format})) {
        const fs::path script = folder.write(figure.name + ".gp", figure.script);
        const std::string line =
            "cd '" + folder.path().string() + "' && gnuplot '" + figure.name + ".gp' >log 2>&1";
        CAPTURE(figure.script);
        CHECK(std::system(line.c_str()) == 0);
        CHECK(content_of(folder.path() / "log").empty());
        const std::string picture = content_of(folder.path() / (figure.name + "." + format));
        CHECK(picture.find(format == "svg" ? "<svg" : "PNG") != std::string::npos);
        if (format == "svg") CHECK(picture.find("mpp") != std::string::npos);
      }
    }
  }
}
