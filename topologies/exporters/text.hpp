#pragma once

#include <ostream>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "topologies/topology.hpp"

/// Text on its way to a stream, in blocks, and its pieces as formats quote them.
///
/// Tested by tests/exporters_test.cpp.
namespace ampsim::topo {

/// A JSON string with its quotes; bytes that are no UTF-8 are replaced.
std::string json_text(std::string_view text);
/// The characters of XML, with entities where they must be; control characters that XML 1.0 does
/// not have become U+FFFD.
std::string xml_text(std::string_view text);
/// Whether there are such.
bool has_control_characters(std::string_view text);

class TextBlocks {
 public:
  explicit TextBlocks(std::ostream& out) : out_(out) {}
  ~TextBlocks() { flush(); }
  TextBlocks(const TextBlocks&) = delete;
  TextBlocks& operator=(const TextBlocks&) = delete;

  template <class... Arguments>
  void add(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    fmt::format_to(fmt::appender(buffer_), format, std::forward<Arguments>(arguments)...);
    constexpr std::size_t kBlock = 1U << 18U;
    if (buffer_.size() >= kBlock) flush();
  }
  void flush() {
    out_.write(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
    buffer_.clear();
  }

 private:
  std::ostream& out_;
  fmt::memory_buffer buffer_;
};

/// `"nodes":[...]` with a name, under this key, and an alias each.
void add_json_nodes(TextBlocks& text, const Topology& topology, std::string_view key);

}  // namespace ampsim::topo
