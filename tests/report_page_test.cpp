#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "core/check.hpp"
#include "sim/measure/csv_writer.hpp"
#include "sim/report/page.hpp"
#include "sim/report/page_texts.hpp"
#include "tests/report_world.hpp"

using namespace ampsim;
using namespace ampsim::report;
using ampsim::sim::content_of;
using ampsim::test::TemporaryFolder;
using Json = nlohmann::json;

namespace {

/// summary.csv and runs.csv of a sweep of two keys, with so many measures.
void write_sweep(const TemporaryFolder& folder, int first, int second, int measures) {
  std::string runs = "point,replicate,seed,a,b";
  std::string summary = "a,b,replicates";
  for (int i = 0; i < measures; ++i) {
    const std::string name = i == 0 ? "success_rate" : "m" + std::to_string(i);
    runs += "," + name;
    summary += "," + name + "_mean," + name + "_sd," + name + "_ci95";
  }
  summary += '\n';
  for (int a = 0; a < first; ++a) {
    for (int b = 0; b < second; ++b) {
      summary += std::to_string(a) + "," + std::to_string(b) + ",5";
      for (int i = 0; i < measures; ++i) {
        const std::string value = sim::shortest(std::sqrt(1 + a + 7 * b + 13 * i));
        summary += "," + value + ",0.1," + value;
      }
      summary += '\n';
    }
  }
  write_results(folder, {{"runs.csv", runs + "\n"}, {"summary.csv", summary}});
}

}  // namespace

TEST_CASE("report_page: its numbers are those of the results") {
  const TemporaryFolder folder;
  run_into(folder.path() / "r", kComparison);
  const PageContent content = read_content(folder.path() / "r");
  const Json page = Json::parse(page_json(content));
  const Results& results = content.results;
  CHECK(page["name"] == "comparison");
  CHECK(page["replicates"] == 3);
  CHECK(page["allPoints"] == 9);
  CHECK(page["points"].size() == 9);
  CHECK(page["leftOut"].empty());
  REQUIRE(page["measures"].size() == results.measures.size());
  for (std::size_t i = 0; i < results.measures.size(); ++i) {
    const MeasureColumn& measure = results.measures[i];
    CAPTURE(measure.name);
    CHECK(page["measures"][i]["name"] == measure.name);
    for (std::size_t point = 0; point < results.points.size(); ++point) {
      const Json& mean = page["measures"][i]["mean"][point];
      CHECK((std::isnan(measure.mean[point]) ? mean.is_null() : mean == measure.mean[point]));
      const Json& half = page["measures"][i]["ci95"][point];
      CHECK((std::isnan(measure.ci95[point]) ? half.is_null() : half == measure.ci95[point]));
    }
  }
  CHECK(page["latency"]["curves"].size() == 9);
  CHECK(page["amounts"].size() == 9);
  CHECK(page["network"]["ends"].size() == 9);
  CHECK(page["network"]["layouts"].size() == 1);
}

TEST_CASE("report_page: the same folder gives the same bytes") {
  const TemporaryFolder folder;
  run_into(folder.path() / "r", kComparison);
  write_page(folder.path() / "r", folder.path() / "one.html");
  write_page(folder.path() / "r", folder.path() / "two.html");
  const std::string page = content_of(folder.path() / "one.html");
  CHECK(page == content_of(folder.path() / "two.html"));
  CHECK(page == page_html(read_content(folder.path() / "r")));
}

TEST_CASE("report_page: nothing in it is loaded from elsewhere") {
  const TemporaryFolder folder;
  write_sweep(folder, 2, 2, 2);
  const std::string page = page_html(read_content(folder.path()));
  CHECK(page.find("default-src 'none'") < page.find("<script"));
  for (const char* attribute : {"src=", "srcset=", "@import", "url(", "sourceMappingURL"}) {
    CAPTURE(attribute);
    const std::string library(page_text("chart.min.js"));
    // What the library's own code says is code, and what it asks for the policy forbids.
    const std::size_t start = page.find(library.substr(0, 200));
    CHECK(page.substr(0, start).find(attribute) == std::string::npos);
    CHECK(page.substr(start + library.size() - 200).find(attribute) == std::string::npos);
  }
  CHECK(page.find("Chart.js v3.") != std::string::npos);
  CHECK(page.find("Charts by Chart.js 3.") != std::string::npos);
  CHECK(page.find("Permission is hereby granted") != std::string::npos);
  CHECK(page.find("{{") == std::string::npos);
  CHECK_THROWS_AS(page_text("none.js"), InvariantError);
}

TEST_CASE("report_page: what a user wrote stays text") {
  const TemporaryFolder folder;
  const std::string evil = "</script><script>alert(1)</script>&\"'";
  write_results(folder, {{"runs.csv", "point,replicate,seed,k,<i>\n"},
                         {"summary.csv",
                          "k,replicates,<i>_mean,<i>_sd,<i>_ci95\n\"</script><!-- \",1,1,,\n"}});
  folder.write("experiment.toml", "name = '''" + evil + "'''\n# {{json}}\n");
  const std::string page = page_html(read_content(folder.path()));
  CHECK(page.find("<script>alert(1)") == std::string::npos);
  CHECK(page.find("<i>") == std::string::npos);
  CHECK(page.find("<h1>&lt;/script&gt;") != std::string::npos);
  CHECK(page.find("# {{json}}") != std::string::npos);
  const std::size_t json = page.find("id=\"numbers\">") + 13;
  const Json numbers = Json::parse(page.substr(json, page.find("</script>", json) - json));
  CHECK(numbers["name"] == evil);
  CHECK(numbers["keys"][0]["values"][0] == "</script><!-- ");
}

TEST_CASE("report_page: large sweeps make a page that browsers take") {
  const TemporaryFolder folder;
  write_sweep(folder, 50, 20, 50);
  std::string payments = "run,amount_msat,start_ms,end_ms,state\n";
  for (int run = 0; run < 5000; ++run) {
    for (int i = 1; i < 8; ++i) {
      payments += std::to_string(run) + "," + std::to_string(i * i * i * 7000) + ",0," +
                  std::to_string(i * 103.017) + ",succeeded\n";
    }
  }
  folder.write("payments.csv", payments);
  const PageContent content = read_content(folder.path());
  const std::string page = page_html(content);
  CHECK(page.size() < 5'000'000);
  CHECK(Json::parse(page_json(content))["leftOut"].empty());
  CHECK(Json::parse(page_json(content))["latency"]["curves"].size() == 1000);

  const TemporaryFolder larger;
  write_sweep(larger, 120, 100, 20);
  const PageContent many = read_content(larger.path());
  const Json numbers = Json::parse(page_json(many));
  CHECK(numbers["points"].size() == 12'000);
  CHECK(numbers["measures"].size() == kMostCells / 12'000);
  CHECK(numbers["measures"][0]["name"] == "success_rate");
  CHECK(numbers["leftOut"].size() == 20 - kMostCells / 12'000);
  CHECK(page_html(many).size() < 5'000'000);
}
