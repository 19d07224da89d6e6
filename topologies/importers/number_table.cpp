#include "topologies/importers/number_table.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "core/csv.hpp"
#include "topologies/importers/file_content.hpp"

namespace ampsim::topo {
namespace {

bool ends_field(char c) { return c == ',' || c == '\n' || c == '\r'; }

const char* skip_line_ends(const char* at, const char* end) {
  while (at != end) {
    const std::ptrdiff_t size = *at == '\r' && end - at > 1 ? 2 : 1;
    if (at[size - 1] != '\n') break;
    at += size;
  }
  return at;
}

constexpr std::uint8_t kNoPair = 100;

/// What two characters are as a number, by their bytes in memory; kNoPair where one is no digit.
constexpr auto kPairs = [] {
  std::array<std::uint8_t, 1U << 16U> pairs{};
  pairs.fill(kNoPair);
  for (std::uint8_t pair = 0; pair < kNoPair; ++pair) {
    const std::array<char, 2> text{static_cast<char>('0' + pair / 10),
                                   static_cast<char>('0' + pair % 10)};
    pairs[std::bit_cast<std::uint16_t>(text)] = pair;
  }
  return pairs;
}();

/// Reads the number at `at`; a line's end and one more byte follow. Returns its end, nullptr where
/// there is none. Two digits at once take half the instructions of one by one.
const char* read_number(const char* at, std::int64_t& value) {
  std::uint64_t number = 0;
  const char* next = at;
  while (true) {
    std::uint16_t text = 0;
    std::memcpy(&text, next, sizeof text);
    const std::uint64_t pair = kPairs[text];
    if (pair == kNoPair) break;
    number = number * 100 + pair;
    next += 2;
  }
  const auto digit = static_cast<std::uint64_t>(static_cast<unsigned char>(*next)) - '0';
  if (digit <= 9) {
    number = number * 10 + digit;
    ++next;
  }
  constexpr std::size_t kMostDigits = 18;  // with so many every number fits
  if (static_cast<std::size_t>(next - at) - 1 < kMostDigits) [[likely]] {
    value = static_cast<std::int64_t>(number);
    return next;
  }
  while (!ends_field(*next)) ++next;
  const auto read = std::from_chars(at, next, value);
  return read.ec == std::errc{} ? read.ptr : nullptr;
}

bool is_number(std::string_view field) {
  std::int64_t value = 0;
  const char* const end = field.data() + field.size();
  const auto read = std::from_chars(field.data(), end, value);
  return read.ec == std::errc{} && read.ptr == end;
}

}  // namespace

NumberTable::NumberTable(std::string_view text, std::string file, std::vector<std::string> columns)
    : text_(text), file_(std::move(file)), columns_(std::move(columns)) {
  read_header();
  const std::string_view rows = text_.substr(rows_begin_);
  // A row has two bytes a column at least, but for the end of the last line.
  const std::size_t most_rows = (rows.size() + 1) / (2 * columns_.size());
  values_ = std::make_unique_for_overwrite<std::int64_t[]>((most_rows + 1) * columns_.size());
  // The last line may have no end, and has no byte behind it.
  const std::size_t end = rows.substr(0, std::max<std::size_t>(rows.size(), 1) - 1).rfind('\n') + 1;
  read_rows(rows.substr(0, end), rows_begin_);
  std::string last(rows.substr(end));
  if (last.ends_with('\r')) refuse_row(rows_begin_ + end);
  if (!last.ends_with('\n')) last += '\n';
  read_rows(last, rows_begin_ + end);
}

void NumberTable::read_rows(std::string_view lines, std::size_t offset) {
  const char* const end = lines.data() + lines.size();
  for (const char* at = lines.data(); (at = skip_line_ends(at, end)) != end; ++rows_) {
    const char* const begin = at;
    at = read_row(begin, values_.get() + rows_ * columns_.size());
    if (at == nullptr) refuse_row(offset + static_cast<std::size_t>(begin - lines.data()));
  }
}

void NumberTable::read_header() {
  // The first line that is not empty; a byte order mark alone is none.
  const std::size_t first = std::min(text_.find_first_not_of("\xef\xbb\xbf\r\n"), text_.size());
  const std::size_t newline = text_.find('\n', first);
  const std::size_t end = newline == std::string_view::npos ? text_.size() : newline + 1;
  const CsvTable header(text_.substr(0, end), file_);
  header.require_columns(columns_);
  for (const std::string& name : header.columns()) {
    const auto found = std::find(columns_.begin(), columns_.end(), name);
    places_.push_back(found == columns_.end() ? kSkipped
                                              : static_cast<std::size_t>(found - columns_.begin()));
  }
  rows_begin_ = end;
}

const char* NumberTable::read_row(const char* at, std::int64_t* values) const {
  const std::size_t* const last = &places_.back();
  for (const std::size_t* place = places_.data();; ++place, ++at) {
    if (*place == kSkipped) {
      while (!ends_field(*at)) ++at;
    } else {
      at = read_number(at, values[*place]);
      if (at == nullptr) return nullptr;
    }
    if (place == last) break;
    if (*at != ',') return nullptr;
  }
  if (*at == '\r') ++at;
  return *at == '\n' ? at + 1 : nullptr;
}

void NumberTable::refuse_row(std::size_t offset) const {
  InputError::Where where{.file = file_, .line = line_of(text_, offset), .key = ""};
  std::string_view line = text_.substr(offset);
  const std::size_t newline = line.find('\n');
  line = line.substr(0, newline);
  if (newline != std::string_view::npos && line.ends_with('\r')) line.remove_suffix(1);
  if (line.find('\r') != std::string_view::npos) {
    throw InputError(where, "found a carriage return inside a line; allowed: before a newline");
  }
  std::size_t fields = 0;
  for (std::size_t comma = 0; comma != std::string_view::npos; ++fields) {
    comma = line.find(',');
    const std::string_view field = line.substr(0, comma);
    if (fields < places_.size() && places_[fields] != kSkipped && !is_number(field)) {
      where.key = columns_[places_[fields]];
      throw InputError(where, fmt::format("found \"{}\"; allowed: a whole number", field));
    }
    if (comma != std::string_view::npos) line.remove_prefix(comma + 1);
  }
  throw InputError(where, fmt::format("found {} fields; allowed: {}, as many as the header has",
                                      fields, places_.size()));
}

void NumberTable::refuse(std::size_t row,
                         std::size_t column,
                         std::int64_t least,
                         std::int64_t most) const {
  throw bad_field(row, column, fmt::format("an integer from {} to {}", least, most));
}

InputError NumberTable::bad_field(std::size_t row,
                                  std::size_t column,
                                  std::string_view allowed) const {
  // Only a reader of errors asks for lines: they are counted again.
  const char* const end = text_.data() + text_.size();
  const char* at = skip_line_ends(text_.data() + rows_begin_, end);
  for (std::size_t before = 0; before < row; ++before) {
    at = skip_line_ends(std::find(at, end, '\n'), end);
  }
  const int line = line_of(text_, static_cast<std::size_t>(at - text_.data()));
  return {{.file = file_, .line = line, .key = columns_.at(column)},
          fmt::format("found \"{}\"; allowed: {}", this->at(row, column), allowed)};
}

}  // namespace ampsim::topo
