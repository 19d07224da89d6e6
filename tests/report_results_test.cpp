#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/check.hpp"
#include "core/csv.hpp"
#include "sim/report/results.hpp"
#include "tests/report_world.hpp"

using namespace ampsim;
using namespace ampsim::report;
using ampsim::sim::content_of;
using ampsim::test::TemporaryFolder;

namespace {

std::string refusal_of(const TemporaryFolder& folder) {
  try {
    read_results(folder.path());
    return "";
  } catch (const InputError& error) {
    const std::string message = error.what();
    return message.substr(folder.path().string().size());
  }
}

constexpr const char* kRuns = "point,replicate,seed,k,m,own\n";

}  // namespace

TEST_CASE("report_results: points and means are those of summary.csv") {
  const TemporaryFolder folder;
  run_into(folder.path() / "r", kComparison);
  const Results results = read_results(folder.path() / "r");
  CHECK(results.name == "comparison");
  CHECK(results.replicates == 3);
  CHECK(results.settings == content_of(folder.path() / "r/experiment.toml"));
  CHECK(results.manifest == content_of(folder.path() / "r/manifest.json"));
  REQUIRE(results.keys.size() == 2);
  CHECK(results.keys[0].name == "payment.scheme");
  CHECK(results.keys[0].values == std::vector<std::string>{"mpp", "invoices", "amp"});
  CHECK_FALSE(results.keys[0].is_number());
  CHECK_FALSE(results.keys[0].help.empty());
  CHECK(results.keys[1].title == "mean_sat");
  CHECK(results.keys[1].numbers == std::vector<double>{1'000, 100'000, 1'000'000});
  CHECK(results.keys[1].spans_decades);

  const std::string file = (folder.path() / "r/summary.csv").string();
  const CsvTable table(content_of(file), file);
  REQUIRE(results.points.size() == table.rows());
  CHECK(results.measures.size() == (table.columns().size() - 3) / 3);
  for (std::size_t point = 0; point < table.rows(); ++point) {
    for (std::size_t key = 0; key < 2; ++key) {
      CHECK(results.keys[key].values[results.points[point][key]] ==
            table.at(point, results.keys[key].name));
    }
    for (const MeasureColumn& measure : results.measures) {
      CAPTURE(measure.name);
      const std::string mean(table.at(point, measure.name + "_mean"));
      const std::string half(table.at(point, measure.name + "_ci95"));
      CHECK((mean.empty() ? std::isnan(measure.mean[point])
                          : measure.mean[point] == std::stod(mean)));
      CHECK((half.empty() ? std::isnan(measure.ci95[point])
                          : measure.ci95[point] == std::stod(half)));
    }
  }
  const Axes axes = usual_axes(results);
  CHECK(axes.along == 1);
  CHECK(axes.lines == 0);
  CHECK(results.find_measure("success_rate")->title == "Success rate");
  CHECK(results.find_measure("nothing") == nullptr);
  CHECK(results.measures[key_measures(results)[0]].name == "success_rate");
}

TEST_CASE("report_results: numbers of a key are put in order, and its names are not") {
  const TemporaryFolder folder;
  write_results(folder, {{"runs.csv", "point,replicate,seed,a.k,b.k,c,m\n"},
                         {"summary.csv",
                          "a.k,b.k,c,replicates,m_mean,m_sd,m_ci95\n"
                          "10,b,5,2,1,0,0\n1,b,5,2,2,0,0\n"
                          "10,a,5,2,3,0,0\n1,a,5,2,4,0,\n"}});
  const Results results = read_results(folder.path());
  CHECK(results.keys[0].values == std::vector<std::string>{"1", "10"});
  CHECK_FALSE(results.keys[0].spans_decades);
  CHECK(results.keys[0].title == "a.k");
  CHECK(results.keys[1].values == std::vector<std::string>{"b", "a"});
  CHECK(results.keys[2].title == "c");
  CHECK(results.points[0] == std::vector<std::size_t>{1, 0, 0});
  CHECK(results.points[3] == std::vector<std::size_t>{0, 1, 0});
  CHECK(results.measures[0].mean == std::vector<double>{1, 2, 3, 4});
  // A measure that nobody has described is shown by its name.
  CHECK(results.measures[0].title == "m");
  // The key with a single value is no axis.
  CHECK(usual_axes(results).along == 0);
  CHECK(usual_axes(results).lines == 1);
}

TEST_CASE("report_results: other columns of summary.csv are left alone") {
  const TemporaryFolder folder;
  write_results(folder, {{"runs.csv", kRuns},
                         {"summary.csv",
                          "k,replicates,m_mean,m_sd,m_ci95,m_difference,own_mean\n"
                          "x,1,1,,,7,8\n"}});
  const Results results = read_results(folder.path());
  REQUIRE(results.measures.size() == 1);
  CHECK(results.measures[0].name == "m");
  CHECK(usual_axes(results).along == Axes::kNone);
}

TEST_CASE("report_results: what holds no complete results is refused and named") {
  const TemporaryFolder folder;
  CHECK(refusal_of(folder) == ": there is no experiment.toml; allowed: a results folder");
  folder.write("experiment.toml", "name = \"e\"\n");
  CHECK(refusal_of(folder).find(": the results are not complete: there is no manifest.json") == 0);
  folder.write("manifest.json", "{}\n");
  folder.write("runs.csv", kRuns);
  folder.write("summary.csv", "k,m_mean\nx,1\n");
  CHECK(refusal_of(folder).find("replicates") != std::string::npos);
  folder.write("summary.csv", "k,replicates\n");
  CHECK(refusal_of(folder) == "/summary.csv: found no row; allowed: one a point");
}
