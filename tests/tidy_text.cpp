// The rules about single lines and single files, and the reader of C++ that all rules share.
#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "tests/tidy_rules.hpp"

namespace ampsim::tidy {
namespace {

constexpr std::size_t kMaxColumns = 100;
constexpr std::size_t kMaxLines = 500;
constexpr std::size_t kFirstScreen = 40;

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t start = 0;
  while (start < text.size()) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    lines.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return lines;
}

/// Where `word` stands in `line` on its own, not as a piece of a longer name.
std::size_t find_word(std::string_view line, std::string_view word) {
  for (std::size_t at = line.find(word); at != line.npos; at = line.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool starts = at == 0 || !is_word(line[at - 1]) || !is_word(word.front());
    const bool ends = end == line.size() || !is_word(line[end]) || !is_word(word.back());
    if (starts && ends) return at;
  }
  return line.npos;
}

std::size_t columns_of(std::string_view line) {
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
  return line.size() - static_cast<std::size_t>(std::count_if(line.begin(), line.end(), continues));
}

bool is_header(const SourceFile& file) { return file.path.ends_with(".hpp"); }

bool is_in_library(const SourceFile& file) {
  return file.path.starts_with("core/") || file.path.starts_with("topologies/") ||
         file.path.starts_with("sim/");
}

/// Where the piece of C++ at `start` ends that is no code: a comment or a literal; `start` if it is
/// code.
std::size_t skip_silent(const std::string& text, std::size_t start) {
  const auto behind = [&](std::string_view closing, std::size_t from) {
    const std::size_t at = text.find(closing, from);
    return at == text.npos ? text.size() : at + closing.size();
  };
  if (text.compare(start, 2, "//") == 0) return std::min(text.find('\n', start), text.size());
  if (text.compare(start, 2, "/*") == 0) return behind("*/", start + 2);
  if (text.compare(start, 2, "R\"") == 0) {
    const std::size_t open = std::min(text.find('(', start), text.size());
    const std::string mark = text.substr(start + 2, open - start - 2);
    return behind(")" + mark + "\"", open);
  }
  const char quote = text[start];
  const bool separates_digits = quote == '\'' && start > 0 && is_word(text[start - 1]);
  if ((quote != '"' && quote != '\'') || separates_digits) return start;
  std::size_t end = start + 1;
  while (end < text.size() && text[end] != quote && text[end] != '\n') {
    end += text[end] == '\\' ? 2U : 1U;
  }
  return std::min(end + 1, text.size());
}

struct Banned {
  std::string_view word;
  std::vector<std::string_view> places;  ///< beginnings of paths where it is allowed
  std::string_view why;
};

const std::vector<Banned>& banned_words() {
  static constexpr std::string_view kSeed =
      "a run is fixed by its seed: draw from core/random.hpp, which gives the same numbers with "
      "every standard library";
  static constexpr std::string_view kClock =
      "results must not depend on the wall clock: only progress, manifest and benchmarks read it";
  static constexpr std::string_view kOut =
      "stdout carries the data of a command: only sim/cli/ writes there";
  static const std::vector<Banned> words = {
      {"rand(", {}, kSeed},
      {"srand(", {}, kSeed},
      {"random_device", {}, kSeed},
      {"system_clock", {"sim/experiment/", "sim/cli/", "tests/", "bench/"}, kClock},
      {"steady_clock", {"sim/experiment/", "sim/cli/", "tests/", "bench/"}, kClock},
      {"high_resolution_clock", {}, kClock},
      {"std::cout", {"sim/cli/"}, kOut},
      {"printf(", {"sim/cli/"}, kOut},
      {"puts(", {"sim/cli/"}, kOut},
      {"assert(", {}, "it is off in a release: AMPSIM_CHECK holds in every build"},
  };
  return words;
}

/// std::NAME_distribution, whatever the NAME.
bool names_a_standard_distribution(std::string_view line) {
  static constexpr std::string_view kEnding = "_distribution";
  for (std::size_t at = line.find(kEnding); at != line.npos; at = line.find(kEnding, at + 1)) {
    std::size_t start = at;
    while (start > 0 && is_word(line[start - 1])) --start;
    if (line.substr(0, start).ends_with("std::")) return true;
  }
  return false;
}

/// Whether more than plain structs and enums is declared: a class, or a function outside of them.
/// clang-format puts both at the beginning of a line.
bool has_something_to_test(const std::vector<std::string>& code) {
  static constexpr std::array<std::string_view, 8> kOther = {
      "#", "}", " ", "static_assert", "struct", "enum", "using", "template"};
  return std::any_of(code.begin(), code.end(), [](const std::string& line) {
    if (line.starts_with("class ")) return !line.ends_with(";");
    return line.find('(') != line.npos &&
           std::none_of(kOther.begin(), kOther.end(),
                        [&](std::string_view other) { return line.starts_with(other); });
  });
}

}  // namespace

std::string code_of(const std::string& text) {
  std::string code = text;
  bool at_line_start = true;
  for (std::size_t at = 0; at < text.size();) {
    if (at_line_start && text.compare(at, 8, "#include") == 0) {
      at = std::min(text.find('\n', at), text.size());
      continue;
    }
    at_line_start = text[at] == '\n';
    const std::size_t end = skip_silent(text, at);
    for (std::size_t i = at; i < end; ++i) {
      if (code[i] != '\n') code[i] = ' ';
    }
    at = std::max(end, at + 1);
  }
  return code;
}

Findings calls_are_allowed(const SourceFile& file) {
  Findings findings;
  int number = 0;
  for (const std::string& line : lines_of(code_of(file.text))) {
    ++number;
    for (const Banned& banned : banned_words()) {
      const bool is_allowed =
          std::any_of(banned.places.begin(), banned.places.end(),
                      [&](std::string_view place) { return file.path.starts_with(place); });
      if (is_allowed || find_word(line, banned.word) == line.npos) continue;
      findings.push_back(
          {file.path, number, std::string(banned.word) + " here", std::string(banned.why)});
    }
    if (names_a_standard_distribution(line)) {
      findings.push_back({file.path, number, "a distribution of the standard library",
                          "each library draws differently (WG21 P2059): use core/random.hpp"});
    }
  }
  return findings;
}

Findings lines_are_tidy(const SourceFile& file) {
  Findings findings;
  const std::vector<std::string> lines = lines_of(file.text);
  const auto report = [&](std::size_t line, std::string problem, std::string why) {
    findings.push_back({file.path, static_cast<int>(line), std::move(problem), std::move(why)});
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string& line = lines[i];
    if (columns_of(line) > kMaxColumns) {
      report(i + 1, "more than 100 columns", "two files fit side by side on a screen");
    }
    if (line.find('\t') != line.npos) report(i + 1, "a tab", "it is wide here and narrow there");
    if (!line.empty() && std::isspace(static_cast<unsigned char>(line.back())) != 0) {
      report(i + 1, "trailing blanks", "they make noise in every later difference");
    }
    // In two pieces, so that this file passes its own rule.
    for (const char* note : {"TO"
                             "DO",
                             "FIX"
                             "ME",
                             "XX"
                             "X"}) {
      if (find_word(line, note) != line.npos) {
        report(i + 1, note, "what is not finished does not go in; what is planned is an issue");
      }
    }
  }
  if (lines.size() > kMaxLines) {
    report(kMaxLines + 1, "more than 500 lines", "a file is about one subject");
  }
  if (file.text.empty() || file.text.back() != '\n') {
    report(lines.size(), "no line end at the end", "the next line added would change this one");
  }
  return findings;
}

Findings headers_open_well(const SourceFile& file) {
  if (!is_header(file)) return {};
  Findings findings;
  const std::vector<std::string> code = lines_of(code_of(file.text));
  if (std::find(code.begin(), code.end(), "#pragma once") == code.end()) {
    findings.push_back({file.path, 1, "no #pragma once", "included twice it would not compile"});
  }
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (find_word(code[i], "using namespace") == code[i].npos) continue;
    findings.push_back({file.path, static_cast<int>(i + 1), "using namespace in a header",
                        "it opens the namespace in every file that includes this one"});
  }
  if (!is_in_library(file) || !has_something_to_test(code)) return findings;

  std::vector<std::string> lines = lines_of(file.text);
  lines.resize(std::min(lines.size(), kFirstScreen));
  const bool names_its_test = std::any_of(lines.begin(), lines.end(), [](const std::string& line) {
    return line.find("Tested by tests/") != line.npos;
  });
  if (!names_its_test) {
    findings.push_back({file.path, 1, "no \"Tested by tests/...\" in its first 40 lines",
                        "a test is the best example of use, and code without one is a guess"});
  }
  return findings;
}

Findings mentioned_tests_exist(const SourceFile& file, const std::set<std::string>& tests) {
  static constexpr std::string_view kFolder = "tests/";
  static constexpr std::string_view kEnding = "_test.cpp";
  Findings findings;
  int number = 0;
  for (const std::string& line : lines_of(file.text)) {
    ++number;
    for (std::size_t at = line.find(kFolder); at != line.npos; at = line.find(kFolder, at + 1)) {
      std::size_t end = at + kFolder.size();
      while (end < line.size() && is_word(line[end])) ++end;
      const std::string name = line.substr(at, end - at + 4);
      if (!name.ends_with(kEnding) || tests.contains(name)) continue;
      findings.push_back(
          {file.path, number, name + " does not exist", "who looks for the test finds nothing"});
    }
  }
  return findings;
}

Findings files_are_named(const SourceFile& file) {
  static constexpr std::array<std::string_view, 9> kEmpty = {
      "util", "utils", "helper", "helpers", "manager", "misc", "common", "detail", "details"};
  Findings findings;
  for (const std::string_view word : kEmpty) {
    for (std::size_t at = file.path.find(word); at != file.path.npos;
         at = file.path.find(word, at + 1)) {
      const std::size_t end = at + word.size();
      const bool starts = at == 0 || std::isalnum(file.path[at - 1]) == 0;
      const bool ends = end == file.path.size() || std::isalnum(file.path[end]) == 0;
      if (!starts || !ends) continue;
      findings.push_back({file.path, 0, "\"" + std::string(word) + "\" in the name",
                          "it says nothing, so everything ends up there: name the subject"});
    }
  }
  return findings;
}

}  // namespace ampsim::tidy
