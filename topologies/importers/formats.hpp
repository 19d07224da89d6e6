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

/// Our own: JSON that holds all of a Topology, and only what is known.
///
///   {"format":"ampsim","version":1,
///    "nodes":[{"name":"a","alias":"Ann"},{"name":"b"}],
///    "channels":[{"id":"0","node1":"a","node2":"b","capacity_msat":5000,"node1_balance_msat":7,
///      "node1_policy":{"fee_base_msat":1000,"fee_proportional_ppm":1,
///        "cltv_expiry_delta_blocks":80,"htlc_minimum_msat":1,"htlc_maximum_msat":5000,
///        "is_disabled":true}}]}
///
/// - node1_policy is what node1 asks for forwarding over the channel. Other keys are errors.
/// - All but names, ends and ids may be absent: it is drawn then (topologies/endowment.hpp). An
///   `htlc_maximum_msat` that is absent means the capacity, an absent `is_disabled` false.
Importer ampsim_network();

/// `lightning-cli listchannels`, and `listnodes` beside it or not.
///
/// - An element is one direction of a channel. Amounts may end in "msat", as older versions write
///   them, which have `satoshis` for the capacity, too. `active` false disables the direction.
/// - ends[0] is the source of `direction` 0; where there is no `direction`, the smaller key.
/// - A direction that is not listed was never announced: it becomes a disabled one of zeros.
/// - listnodes gives aliases and nodes without channels. Its nodes come first, in its order;
/// without
///   it they come in the order in which channels name them.
Importer cln();

/// sim-ln's `sim_network`.
///
/// - Nodes come in the order in which channels name them; an alias is that of the first mention.
/// - A direction that may carry nothing (max_htlc_count, max_in_flight_msat or max_htlc_size_msat
///   0) is disabled. Other limits of HTLCs in flight are left out: here they are settings for all.
Importer sim_ln();

/// GraphML: nodes are named by their ids, channels have the attributes that
/// topologies/importers/channel_fields.hpp lists.
///
/// - In an undirected graph an edge is a channel, in any order of its ends: with an attribute
///   `node1`, the name of one of them, that is ends[0], otherwise the source is.
/// - In a directed graph two opposite edges with the same id, or without one, are the two
///   directions of a channel. Attributes without an end are then the source's. The direction of
///   an edge without an opposite one is all that is known of its channel.
/// - An id is that of the attribute; otherwise that of the element where all have different ones;
///   otherwise the number of the edge.
/// - An alias is the node's `alias`, `label` or `name`. Other attributes are ignored; one that is
///   nearly one of these names is an error.
Importer graphml();

/// CSV with a header, one channel a row: the columns node1 and node2 (or source and target,
/// node1_pub and node2_pub, from and to, u and v), and those of
/// topologies/importers/channel_fields.hpp.
///
/// - Nodes come in the order in which rows name them. node1_alias and node2_alias name them.
/// - Without a column `id` channels are named by the number of their row.
/// - Empty fields say nothing. Other columns are ignored; one that is nearly one of these names is
///   an error.
Importer edge_list();

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
