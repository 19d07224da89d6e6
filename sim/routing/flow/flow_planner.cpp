#include "sim/routing/flow/flow_planner.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <utility>
#include <variant>

#include "core/check.hpp"
#include "sim/routing/forwarding_fee.hpp"
#include "sim/routing/incoming_channels.hpp"
#include "sim/routing/path_pricing.hpp"

namespace ampsim::sim {
namespace {

/// Flows that are tried for one request; far more than any is worth.
constexpr int kMostFlows = 100;
/// A part may have one in so many more than its flow, where that makes another flow needless.
constexpr std::int64_t kTolerance = 50;
/// Parts that one path may have in one flow: what a channel can have at once (BOLT 2).
constexpr int kMostPieces = 483;

template <class Part>
Msat sum_of(const std::vector<Part>& parts) {
  Msat sum;
  for (const Part& part : parts) sum += part.amount;
  return sum;
}

template <class Part>
void sort_by_amount(std::vector<Part>& parts) {
  std::sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) {
    return a.amount != b.amount ? a.amount > b.amount : a.path < b.path;
  });
}

/// Takes what is too much from all parts, so that none that is at least n units becomes smaller.
template <class Part>
void remove_excess(std::vector<Part>& parts, Msat excess) {
  sort_by_amount(parts);
  // Those at the end first, if all of them is too much.
  while (parts.size() > 1 && parts.back().amount <= excess) {
    excess -= parts.back().amount;
    parts.pop_back();
  }
  const Msat sum = sum_of(parts);
  Msat left = excess;
  for (Part& part : parts) {
    const Int128 share = Int128{excess.count} * part.amount.count / sum.count;
    part.amount -= Msat{static_cast<std::int64_t>(share)};
    left -= Msat{static_cast<std::int64_t>(share)};
  }
  for (std::size_t i = 0; left > Msat{0}; i = (i + 1) % parts.size()) {
    parts[i].amount -= Msat{1};
    left -= Msat{1};
  }
}

}  // namespace

FlowPlanner::FlowPlanner(const ChannelGraph& graph)
    : graph_(graph), solver_(graph), channels_(graph) {}

RouteResult FlowPlanner::find(const RouteRequest& request,
                              const LiquidityView& view,
                              FlowModel& model) {
  PartsResult result = find_flow(request, view, model, PartLimits{.max_parts = 1});
  if (const NoRoute* reason = std::get_if<NoRoute>(&result)) return *reason;
  return std::move(std::get<std::vector<Route>>(result).front());
}

PartsResult FlowPlanner::find_flow(const RouteRequest& request,
                                   const LiquidityView& view,
                                   FlowModel& model,
                                   const PartLimits& limits) {
  AMPSIM_CHECK(request.source != request.target, "a route from a node to itself");
  AMPSIM_CHECK(request.amount > Msat{0}, "a route for nothing");
  if (request.lacks_balance()) return NoRoute::insufficient_balance;
  std::vector<Route> routes = find_parts(request, view, model, limits, false);
  if (routes.empty() && model.may_repeat_htlcs()) {
    routes = find_parts(request, view, model, limits, true);
  }
  if (routes.empty()) return NoRoute::no_path;
  return routes;
}

/// None where there are none.
std::vector<Route> FlowPlanner::find_parts(const RouteRequest& request,
                                           const LiquidityView& view,
                                           FlowModel& model,
                                           const PartLimits& limits,
                                           bool repeats_htlcs) {
  const std::int64_t least_part = std::max<std::int64_t>(limits.min_part.count, 1);
  const std::int64_t most =
      std::clamp<std::int64_t>(request.amount.count / least_part, 1, limits.room());
  // Units of a k-th of the amount leave at most k parts; but the finer they are, the better.
  constexpr std::array<std::int64_t, 4> kFinenesses = {0, 4, 2, 1};
  if (most == 1 && repeats_htlcs) return {};
  std::vector<Route> routes;
  for (const std::int64_t fineness : kFinenesses) {
    const std::int64_t units = fineness == 0 ? request.amount.count : fineness * most;
    const Msat least_unit{(request.amount.count + units - 1) / units};
    channels_.begin(request, view);
    Parts parts = plan(model, {least_unit, most == 1, repeats_htlcs});
    const bool is_planned = !parts.empty();
    if (is_planned && reduce(parts, static_cast<std::size_t>(most), limits.min_part) &&
        fees(parts) <= request.fee_limit) {
      routes = price(parts, view);
    }
    channels_.end();
    if (!routes.empty() || !is_planned || most == 1) break;
  }
  return routes;
}

/// Parts that have the request's amount, set aside; none where there is no way. `least_unit`: no
/// flow has finer units.
FlowPlanner::Parts FlowPlanner::plan(FlowModel& model, const Way& way) {
  model.begin_request();
  Parts planned;
  Msat left = channels_.request().amount;
  Msat budget = channels_.request().fee_limit;
  for (int i = 0; i < kMostFlows && left > Msat{0}; ++i) {
    Parts parts = solve(model, left, way);
    if (parts.empty()) return {};
    if (way.is_one_path) {
      const DirectedChannel unfit = channels_.first_unfit(parts.front().path, left);
      if (unfit != DirectedChannel{}) {
        channels_.close(unfit);
        continue;
      }
    }
    fit(parts, left, way.repeats_htlcs ? kMostPieces : 1);
    if (parts.empty()) continue;  // channels were closed
    const Verdict verdict = judge(model, parts, left, budget);
    if (verdict == Verdict::keep) {
      left -= sum_of(parts);
      budget -= fees(parts);
      std::move(parts.begin(), parts.end(), std::back_inserter(planned));
    } else {
      release(parts);
      if (verdict == Verdict::fail) return {};
    }
  }
  if (left > Msat{0}) return {};
  merge_equal_paths(planned);
  return planned;
}

FlowPlanner::Parts FlowPlanner::solve(FlowModel& model, Msat amount, const Way& way) {
  const RouteRequest& request = channels_.request();
  const bool is_one_path = way.is_one_path || model.takes_one_path(amount);
  const Msat unit = is_one_path ? amount : std::max(model.unit(amount), way.least_unit);
  const std::int64_t units = (amount.count + unit.count - 1) / unit.count;
  model.begin_flow({&channels_, amount, unit, is_one_path, way.repeats_htlcs});
  if (solver_.solve(request.source, request.target, units, model) < units) return {};
  Parts parts;
  for (FlowPath& path : solver_.paths()) {
    parts.push_back({std::move(path.channels), unit * path.units, path.cost});
  }
  return parts;
}

/// Each to what its path has room for, in several parts where the largest HTLC is below its flow;
/// paths that have none are left out, and a channel of theirs is closed.
void FlowPlanner::clip(Parts& parts, int most_pieces) {
  sort_by_amount(parts);
  Parts clipped;
  for (const Part& part : parts) {
    Msat left = part.amount;
    for (int pieces = 0; left > Msat{0} && pieces < most_pieces; ++pieces) {
      Part piece = part;
      piece.amount = std::min(left, channels_.deliverable(part.path));
      if (piece.amount == Msat{0}) {
        if (pieces == 0) channels_.close(channels_.first_unfit(part.path, left));
        break;
      }
      // What is left may be too small for an HTLC.
      if (pieces > 0 && channels_.first_unfit(part.path, piece.amount) != DirectedChannel{}) break;
      if (most_pieces > 1) {
        piece.cost =
            static_cast<std::int64_t>(Int128{part.cost} * piece.amount.count / part.amount.count);
      }
      channels_.use(part.path, piece.amount);
      left -= piece.amount;
      clipped.push_back(std::move(piece));
      const Msat clipped_to = clipped.back().amount;
      if (left > Msat{0} && clipped_to < channels_.largest_htlc(part.path)) break;
    }
  }
  parts = std::move(clipped);
  release(parts);
}

/// Makes parts of paths: at most the amount in all, with room on their way, set aside.
void FlowPlanner::fit(Parts& parts, Msat amount, int most_pieces) {
  clip(parts, most_pieces);
  if (parts.empty()) return;
  if (sum_of(parts) > amount) remove_excess(parts, sum_of(parts) - amount);
  std::erase_if(parts, [&](const Part& part) {
    const DirectedChannel unfit = channels_.first_unfit(part.path, part.amount);
    const bool fits = unfit == DirectedChannel{};
    if (fits) {
      channels_.use(part.path, part.amount);
    } else {
      channels_.close(unfit);  // it asks for more, or an earlier part has taken its room
    }
    return !fits;
  });
  add_missing(parts, amount - sum_of(parts));
}

/// How much more the part could have than it has, if it had it at once.
Msat FlowPlanner::spare(const Part& part) {
  channels_.release(part.path, part.amount);
  const Msat most = channels_.deliverable(part.path);
  channels_.use(part.path, part.amount);
  return std::max(Msat{0}, most - part.amount);
}

void FlowPlanner::raise(Part& part, Msat extra) {
  channels_.release(part.path, part.amount);
  part.amount += extra;
  channels_.use(part.path, part.amount);
}

void FlowPlanner::add_missing(Parts& parts, Msat missing) {
  for (Part& part : parts) {
    if (missing == Msat{0}) return;
    const Msat extra = std::min({missing, part.amount / kTolerance, spare(part)});
    raise(part, extra);
    missing -= extra;
  }
}

FlowPlanner::Verdict FlowPlanner::judge(FlowModel& model,
                                        const Parts& parts,
                                        Msat amount,
                                        Msat budget) {
  const Msat all_fees = fees(parts);
  // This flow's share of the budget; the rest of the amount has to be paid for as well.
  const Msat share{
      static_cast<std::int64_t>(Int128{budget.count} * sum_of(parts).count / amount.count)};
  if (all_fees > share) {
    if (model.weigh_fees()) return Verdict::again;
    if (all_fees > budget) return Verdict::fail;
  }
  for (const Part& part : parts) {
    if (expiry(part) <= channels_.request().cltv_limit) continue;
    if (model.weigh_delays()) return Verdict::again;
    return close_slowest(part) ? Verdict::again : Verdict::fail;
  }
  return Verdict::keep;
}

BlockDelta FlowPlanner::expiry(const Part& part) const {
  BlockDelta sum = channels_.request().final_cltv_delta;
  for (std::size_t i = 1; i < part.path.size(); ++i) {
    sum = sum + graph_.incoming().at(part.path[i]).cltv_expiry_delta;
  }
  return sum;
}

/// False where the path is the sender's own channel alone.
bool FlowPlanner::close_slowest(const Part& part) {
  if (part.path.size() == 1) return false;
  channels_.close(*std::max_element(part.path.begin() + 1, part.path.end(),
                                    [&](DirectedChannel a, DirectedChannel b) {
                                      return graph_.incoming().at(a).cltv_expiry_delta <
                                             graph_.incoming().at(b).cltv_expiry_delta;
                                    }));
  return true;
}

Msat FlowPlanner::fees(const Parts& parts) const {
  Msat sum;
  for (const Part& part : parts) {
    Msat amount = part.amount;
    for (std::size_t i = part.path.size(); i-- > 1;) {
      amount += forwarding_fee(graph_.incoming().at(part.path[i]), amount);
    }
    sum += amount - part.amount;
  }
  return sum;
}

void FlowPlanner::release(const Parts& parts) {
  for (const Part& part : parts) channels_.release(part.path, part.amount);
}

/// Where one HTLC can carry what two were to.
void FlowPlanner::merge_equal_paths(Parts& parts) {
  std::sort(parts.begin(), parts.end(),
            [](const Part& a, const Part& b) { return a.path < b.path; });
  Parts merged;
  for (Part& part : parts) {
    if (!merged.empty() && merged.back().path == part.path) {
      channels_.release(part.path, part.amount);
      if (spare(merged.back()) >= part.amount) {
        raise(merged.back(), part.amount);
        merged.back().cost += part.cost;
        continue;
      }
      channels_.use(part.path, part.amount);
    }
    merged.push_back(std::move(part));
  }
  parts = std::move(merged);
}

/// The largest parts take over what the others had, or give up what a small one lacks; false if
/// they cannot.
bool FlowPlanner::reduce(Parts& parts, std::size_t most, Msat min_part) {
  const auto take_last = [&] {
    Part last = std::move(parts.back());
    parts.pop_back();
    channels_.release(last.path, last.amount);
    return last;
  };
  sort_by_amount(parts);
  Msat missing;
  while (parts.size() > most) missing += take_last().amount;
  if (grow(parts, missing) > Msat{0}) return false;
  sort_by_amount(parts);
  while (parts.size() > 1 && parts.back().amount < min_part) {
    Part small = take_last();
    small.amount = grow(parts, small.amount);
    if (small.amount > Msat{0} && !lift(parts, std::move(small), min_part)) return false;
    sort_by_amount(parts);
  }
  return true;
}

/// One n-th of what is missing goes to the part of n that has most room, and so on. What is still
/// missing when there is no room.
Msat FlowPlanner::grow(Parts& parts, Msat missing) {
  constexpr Msat kLittle = Msat::from_sat(10);
  while (missing > Msat{0}) {
    Part* widest = nullptr;
    Msat room;
    for (Part& part : parts) {
      const Msat its_room = spare(part);
      if (its_room > room) {
        room = its_room;
        widest = &part;
      }
    }
    if (widest == nullptr) break;
    const auto n = static_cast<std::int64_t>(parts.size());
    const Msat piece = missing < kLittle ? missing : Msat{(missing.count + n - 1) / n};
    raise(*widest, std::min(piece, room));
    missing -= std::min(piece, room);
  }
  return missing;
}

/// Adds a part that is too small, raised to the minimum by what the others can spare.
bool FlowPlanner::lift(Parts& parts, Part small, Msat min_part) {
  Msat lacks = min_part - small.amount;
  for (Part& part : parts) {
    const Msat given = std::min(lacks, part.amount - min_part);
    if (given <= Msat{0}) continue;
    channels_.release(part.path, part.amount);
    const bool fits = channels_.first_unfit(part.path, part.amount - given) == DirectedChannel{};
    if (fits) {
      part.amount -= given;
      lacks -= given;
    }
    channels_.use(part.path, part.amount);
  }
  small.amount = min_part;
  if (lacks > Msat{0} || channels_.deliverable(small.path) < min_part) return false;
  channels_.use(small.path, small.amount);
  parts.push_back(std::move(small));
  return true;
}

std::vector<Route> FlowPlanner::price(const Parts& parts, const LiquidityView& view) const {
  const RouteRequest& request = channels_.request();
  std::vector<Route> routes;
  for (const Part& part : parts) {
    std::optional<Route> route = price_path(graph_, part.path, part.amount, request);
    AMPSIM_CHECK(route.has_value(), "a part that its path does not take");
    route->cost = part.cost;
    for (std::size_t i = 1; i < route->hops.size(); ++i) {
      const Hop& hop = route->hops[i];
      route->probability *= view.probability(hop_query(graph_, hop.channel, hop.amount, request));
    }
    routes.push_back(std::move(*route));
  }
  return routes;
}

}  // namespace ampsim::sim
