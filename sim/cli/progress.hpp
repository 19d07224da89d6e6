#pragma once

#include <chrono>
#include <cstdio>
#include <string>

#include "sim/experiment/runner.hpp"

/// One line on stderr about a running experiment: redrawn in place on a terminal, a plain line
/// every ten seconds where there is none.
///
/// Tested by tests/progress_test.cpp.
namespace ampsim::cli {

/// `[=====>    ] 12/24 runs, 5210 payments/s, 1 min 05 s left`; what is not known yet is left out.
std::string progress_line(const sim::RunnerProgress& progress, double elapsed_s, int bar_width);

/// "42 s", "3 min 07 s", "2 h 05 min".
std::string duration_text(double seconds);

class ProgressLine {
 public:
  /// `stream` is stderr, or another file in tests.
  ProgressLine(std::FILE* stream, bool is_quiet);
  /// Ends the line in place, if there is one.
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const sim::RunnerProgress& progress);

 private:
  using Clock = std::chrono::steady_clock;

  std::FILE* stream_;
  bool is_quiet_;
  bool is_terminal_;
  bool is_drawn_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point shown_ = start_;
};

}  // namespace ampsim::cli
