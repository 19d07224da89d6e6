#pragma once

#include "sim/routing/registry.hpp"

/// Networks whose nodes find routes together, with the help of `routing.landmarks` landmarks and
/// their spanning trees (sim/routing/routers/spanning_trees.hpp). Each node knows the balances of
/// its own channels, so that a route that is found goes through; the sender has no beliefs of its
/// own (view `none` only), and an amount is divided by the router or not at all (splitter `flow` or
/// `none`).
///
/// silentwhispers (Malavolta et al., NDSS 2017): over the tree of each landmark from the sender up
/// and from the landmark down to the receiver. Each such path tells the least that its channels can
/// carry; the amount is shared out equally, and what does not fit goes over the others. A landmark
/// that both halves of a path could do without is cut off, since a Lightning route passes no node
/// twice.
///
/// speedymurmurs (Roos et al., NDSS 2018): an equal share for each tree. At each node it goes to
/// the neighbour that is nearest to the receiver by the distance of coordinates, nearer than the
/// node itself, over a channel that carries it (of equal neighbours the smaller channel): a link
/// that is not of the tree is a short cut. The payment fails where one share has no such neighbour.
///
/// In both papers parts go over as many paths as there are landmarks; here over fewer where they
/// would be below the smallest part or too many; where that leaves one, it goes over the first
/// landmark whose way takes it. Fees, which the papers do not have, are added from
/// the receiver on, as for any route. Messages: two a channel of each path that was asked for
/// (probes), and what keeps the trees up to date (repairs); they take no simulated time. Whoever
/// mends SilentWhispers' trees at fixed times, as its paper does, sends a message over every link.
///
/// Tested by tests/landmark_routers_test.cpp.
namespace ampsim::sim {

RouterKind silentwhispers_router_kind();
RouterKind speedymurmurs_router_kind();

}  // namespace ampsim::sim
