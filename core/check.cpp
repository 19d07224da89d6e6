#include "core/check.hpp"

#include <algorithm>
#include <numeric>
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

/// Letters to change, add or take away; upper and lower case count as equal.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = diagonal + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row[b.size()];
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
