#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/check.hpp"

/// CSV whose fields are whole numbers, for networks of many rows: core/csv.hpp, which reads
/// them as texts, takes twice as long. Lines end in LF or CRLF; empty lines and a byte order mark
/// are skipped; fields have no quotes.
///
/// Errors are InputErrors with file, line and column, as those of core/csv.hpp.
///
/// Tested by tests/cloth_importer_test.cpp.
namespace ampsim::topo {

class NumberTable {
 public:
  /// Reads these columns, which may stand in any order; others are skipped. The text must outlive
  /// the table. `file` is only a name, for messages.
  NumberTable(std::string_view text, std::string file, std::vector<std::string> columns);

  std::size_t rows() const { return lines_.size(); }
  /// `column` counts in the names that were given.
  std::int64_t at(std::size_t row, std::size_t column) const {
    return values_[row * columns_.size() + column];
  }
  /// The same if it is from `least` to `most`; throws InputError if it is not.
  std::int64_t at(std::size_t row, std::size_t column, std::int64_t least, std::int64_t most) const;
  /// An error in that field: `FILE:LINE: COLUMN: found "..."; allowed: ...`.
  InputError bad_field(std::size_t row, std::size_t column, std::string_view allowed) const;

 private:
  /// Of the columns of the file: which of ours each is, or kSkipped.
  void read_header(std::string_view text);
  /// One row, and the end of its line.
  void read_row();
  void read_number(std::size_t column);
  InputError bad_text(std::size_t column, std::string_view found, std::string_view allowed) const;

  static constexpr std::size_t kSkipped = static_cast<std::size_t>(-1);

  std::string file_;
  std::vector<std::string> columns_;
  std::vector<std::size_t> places_;
  std::string_view rest_;  // of the text
  int line_ = 1;           // at which it begins
  std::vector<int> lines_;
  std::vector<std::int64_t> values_;
};

}  // namespace ampsim::topo
