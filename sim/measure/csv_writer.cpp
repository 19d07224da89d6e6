#include "sim/measure/csv_writer.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "core/csv.hpp"

namespace ampsim::sim {

std::string shortest(double number) {
  if (std::isnan(number)) return "";
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  return {digits.data(), end};
}

double cell_number(std::string_view cell) {
  double number = std::numeric_limits<double>::quiet_NaN();
  std::from_chars(cell.data(), cell.data() + cell.size(), number);
  return number;
}

std::string milliseconds(SimDuration duration) {
  const std::int64_t ns = duration.count();
  const bool is_negative = ns < 0;
  const std::uint64_t size =
      is_negative ? 0 - static_cast<std::uint64_t>(ns) : static_cast<std::uint64_t>(ns);
  std::string text = fmt::format("{}{}", is_negative ? "-" : "", size / 1'000'000);
  if (size % 1'000'000 != 0) {
    text += fmt::format(".{:06}", size % 1'000'000);
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text;
}

void CsvWriter::separate() {
  if (!is_first_) text_ += ',';
  is_first_ = false;
}

CsvWriter& CsvWriter::cell(std::string_view value) {
  separate();
  text_ += csv_field(value);
  return *this;
}

CsvWriter& CsvWriter::cell(std::int64_t value) {
  separate();
  text_ += std::to_string(value);
  return *this;
}

CsvWriter& CsvWriter::cell(double value) {
  separate();
  text_ += shortest(value);
  return *this;
}

CsvWriter& CsvWriter::empty() {
  separate();
  return *this;
}

void CsvWriter::end_row() {
  text_ += '\n';
  is_first_ = true;
}

std::vector<std::string> take_row(std::string_view& text) {
  std::vector<std::string> cells(1);
  bool is_quoted = false;
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (is_quoted) {
      if (c != '"') {
        cells.back() += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        cells.back() += '"';
        ++i;
      } else {
        is_quoted = false;
      }
    } else if (c == '"') {
      is_quoted = true;
    } else if (c == ',') {
      cells.emplace_back();
    } else if (c == '\n') {
      ++i;
      break;
    } else {
      cells.back() += c;
    }
  }
  text.remove_prefix(i);
  return cells;
}

}  // namespace ampsim::sim
