#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/experiment/results_folder.hpp"

/// manifest.json: where a result comes from and what it cost. The only place for wall-clock
/// figures, so that the CSV files of two runs can be compared byte by byte.
///
/// Tested by tests/runner_test.cpp.
namespace ampsim::sim {

struct ManifestFacts {
  std::string experiment;
  std::size_t points = 0;
  std::size_t runs = 0;
  std::size_t runs_kept = 0;  ///< finished by an earlier, interrupted call
  std::vector<InputFile> inputs;
  std::chrono::system_clock::time_point start;
  std::chrono::system_clock::time_point end;
  double cpu_s = 0;
  unsigned jobs = 0;
  /// Of the runs of this call.
  std::int64_t payments = 0;
  std::int64_t events = 0;
};
std::string manifest_text(const ManifestFacts& facts);

/// Processor seconds of this process so far, all threads.
double cpu_seconds();

}  // namespace ampsim::sim
