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

  /// The fields of the next record.
  std::vector<std::string> next() {
    std::vector<std::string> fields;
    do {
      fields.push_back(text_.starts_with('"') ? quoted_field() : plain_field());
    } while (take(","));
    if (!take_line_end() && !at_end()) fail(line_, "found text after a closing quote");
    skip_empty_lines();
    return fields;
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

  std::string plain_field() {
    std::size_t size = std::min(text_.find_first_of(",\n"), text_.size());
    const bool ends_line = size < text_.size() && text_[size] == '\n';
    if (ends_line && size > 0 && text_[size - 1] == '\r') --size;
    std::string field(text_.substr(0, size));
    if (field.find('"') != std::string::npos) fail(line_, "found a quote inside a plain field");
    text_.remove_prefix(size);
    return field;
  }

  std::string quoted_field() {
    const int first_line = line_;
    std::string field;
    take("\"");
    while (true) {
      const std::size_t quote = text_.find('"');
      if (quote == std::string_view::npos) fail(first_line, "found a quote that is never closed");
      const std::string_view piece = text_.substr(0, quote);
      line_ += static_cast<int>(std::count(piece.begin(), piece.end(), '\n'));
      field += piece;
      text_.remove_prefix(quote + 1);
      if (!take("\"")) return field;
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
  header_.line = reader.line();
  header_.fields = reader.next();
  while (!reader.at_end()) {
    const int line = reader.line();
    rows_.push_back({line, reader.next()});
  }
  check_rows();
}

bool CsvTable::has_column(std::string_view name) const {
  return place_of(name) < header_.fields.size();
}

void CsvTable::require_columns(const std::vector<std::string>& names) const {
  for (const std::string& name : names) {
    if (has_column(name)) continue;
    throw InputError(
        {.file = file_, .line = header_.line, .key = name},
        fmt::format("found no such column; the header has {}", fmt::join(header_.fields, ",")));
  }
}

const std::string& CsvTable::at(std::size_t row, std::string_view column) const {
  const std::size_t place = place_of(column);
  AMPSIM_CHECK(row < rows_.size() && place < header_.fields.size(), "no such field");
  return rows_[row].fields[place];
}

std::int64_t CsvTable::integer(std::size_t row,
                               std::string_view column,
                               std::int64_t least,
                               std::int64_t most) const {
  const std::string& field = at(row, column);
  const char* const end = field.data() + field.size();
  std::int64_t value = 0;
  const auto read = std::from_chars(field.data(), end, value);
  if (read.ec != std::errc{} || read.ptr != end || value < least || value > most) {
    throw bad_field(row, column, fmt::format("an integer from {} to {}", least, most));
  }
  return value;
}

double CsvTable::number(std::size_t row, std::string_view column, double least, double most) const {
  const std::string& field = at(row, column);
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
  return {{.file = file_, .line = rows_.at(row).line, .key = std::string(column)},
          fmt::format("found \"{}\"; allowed: {}", at(row, column), allowed)};
}

std::size_t CsvTable::place_of(std::string_view column) const {
  const auto found = std::find(header_.fields.begin(), header_.fields.end(), column);
  return static_cast<std::size_t>(found - header_.fields.begin());
}

void CsvTable::check_rows() const {
  for (std::size_t i = 0; i < header_.fields.size(); ++i) {
    if (place_of(header_.fields[i]) == i) continue;
    throw InputError({.file = file_, .line = header_.line, .key = header_.fields[i]},
                     "found this column twice");
  }
  for (const Row& row : rows_) {
    if (row.fields.size() == header_.fields.size()) continue;
    throw InputError({.file = file_, .line = row.line},
                     fmt::format("found {} fields; allowed: {}, as many as the header has",
                                 row.fields.size(), header_.fields.size()));
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
