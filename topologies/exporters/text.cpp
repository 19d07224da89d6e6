#include "topologies/exporters/text.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace ampsim::topo {
namespace {

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

}  // namespace

std::string json_text(std::string_view text) {
  const bool is_plain = std::all_of(text.begin(), text.end(), [](char c) {
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
  });
  if (is_plain) return fmt::format("\"{}\"", text);
  using Json = nlohmann::json;
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool has_control_characters(std::string_view text) {
  return std::any_of(text.begin(), text.end(), is_control);
}

std::string xml_text(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      // As they are, a reader may make other blanks of them.
      case '\t':
      case '\n':
      case '\r':
        result += fmt::format("&#{};", static_cast<int>(c));
        break;
      default:
        if (is_control(c)) {
          result += "\xef\xbf\xbd";
        } else {
          result += c;
        }
    }
  }
  return result;
}

void TextBlocks::add(std::string_view text) {
  constexpr std::size_t kBlock = 1U << 18U;
  buffer_ += text;
  if (buffer_.size() >= kBlock) flush();
}

void TextBlocks::flush() {
  out_.write(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  buffer_.clear();
}

void add_json_nodes(TextBlocks& text, const Topology& topology, std::string_view key) {
  text.add("\"nodes\":[");
  const char* separator = "\n";
  for (const Node& node : topology.nodes) {
    text.add(fmt::format("{}{{\"{}\":{},\"alias\":{}}}", separator, key, json_text(node.name),
                         json_text(node.alias)));
    separator = ",\n";
  }
  text.add("\n]");
}

}  // namespace ampsim::topo
