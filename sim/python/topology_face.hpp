#pragma once

#include <pybind11/pybind11.h>

#include "topologies/topology.hpp"

/// A network as columns, from which a DataFrame is made: {"column": [a value a row]}. What the
/// topology does not say is None.
///
/// Tested by tests/python_test.cpp.
namespace ampsim::python {

/// name, alias, channels (their number)
pybind11::dict node_columns(const topo::Topology& topology);

/// channel, source, destination, capacity_msat, balance_source_msat, and, of each end's policy,
/// source_... and destination_...: fee_base_msat, fee_ppm, cltv_delta_blocks, htlc_minimum_msat,
/// htlc_maximum_msat, is_disabled
pybind11::dict channel_columns(const topo::Topology& topology);

/// What `ampsim topology describe` prints, numbers as numbers.
pybind11::dict description(const topo::Topology& topology);

}  // namespace ampsim::python
