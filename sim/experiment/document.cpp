#include "sim/experiment/document.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "sim/measure/csv_writer.hpp"
#include "topologies/importers/file_content.hpp"

namespace ampsim::sim {
namespace {

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += fmt::format("\\u{:04X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      out += c;
    }
  }
  return out + '"';
}

Value scalar_of(const toml::node& node) {
  if (const auto* flag = node.as_boolean()) return flag->get();
  if (const auto* integer = node.as_integer()) return integer->get();
  if (const auto* number = node.as_floating_point()) return number->get();
  if (const auto* text = node.as_string()) return text->get();
  return std::monostate{};
}

FoundValue found_in(const toml::node& node) {
  FoundValue found{.value = scalar_of(node), .line = static_cast<int>(node.source().begin.line)};
  if (!std::holds_alternative<std::monostate>(found.value)) {
    found.text = to_toml(found.value);
  } else if (node.is_table()) {
    found.text = "a table";
  } else if (node.is_array()) {
    found.text = "a list";
  } else {
    found.text = "a date or time";
  }
  return found;
}

constexpr std::string_view kPoints = "sweep.points";

/// toml++ keeps tables sorted by key; an experiment is read in the order in which it was written.
struct Placed {
  Entry entry;
  toml::source_position at;
};

class Flattener {
 public:
  Flattener(std::string file, std::string folder)
      : file_(std::move(file)), folder_(std::move(folder)) {}

  void add(const std::string& prefix, const toml::table& table) {
    for (auto&& [key, node] : table) {
      const std::string name =
          prefix.empty() ? std::string(key.str()) : prefix + "." + std::string(key.str());
      const toml::table* inner = node.as_table();
      if (inner != nullptr && !inner->empty()) {
        add(name, *inner);
      } else if (const toml::array* points = points_in(name, node)) {
        for (std::size_t i = 0; i < points->size(); ++i) {
          add(fmt::format("{}.{}", name, i), *points->get(i)->as_table());
        }
      } else {
        add_leaf(name, node);
      }
    }
  }

  Document finish() {
    std::stable_sort(placed_.begin(), placed_.end(), [](const Placed& a, const Placed& b) {
      return std::pair(a.at.line, a.at.column) < std::pair(b.at.line, b.at.column);
    });
    Document document;
    std::set<std::string> keys;
    for (Placed& placed : placed_) {
      if (!keys.insert(placed.entry.key).second) {
        throw InputError(placed.entry.where(), "found twice; allowed: once");
      }
      document.push_back(std::move(placed.entry));
    }
    return document;
  }

 private:
  /// A list of tables that are not empty, where one is meant.
  static const toml::array* points_in(const std::string& name, const toml::node& node) {
    const toml::array* const list = name == kPoints ? node.as_array() : nullptr;
    if (list == nullptr || list->empty()) return nullptr;
    const bool are_tables = std::all_of(list->begin(), list->end(), [](const toml::node& each) {
      return each.is_table() && !each.as_table()->empty();
    });
    return are_tables ? list : nullptr;
  }

  void add_leaf(const std::string& name, const toml::node& node) {
    Entry entry{.key = one_line(name),
                .file = file_,
                .line = static_cast<int>(node.source().begin.line),
                .folder = folder_};
    if (const toml::array* list = node.as_array()) {
      entry.shape = Shape::list;
      for (const toml::node& element : *list) entry.values.push_back(found_in(element));
    } else if (node.is_table()) {
      entry.shape = Shape::empty_table;
    } else {
      entry.values.push_back(found_in(node));
    }
    placed_.push_back({std::move(entry), node.source().begin});
  }

  std::string file_;
  std::string folder_;
  std::vector<Placed> placed_;
};

/// The value alone in a document of its own, or an empty table where it is no TOML.
toml::table parse_value(std::string_view text) {
  try {
    toml::table table = toml::parse(fmt::format("value = {}", text));
    if (table.size() == 1 && table.contains("value")) return table;
  } catch (const toml::parse_error&) {
    // Then it is text without quotes.
  }
  return {};
}

bool is_or_is_inside(std::string_view key, std::string_view table) {
  return key == table || (key.size() > table.size() && key.substr(0, table.size()) == table &&
                          key[table.size()] == '.');
}

/// `sweep.points.3.KEY`.
bool is_of_point(std::string_view entry, std::string_view key) {
  if (!entry.starts_with(kPoints)) return false;
  const std::size_t dot = entry.find('.', kPoints.size() + 1);
  return dot != entry.npos && entry.substr(dot + 1) == key;
}

}  // namespace

std::string to_toml(const Value& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
  if (const auto* text = std::get_if<std::string>(&value)) return in_quotes(*text);
  if (const auto* list = std::get_if<std::vector<std::string>>(&value)) {
    std::vector<std::string> quoted;
    for (const std::string& each : *list) quoted.push_back(in_quotes(each));
    return fmt::format("[{}]", fmt::join(quoted, ", "));
  }
  if (const auto* number = std::get_if<double>(&value)) {
    if (std::isnan(*number)) return "nan";
    std::string text = shortest(*number);
    const bool is_bare = text.find_first_of(".en") == std::string::npos;
    return is_bare ? text + ".0" : text;
  }
  return "nothing";
}

std::string to_plain(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return to_toml(value);
}

std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    } else {
      out += c;
    }
  }
  return out;
}

const Entry* find_entry(const Document& document, std::string_view key) {
  const auto found = std::find_if(document.begin(), document.end(),
                                  [key](const Entry& entry) { return entry.key == key; });
  return found == document.end() ? nullptr : &*found;
}

Document parse_document(std::string_view text, const std::string& file, const std::string& folder) {
  try {
    const toml::table table = toml::parse(text);
    Flattener flattener(file, folder);
    flattener.add("", table);
    return flattener.finish();
  } catch (const toml::parse_error& error) {
    throw InputError({.file = file, .line = static_cast<int>(error.source().begin.line)},
                     "not TOML: " + one_line(error.description()));
  }
}

Document read_document(const std::string& file) {
  const std::filesystem::path path(file);
  std::error_code status;
  if (!std::filesystem::exists(path, status)) throw InputError({.file = file}, "does not exist");
  if (std::filesystem::is_directory(path, status)) {
    throw InputError({.file = file}, "found a folder; allowed: an experiment file (TOML)");
  }
  return parse_document(topo::text_of_file(file), file, path.parent_path().string());
}

void apply_override(Document& document, std::string_view assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    throw InputError({.file = "--set"},
                     fmt::format("found \"{}\"; allowed: KEY=VALUE", one_line(assignment)));
  }
  const std::string key = one_line(assignment.substr(0, equals));
  const std::string_view value = assignment.substr(equals + 1);

  Document overrides;
  const toml::table parsed = parse_value(value);
  if (parsed.empty()) {
    overrides.push_back({.key = key,
                         .values = {{.value = std::string(value), .text = in_quotes(value)}},
                         .file = "--set"});
  } else {
    Flattener flattener("--set", "");
    const toml::node& node = *parsed.get("value");
    if (const toml::table* table = node.as_table(); table != nullptr && !table->empty()) {
      flattener.add(key, *table);
    } else {
      toml::table single;
      single.insert(key, node);
      flattener.add("", single);
    }
    overrides = flattener.finish();
    for (Entry& entry : overrides) {
      entry.line = 0;
      for (FoundValue& found : entry.values) found.line = 0;
      if (entry.shape == Shape::scalar && entry.key == key) entry.values[0].text = value;
    }
  }
  document.erase(std::remove_if(document.begin(), document.end(),
                                [&key](const Entry& entry) {
                                  return is_or_is_inside(entry.key, key) ||
                                         is_or_is_inside(entry.key, "sweep." + key) ||
                                         is_or_is_inside(entry.key, "summary.baseline." + key) ||
                                         is_of_point(entry.key, key);
                                }),
                 document.end());
  for (Entry& entry : overrides) {
    entry.is_override = true;
    document.push_back(std::move(entry));
  }
}

}  // namespace ampsim::sim
