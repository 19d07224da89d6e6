#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/check.hpp"

/// An experiment file as a flat list: one entry a key, with its full dotted name and its place, in
/// the order of the file. What the keys mean is not known here (sim/experiment/settings.hpp). The
/// tables of the list `sweep.points` have their number in the name: `sweep.points.0.KEY`.
///
/// Errors: InputError for a file that cannot be read and for broken TOML, with the line.
/// Tested by tests/settings_test.cpp.
namespace ampsim::sim {

/// std::monostate is everything that no setting can be: dates, tables in lists, lists in lists. A
/// list of texts is the value of a setting; the lists of an entry are its `values`.
using Value =
    std::variant<std::monostate, bool, std::int64_t, double, std::string, std::vector<std::string>>;

/// As TOML writes it, on one line; doubles by their shortest form and never without a point or an
/// exponent.
std::string to_toml(const Value& value);
/// As a CSV cell or a person reads it: like to_toml, text without quotes.
std::string to_plain(const Value& value);

/// One value and where it stands: a list may run over several lines.
struct FoundValue {
  Value value;
  std::string text;  ///< as found, on one line, for messages
  int line = 0;
};

enum class Shape : std::uint8_t { scalar, list, empty_table };

struct Entry {
  std::string key;
  Shape shape = Shape::scalar;
  std::vector<FoundValue> values;  ///< exactly one for a scalar
  std::string file;                ///< as the user wrote it, "--set" for the command line
  int line = 0;
  std::string folder;  ///< where relative paths in this entry start
  bool is_override = false;

  InputError::Where where() const { return {.file = file, .line = line, .key = key}; }
  InputError::Where where(const FoundValue& found) const {
    return {.file = file, .line = found.line, .key = key};
  }
};
using Document = std::vector<Entry>;

Document read_document(const std::string& file);
/// `file` and `folder` are only copied into the entries.
Document parse_document(std::string_view text, const std::string& file, const std::string& folder);

/// Replaces a key by `KEY=VALUE` of the command line. VALUE is a TOML value or, where it is none,
/// text without quotes. A swept key that is set is not swept any more, and no baseline.
void apply_override(Document& document, std::string_view assignment);

/// The entry of that name, or nullptr.
const Entry* find_entry(const Document& document, std::string_view key);

/// Control characters shown as `\xNN`: what the user typed must not break a message into lines.
std::string one_line(std::string_view text);

}  // namespace ampsim::sim
