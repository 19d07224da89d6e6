/// Every command of the guide does what the page shows. Where the program says it differently now,
///
///   AMPSIM_UPDATE_DOCS=1 ./test -R '^guide'
///
/// writes into the pages what it prints; read the difference before you commit it.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/experiment_world.hpp"
#include "tests/guide_page.hpp"

using namespace ampsim::test;
using ampsim::sim::content_of;
using ampsim::sim::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

/// stdout and stderr of a command of the guide, as they come.
std::vector<std::string> printed_by(const std::string& command, const TemporaryFolder& folder) {
  const fs::path programs = fs::path(AMPSIM_PROGRAM).parent_path();
  folder.write(".step", "cd '" + folder.path().string() + "'\nPATH='" + programs.string() +
                            "':$PATH\n" + command + "\n");
  const std::string file = (folder.path() / ".step").string();
  const std::string line = "sh '" + file + "' >'" + file + ".out' 2>&1 </dev/null";
  // The exit code is the page's to show: where it matters, the message does.
  static_cast<void>(std::system(line.c_str()));
  return lines_of(content_of(file + ".out"));
}

/// What the cells of the page show, one after another in one session. Each has lines, and no empty
/// ones at the end of a line.
std::vector<std::vector<std::string>> shown_by_cells(const std::vector<GuideStep>& steps,
                                                     const TemporaryFolder& folder) {
  std::size_t count = 0;
  for (const GuideStep& step : steps) {
    if (step.is_cell) folder.write(".cell-" + std::to_string(count++) + ".py", step.command);
  }
  const std::string driver = (fs::path(AMPSIM_SOURCE_DIR) / "tests/python/cells.py").string();
  const std::vector<std::string> said = printed_by(
      AMPSIM_PYTHON_EXECUTABLE " -B '" + driver + "' . " + std::to_string(count), folder);
  CHECK(said == std::vector<std::string>{});
  std::vector<std::vector<std::string>> shown;
  for (std::size_t i = 0; i < count; ++i) {
    shown.push_back(lines_of(content_of(folder.path() / (".cell-" + std::to_string(i) + ".out"))));
  }
  return shown;
}

/// Goes through a page as a reader in the root of the repository does, but leaves it clean.
void follow(const fs::path& file) {
  CAPTURE(file.filename());
  const bool may_update = std::getenv("AMPSIM_UPDATE_DOCS") != nullptr;
  const TemporaryFolder folder;
  fs::create_directory_symlink(fs::path(AMPSIM_SOURCE_DIR) / "experiments",
                               folder.path() / "experiments");
  std::vector<std::string> page = lines_of(content_of(file));
  const std::vector<GuideStep> steps = steps_of(page);
  CHECK_FALSE(steps.empty());
  std::ptrdiff_t grown = 0;
  std::vector<std::vector<std::string>> cells;
  std::size_t cell = 0;
  for (const GuideStep& step : steps) {
    if (step.command.empty()) {
      folder.write(step.file, joined(step.text));
      continue;
    }
    if (step.is_cell && cells.empty()) cells = shown_by_cells(steps, folder);
    const std::vector<std::string> printed =
        step.is_cell ? cells.at(cell++) : printed_by(step.command, folder);
    if (matches(step.text, printed)) continue;
    if (!may_update) {
      FAIL_CHECK("line " << step.line + 1 << ": " << step.command << "\nprints\n"
                         << joined(printed) << "where the page shows\n"
                         << joined(step.text));
      continue;
    }
    const auto first = page.begin() + static_cast<std::ptrdiff_t>(step.line) + 1 + grown;
    const auto next = page.erase(first, first + static_cast<std::ptrdiff_t>(step.text.size()));
    page.insert(next, printed.begin(), printed.end());
    grown +=
        static_cast<std::ptrdiff_t>(printed.size()) - static_cast<std::ptrdiff_t>(step.text.size());
  }
  if (may_update) std::ofstream(file, std::ios::binary) << joined(page);
}

fs::path page_named(const std::string& name) {
  return fs::path(AMPSIM_SOURCE_DIR) / "docs/guide" / name;
}

/// Where they are missing the test says so and has nothing to do.
bool has_modules(const std::string& names) {
  const std::string python = AMPSIM_PYTHON_EXECUTABLE;
  if (std::system((python + " -c 'import " + names + "' 2>/dev/null").c_str()) == 0) return true;
  MESSAGE("skipped: no " << names << " for " << python);
  return false;
}

}  // namespace

TEST_CASE("guide: the story of two channels prints what it shows") {
  follow(page_named("two-channels.md"));
}

TEST_CASE("guide: a first experiment prints what it shows" * doctest::test_suite("slow")) {
  follow(page_named("first-experiment.md"));
}

TEST_CASE("guide: pictures are made as the page says" * doctest::test_suite("slow")) {
  if (std::system("command -v gnuplot >/dev/null") != 0) {
    MESSAGE("skipped: no gnuplot");
    return;
  }
  follow(page_named("pictures.md"));
}

TEST_CASE("guide: a network of your own prints what it shows") {
  follow(page_named("own-topology.md"));
}

TEST_CASE("guide: attacks print what the page shows" * doctest::test_suite("slow")) {
  follow(page_named("attacks.md"));
}

TEST_CASE("guide: what forwarding nodes learn is what it shows" * doctest::test_suite("slow")) {
  follow(page_named("privacy.md"));
}

TEST_CASE("guide: a sweep on many machines prints what it shows" * doctest::test_suite("slow")) {
  follow(page_named("cluster.md"));
}

TEST_CASE("guide: a comparison prints what it shows" * doctest::test_suite("slow")) {
  follow(page_named("comparison.md"));
}

TEST_CASE("guide: routers and splitters and views of your own" * doctest::test_suite("slow")) {
  // As if it had been installed at home.
  const TemporaryFolder home;
  const fs::path build = fs::path(AMPSIM_PROGRAM).parent_path();
  const std::string install = "cmake --install '" + build.string() + "' --prefix '" +
                              (home.path() / "ampsim").string() + "' >'" +
                              (home.path() / "log").string() + "' 2>&1";
  REQUIRE(std::system(install.c_str()) == 0);
  const std::string before = std::getenv("HOME") != nullptr ? std::getenv("HOME") : "";
  setenv("HOME", home.path().c_str(), 1);
  for (const char* page : {"own-router.md", "own-splitter.md", "own-view.md"}) {
    follow(page_named(page));
  }
  setenv("HOME", before.c_str(), 1);
}

TEST_CASE("guide: what an installation brings" * doctest::test_suite("slow")) {
  follow(page_named("install.md"));
}

TEST_CASE("guide: tables in a notebook" * doctest::test_suite("slow")) {
  if (has_modules("pandas, matplotlib")) follow(page_named("notebook.md"));
}

TEST_CASE("guide: the program in Python" * doctest::test_suite("slow")) {
  const std::string package = AMPSIM_PYTHON_FOLDER;
  if (package.empty()) {
    MESSAGE("skipped: no Python module in this build (AMPSIM_PYTHON)");
    return;
  }
  if (!has_modules("pandas")) return;
  setenv("PYTHONPATH", package.c_str(), 1);
  follow(page_named("python.md"));
  unsetenv("PYTHONPATH");
}

TEST_CASE("guide: every page has a test") {
  const std::string tests = content_of(fs::path(AMPSIM_SOURCE_DIR) / "tests/guide_test.cpp");
  for (const auto& entry : fs::directory_iterator(page_named(""))) {
    const std::string name = entry.path().filename().string();
    CAPTURE(name);
    CHECK(tests.find("\"" + name + "\"") != std::string::npos);
  }
}

TEST_CASE("guide: commands, outputs and files are found in a page") {
  const std::vector<GuideStep> steps = steps_of(lines_of(
      "text\n```toml a.toml\nx = 1\n```\n```console\n$ one\na\n\nb\n$ two\n```\n"
      "```console unchecked\n$ three\n```\n```toml\ny = 2\n```\n```console\nno command\n```\n"));
  REQUIRE(steps.size() == 4);
  CHECK(steps[0].file == "a.toml");
  CHECK(steps[0].text == std::vector<std::string>{"x = 1"});
  CHECK(steps[1].command == "one");
  CHECK(steps[1].line == 5);
  CHECK(steps[1].text == std::vector<std::string>{"a", "", "b"});
  CHECK(steps[2].command == "two");
  CHECK(steps[2].text.empty());
  CHECK(steps[3].text == std::vector<std::string>{"no command"});
}

TEST_CASE("guide: cells of a notebook and what they show") {
  if (!has_modules("ast")) return;
  const std::vector<std::string> page =
      lines_of("```python cell\nx = 1\n```\ntext\n```python cell\nx\n```\n```text cell\n1\n```\n");
  const std::vector<GuideStep> steps = steps_of(page);
  REQUIRE(steps.size() == 2);
  CHECK(steps[0].is_cell);
  CHECK(steps[0].command == "x = 1\n");
  CHECK(steps[0].text.empty());
  CHECK(steps[1].text == std::vector<std::string>{"1"});
  CHECK(page[steps[1].line] == "```text cell");
  CHECK_FALSE(steps_of(lines_of("```text cell\n1\n```\n"))[0].is_cell);
  const TemporaryFolder folder;
  CHECK(shown_by_cells(steps, folder) == std::vector<std::vector<std::string>>{{}, {"1"}});
}

TEST_CASE("guide: an output must be the one shown, but for lines left out") {
  CHECK(matches({"a", "b"}, {"a", "b"}));
  CHECK_FALSE(matches({"a", "b"}, {"a", "c"}));
  CHECK_FALSE(matches({"a"}, {"a", "b"}));
  CHECK_FALSE(matches({"a", "b"}, {"a"}));
  CHECK(matches({"a", "..."}, {"a"}));
  CHECK(matches({"...", "c"}, {"a", "b", "c"}));
  CHECK_FALSE(matches({"...", "c"}, {"a", "b"}));
}

TEST_CASE("guide: a page that shows something else is found") {
  const TemporaryFolder folder;
  CHECK(printed_by("echo one; echo two >&2", folder) == std::vector<std::string>{"one", "two"});
  CHECK(printed_by("ampsim --nonsense", folder).size() == 1);
}
