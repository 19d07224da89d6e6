#include "sim/experiment/input_files.hpp"

#include <filesystem>
#include <string>

#include <doctest/doctest.h>

#include "tests/experiment_world.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

/// What the look says, "" if nothing.
std::string complaint(const InputFiles& files) {
  try {
    files.check();
    return "";
  } catch (const InputChanged& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("input files: a look finds what was changed or taken away but not what was touched") {
  const TemporaryFolder folder;
  const auto one = folder.write("one", "abc");
  const auto two = folder.write("two", "def");
  const InputFiles files({one.string(), two.string()});
  REQUIRE(files.list().size() == 2);
  CHECK(files.list()[0].digest ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(complaint(files).empty());
  folder.write("one", "abc");
  CHECK(complaint(files).empty());
  folder.write("two", "deg");
  CHECK(complaint(files).starts_with(two.string() + ": was changed while the experiment ran; "));
  folder.write("two", "def");
  CHECK(complaint(files).empty());
  std::filesystem::remove(one);
  CHECK(complaint(files).starts_with(one.string() + ": was taken away while"));
}

TEST_CASE("input files: those that are only known are not looked at") {
  const InputFiles files(std::vector<InputFile>{{"/no/such/file", "00"}});
  CHECK(files.list().size() == 1);
  CHECK(complaint(files).empty());
}
