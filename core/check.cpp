#include "core/check.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace ampsim {
namespace {

thread_local std::string run_label;

std::string describe(const InputError::Where& where, std::string_view problem) {
  std::string text;
  if (!where.file.empty()) {
    text = where.line > 0 ? fmt::format("{}:{}: ", where.file, where.line)
                          : fmt::format("{}: ", where.file);
  }
  if (!where.key.empty()) text += where.key + ": ";
  text += problem;
  return text;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Letters to change, add, take away or swap with the next one; upper and lower case count as
/// equal.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  const auto is_same = [&](std::size_t i, std::size_t j) { return lower(a[i]) == lower(b[j]); };
  std::vector<std::vector<std::size_t>> steps(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        steps[i][j] = i + j;
        continue;
      }
      steps[i][j] = std::min({steps[i - 1][j] + 1, steps[i][j - 1] + 1,
                              steps[i - 1][j - 1] + (is_same(i - 1, j - 1) ? 0 : 1)});
      if (i > 1 && j > 1 && is_same(i - 1, j - 2) && is_same(i - 2, j - 1)) {
        steps[i][j] = std::min(steps[i][j], steps[i - 2][j - 2] + 1);
      }
    }
  }
  return steps[a.size()][b.size()];
}

/// How many letters two words begin with in common.
std::size_t common_start(std::string_view a, std::string_view b) {
  const auto ends = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  return static_cast<std::size_t>(ends.first - a.begin());
}

}  // namespace

InputError::InputError(const Where& where, std::string_view problem)
    : std::runtime_error(describe(where, problem)), where_(where), problem_(problem) {}

std::string nearest_name(std::string_view found, const std::vector<std::string>& known) {
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(found.size() / 3, 1) + 1;
  for (const std::string& name : known) {
    const std::size_t distance = edit_distance(found, name);
    // Among equally near names the one that begins alike: typing errors come late in a word.
    if (distance < best_distance || (distance == best_distance && !best.empty() &&
                                     common_start(found, name) > common_start(found, best))) {
      best = name;
      best_distance = distance;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view found, const std::vector<std::string>& known) {
  const std::string name = nearest_name(found, known);
  return name.empty() ? "" : fmt::format("; did you mean \"{}\"?", name);
}

RunLabel::RunLabel(std::string label) { run_label = std::move(label); }
RunLabel::~RunLabel() { run_label.clear(); }

void fail_check(const char* condition, const char* file, int line, std::string_view message) {
  std::string text = fmt::format("{}:{}: {} ({})", file, line, message, condition);
  if (!run_label.empty()) text += "; " + run_label;
  throw InvariantError(text);
}

}  // namespace ampsim
