#include "bench/measure.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <ctime>

#include <fmt/format.h>
#include <malloc.h>

namespace ampsim::bench {
namespace {

double clock_ns(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

/// Three significant digits.
std::string number(double value) {
  if (value == 0) return "0";
  const double size = std::floor(std::log10(std::abs(value)));
  return fmt::format("{:.{}f}", value, static_cast<int>(std::clamp(2 - size, 0.0, 9.0)));
}

bool is_met(const Row& row) {
  const double value = row.target.of == Target::Of::ratio ? row.ratio() : row.ours;
  return row.target.is_least ? value >= row.target.bound : value <= row.target.bound;
}

std::string target_text(const Row& row) {
  if (row.target.of == Target::Of::nothing) return "";
  const bool is_ratio = row.target.of == Target::Of::ratio;
  return fmt::format("{} {}{}", row.target.is_least ? ">=" : "<=", number(row.target.bound),
                     is_ratio ? " x" : " " + row.unit);
}

}  // namespace

double thread_time_ns() { return clock_ns(CLOCK_THREAD_CPUTIME_ID); }
double process_time_ns() { return clock_ns(CLOCK_PROCESS_CPUTIME_ID); }

double heap_bytes() {
  const auto heap = mallinfo2();
  return static_cast<double>(heap.uordblks) + static_cast<double>(heap.hblkhd);
}

std::vector<double> fastest(std::vector<Rival>& rivals, std::uint32_t rounds) {
  std::vector<double> least(rivals.size(), INFINITY);
  for (std::uint32_t round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < rivals.size(); ++i) {
      const double start = thread_time_ns();
      rivals[i].slice();
      least[i] = std::min(least[i], (thread_time_ns() - start) / rivals[i].operations);
    }
  }
  return least;
}

double fitted_exponent(const std::vector<double>& x, const std::vector<double>& y) {
  double mean_x = 0;
  double mean_y = 0;
  const auto n = static_cast<double>(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    mean_x += std::log(x[i]) / n;
    mean_y += std::log(y[i]) / n;
  }
  double product = 0;
  double square = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    product += (std::log(x[i]) - mean_x) * (std::log(y[i]) - mean_y);
    square += (std::log(x[i]) - mean_x) * (std::log(x[i]) - mean_x);
  }
  return product / square;
}

void print(const Row& row, bool as_csv) {
  const bool has_other = !row.other_name.empty();
  const bool has_target = row.target.of != Target::Of::nothing;
  const std::string other = has_other ? number(row.other) : "";
  const std::string ratio = has_other ? number(row.ratio()) : "";
  const std::string met = has_target ? (is_met(row) ? "yes" : "no") : "";
  if (as_csv) {
    fmt::print("{},{},{},{},{},{},{},{},{}\n", row.benchmark, row.parameters, row.unit,
               number(row.ours), row.other_name, other, ratio, target_text(row), met);
    return;
  }
  fmt::print("{}, {}: {} {}", row.benchmark, row.parameters, number(row.ours), row.unit);
  if (has_other) fmt::print("; {} {}, ratio {}", row.other_name, other, ratio);
  if (has_target) fmt::print("; target {}: {}", target_text(row), met);
  fmt::print("\n");
}

}  // namespace ampsim::bench
