#include "sim/cli/report_command.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <doctest/doctest.h>
#include <sys/wait.h>

#include "tests/report_world.hpp"

using namespace ampsim;
using ampsim::sim::content_of;
using ampsim::test::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

struct Outcome {
  int code = -1;
  std::string out;
  std::string err;
};

/// A line of a shell in the folder, in which `ampsim` is the program.
Outcome call(const TemporaryFolder& folder, const std::string& line) {
  const std::string script = "cd '" + folder.path().string() + "'\nampsim() { '" + AMPSIM_PROGRAM +
                             "' \"$@\"; }\n" + line + "\n";
  const fs::path file = folder.write(".line", script);
  const std::string at = folder.path().string() + "/";
  const int status =
      std::system(("sh '" + file.string() + "' >'" + at + ".out' 2>'" + at + ".err'").c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, content_of(at + ".out"),
          content_of(at + ".err")};
}

constexpr const char* kSmall =
    "name = \"small\"\nreplicates = 2\n[topology]\ngenerator = \"complete\"\nnodes = 5\n"
    "[workload]\npayments = 30\n[sweep]\n\"payment.scheme\" = [\"single\", \"amp\"]\n";

}  // namespace

TEST_CASE("report_command: a run leaves its page and a restart leaves a new one") {
  const TemporaryFolder folder;
  folder.write("e.toml", kSmall);
  const Outcome quiet = call(folder, "ampsim run e.toml --quiet");
  CHECK(quiet.code == 0);
  CHECK(quiet.out.empty());
  CHECK(quiet.err.empty());
  const fs::path page = folder.path() / "results/small/report.html";
  const std::string first = content_of(page);
  CHECK(first.find("<h1>small</h1>") != std::string::npos);

  // Of complete results the page is written where it is missing, and left alone where it is not.
  fs::remove(page);
  CHECK(call(folder, "ampsim run e.toml --quiet").code == 0);
  CHECK(content_of(page) == first);
  folder.write("results/small/report.html", "mine");
  CHECK(call(folder, "ampsim run e.toml --quiet").code == 0);
  CHECK(content_of(page) == "mine");
  CHECK(call(folder, "ampsim run e.toml --quiet --restart").code == 0);
  CHECK(content_of(page).find("<h1>small</h1>") != std::string::npos);
}

TEST_CASE("report_command: the page goes where it is asked for") {
  const TemporaryFolder folder;
  folder.write("e.toml", kSmall);
  REQUIRE(call(folder, "ampsim run e.toml --quiet --out r").code == 0);
  const std::string page = content_of(folder.path() / "r/report.html");
  const Outcome to_file = call(folder, "ampsim report r --out p.html");
  CHECK(to_file.code == 0);
  CHECK(to_file.out == "p.html\n");
  CHECK(content_of(folder.path() / "p.html") == page);
  CHECK(call(folder, "mkdir d && ampsim report r --out d").out == "d/report.html\n");
  CHECK(content_of(folder.path() / "d/report.html") == page);
  fs::remove(folder.path() / "r/report.html");
  CHECK(call(folder, "ampsim report r").out == "r/report.html\n");
  CHECK(content_of(folder.path() / "r/report.html") == page);
}

TEST_CASE("report_command: what cannot be done is one line and exit code 2") {
  const TemporaryFolder folder;
  folder.write("e.toml", kSmall);
  REQUIRE(call(folder, "ampsim run e.toml --quiet --out r").code == 0);
  const std::pair<const char*, const char*> cases[] = {
      {"ampsim report none", "ampsim: none: does not exist"},
      {"ampsim report .", "ampsim: .: there is no experiment.toml"},
      {"ampsim report", "ampsim: "},
      {"ampsim report r --format pdf", "ampsim: "},
      {"ampsim report r --measure success_rate", "ampsim: --measure: has no effect on the page"},
      {"ampsim report r --x payment.scheme", "ampsim: --x: has no effect on the page"},
      {"ampsim report r --format svg --measure rate", "ampsim: --measure: found \"rate\""},
      {"PATH=/none; ampsim report r --format svg",
       "ampsim: --format: svg needs the program gnuplot"},
      {"mv r/summary.csv s; ampsim report r", "ampsim: r: the results are not complete"},
  };
  for (const auto& [line, message] : cases) {
    CAPTURE(line);
    const Outcome outcome = call(folder, line);
    CAPTURE(outcome.err);
    CHECK(outcome.code == 2);
    CHECK(outcome.out.empty());
    CHECK(outcome.err.find(message) == 0);
    CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
  }
  CHECK_FALSE(fs::exists(folder.path() / "r/figures"));
}

TEST_CASE("report_command: a page that cannot be written takes nothing from the results") {
  const TemporaryFolder folder;
  folder.write("e.toml", kSmall);
  const Outcome outcome =
      call(folder, "mkdir -p r/.report.html.tmp/x && ampsim run e.toml --out r");
  CHECK(outcome.code == 0);
  CHECK(outcome.err.find("report.html could not be made") != std::string::npos);
  CHECK(fs::exists(folder.path() / "r/manifest.json"));
}

TEST_CASE("report_command: figures come with the scripts that draw them") {
  if (std::system("command -v gnuplot >/dev/null") != 0) {
    MESSAGE("skipped: no gnuplot");
    return;
  }
  const TemporaryFolder folder;
  folder.write("e.toml", kSmall);
  REQUIRE(call(folder, "ampsim run e.toml --quiet --out r").code == 0);
  const Outcome outcome = call(folder, "ampsim report r --format svg --measure success_rate");
  CHECK(outcome.code == 0);
  CHECK(outcome.err.empty());
  CHECK(outcome.out == "1 figure and its script (*.gp) in r/figures/\n");
  const std::string picture = content_of(folder.path() / "r/figures/success_rate.svg");
  CHECK(picture.find("Success rate") != std::string::npos);
  // An author changes the script and draws again.
  CHECK(call(folder,
             "cd r/figures && sed -i 's/Success rate/Share that arrives/' *.gp && "
             "gnuplot success_rate.gp")
            .code == 0);
  CHECK(content_of(folder.path() / "r/figures/success_rate.svg").find("Share that arrives") !=
        std::string::npos);
  CHECK(call(folder, "ampsim report r --format png --out f").out.find("scripts (*.gp) in f/\n") !=
        std::string::npos);
  CHECK(content_of(folder.path() / "f/latency_p50_ms.png").find("PNG") == 1);
}
