#pragma once

#include "topologies/source.hpp"

/// One function a file format: its entry in the registry. Each format is in a file of its own.
///
/// Tested by tests/importer_test.cpp.
namespace ampsim::topo {

/// `lncli describegraph` (lnd's lnrpc.ChannelGraph as JSON).
///
/// - Amounts may be JSON numbers or strings of digits, as lnd writes them. `capacity` is in sat.
/// - A node's name is its `pub_key`; `alias` may be absent. Balances are not in the format.
/// - A policy that is null or absent was never announced: it becomes a disabled one of zeros.
/// - `max_htlc_msat` that is 0, absent or above the capacity means the capacity. A direction whose
///   `min_htlc` is above that can carry nothing: it becomes disabled, with the minimum lowered.
/// - Other fields are ignored.
Importer lnd();

/// CLoTH's networks: three CSV files, known by their headers, other columns ignored.
///
///   nodes     id
///   channels  id,edge1_id,edge2_id,node1_id,node2_id,capacity
///   edges     id,channel_id,counter_edge_id,from_node_id,to_node_id,balance,fee_base,
///             fee_proportional,min_htlc,timelock
///
/// - Amounts are in msat. Nodes and channels are named by their ids, whole numbers from 0.
/// - Edge 1 of a channel goes from node 1 to node 2, edge 2 back. Both balances are in the format,
///   and add up to the capacity.
/// - There is no largest HTLC: it is the capacity. A `min_htlc` above that disables the direction.
Importer cloth();

}  // namespace ampsim::topo
