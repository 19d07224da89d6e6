#include "sim/routing/routers/pickhardt_router.hpp"

#include <algorithm>
#include <memory>

#include "sim/routing/incoming_channels.hpp"

namespace ampsim::sim {
namespace {

/// Above this nothing can be told apart any more; a path of twenty such channels still adds up.
constexpr std::int64_t kDearest = std::int64_t{1} << 50;

}  // namespace

Msat PickhardtModel::unit(Msat /*amount*/) const { return std::max(params_.quantum, Msat{1}); }

bool PickhardtModel::weigh_fees() {
  constexpr double kMost = 1e6;
  if (mu_ >= kMost) return false;
  mu_ = std::min(kMost, std::max(1.0, mu_ * 10));
  return true;
}

/// At most `most` in all.
CostPieces PickhardtModel::in_units(LiquidityBounds room,
                                    std::int64_t fee,
                                    Msat most,
                                    Msat unit) const {
  CostPieces result;
  std::int64_t left = most.count / unit.count;
  const auto add = [&](Msat width, std::int64_t unit_cost) {
    const std::int64_t units = std::min(left, width.count / unit.count);
    result.add(units, std::min(unit_cost, kDearest));
    left -= units;
  };
  add(room.lower, fee);
  const std::int64_t unknown = (room.upper - room.lower).count;
  if (unknown == 0) return result;
  const std::int64_t uncertainty = 1000 * kLargestSat / unknown;
  const std::int64_t pieces = room.lower >= unit ? kPieces - 1 : kPieces;
  // Of the msat that do not divide, the first pieces have one more.
  for (std::int64_t i = 1; i <= pieces; ++i) {
    add(Msat{unknown * i / pieces - unknown * (i - 1) / pieces}, fee + i * uncertainty);
  }
  return result;
}

CostPieces PickhardtModel::pieces(const AnnouncedChannel& channel) {
  const RequestChannels& channels = *task_.channels;
  const bool is_own = channels.is_own(channel);
  if (!is_own && channel.fee_base > params_.most_base_fee) return {};
  if (channel.htlc_minimum > task_.amount) return {};
  const LiquidityBounds room = channels.room(channel);
  if (room.upper == Msat{0}) return {};
  const double weighed = is_own ? 0 : mu_ * channel.fee_proportional.millionths;
  const auto fee = static_cast<std::int64_t>(std::min(weighed, 1e15));
  const Msat most = task_.repeats_htlcs ? room.upper : channel.htlc_maximum;
  if (!task_.is_one_path) return in_units(room, fee, most, task_.unit);

  // One unit, of the whole amount: its mean cost, with eight binary places.
  if (task_.amount > std::min(room.upper, channel.htlc_maximum)) return {};
  Int128 sum = 0;
  for (const CostPiece& piece : in_units(room, fee, task_.amount, Msat{1})) {
    sum += Int128{piece.units} * piece.unit_cost;
  }
  CostPieces whole;
  whole.add(1, static_cast<std::int64_t>(
                   std::min<Int128>(sum * 256 / task_.amount.count, Int128{kDearest})));
  return whole;
}

RouterKind pickhardt_router_kind() {
  return {.name = "pickhardt_richter",
          .help = "Pickhardt and Richter: the likeliest flow, weighed against its fees",
          .splitter = "flow",
          .liquidity_view = "bounds",
          .has_flow = true,
          .make = [](const RoutingMeans& means) {
            return std::make_unique<PickhardtRouter>(means.graph, means.params);
          }};
}

}  // namespace ampsim::sim
