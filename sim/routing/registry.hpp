#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/random.hpp"
#include "sim/network/network.hpp"
#include "sim/routing/channel_graph.hpp"
#include "sim/routing/liquidity_view.hpp"
#include "sim/routing/params.hpp"
#include "sim/routing/router.hpp"
#include "sim/routing/splitter.hpp"

/// All routers, splitters and liquidity views, by the names that `routing.algorithm`,
/// `routing.splitter` and `routing.liquidity_view` have in an experiment. The three are chosen
/// separately; a router may refuse a view or a splitter that makes no sense with it.
///
/// A program of its own adds what it has before it calls the command line (sim/cli/program.hpp):
///
///   sim::add_router({.name = "mine", .make = [](const RoutingMeans& means) { ... }});
///
/// Tested by tests/registry_test.cpp.
namespace ampsim::sim {

/// What routers, splitters and views are made with; it outlives them.
struct RoutingMeans {
  const ChannelGraph& graph;
  const RoutingParams& params;
  std::uint64_t seed = 0;  ///< of the replicate
  /// The true balances of all channels; null but for kinds that see them.
  const Network* balances = nullptr;
};

struct RouterKind {
  std::string name;
  std::string help;                     ///< a few words for settings.md and `--help`
  std::string splitter = "halving";     ///< what "auto" stands for with it
  std::string liquidity_view = "none";  ///< likewise
  bool has_flow = false;                ///< find_flow divides an amount
  bool sees_balances = false;           ///< an oracle, or a network whose nodes route together
  bool sees_by_probes = false;          ///< it sees balances only where routing.probes is on
  bool sends_messages = false;          ///< has RoutingMessages
  bool counts_own_parts = true;         ///< what "router" stands for in routing.own_parts
  bool counts_own_payments = false;     ///< where parts count, so do the sender's other payments'
  /// Why the router makes no sense with the view or the splitter of these names, "" if it does.
  std::function<std::string(std::string_view view, std::string_view splitter)> refuses;
  std::function<std::unique_ptr<Router>(const RoutingMeans& means)> make;
};

struct LiquidityViewKind {
  std::string name;
  std::string help;
  bool sees_balances = false;
  /// One a sender.
  std::function<std::unique_ptr<LiquidityView>(const RoutingMeans& means)> make;
};

struct SplitterKind {
  std::string name;
  std::string help;
  bool reads_parts = false;  ///< has payment.parts parts, where it can
  std::function<std::unique_ptr<Splitter>(const RoutingMeans& means, std::uint32_t parts)> make;
};

/// In the order of the documentation; what a program adds comes last.
const std::vector<RouterKind>& routers();
const std::vector<LiquidityViewKind>& liquidity_views();
const std::vector<SplitterKind>& splitters();

/// Before any experiment is read. InvariantError if there is one of that name.
void add_router(RouterKind kind);
void add_liquidity_view(LiquidityViewKind kind);
void add_splitter(SplitterKind kind);
/// In place of the one of that name that was added, when nothing runs with it.
void replace_router(RouterKind kind);

/// What the settings name, "auto" resolved; the names must be known.
const RouterKind& router_of(const RoutingParams& params);
const LiquidityViewKind& liquidity_view_of(const RoutingParams& params);
const SplitterKind& splitter_of(const RoutingParams& params);

/// A setting that makes no sense with the router, and why; both empty if all do.
struct RoutingRefusal {
  std::string key;
  std::string reason;
};
RoutingRefusal refusal_of(const RoutingParams& params);

/// Whether the router or the view sees all balances, and with them what the sender has in flight.
bool sees_balances(const RoutingParams& params);
/// What of the sender's own HTLCs in flight a router is told (RouteRequest::used).
enum class OwnUse : std::uint8_t { none, payment, sender };
OwnUse own_use(const RoutingParams& params);

/// Of the params' names, with the balances if their kind sees them.
std::unique_ptr<Router> make_router(const RoutingMeans& means, const Network& network);
std::unique_ptr<LiquidityView> make_liquidity_view(const RoutingMeans& means,
                                                   const Network& network);

}  // namespace ampsim::sim
