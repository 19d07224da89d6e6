#include "topologies/importers/json_reader.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include <fmt/format.h>
#include <simdjson.h>

#include "core/check.hpp"
#include "topologies/importers/file_content.hpp"

namespace ampsim::topo {
namespace {

namespace json = simdjson::ondemand;

constexpr std::string_view kBlank = " \t\r\n";

std::string_view trimmed(std::string_view token) {
  token.remove_suffix(token.size() - (token.find_last_not_of(kBlank) + 1));
  return token;
}

/// Where a line ends inside a string, or the end of the text.
std::size_t broken_string(std::string_view content) {
  bool is_string = false;
  for (std::size_t i = 0; i < content.size(); ++i) {
    const auto byte = static_cast<unsigned char>(content[i]);
    if (is_string && byte < 0x20) return i;
    if (is_string && byte == '\\') ++i;
    if (byte == '"') is_string = !is_string;
  }
  return content.size();
}

/// The start of the first line that is not UTF-8.
std::size_t broken_line(std::string_view content) {
  std::size_t start = 0;
  while (start < content.size()) {
    const std::size_t end = std::min(content.find('\n', start), content.size());
    if (!simdjson::validate_utf8(content.data() + start, end - start)) break;
    start = end + 1;
  }
  return start;
}

/// Where the first object ends, or the end of the text.
std::size_t end_of_object(std::string_view content) {
  bool is_string = false;
  int depth = 0;
  for (std::size_t i = 0; i < content.size(); ++i) {
    const char byte = content[i];
    if (is_string && byte == '\\') ++i;
    if (byte == '"') is_string = !is_string;
    if (is_string) continue;
    if (byte == '{') ++depth;
    if (byte == '}' && --depth == 0) return i + 1;
  }
  return content.size();
}

}  // namespace

class JsonReader::Impl {
 public:
  Impl(std::string_view content, const std::string& file, std::string_view writer)
      : content_(content), file_(file), writer_(writer), padded_(content) {
    parse(parser_.iterate(padded_).get(document_), "");
    const simdjson::error_code error = document_.get_object().get(whole_);
    if (error == simdjson::INCORRECT_TYPE) fail_at(0, "", "no object; allowed: a JSON object");
    parse(error, "");
  }

  [[noreturn]] void fail_at(std::size_t offset,
                            std::string_view key,
                            std::string_view found) const {
    std::string full = path_;
    if (!full.empty() && !key.empty()) full += '.';
    full += key;
    throw InputError({.file = file_, .line = line_of(content_, offset), .key = full},
                     fmt::format("found {}", found));
  }
  [[noreturn]] void fail(std::string_view found) const { fail_at(position_, key_, found); }

  /// Throws what simdjson says of text that is no JSON.
  void parse(simdjson::error_code error, std::string_view key) const {
    if (error == simdjson::SUCCESS) return;
    // What simdjson finds before it looks at values has no place: it is looked for here.
    std::size_t offset = position_;
    if (error == simdjson::UNCLOSED_STRING || error == simdjson::UNESCAPED_CHARS) {
      offset = broken_string(content_);
    } else if (error == simdjson::UTF8_ERROR) {
      offset = broken_line(content_);
    } else if (error == simdjson::INCOMPLETE_ARRAY_OR_OBJECT || error == simdjson::EMPTY) {
      refuse_text_after_end();
      offset = content_.size();
    }
    if (offset == content_.size()) {
      fail_at(trimmed(content_).size(), key,
              "the end of the file too early; allowed: complete JSON");
    }
    fail_at(offset, key,
            fmt::format("broken JSON ({}); allowed: what {} prints", simdjson::error_message(error),
                        writer_));
  }

  void visit_list(std::string_view name, void* visit, VisitIndex call) {
    path_.clear();
    json::value value;
    const simdjson::error_code error = whole_.find_field_unordered(name).get(value);
    if (error == simdjson::NO_SUCH_FIELD) fail_at(0, name, "nothing; allowed: a list");
    parse(error, name);
    const std::string_view token = come_to(value);
    json::array list;
    const simdjson::error_code opened = value.get_array().get(list);
    if (opened == simdjson::INCORRECT_TYPE) {
      fail_at(position_, name, fmt::format("{}; allowed: a list", token));
    }
    parse(opened, name);
    std::size_t i = 0;
    for (auto element : list) {
      path_ = fmt::format("{}[{}]", name, i);
      json::value item;
      parse(element.get(item), "");
      come_to(item);
      key_ = {};
      json::object object;
      open(item, "an object", object);
      object_ = &object;
      call(visit, i++);
    }
    path_.clear();
  }

  void visit_fields(void* visit, VisitKey call) {
    json::object& object = *object_;
    for (auto each : object) {
      json::field field;
      parse(std::move(each).get(field), "");
      std::string_view key;
      parse(field.unescaped_key().get(key), "");
      json::value value = field.value();
      come_to(value);
      value_ = &value;
      key_ = key;
      call(visit, key);
    }
  }

  void visit_object(std::string_view allowed, void* visit, VisitKey call) {
    json::object inner;
    open(*value_, allowed, inner);
    const std::string outer_path = path_;
    const std::string_view outer_key = key_;
    json::object* const outer = object_;
    json::value* const outer_value = value_;
    path_ = fmt::format("{}.{}", outer_path, outer_key);
    object_ = &inner;
    visit_fields(visit, call);
    object_ = outer;
    value_ = outer_value;
    key_ = outer_key;
    path_ = outer_path;
  }

  bool field(std::string_view name) {
    path_.clear();
    const simdjson::error_code error = whole_.find_field_unordered(name).get(top_value_);
    if (error == simdjson::NO_SUCH_FIELD) return false;
    parse(error, name);
    come_to(top_value_);
    value_ = &top_value_;
    key_ = name;
    return true;
  }

  std::string_view token() const { return trimmed(value_->raw_json_token()); }

  std::string_view text() {
    std::string_view result;
    const std::string_view found = token();
    const simdjson::error_code error = value_->get_string().get(result);
    if (error == simdjson::INCORRECT_TYPE) fail(fmt::format("{}; allowed: a string", found));
    parse(error, key_);
    return result;
  }

  std::size_t position() const { return position_; }
  void set_path(std::string path) { path_ = std::move(path); }

  /// Where the last list is the last field, that is seen at once; otherwise it takes a pass over
  /// the text.
  void finish() {
    path_.clear();
    const char* place = nullptr;
    if (document_.current_location().get(place) == simdjson::SUCCESS) {
      const std::string_view rest =
          content_.substr(static_cast<std::size_t>(place - padded_.data()));
      if (trimmed(rest) == "}") return;
    }
    refuse_text_after_end();
  }

 private:
  void open(json::value& value, std::string_view allowed, json::object& object) {
    const std::string_view found = trimmed(value.raw_json_token());
    const simdjson::error_code error = value.get_object().get(object);
    if (error == simdjson::INCORRECT_TYPE) fail(fmt::format("{}; allowed: {}", found, allowed));
    parse(error, key_);
  }

  /// Returns its text up to the next one.
  std::string_view come_to(json::value& value) {
    const std::string_view found = value.raw_json_token();
    position_ = static_cast<std::size_t>(found.data() - padded_.data());
    return trimmed(found);
  }

  void refuse_text_after_end() const {
    const std::size_t start = content_.find_first_not_of(kBlank, end_of_object(content_));
    if (start == std::string_view::npos) return;
    throw InputError({.file = file_, .line = line_of(content_, start)},
                     "found text after the end of the JSON object; allowed: one object alone");
  }

  std::string_view content_;
  const std::string& file_;
  std::string_view writer_;
  simdjson::padded_string padded_;
  json::parser parser_;
  json::document document_;
  json::object whole_;
  json::object* object_ = nullptr;
  json::value* value_ = nullptr;
  json::value top_value_;
  std::string path_;  // of the object at hand
  std::string_view key_;
  std::size_t position_ = 0;
};

JsonReader::JsonReader(std::string_view content, const std::string& file, std::string_view writer)
    : impl_(std::make_unique<Impl>(content, file, writer)) {}
JsonReader::~JsonReader() = default;

bool JsonReader::field(std::string_view name) { return impl_->field(name); }
bool JsonReader::is_null() const { return impl_->token() == "null"; }
std::string_view JsonReader::text() { return impl_->text(); }

std::string JsonReader::identifier() {
  if (impl_->token().starts_with('"')) return std::string(text());
  return std::to_string(integer(0, std::numeric_limits<std::int64_t>::max()));
}

bool JsonReader::boolean() {
  const std::string_view token = impl_->token();
  if (token != "true" && token != "false") fail(fmt::format("{}; allowed: true or false", token));
  return token == "true";
}

template <class Integer>
Integer JsonReader::number(Integer least, Integer most, std::string_view unit) {
  const std::string_view token = impl_->token();
  std::string_view digits = token;
  if (digits.size() >= 2 && digits.front() == '"') {
    digits = digits.substr(1, digits.size() - 2);
    if (digits.ends_with(unit)) digits.remove_suffix(unit.size());
  }
  Integer result = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), result);
  const bool is_integer = error == std::errc{} && end == digits.data() + digits.size();
  if (!is_integer || result < least || result > most) {
    fail(fmt::format("{}; allowed: an integer from {} to {}", token, least, most));
  }
  return result;
}

std::int64_t JsonReader::integer(std::int64_t least, std::int64_t most, std::string_view unit) {
  return number(least, most, unit);
}
std::uint64_t JsonReader::unsigned_integer(std::string_view unit) {
  return number(std::uint64_t{0}, std::numeric_limits<std::uint64_t>::max(), unit);
}

std::size_t JsonReader::position() const { return impl_->position(); }
void JsonReader::fail(std::string_view found) const { impl_->fail(found); }
void JsonReader::fail_at(std::size_t offset, std::string_view key, std::string_view found) const {
  impl_->fail_at(offset, key, found);
}
void JsonReader::fail_in(std::string_view list,
                         std::size_t index,
                         std::size_t offset,
                         std::string_view key,
                         std::string_view found) {
  impl_->set_path(fmt::format("{}[{}]", list, index));
  impl_->fail_at(offset, key, found);
}
void JsonReader::finish() { impl_->finish(); }

void JsonReader::visit_list(std::string_view name, void* visit, VisitIndex call) {
  impl_->visit_list(name, visit, call);
}
void JsonReader::visit_fields(void* visit, VisitKey call) { impl_->visit_fields(visit, call); }
void JsonReader::visit_object(std::string_view allowed, void* visit, VisitKey call) {
  impl_->visit_object(allowed, visit, call);
}

std::string_view without_byte_order_mark(std::string_view content) {
  constexpr std::string_view kMark = "\xef\xbb\xbf";
  return content.starts_with(kMark) ? content.substr(kMark.size()) : content;
}

bool is_json_object(std::string_view content) {
  const std::size_t start = content.find_first_not_of(kBlank);
  return start != std::string_view::npos && content[start] == '{';
}

bool has_json_key(std::string_view content, std::string_view key) {
  constexpr std::size_t kHead = 1U << 16U;
  return content.substr(0, kHead).find(fmt::format("\"{}\"", key)) != std::string_view::npos;
}

}  // namespace ampsim::topo
