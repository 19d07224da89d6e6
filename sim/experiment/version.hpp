#pragma once

/// Which program made a result. The commit is that of the last configuration of the build, which
/// CMake repeats when HEAD moves; "unknown" where the source is no git work tree.
///
/// Tested by tests/runner_test.cpp.
namespace ampsim::sim {

struct Version {
  const char* number;
  const char* commit;
  const char* compiler;
  const char* build_type;
};
const Version& version();

}  // namespace ampsim::sim
