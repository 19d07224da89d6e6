#pragma once

#include "sim/routing/registry.hpp"

/// The splitters of this tree, for the registry.
///
/// Tested by tests/splitters_test.cpp.
namespace ampsim::sim {

SplitterKind whole_splitter_kind();
SplitterKind halving_splitter_kind();
SplitterKind equal_splitter_kind();
SplitterKind edge_avoiding_splitter_kind();
SplitterKind capacity_splitter_kind();
SplitterKind random_splitter_kind();
SplitterKind flow_splitter_kind();

}  // namespace ampsim::sim
