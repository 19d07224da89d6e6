#pragma once

#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "topologies/source.hpp"
#include "topologies/topology.hpp"

/// Where a topology goes: a file, or several files that belong together. What an exporter writes,
/// the importer of the same name reads back equal, but for what the format has no place for.
///
/// Tested by tests/exporters_test.cpp and tests/convert_test.cpp.
namespace ampsim::topo {

enum class IdKind : std::uint8_t {
  any,
  short_channel_id,  ///< topologies/short_channel_id.hpp; others are numbered
  numbered,          ///< the number of the channel
};

/// What a format has a place for.
struct Holds {
  IdKind ids = IdKind::any;
  bool names = true;  ///< of nodes; otherwise they are numbered
  bool aliases = true;
  bool lone_nodes = true;  ///< without channels
  bool node_order = true;
  bool end_order = true;  ///< which end of a channel comes first
  bool balances = true;
  bool msat = true;              ///< capacities that are not whole sat
  bool htlc_maximum = true;      ///< below the capacity
  bool disabled_minimum = true;  ///< htlc_minimum of disabled directions
  bool control_characters = true;
};

struct Exporter {
  std::string_view name;  ///< "lnd"
  std::string_view summary;
  Holds holds = {};
  Brought needs = {};  ///< what every channel must have (see `endow`)
  /// Where a network is in several files: their names in a folder.
  std::vector<std::string_view> files = {};
  /// To one stream a file. Stream errors are left in the state of the streams.
  void (*write)(const Topology& topology, std::span<std::ostream* const> out) = nullptr;
};
const std::vector<Exporter>& exporters();
/// Errors: InputError with `key` and the nearest name.
const Exporter& exporter_named(const std::string& name, const std::string& key);

/// What the format has no place for in this topology, one sentence's end each: "the balances of 3
/// channels".
std::vector<std::string> losses(const Topology& topology, const Exporter& exporter);
/// What the format needs and the topology does not say, likewise.
std::vector<std::string> gaps(const Topology& topology, const Exporter& exporter);

}  // namespace ampsim::topo
