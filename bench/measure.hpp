#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

/// What the benchmarks share: clocks that other programs do not disturb more than they must, runs
/// of rivals in turns, and one form of result. bench/run makes one table of what all of them print.
namespace ampsim::bench {

/// CPU time of this thread: other programs do not lengthen it as they do the wall clock's, though
/// they take cache and memory from it.
double thread_time_ns();
/// CPU time of the process, all threads together.
double process_time_ns();

/// Bytes that the heap has handed out and not got back, with what it adds to each piece.
double heap_bytes();

/// FNV-1a over 64-bit words: equal for rivals that did the same work.
class Fingerprint {
 public:
  void mix(std::uint64_t word) { value_ = (value_ ^ word) * 1099511628211U; }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 14695981039346656037U;
};

/// What is timed in turns with its rivals: `slice` does `operations` operations.
struct Rival {
  std::function<void()> slice;
  double operations = 1;
};
/// ns of thread time an operation, the least over all rounds, in the order given. Each round runs a
/// slice of every rival, so that all of them meet the same disturbances; slices of milliseconds are
/// short enough that some meet none.
std::vector<double> fastest(std::vector<Rival>& rivals, std::uint32_t rounds);

/// The slope of a straight line through (log x, log y): y grows as x to that power.
double fitted_exponent(const std::vector<double>& x, const std::vector<double>& y);

/// What a result has to reach.
struct Target {
  enum class Of : std::uint8_t { nothing, ratio, ours } of = Of::nothing;
  bool is_least = false;  ///< at least the bound; else at most
  double bound = 0;
};
inline Target ratio_at_least(double bound) { return {Target::Of::ratio, true, bound}; }
inline Target ours_at_most(double bound) { return {Target::Of::ours, false, bound}; }
inline Target ours_at_least(double bound) { return {Target::Of::ours, true, bound}; }

/// One line of the table: a cost of ours, and what it is where somebody else does the same.
struct Row {
  std::string benchmark;
  std::string parameters;
  std::string unit;
  double ours = 0;
  std::string other_name;  ///< "": there is none
  double other = 0;
  Target target;

  double ratio() const { return other / ours; }
};
/// On stdout: CSV `benchmark,parameters,unit,ours,other_name,other,ratio,target,met` without a
/// header, or for people.
void print(const Row& row, bool as_csv);

}  // namespace ampsim::bench
