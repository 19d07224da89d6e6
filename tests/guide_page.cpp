#include "tests/guide_page.hpp"

#include <sstream>

namespace ampsim::test {
namespace {

constexpr const char* kFence = "```";

bool matches_from(const std::vector<std::string>& shown,
                  std::size_t i,
                  const std::vector<std::string>& printed,
                  std::size_t k) {
  if (i == shown.size()) return k == printed.size();
  if (shown[i] == "...") {
    for (std::size_t rest = k; rest <= printed.size(); ++rest) {
      if (matches_from(shown, i + 1, printed, rest)) return true;
    }
    return false;
  }
  return k < printed.size() && shown[i] == printed[k] && matches_from(shown, i + 1, printed, k + 1);
}

/// The block that opens at page[i]: as a step, or as what the step before it shows. Leaves i at its
/// end.
void take_cell(const std::vector<std::string>& page,
               std::size_t& i,
               bool is_code,
               std::vector<GuideStep>& steps) {
  // What no cell shows: a step that cannot match.
  if (!is_code && (steps.empty() || !steps.back().is_cell)) steps.push_back({.command = ":"});
  if (is_code) steps.push_back({.line = i, .is_cell = true});
  GuideStep& step = steps.back();
  if (!is_code) step.line = i;
  for (++i; i < page.size() && page[i] != kFence; ++i) {
    if (is_code) {
      step.command += page[i] + "\n";
    } else {
      step.text.push_back(page[i]);
    }
  }
}

}  // namespace

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::vector<GuideStep> steps_of(const std::vector<std::string>& page) {
  std::vector<GuideStep> steps;
  for (std::size_t i = 0; i < page.size(); ++i) {
    if (!page[i].starts_with(kFence)) continue;
    std::string language;
    std::string name;
    std::istringstream(page[i].substr(3)) >> language >> name;
    if (name == "cell") {
      take_cell(page, i, language == "python", steps);
      continue;
    }
    const bool is_console = language == "console" && name != "unchecked";
    const bool is_file = language != "console" && !name.empty();
    if (is_file) steps.push_back({.line = i, .file = name});
    bool has_step = is_file;
    for (++i; i < page.size() && page[i] != kFence; ++i) {
      if (is_console && page[i].starts_with("$ ")) {
        steps.push_back({.line = i, .command = page[i].substr(2)});
        has_step = true;
        continue;
      }
      if (!is_console && !is_file) continue;
      // Output that no command prints: a step that cannot match.
      if (!has_step) steps.push_back({.line = i - 1, .command = ":"});
      has_step = true;
      steps.back().text.push_back(page[i]);
    }
  }
  return steps;
}

bool matches(const std::vector<std::string>& shown, const std::vector<std::string>& printed) {
  return matches_from(shown, 0, printed, 0);
}

}  // namespace ampsim::test
