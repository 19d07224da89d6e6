#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Reading tables as RFC 4180 has them: a header line, commas, quotes where needed, LF or CRLF.
/// Columns are found by name, in any order; unknown columns are left alone.
///
/// Tested by tests/csv_reader_test.cpp.
namespace ampsim {

class CsvTable {
 public:
  /// `file` is only for messages. Errors: InputError with file and line for an empty text, an open
  /// quote, or a row whose number of fields differs from the header's.
  CsvTable(std::string_view text, std::string file);

  std::size_t rows() const { return rows_.size(); }
  /// The line of the file on which a row starts, from 1.
  int line(std::size_t row) const { return rows_[row].line; }
  bool has(std::string_view column) const;

  /// Errors: InputError naming the column if it is missing.
  const std::string& text(std::size_t row, std::string_view column) const;
  /// A whole number in [low, high]. Errors: InputError with file, line and column.
  std::int64_t integer(std::size_t row,
                       std::string_view column,
                       std::int64_t low,
                       std::int64_t high) const;
  /// A finite decimal number in [low, high]. Errors as for `integer`.
  double number(std::size_t row, std::string_view column, double low, double high) const;

  const std::string& file() const { return file_; }

 private:
  struct Row {
    int line = 0;
    std::vector<std::string> fields;
  };
  std::size_t index(std::string_view column) const;

  std::string file_;
  std::vector<std::string> columns_;
  std::vector<Row> rows_;
};

/// The whole of a file. Errors: InputError if it cannot be read.
std::string read_text_file(const std::string& file);

}  // namespace ampsim
