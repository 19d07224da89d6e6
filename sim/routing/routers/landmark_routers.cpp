#include "sim/routing/routers/landmark_routers.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "core/check.hpp"
#include "sim/routing/flow/path_parts.hpp"
#include "sim/routing/incoming_channels.hpp"
#include "sim/routing/routers/path_probing.hpp"
#include "sim/routing/routers/spanning_trees.hpp"

namespace ampsim::sim {
namespace {

enum class Scheme : std::uint8_t { silentwhispers, speedymurmurs };

class LandmarkRouter final : public Router {
 public:
  LandmarkRouter(const RoutingMeans& means, Scheme scheme)
      : scheme_(scheme),
        graph_(means.graph),
        trees_(means.graph, *means.balances, means.params.baseline.landmarks),
        capacities_(means.graph, *means.balances),
        parts_(means.graph) {}

  RouteResult find(const RouteRequest& request, const LiquidityView& view) override {
    PartsResult parts = find_flow(request, view, {});
    if (const NoRoute* reason = std::get_if<NoRoute>(&parts)) return *reason;
    return std::move(std::get<std::vector<Route>>(parts).front());
  }

  PartsResult find_flow(const RouteRequest& request,
                        const LiquidityView& /*view*/,
                        const PartLimits& limits) override {
    if (request.lacks_balance()) return NoRoute::insufficient_balance;
    trees_.mend();
    capacities_.begin(request);
    parts_.begin(request, capacities_);
    if (scheme_ == Scheme::silentwhispers) {
      share_over_landmarks(request, limits);
    } else {
      share_by_coordinates(request, limits);
    }
    PartsResult result = NoRoute::no_path;
    if (auto parts = parts_.take(limits)) result = std::move(*parts);
    parts_.end();
    capacities_.end();
    return result;
  }

  RoutingMessages messages() const override {
    return {.probes = messages_, .repairs = trees_.messages()};
  }

 private:
  /// Of the trees, so many that no share is too small.
  std::size_t count_shares(const RouteRequest& request, const PartLimits& limits) const {
    const std::int64_t least = std::max<std::int64_t>(limits.min_part.count, 1);
    const std::int64_t most = std::min<std::int64_t>(limits.room(), request.amount.count / least);
    return static_cast<std::size_t>(
        std::clamp<std::int64_t>(most, 1, static_cast<std::int64_t>(trees_.size())));
  }
  static Msat share(const RouteRequest& request, std::size_t number, std::size_t shares) {
    const auto count = static_cast<std::int64_t>(shares);
    const bool is_larger = static_cast<std::int64_t>(number) < request.amount.count % count;
    return request.amount / count + Msat{is_larger ? 1 : 0};
  }

  /// The next way over a landmark, which has told what it can carry; empty if there is none.
  Path next_way(std::size_t& tree, const RouteRequest& request) {
    while (tree < trees_.size()) {
      Path path = over_landmark(tree++, request);
      if (path.empty() || is_avoided(path, request)) continue;
      messages_ += probe_messages(path);
      return path;
    }
    return {};
  }

  bool place_whole(const Path& path, const RouteRequest& request) {
    return parts_.room_for_one(path) >= request.amount &&
           parts_.add(path, request.amount) == request.amount;
  }

  void share_over_landmarks(const RouteRequest& request, const PartLimits& limits) {
    const std::size_t shares = count_shares(request, limits);
    std::size_t tree = 0;
    std::vector<Path> paths;
    while (paths.size() < shares) {
      Path path = next_way(tree, request);
      if (path.empty()) break;
      // One share alone goes over the first landmark that takes it.
      if (shares == 1 && place_whole(path, request)) return;
      if (shares > 1) paths.push_back(std::move(path));
    }
    for (std::size_t i = 0; i < paths.size(); ++i) {
      parts_.add(paths[i], share(request, i, paths.size()));
    }
    for (const Path& path : paths) {
      const Msat missing = request.amount - parts_.amount();
      if (missing > Msat{0}) parts_.add(path, missing);
    }
    // What does not fit goes over the landmarks that had no share.
    while (!paths.empty() && parts_.amount() < request.amount) {
      const Path path = next_way(tree, request);
      if (path.empty()) break;
      parts_.add(path, request.amount - parts_.amount());
    }
  }

  /// Up from the sender to where the way down to the receiver begins.
  Path over_landmark(std::size_t tree, const RouteRequest& request) const {
    NodeId up = request.source;
    NodeId down = request.target;
    if (trees_.depth(tree, up) == SpanningTrees::kUnattached ||
        trees_.depth(tree, down) == SpanningTrees::kUnattached) {
      return {};
    }
    Path path;
    Path way_down;
    while (up != down) {
      if (trees_.depth(tree, up) >= trees_.depth(tree, down)) {
        path.push_back(trees_.to_parent(tree, up));
        up = graph_.head(path.back());
      } else {
        way_down.push_back(trees_.to_parent(tree, down).reversed());
        down = graph_.tail(way_down.back());
      }
    }
    path.insert(path.end(), way_down.rbegin(), way_down.rend());
    return path;
  }

  void share_by_coordinates(const RouteRequest& request, const PartLimits& limits) {
    const std::size_t shares = count_shares(request, limits);
    // One part alone takes the first tree that leads there.
    const std::size_t trees = shares == 1 ? trees_.size() : shares;
    for (std::size_t tree = 0; tree < trees; ++tree) {
      const Msat amount = share(request, shares == 1 ? 0 : tree, shares);
      const Path path = by_coordinates(tree, amount, request);
      const bool is_sent = !path.empty() && (shares == 1 ? place_whole(path, request)
                                                         : parts_.add(path, amount) == amount);
      if (is_sent == (shares == 1)) return;
    }
  }

  Path by_coordinates(std::size_t tree, Msat amount, const RouteRequest& request) {
    Path path;
    std::uint32_t left = trees_.distance(tree, request.source, request.target);
    if (left == SpanningTrees::kUnattached) return {};
    for (NodeId node = request.source; node != request.target; node = graph_.head(path.back())) {
      const DirectedChannel next = nearest(tree, node, amount, request, left);
      if (next == DirectedChannel{}) {
        messages_ += probe_messages(path);
        return {};
      }
      path.push_back(next);
    }
    messages_ += probe_messages(path);
    return path;
  }

  /// The channel to the neighbour that is nearest to the target, and how far that is; none if no
  /// neighbour that the amount can be sent to is nearer than the node.
  DirectedChannel nearest(std::size_t tree,
                          NodeId node,
                          Msat amount,
                          const RouteRequest& request,
                          std::uint32_t& left) const {
    DirectedChannel best;
    const IncomingChannels& channels = graph_.incoming();
    const auto edges = out_edges(node.index, channels.rows);
    for (auto edge = edges.first; edge != edges.second; ++edge) {
      const DirectedChannel onward = channels.channel_of(*edge).reversed();
      const AnnouncedChannel& channel = channels.at(onward);
      if (channel.is_disabled && node != request.source) continue;
      if (!channel.carries(amount) || parts_.left(onward) < amount) continue;
      const std::uint32_t distance = trees_.distance(tree, graph_.head(onward), request.target);
      if (distance > left || (distance == left && (best == DirectedChannel{} || best < onward))) {
        continue;
      }
      best = onward;
      left = distance;
    }
    return best;
  }

  Scheme scheme_;
  const ChannelGraph& graph_;
  SpanningTrees trees_;
  TrueCapacities capacities_;
  PathParts parts_;
  std::uint64_t messages_ = 0;
};

RouterKind kind_of(std::string name, std::string help, Scheme scheme) {
  return {.name = std::move(name),
          .help = std::move(help),
          .splitter = "flow",
          .has_flow = true,
          .sees_balances = true,
          .sends_messages = true,
          .counts_own_parts = false,
          .refuses = [](std::string_view view, std::string_view splitter) -> std::string {
            if (view != "none") return "its nodes find routes together, a sender believes nothing";
            const bool is_its_own = splitter == "flow" || splitter == "none";
            return is_its_own ? "" : "its nodes divide an amount themselves";
          },
          .make = [scheme](const RoutingMeans& means) -> std::unique_ptr<Router> {
            AMPSIM_CHECK(means.balances != nullptr, "nodes that do not know their balances");
            return std::make_unique<LandmarkRouter>(means, scheme);
          }};
}

}  // namespace

RouterKind silentwhispers_router_kind() {
  return kind_of("silentwhispers", "SilentWhispers: over landmarks", Scheme::silentwhispers);
}
RouterKind speedymurmurs_router_kind() {
  return kind_of("speedymurmurs", "SpeedyMurmurs: by coordinates in landmarks' trees",
                 Scheme::speedymurmurs);
}

}  // namespace ampsim::sim
