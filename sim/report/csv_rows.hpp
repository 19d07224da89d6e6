#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

/// A CSV file with a header, row after row: for tables that are too large to be held. Memory is one
/// block of 64 KiB, or the longest row if that is longer.
///
/// Errors: InputError with file and line for a file that cannot be read, a column that is missing,
/// and a row of another length than the header.
/// Tested by tests/csv_rows_test.cpp.
namespace ampsim::report {

class CsvRows {
 public:
  explicit CsvRows(const std::filesystem::path& file);

  const std::vector<std::string>& columns() const { return columns_; }
  /// Its place in the row.
  std::size_t column(std::string_view name) const;

  /// Goes on to the next row; false at the end.
  bool next();
  /// Of the row; valid until next().
  std::string_view cell(std::size_t column) const { return cells_[column]; }
  /// That cell as a number: NaN where it is empty. Throws where it is something else.
  double number(std::size_t column) const;

 private:
  /// Splits the next row of the file into cells_; false at the end.
  bool take_row();
  bool fill();
  void split(std::string_view row);

  std::string file_;
  std::ifstream stream_;
  std::string buffer_;
  std::size_t at_ = 0;  ///< in the buffer: what is before has been read
  std::size_t line_ = 0;
  std::size_t next_line_ = 1;
  std::vector<std::string> columns_;
  std::vector<std::string_view> cells_;
  std::vector<std::string> unquoted_;  ///< cells that stood in quotes
};

/// The number that a cell holds: NaN for an empty one and for text.
double number_in(std::string_view cell);

}  // namespace ampsim::report
