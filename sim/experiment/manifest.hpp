#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/experiment/input_files.hpp"
#include "sim/experiment/journal.hpp"

/// manifest.json: where a result comes from and what it cost. The only place for wall-clock
/// figures, so that the CSV files of two runs can be compared byte by byte.
///
/// Tested by tests/runner_test.cpp and tests/merge_test.cpp.
namespace ampsim::sim {

struct ManifestFacts {
  std::string experiment;
  std::size_t points = 0;
  std::size_t runs = 0;       ///< of the experiment, or of the shard
  std::size_t runs_kept = 0;  ///< finished by an earlier, interrupted call
  std::string shard;          ///< "3/4", or "" for the whole experiment
  std::vector<InputFile> inputs;
  std::chrono::system_clock::time_point start;
  std::chrono::system_clock::time_point end;
  double cpu_s = 0;  ///< of this process
  unsigned jobs = 0;
  RunCost cost;       ///< of the runs of this call
  RunCost kept_cost;  ///< of those that were kept
};
std::string manifest_text(const ManifestFacts& facts);

/// Of the results that `shards`, texts of their manifests, were merged into. Costs are added up;
/// `facts` gives what is the same for all, and the end.
std::string merged_manifest_text(const ManifestFacts& facts,
                                 const std::vector<std::string>& shards);

/// Processor seconds of this process so far, all threads.
double cpu_seconds();

}  // namespace ampsim::sim
