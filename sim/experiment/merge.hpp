#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

/// The folders of all shards of an experiment into one results folder, with the same bytes in every
/// table as one process would have written. Runs are read in their order from all journals, one at
/// a time. Memory: 20 bytes a run.
///
/// Errors: InputError, before anything is written, for folders that are not finished shards of one
/// split of one experiment by this program, or not all of them: runs that are missing are named;
/// OutputError; DamagedJournal.
/// Tested by tests/merge_test.cpp.
namespace ampsim::sim {

struct MergeOutcome {
  std::size_t runs = 0;
  bool was_complete = false;  ///< the folder had it all; nothing was done
};

/// `most_open`: journals that are open at a time; 0 = as many as the system allows.
MergeOutcome merge_shards(const std::vector<std::filesystem::path>& shards,
                          const std::filesystem::path& out,
                          std::size_t most_open = 0);

}  // namespace ampsim::sim
