#include "topologies/importers/number_table.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "core/csv.hpp"
#include "topologies/importers/file_content.hpp"

namespace ampsim::topo {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool ends_field(char c) { return c == ',' || c == '\n' || c == '\r'; }

const char* end_of_field(const char* at, const char* end) {
  return std::find_if(at, end, ends_field);
}

const char* skip_line_ends(const char* at, const char* end) {
  while (at != end) {
    const std::size_t size = *at == '\r' && end - at > 1 ? 2 : 1;
    if (at[size - 1] != '\n') break;
    at += size;
  }
  return at;
}

/// Reads what begins with eight bytes in which a number ends before the last: the digits are moved
/// to the end of the word behind zeros, and joined to pairs, fours and all eight of them, each time
/// in one multiplication. Where there are more digits, they follow one by one; where there are too
/// few bytes, too many digits or no digit, the standard library decides. Returns the end of the
/// number, nullptr where there is none.
const char* read_number(const char* at, const char* end, std::int64_t& value) {
  constexpr std::ptrdiff_t kMostDigits = 18;
  if (std::endian::native == std::endian::little && end - at > kMostDigits) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    word ^= 0x3030'3030'3030'3030U;
    // The high bit of a byte that is above 9, up to the first one of these at least.
    const std::uint64_t others = ((word + 0x7676'7676'7676'7676U) | word) & 0x8080'8080'8080'8080U;
    const int bits = others == 0 ? 64 : std::countr_zero(others) - 7;
    if (bits > 0) {
      word <<= static_cast<unsigned>(64 - bits);
      word = (word * 10 + (word >> 8U)) & 0x00ff'00ff'00ff'00ffU;
      word = (word * 100 + (word >> 16U)) & 0x0000'ffff'0000'ffffU;
      word = (word * 10'000 + (word >> 32U)) & 0xffff'ffffU;
      value = static_cast<std::int64_t>(word);
      if (bits < 64) return at + bits / 8;
      const char* digit = at + 8;
      for (; digit != at + kMostDigits && is_digit(*digit); ++digit) {
        value = value * 10 + (*digit - '0');
      }
      if (!is_digit(*digit)) return digit;
    }
  }
  const auto read = std::from_chars(at, end, value);
  return read.ec == std::errc{} ? read.ptr : nullptr;
}

}  // namespace

NumberTable::NumberTable(std::string_view text, std::string file, std::vector<std::string> columns)
    : text_(text), file_(std::move(file)), columns_(std::move(columns)) {
  const char* at = read_header();
  rows_begin_ = static_cast<std::size_t>(at - text_.data());
  // A row has two bytes a column at least, but for the end of the last line.
  const std::size_t most_rows = (text_.size() - rows_begin_ + 1) / (2 * columns_.size());
  values_ = std::make_unique_for_overwrite<std::int64_t[]>((most_rows + 1) * columns_.size());
  for (at = skip_line_ends(at, end()); at != end(); at = skip_line_ends(at, end())) {
    const char* const begin = at;
    at = read_row(begin, values_.get() + rows_ * columns_.size());
    if (at == nullptr) refuse_row(begin);
    ++rows_;
  }
}

const char* NumberTable::read_header() {
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
  return text_.data() + end;
}

const char* NumberTable::read_row(const char* at, std::int64_t* values) const {
  const char* const end = this->end();
  const std::size_t* place = places_.data();
  const std::size_t* const last = place + places_.size() - 1;
  while (true) {
    at = *place == kSkipped ? end_of_field(at, end) : read_number(at, end, values[*place]);
    if (place == last) break;
    if (at == nullptr || at == end || *at != ',') return nullptr;
    ++at;
    ++place;
  }
  if (at == nullptr || at == end || *at == '\n') return at;
  return at != skip_line_ends(at, end) ? at : nullptr;
}

void NumberTable::refuse_row(const char* begin) const {
  const int line = line_of(text_, static_cast<std::size_t>(begin - text_.data()));
  std::size_t fields = 0;
  for (const char* at = begin;; ++at, ++fields) {
    const char* const field_end = end_of_field(at, end());
    std::int64_t value = 0;
    if (fields < places_.size() && places_[fields] != kSkipped &&
        read_number(at, end(), value) != field_end) {
      throw InputError(
          {.file = file_, .line = line, .key = columns_[places_[fields]]},
          fmt::format("found \"{}\"; allowed: a whole number", std::string_view(at, field_end)));
    }
    at = field_end;
    if (at == end() || *at != ',') break;
  }
  ++fields;
  if (fields == places_.size()) {
    throw InputError(
        {.file = file_, .line = line},
        "found a carriage return inside a line; allowed: at its end, before a newline");
  }
  throw InputError({.file = file_, .line = line},
                   fmt::format("found {} fields; allowed: {}, as many as the header has", fields,
                               places_.size()));
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
  const char* at = skip_line_ends(text_.data() + rows_begin_, end());
  for (std::size_t before = 0; before < row; ++before) {
    at = skip_line_ends(std::find(at, end(), '\n'), end());
  }
  const int line = line_of(text_, static_cast<std::size_t>(at - text_.data()));
  return {{.file = file_, .line = line, .key = columns_.at(column)},
          fmt::format("found \"{}\"; allowed: {}", this->at(row, column), allowed)};
}

}  // namespace ampsim::topo
