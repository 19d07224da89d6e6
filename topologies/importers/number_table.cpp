#include "topologies/importers/number_table.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "core/csv.hpp"
#include "topologies/importers/file_content.hpp"

namespace ampsim::topo {

NumberTable::NumberTable(std::string_view text, std::string file, std::vector<std::string> columns)
    : file_(std::move(file)), columns_(std::move(columns)) {
  read_header(text);
  while (true) {
    while (!rest_.empty() && (rest_.front() == '\n' || rest_.starts_with("\r\n"))) {
      rest_.remove_prefix(rest_.front() == '\n' ? 1 : 2);
      ++line_;
    }
    if (rest_.empty()) return;
    read_row();
  }
}

void NumberTable::read_header(std::string_view text) {
  // The first line that is not empty; a byte order mark alone is none.
  const std::size_t first = std::min(text.find_first_not_of("\xef\xbb\xbf\r\n"), text.size());
  const std::size_t newline = text.find('\n', first);
  const std::size_t end = newline == std::string_view::npos ? text.size() : newline + 1;
  const CsvTable header(text.substr(0, end), file_);
  header.require_columns(columns_);
  for (const std::string& name : header.columns()) {
    const auto found = std::find(columns_.begin(), columns_.end(), name);
    places_.push_back(found == columns_.end() ? kSkipped
                                              : static_cast<std::size_t>(found - columns_.begin()));
  }
  line_ = line_of(text, end);
  rest_ = text.substr(end);
}

void NumberTable::read_row() {
  lines_.push_back(line_);
  values_.resize(values_.size() + columns_.size());
  std::size_t fields = 0;
  while (true) {
    if (fields < places_.size() && places_[fields] != kSkipped) {
      read_number(places_[fields]);
    } else {
      rest_.remove_prefix(std::min(rest_.find_first_of(",\r\n"), rest_.size()));
    }
    ++fields;
    if (!rest_.starts_with(',')) break;
    rest_.remove_prefix(1);
  }
  if (fields == places_.size()) return;
  throw InputError({.file = file_, .line = line_},
                   fmt::format("found {} fields; allowed: {}, as many as the header has", fields,
                               places_.size()));
}

void NumberTable::read_number(std::size_t column) {
  const char* const end = rest_.data() + rest_.size();
  std::int64_t& value = values_[values_.size() - columns_.size() + column];
  const auto read = std::from_chars(rest_.data(), end, value);
  const bool ends_field =
      read.ptr == end || *read.ptr == ',' || *read.ptr == '\n' || *read.ptr == '\r';
  if (read.ec != std::errc{} || !ends_field) {
    throw bad_text(column, rest_.substr(0, rest_.find_first_of(",\r\n")), "a whole number");
  }
  rest_.remove_prefix(static_cast<std::size_t>(read.ptr - rest_.data()));
}

std::int64_t NumberTable::at(std::size_t row,
                             std::size_t column,
                             std::int64_t least,
                             std::int64_t most) const {
  const std::int64_t value = at(row, column);
  if (value >= least && value <= most) return value;
  throw bad_field(row, column, fmt::format("an integer from {} to {}", least, most));
}

InputError NumberTable::bad_field(std::size_t row,
                                  std::size_t column,
                                  std::string_view allowed) const {
  return {{.file = file_, .line = lines_.at(row), .key = columns_.at(column)},
          fmt::format("found \"{}\"; allowed: {}", at(row, column), allowed)};
}

InputError NumberTable::bad_text(std::size_t column,
                                 std::string_view found,
                                 std::string_view allowed) const {
  return {{.file = file_, .line = line_, .key = columns_.at(column)},
          fmt::format("found \"{}\"; allowed: {}", found, allowed)};
}

}  // namespace ampsim::topo
