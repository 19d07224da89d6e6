#include "core/csv.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

namespace ampsim {
namespace {

/// Takes record after record off the front of a text.
class CsvReader {
 public:
  CsvReader(std::string_view text, const std::string& file) : text_(text), file_(file) {
    constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
    if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
    skip_empty_lines();
  }

  bool at_end() const { return text_.empty(); }
  int line() const { return line_; }

  /// Appends the fields of the next record to `text` and where each of them ends there to `ends`.
  void next(std::string& text, std::vector<std::size_t>& ends) {
    do {
      text_.starts_with('"') ? read_quoted(text) : read_plain(text);
      ends.push_back(text.size());
    } while (take(","));
    if (!take_line_end() && !at_end()) fail(line_, "found text after a closing quote");
    skip_empty_lines();
  }

 private:
  bool take(std::string_view prefix) {
    if (!text_.starts_with(prefix)) return false;
    text_.remove_prefix(prefix.size());
    return true;
  }

  bool take_line_end() {
    if (!take("\n") && !take("\r\n")) return false;
    ++line_;
    return true;
  }

  void skip_empty_lines() {
    while (take_line_end()) {
    }
  }

  void read_plain(std::string& field) {
    const auto stop = std::find_if(text_.begin(), text_.end(),
                                   [](char c) { return c == ',' || c == '\n' || c == '"'; });
    auto size = static_cast<std::size_t>(stop - text_.begin());
    const char next = size < text_.size() ? *stop : ',';
    if (next == '"') fail(line_, "found a quote inside a plain field");
    const bool ends_line = next == '\n';
    if (ends_line && size > 0 && text_[size - 1] == '\r') --size;
    field += text_.substr(0, size);
    text_.remove_prefix(size);
  }

  void read_quoted(std::string& field) {
    const int first_line = line_;
    take("\"");
    while (true) {
      const std::size_t quote = text_.find('"');
      if (quote == std::string_view::npos) fail(first_line, "found a quote that is never closed");
      const std::string_view piece = text_.substr(0, quote);
      line_ += static_cast<int>(std::count(piece.begin(), piece.end(), '\n'));
      field += piece;
      text_.remove_prefix(quote + 1);
      if (!take("\"")) return;
      field += '"';
    }
  }

  [[noreturn]] void fail(int line, std::string_view problem) const {
    throw InputError({.file = file_, .line = line}, problem);
  }

  std::string_view text_;
  const std::string& file_;
  int line_ = 1;
};

}  // namespace

CsvTable::CsvTable(std::string_view text, std::string file) : file_(std::move(file)) {
  CsvReader reader(text, file_);
  if (reader.at_end()) throw InputError({.file = file_}, "found no header");
  header_line_ = reader.line();
  reader.next(text_, ends_);
  std::size_t start = 0;
  for (const std::size_t end : ends_) {
    header_.push_back(text_.substr(start, end - start));
    start = end;
  }
  check_header();
  text_.clear();
  text_.reserve(text.size());
  ends_ = {0};
  while (!reader.at_end()) {
    const std::size_t before = ends_.size();
    lines_.push_back(reader.line());
    reader.next(text_, ends_);
    const std::size_t fields = ends_.size() - before;
    if (fields == header_.size()) continue;
    throw InputError({.file = file_, .line = lines_.back()},
                     fmt::format("found {} fields; allowed: {}, as many as the header has", fields,
                                 header_.size()));
  }
}

bool CsvTable::has_column(std::string_view name) const { return place_of(name) < header_.size(); }

void CsvTable::require_columns(const std::vector<std::string>& names) const {
  for (const std::string& name : names) {
    if (has_column(name)) continue;
    throw InputError(
        {.file = file_, .line = header_line_, .key = name},
        fmt::format("found no such column; the header has {}", fmt::join(header_, ",")));
  }
}

std::string_view CsvTable::at(std::size_t row, std::string_view column) const {
  const std::size_t place = place_of(column);
  AMPSIM_CHECK(row < lines_.size() && place < header_.size(), "no such field");
  const std::size_t field = row * header_.size() + place;
  return std::string_view(text_).substr(ends_[field], ends_[field + 1] - ends_[field]);
}

std::int64_t CsvTable::integer(std::size_t row,
                               std::string_view column,
                               std::int64_t least,
                               std::int64_t most) const {
  const std::string_view field = at(row, column);
  const char* const end = field.data() + field.size();
  std::int64_t value = 0;
  const auto read = std::from_chars(field.data(), end, value);
  if (read.ec != std::errc{} || read.ptr != end || value < least || value > most) {
    throw bad_field(row, column, fmt::format("an integer from {} to {}", least, most));
  }
  return value;
}

double CsvTable::number(std::size_t row, std::string_view column, double least, double most) const {
  const std::string_view field = at(row, column);
  const char* const end = field.data() + field.size();
  double value = 0;
  const auto read = std::from_chars(field.data(), end, value);
  // Written so that it is true for NaN as well.
  if (read.ec != std::errc{} || read.ptr != end || !(value >= least && value <= most)) {
    throw bad_field(row, column, fmt::format("a number from {} to {}", least, most));
  }
  return value;
}

InputError CsvTable::bad_field(std::size_t row,
                               std::string_view column,
                               std::string_view allowed) const {
  return {{.file = file_, .line = lines_.at(row), .key = std::string(column)},
          fmt::format("found \"{}\"; allowed: {}", at(row, column), allowed)};
}

std::size_t CsvTable::place_of(std::string_view column) const {
  const auto found = std::find(header_.begin(), header_.end(), column);
  return static_cast<std::size_t>(found - header_.begin());
}

void CsvTable::check_header() const {
  for (std::size_t i = 0; i < header_.size(); ++i) {
    if (place_of(header_[i]) == i) continue;
    throw InputError({.file = file_, .line = header_line_, .key = header_[i]},
                     "found this column twice");
  }
}

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string field = "\"";
  for (const char c : text) {
    if (c == '"') field += '"';
    field += c;
  }
  return field + '"';
}

}  // namespace ampsim
