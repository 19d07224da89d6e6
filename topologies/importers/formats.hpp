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

}  // namespace ampsim::topo
