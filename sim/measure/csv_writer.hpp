#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/units.hpp"

/// CSV by RFC 4180, as pandas reads it without options: `.` decimals, UTF-8, LF. Rows are made as
/// text; who writes them to a file checks the writing (sim/experiment/output_file.hpp).
///
/// Tested by tests/csv_writer_test.cpp.
namespace ampsim::sim {

/// The shortest decimal that reads back as the same double; NaN is an empty string.
std::string shortest(double number);

/// The number in a cell; NaN where it is empty or text.
double cell_number(std::string_view cell);

/// Milliseconds with every nanosecond: 1.5 ms is "1.5", 1 ns "0.000001".
std::string milliseconds(SimDuration duration);

/// Appends cells to a text. Numbers are never quoted; NaN is an empty cell.
class CsvWriter {
 public:
  explicit CsvWriter(std::string& text) : text_(text) {}

  CsvWriter& cell(std::string_view value);
  CsvWriter& cell(const char* value) { return cell(std::string_view(value)); }
  CsvWriter& cell(std::int64_t value);
  CsvWriter& cell(double value);
  CsvWriter& cell(Msat value) { return cell(value.count); }
  CsvWriter& empty();
  void end_row();

 private:
  void separate();

  std::string& text_;
  bool is_first_ = true;
};

/// Takes one row off the front of `text`, quotes removed. `text` must hold whole rows.
std::vector<std::string> take_row(std::string_view& text);

}  // namespace ampsim::sim
