#include "sim/python/topology_face.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <vector>

#include "topologies/describe.hpp"

namespace ampsim::python {
namespace {

namespace py = pybind11;

py::object integer_or_none(const std::optional<Msat>& amount) {
  return amount ? py::object(py::int_(amount->count)) : py::none();
}

using Policy = std::optional<topo::ForwardingPolicy>;

/// The columns of the policies of one end.
void add_policies(py::dict& columns,
                  const topo::Topology& topology,
                  std::size_t end,
                  const std::string& prefix) {
  const auto add = [&](const char* name, const auto& value_of) {
    py::list column;
    for (const topo::Channel& channel : topology.channels) {
      const Policy& policy = channel.policy[end];
      column.append(policy ? py::cast(value_of(*policy)) : py::none());
    }
    columns[py::str(prefix + name)] = column;
  };
  add("_fee_base_msat", [](const auto& policy) { return policy.fee_base.count; });
  add("_fee_ppm", [](const auto& policy) { return policy.fee_proportional.millionths; });
  add("_cltv_delta_blocks", [](const auto& policy) { return policy.cltv_expiry_delta.count; });
  add("_htlc_minimum_msat", [](const auto& policy) { return policy.htlc_minimum.count; });
  add("_htlc_maximum_msat", [](const auto& policy) { return policy.htlc_maximum.count; });
  add("_is_disabled", [](const auto& policy) { return policy.is_disabled; });
}

py::object number_of(const std::string& text) {
  std::int64_t integer = 0;
  const char* const end = text.data() + text.size();
  if (std::from_chars(text.data(), end, integer).ptr == end) return py::int_(integer);
  double number = 0;
  if (std::from_chars(text.data(), end, number).ptr == end) return py::float_(number);
  return py::str(text);
}

}  // namespace

py::dict node_columns(const topo::Topology& topology) {
  std::vector<std::int64_t> degree(topology.nodes.size(), 0);
  for (const topo::Channel& channel : topology.channels) {
    for (const NodeId end : channel.ends) ++degree[end.index];
  }
  py::list names;
  py::list aliases;
  py::list channels;
  for (std::size_t i = 0; i < topology.nodes.size(); ++i) {
    names.append(topology.nodes[i].name);
    aliases.append(topology.nodes[i].alias);
    channels.append(degree[i]);
  }
  py::dict columns;
  columns["name"] = names;
  columns["alias"] = aliases;
  columns["channels"] = channels;
  return columns;
}

py::dict channel_columns(const topo::Topology& topology) {
  py::list ids;
  std::array<py::list, 2> ends;
  py::list capacities;
  py::list balances;
  for (const topo::Channel& channel : topology.channels) {
    ids.append(channel.id);
    for (std::size_t end = 0; end < 2; ++end) {
      ends[end].append(topology.nodes[channel.ends[end].index].name);
    }
    capacities.append(integer_or_none(channel.capacity));
    balances.append(integer_or_none(channel.balance_0));
  }
  py::dict columns;
  columns["channel"] = ids;
  columns["source"] = ends[0];
  columns["destination"] = ends[1];
  columns["capacity_msat"] = capacities;
  columns["balance_source_msat"] = balances;
  add_policies(columns, topology, 0, "source");
  add_policies(columns, topology, 1, "destination");
  return columns;
}

py::dict description(const topo::Topology& topology) {
  py::dict values;
  for (const topo::Property& property : topo::describe(topology)) {
    values[py::str(property.name)] = number_of(property.value);
  }
  return values;
}

}  // namespace ampsim::python
