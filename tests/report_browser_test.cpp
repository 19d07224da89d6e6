/// report.html in a real Chromium, without a window: it opens without an error and without a
/// request, its charts hold the numbers of summary.csv, and its table sorts. Where there is no
/// Chromium (Debian: chromium) the tests say that they were skipped.

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "core/csv.hpp"
#include "sim/report/page.hpp"
#include "tests/guide_page.hpp"
#include "tests/report_world.hpp"

using namespace ampsim;
using namespace ampsim::report;
using ampsim::sim::content_of;
using ampsim::test::TemporaryFolder;
namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

/// The browser's command, "" where there is none.
std::string browser() {
  for (const std::string name : {"chromium", "chromium-browser", "google-chrome"}) {
    if (std::system(("command -v " + name + " >/dev/null").c_str()) == 0) return name;
  }
  MESSAGE("skipped: no chromium");
  return "";
}

struct Visit {
  std::string page;                   ///< as it is after its scripts have run
  std::vector<std::string> console;   ///< what it wrote there
  std::vector<std::string> requests;  ///< that it sent, from the browser's own log
};

/// Opens a page that lies in the folder.
Visit open_page(const std::string& browser,
                const TemporaryFolder& folder,
                const std::string& name) {
  const std::string at = folder.path().string() + "/";
  const std::string command =
      "timeout 300 " + browser +
      " --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync "
      "--disable-background-networking --disable-component-update --disable-dev-shm-usage "
      "--host-resolver-rules='MAP * ~NOTFOUND' --window-size=1200,2000 "
      "--virtual-time-budget=20000 --enable-logging=stderr --user-data-dir='" +
      at + "profile' --log-net-log='" + at + "net.json' --dump-dom 'file://" + at + name + "' >'" +
      at + "dom' 2>'" + at + "log' </dev/null";
  REQUIRE(std::system(command.c_str()) == 0);
  Visit visit;
  visit.page = content_of(at + "dom");
  for (const std::string& line : test::lines_of(content_of(at + "log"))) {
    if (line.find(":CONSOLE") != std::string::npos) visit.console.push_back(line);
  }
  for (const std::string& line : test::lines_of(content_of(at + "net.json"))) {
    // The browser's own requests, for news of itself, belong to no page.
    const bool is_of_page = line.find("\"network_isolation_key\":\"file://") != std::string::npos;
    if (is_of_page && line.find("\"url\":\"http") != std::string::npos) {
      visit.requests.push_back(line);
    }
  }
  return visit;
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), with);
}

/// The page and a script that uses it.
std::string with_check(const std::string& page) {
  constexpr const char* kEarly =
      "<head>\n<script>window.earlyErrors = [];\n"
      "addEventListener('error', (e) => earlyErrors.push(String(e.message)));\n"
      "addEventListener('securitypolicyviolation', (e) => earlyErrors.push(e.blockedURI));\n"
      "</script>";
  const std::string check = content_of(fs::path(AMPSIM_SOURCE_DIR) / "tests/report_page_check.js");
  return replaced(replaced(page, "<head>", kEarly), "</body>",
                  "<script>\n" + check + "</script></body>");
}

/// What the script wrote, read back from the page.
Json found_in(const std::string& page) {
  constexpr std::string_view kOpen = "<pre id=\"found\">";
  const std::size_t start = page.rfind(kOpen);
  REQUIRE(start != std::string::npos);
  std::string text = page.substr(start + kOpen.size());
  text.resize(text.find("</pre>"));
  for (const auto& [entity, letter] :
       {std::pair<std::string, std::string>{"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}}) {
    for (std::size_t at = text.find(entity); at != std::string::npos; at = text.find(entity, at)) {
      text.replace(at, entity.size(), letter);
      at += letter.size();
    }
  }
  return Json::parse(text);
}

/// A cell of summary.csv by its two swept values and its column.
using Cells = std::map<std::pair<std::string, std::string>, std::map<std::string, double>>;
Cells cells_of(const fs::path& file) {
  const CsvTable table(content_of(file), file.string());
  Cells cells;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    auto& point = cells[{std::string(table.at(row, "payment.scheme")),
                         std::string(table.at(row, "workload.amount.mean_sat"))}];
    for (const std::string& column : table.columns()) {
      const std::string cell(table.at(row, column));
      if (column != "payment.scheme") point[column] = cell.empty() ? NAN : std::stod(cell);
    }
  }
  return cells;
}

/// "mean_sat = 100,000" and "100,000" as summary.csv has it.
std::string plain(std::string text) {
  if (const std::size_t at = text.find(" = "); at != std::string::npos) text.erase(0, at + 3);
  std::erase(text, ',');
  return text;
}

/// Compares every point of a chart with summary.csv; returns how many there were.
std::size_t check_chart(const Json& chart, const Cells& cells) {
  std::size_t count = 0;
  const std::string measure = chart["measure"];
  for (const Json& line : chart["series"]) {
    for (const Json& point : line["points"]) {
      std::string scheme = plain(line["label"]);
      std::string amount = plain(point["place"]);
      if (chart["along"] == "payment.scheme") std::swap(scheme, amount);
      const auto& row = cells.at({scheme, amount});
      const Json& value = point[chart["horizontal"] == true ? "x" : "y"];
      const double mean = row.at(measure + "_mean");
      CAPTURE(scheme);
      CAPTURE(amount);
      CHECK((std::isnan(mean) ? value.is_null() : value == mean));
      const double half = row.at(measure + "_ci95");
      if (!std::isnan(half)) {
        CHECK(point["low"] == mean - half);
        CHECK(point["high"] == mean + half);
      }
      ++count;
    }
  }
  return count;
}

std::vector<double> numbers_of(const Json& texts) {
  std::vector<double> numbers;
  for (const std::string text : texts) numbers.push_back(std::stod(plain(text)));
  return numbers;
}

void check_charts(const Json& found, const Cells& cells, const Results& results) {
  REQUIRE(found["charts"].size() == 2 * results.measures.size());
  for (const Json& chart : found["charts"]) {
    CAPTURE(chart["measure"]);
    CHECK(check_chart(chart, cells) == results.points.size());
  }
  const Json amounts = {{"measure", "success_rate"},
                        {"along", "workload.amount.mean_sat"},
                        {"horizontal", false},
                        {"series", found["amounts"]}};
  Json by_place = amounts;
  for (Json& line : by_place["series"]) {
    for (Json& point : line["points"]) {
      point["place"] = std::to_string(point["x"].get<std::int64_t>());
    }
  }
  CHECK(check_chart(by_place, cells) == results.points.size());
  CHECK(found["everyMeasure"] == results.measures.size());
  CHECK(found["hidden"] == Json({true, false, false}));
  CHECK(found["pressed"] == "false");
  CHECK(found["numbersRows"] == 3);
}

void check_table(const Json& found, const Cells& cells) {
  std::vector<double> rates;
  for (const auto& [point, row] : cells) rates.push_back(row.at("success_rate_mean"));
  std::sort(rates.begin(), rates.end());
  const Json& sorted = found["sorted"];
  CHECK(sorted["before"]["sort"] == "none");
  CHECK(sorted["up"]["sort"] == "ascending");
  CHECK(numbers_of(sorted["up"]["values"]) == rates);
  CHECK(sorted["down"]["sort"] == "descending");
  std::reverse(rates.begin(), rates.end());
  CHECK(numbers_of(sorted["down"]["values"]) == rates);
  const std::vector<double> amounts = numbers_of(sorted["key"]["values"]);
  CHECK(std::is_sorted(amounts.begin(), amounts.end()));
  CHECK(amounts.back() == 1'000'000);

  const CsvTable saved(found["csv"].get<std::string>(), "saved.csv");
  REQUIRE(saved.rows() == cells.size());
  for (std::size_t row = 0; row < saved.rows(); ++row) {
    const auto& point = cells.at({std::string(saved.at(row, "payment.scheme")),
                                  std::string(saved.at(row, "workload.amount.mean_sat"))});
    for (const char* column : {"success_rate_mean", "success_rate_ci95", "fee_ppm_mean_mean"}) {
      CHECK(std::stod(std::string(saved.at(row, column))) == point.at(column));
    }
  }
}

}  // namespace

TEST_CASE("report_browser: the page opens cleanly and holds the numbers of the CSV files" *
          doctest::test_suite("slow")) {
  const std::string chromium = browser();
  if (chromium.empty()) return;
  const TemporaryFolder folder;
  run_into(folder.path() / "r", kComparison);
  const PageContent content = read_content(folder.path() / "r");
  folder.write("page.html", with_check(page_html(content)));
  const Visit visit = open_page(chromium, folder, "page.html");
  CHECK(visit.console == std::vector<std::string>{});
  CHECK(visit.requests == std::vector<std::string>{});
  const Json found = found_in(visit.page);
  CHECK(found["errors"] == Json::array());
  CHECK(found["requests"] == Json::array());
  CHECK(found["drawn"] == true);
  CHECK(found["title"] == "comparison");
  CHECK(found["settings"] == content.results.settings);

  const Cells cells = cells_of(folder.path() / "r/summary.csv");
  check_charts(found, cells, content.results);
  check_table(found, cells);
  REQUIRE(found["latency"].size() == 3);
  for (std::size_t line = 0; line < 3; ++line) {
    // The amount in the middle is chosen.
    const LatencyCurve& curve = content.payments.latencies[3 * line + 1];
    REQUIRE(found["latency"][line]["points"].size() == curve.ms.size());
    for (std::size_t i = 0; i < curve.ms.size(); ++i) {
      const Json& point = found["latency"][line]["points"][i];
      CHECK(std::abs(point["x"].get<double>() - curve.ms[i]) <= 0.0005001);
      CHECK(point["y"] == latency_shares()[i]);
    }
  }
  CHECK(found["channels"] == content.network.layouts[0].channels.size());
  CHECK(found["nodes"] == content.network.layouts[0].nodes.size());
  CHECK(found["depletion"][0]["points"].size() == 10);
  CHECK(found["onPaper"] == Json({true, true}));
  CHECK(found["afterwards"] == Json({false, false}));
  CHECK(found["unnamed"] == 0);
  CHECK(found["canvases"].size() > 10);
  for (const Json& canvas : found["canvases"]) {
    CHECK(canvas["label"].get<std::string>().find("Its numbers are below") != std::string::npos);
    CHECK(canvas["width"] > 100);
    CHECK(canvas["height"] > 100);
  }
}

TEST_CASE("report_browser: a page without payments or channels or a sweep opens cleanly" *
          doctest::test_suite("slow")) {
  const std::string chromium = browser();
  if (chromium.empty()) return;
  const TemporaryFolder folder;
  run_into(folder.path() / "r",
           "[topology]\ngenerator = \"complete\"\nnodes = 5\n[workload]\npayments = 9\n"
           "[record]\npayments = false\n");
  folder.write("page.html", page_html(read_content(folder.path() / "r")));
  const Visit visit = open_page(chromium, folder, "page.html");
  CHECK(visit.console == std::vector<std::string>{});
  CHECK(visit.requests == std::vector<std::string>{});
  CHECK(visit.page.find("data-drawn=\"\"") != std::string::npos);
  CHECK(visit.page.find("Channels were not recorded") != std::string::npos);
  CHECK(visit.page.find("Single payments were not recorded") != std::string::npos);
}

TEST_CASE("report_browser: a page that asks for something or complains is found" *
          doctest::test_suite("slow")) {
  const std::string chromium = browser();
  if (chromium.empty()) return;
  const TemporaryFolder folder;
  folder.write("page.html",
               "<body><img src=\"http://example.invalid/x.png\"><script>\n"
               "console.error(\"so\");</script></body>");
  const Visit visit = open_page(chromium, folder, "page.html");
  CHECK(visit.console.size() == 1);
  CHECK_FALSE(visit.requests.empty());
}
