#include "core/csv_reader.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include <fmt/format.h>

#include "core/check.hpp"

namespace ampsim {
namespace {

/// One record from `rest`, which moves past its line end; counts the lines it spans.
std::vector<std::string> take_record(std::string_view& rest, int& line, const std::string& file) {
  std::vector<std::string> fields(1);
  const int first_line = line;
  bool quoted = false;
  while (!rest.empty()) {
    const char c = rest.front();
    rest.remove_prefix(1);
    if (c == '\n') ++line;
    if (quoted) {
      if (c != '"') {
        fields.back() += c;
      } else if (!rest.empty() && rest.front() == '"') {
        fields.back() += '"';
        rest.remove_prefix(1);
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      fields.emplace_back();
    } else if (c == '\n') {
      return fields;
    } else if (c != '\r') {
      fields.back() += c;
    }
  }
  if (quoted) throw InputError({.file = file, .line = first_line}, "a quote is not closed");
  return fields;
}

}  // namespace

CsvTable::CsvTable(std::string_view text, std::string file) : file_(std::move(file)) {
  if (text.empty()) throw InputError({.file = file_}, "is empty; a header line is needed");
  int line = 1;
  columns_ = take_record(text, line, file_);
  while (!text.empty()) {
    Row row{.line = line, .fields = take_record(text, line, file_)};
    if (row.fields.size() == 1 && row.fields.front().empty()) continue;  // a blank line
    if (row.fields.size() != columns_.size()) {
      throw InputError(
          {.file = file_, .line = row.line},
          fmt::format("found {} fields; the header has {}", row.fields.size(), columns_.size()));
    }
    rows_.push_back(std::move(row));
  }
}

bool CsvTable::has(std::string_view column) const {
  return std::find(columns_.begin(), columns_.end(), column) != columns_.end();
}

std::size_t CsvTable::index(std::string_view column) const {
  const auto found = std::find(columns_.begin(), columns_.end(), column);
  if (found == columns_.end()) {
    throw InputError({.file = file_, .line = 1},
                     fmt::format("no column \"{}\"; found: {}", column, fmt::join(columns_, ", ")));
  }
  return static_cast<std::size_t>(found - columns_.begin());
}

const std::string& CsvTable::text(std::size_t row, std::string_view column) const {
  return rows_[row].fields[index(column)];
}

std::int64_t CsvTable::integer(std::size_t row,
                               std::string_view column,
                               std::int64_t low,
                               std::int64_t high) const {
  const std::string& field = text(row, column);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (error != std::errc{} || end != field.data() + field.size() || value < low || value > high) {
    throw InputError(
        {.file = file_, .line = line(row), .key = std::string(column)},
        fmt::format("found \"{}\"; allowed: a whole number from {} to {}", field, low, high));
  }
  return value;
}

double CsvTable::number(std::size_t row, std::string_view column, double low, double high) const {
  const std::string& field = text(row, column);
  double value = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (error != std::errc{} || end != field.data() + field.size() || !std::isfinite(value) ||
      value < low || value > high) {
    throw InputError(
        {.file = file_, .line = line(row), .key = std::string(column)},
        fmt::format("found \"{}\"; allowed: a number from {} to {}", field, low, high));
  }
  return value;
}

std::string read_text_file(const std::string& file) {
  if (std::filesystem::is_directory(file)) {
    throw InputError({.file = file}, "is a folder; a file is needed");
  }
  std::ifstream in(file, std::ios::binary);
  if (!in)
    throw InputError({.file = file}, fmt::format("cannot be read: {}", std::strerror(errno)));
  std::ostringstream text;
  text << in.rdbuf();
  if (in.bad()) throw InputError({.file = file}, "cannot be read to its end");
  return text.str();
}

}  // namespace ampsim
