#pragma once

#include <string>
#include <vector>

/// `ampsim merge`: the folders of shards into one results folder.
///
/// Returns the exit code and throws what main turns into one: InputError (2), anything else (1).
/// Tested by tests/merge_test.cpp and tests/cli_test.cpp.
namespace ampsim::cli {

struct MergeOptions {
  std::vector<std::string> shards;  ///< folders
  std::string out;
};
int merge_command(const MergeOptions& options);

}  // namespace ampsim::cli
