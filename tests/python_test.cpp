/// The Python package of this build, by its own tests in tests/python/ (unittest). They are run
/// with the Python that the module is built for.

#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "tests/experiment_world.hpp"

using ampsim::sim::content_of;
using ampsim::sim::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

const std::string kPackage = AMPSIM_PYTHON_FOLDER;
const std::set<std::string> kFiles = {"package_test.py", "router_test.py", "run_test.py",
                                      "topology_test.py"};

fs::path folder_of_tests() { return fs::path(AMPSIM_SOURCE_DIR) / "tests/python"; }

void run_tests_of(const std::string& file) {
  REQUIRE(kFiles.contains(file));
  if (kPackage.empty()) {
    MESSAGE("skipped: no Python module in this build (AMPSIM_PYTHON)");
    return;
  }
  const std::string python = AMPSIM_PYTHON_EXECUTABLE;
  if (std::system((python + " -c 'import pandas' 2>/dev/null").c_str()) != 0) {
    MESSAGE("skipped: no pandas for " << python);
    return;
  }
  const TemporaryFolder folder;
  const std::string log = (folder.path() / "log").string();
  const std::string command = "cd '" + folder_of_tests().string() + "' && PYTHONPATH='" + kPackage +
                              "' AMPSIM_PROGRAM='" AMPSIM_PROGRAM "' '" + python +
                              "' -B -W error::ResourceWarning " + file + " >'" + log +
                              "' 2>&1 </dev/null";
  const int status = std::system(command.c_str());
  const std::string text = content_of(log);
  CHECK_MESSAGE(status == 0, text);
  CHECK_MESSAGE(text.find("\nRan ") != std::string::npos, text);
}

}  // namespace

TEST_CASE("python: ampsim.run writes and returns what the program writes" *
          doctest::test_suite("slow")) {
  run_tests_of("run_test.py");
}

TEST_CASE("python: routers can be written in it" * doctest::test_suite("slow")) {
  run_tests_of("router_test.py");
}

TEST_CASE("python: networks are DataFrames" * doctest::test_suite("slow")) {
  run_tests_of("topology_test.py");
}

TEST_CASE("python: the package is what its stub and its documentation say" *
          doctest::test_suite("slow")) {
  run_tests_of("package_test.py");
}

TEST_CASE("python: every file of tests is run") {
  std::set<std::string> found;
  for (const auto& entry : fs::directory_iterator(folder_of_tests())) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with("_test.py")) found.insert(name);
  }
  CHECK(found == kFiles);
}
