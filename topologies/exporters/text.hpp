#pragma once

#include <ostream>
#include <string>
#include <string_view>

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

  void add(std::string_view text);
  /// To be called at the end: a stream may throw, which a destructor must not.
  void flush();

 private:
  std::ostream& out_;
  std::string buffer_;
};

/// `"nodes":[...]` with a name, under this key, and an alias each.
void add_json_nodes(TextBlocks& text, const Topology& topology, std::string_view key);

}  // namespace ampsim::topo
