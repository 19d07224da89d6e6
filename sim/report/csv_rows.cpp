#include "sim/report/csv_rows.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "core/check.hpp"

namespace ampsim::report {
namespace {

constexpr std::size_t kBlock = 1U << 16U;

/// Most rows have none of what is counted, and a search sees that sooner than a count.
std::size_t count_of(std::string_view text, char c) {
  const std::size_t first = std::min(text.find(c), text.size());
  return static_cast<std::size_t>(std::count(text.begin() + first, text.end(), c));
}

/// Where the row at `start` ends, npos if its line end is not there yet. A line end in quotes is
/// text: there is an even number of quotes before one that is not.
std::size_t end_of_row(std::string_view text, std::size_t start) {
  std::size_t end = text.find('\n', start);
  std::size_t counted = start;
  bool is_quoted = false;
  while (end != std::string_view::npos) {
    const std::string_view piece = text.substr(counted, end - counted);
    if (count_of(piece, '"') % 2 != 0) is_quoted = !is_quoted;
    if (!is_quoted) return end;
    counted = end;
    end = text.find('\n', end + 1);
  }
  return end;
}

}  // namespace

double number_in(std::string_view cell) {
  double number = std::numeric_limits<double>::quiet_NaN();
  const char* const end = cell.data() + cell.size();
  const auto read = std::from_chars(cell.data(), end, number);
  if (read.ec != std::errc{} || read.ptr != end) return std::numeric_limits<double>::quiet_NaN();
  return number;
}

CsvRows::CsvRows(const std::filesystem::path& file)
    : file_(file.string()), stream_(file, std::ios::binary) {
  if (!stream_) throw InputError({.file = file_}, "cannot be read");
  if (!take_row()) throw InputError({.file = file_}, "found an empty file; allowed: a CSV table");
  columns_.assign(cells_.begin(), cells_.end());
}

std::size_t CsvRows::column(std::string_view name) const {
  const auto found = std::find(columns_.begin(), columns_.end(), name);
  if (found == columns_.end()) {
    throw InputError({.file = file_, .line = 1}, fmt::format("there is no column {}", name));
  }
  return static_cast<std::size_t>(found - columns_.begin());
}

bool CsvRows::next() {
  if (!take_row()) return false;
  if (cells_.size() != columns_.size()) {
    throw InputError({.file = file_, .line = static_cast<int>(line_)},
                     fmt::format("found {} cells; allowed: {}, as in the header", cells_.size(),
                                 columns_.size()));
  }
  return true;
}

double CsvRows::number(std::size_t column) const {
  const std::string_view text = cell(column);
  const double number = number_in(text);
  if (std::isnan(number) && !text.empty()) {
    throw InputError({.file = file_, .line = static_cast<int>(line_), .key = columns_.at(column)},
                     fmt::format("found \"{}\"; allowed: a number", text));
  }
  return number;
}

bool CsvRows::fill() {
  buffer_.erase(0, at_);
  at_ = 0;
  const std::size_t kept = buffer_.size();
  buffer_.resize(kept + kBlock);
  stream_.read(buffer_.data() + kept, static_cast<std::streamsize>(kBlock));
  buffer_.resize(kept + static_cast<std::size_t>(stream_.gcount()));
  return buffer_.size() > kept;
}

bool CsvRows::take_row() {
  std::size_t end = end_of_row(buffer_, at_);
  while (end == std::string::npos && fill()) end = end_of_row(buffer_, at_);
  if (end == std::string::npos) {
    // The last row may lack its line end.
    if (at_ == buffer_.size()) return false;
    end = buffer_.size();
  }
  const std::string_view row = std::string_view(buffer_).substr(at_, end - at_);
  line_ = next_line_;
  next_line_ += count_of(row, '\n') + 1;
  at_ = std::min(end + 1, buffer_.size());
  split(row.ends_with('\r') ? row.substr(0, row.size() - 1) : row);
  return true;
}

void CsvRows::split(std::string_view row) {
  cells_.clear();
  unquoted_.clear();
  // No cell moves while there are views of it.
  unquoted_.reserve(count_of(row, '"') / 2);
  std::size_t at = 0;
  while (true) {
    if (at < row.size() && row[at] == '"') {
      std::string& text = unquoted_.emplace_back();
      for (++at; at < row.size(); ++at) {
        if (row[at] == '"' && (at + 1 == row.size() || row[++at] != '"')) break;
        text += row[at];
      }
      cells_.push_back(text);
      if (at < row.size() && row[at] == '"') ++at;
    } else {
      const std::size_t end = std::min(row.find(',', at), row.size());
      cells_.push_back(row.substr(at, end - at));
      at = end;
    }
    if (at >= row.size()) return;
    ++at;
    if (at == row.size()) {
      cells_.emplace_back();
      return;
    }
  }
}

}  // namespace ampsim::report
