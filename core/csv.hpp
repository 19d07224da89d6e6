#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/check.hpp"

/// CSV text as RFC 4180 has it, with a header: read into a table whose columns are found by name
/// in any order, and fields quoted for writing. Lines end in LF or CRLF; empty lines and a byte
/// order mark are skipped.
///
/// Errors are InputErrors with file and line: no header, a column twice or missing, a row of
/// another length than the header, a quote that is not closed or stands inside a plain field.
///
/// Memory: the text of the fields, 8 bytes a field and 4 a row.
///
/// Tested by tests/csv_test.cpp.
namespace ampsim {

class CsvTable {
 public:
  /// `file` is only a name, for messages.
  CsvTable(std::string_view text, std::string file);

  std::size_t rows() const { return lines_.size(); }
  /// Where the header and a row begin in the file, from 1.
  int header_line() const { return header_line_; }
  int line(std::size_t row) const { return lines_.at(row); }
  /// As the header has them.
  const std::vector<std::string>& columns() const { return header_; }
  bool has_column(std::string_view name) const;
  /// Throws InputError if one of them is missing. Other columns are allowed.
  void require_columns(const std::vector<std::string>& names) const;
  /// The field of a column that is there.
  std::string_view at(std::size_t row, std::string_view column) const;
  /// That field as a whole number, or as a finite decimal number, from `least` to `most`.
  std::int64_t integer(std::size_t row,
                       std::string_view column,
                       std::int64_t least,
                       std::int64_t most) const;
  double number(std::size_t row, std::string_view column, double least, double most) const;
  /// An error in that field: `FILE:LINE: COLUMN: found "..."; allowed: ...`.
  InputError bad_field(std::size_t row, std::string_view column, std::string_view allowed) const;

 private:
  /// Its place in the header, or the number of columns.
  std::size_t place_of(std::string_view column) const;
  void check_header() const;

  std::string file_;
  int header_line_ = 0;  ///< where it begins, from 1
  std::vector<std::string> header_;
  std::vector<int> lines_;         ///< where each row begins
  std::string text_;               ///< of all fields of all rows
  std::vector<std::size_t> ends_;  ///< of each field in it; the first is where row 0 begins
};

/// `text` as one field: in quotes only if it must be.
std::string csv_field(std::string_view text);

}  // namespace ampsim
