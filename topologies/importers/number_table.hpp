#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/check.hpp"

/// CSV whose fields are whole numbers, for networks of many rows: one pass over the text at some
/// ten instructions a byte, where core/csv.hpp, which reads fields as texts, takes twice as many
/// before one of them is a number. Lines end in LF or CRLF; empty lines and a byte order mark are
/// skipped; fields have no quotes.
///
/// Errors are InputErrors with file, line and column, as those of core/csv.hpp.
///
/// Memory: 8 bytes a field that is asked for; of addresses four times the text at most, because how
/// many rows there are is not counted before.
///
/// Tested by tests/number_table_test.cpp.
namespace ampsim::topo {

class NumberTable {
 public:
  /// Reads these columns, which may stand in any order; others are skipped. The text must outlive
  /// the table. `file` is only a name, for messages.
  NumberTable(std::string_view text, std::string file, std::vector<std::string> columns);

  std::size_t rows() const { return rows_; }
  /// `column` counts in the names that were given.
  std::int64_t at(std::size_t row, std::size_t column) const {
    return values_[row * columns_.size() + column];
  }
  /// The same if it is from `least` to `most`; throws InputError if it is not.
  std::int64_t at(std::size_t row,
                  std::size_t column,
                  std::int64_t least,
                  std::int64_t most) const {
    const std::int64_t value = at(row, column);
    if (value < least || value > most) [[unlikely]]
      refuse(row, column, least, most);
    return value;
  }
  /// An error in that field: `FILE:LINE: COLUMN: found "..."; allowed: ...`.
  InputError bad_field(std::size_t row, std::size_t column, std::string_view allowed) const;

 private:
  void read_header();
  /// Lines with an end each. They begin at `offset` in the text.
  void read_rows(std::string_view lines, std::size_t offset);
  /// One row and the end of its line, behind which it returns; nullptr if it is not as it must be.
  const char* read_row(const char* at, std::int64_t* values) const;
  /// Says what is wrong with the row that begins there in the text.
  [[noreturn]] void refuse_row(std::size_t offset) const;
  [[noreturn]] void refuse(std::size_t row,
                           std::size_t column,
                           std::int64_t least,
                           std::int64_t most) const;

  static constexpr std::size_t kSkipped = static_cast<std::size_t>(-1);

  std::string_view text_;
  std::string file_;
  std::vector<std::string> columns_;
  std::vector<std::size_t> places_;  // of the columns of the file: which of ours, or kSkipped
  std::size_t rows_begin_ = 0;       // in the text
  std::unique_ptr<std::int64_t[]> values_;  // row by row
  std::size_t rows_ = 0;
};

}  // namespace ampsim::topo
