#include "sim/routing/routers/cln_router.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include "sim/routing/forwarding_fee.hpp"
#include "sim/routing/incoming_channels.hpp"

namespace ampsim::sim {
namespace {

constexpr std::int64_t kMostMu = 100;
constexpr double kLeastPhi = 1e-6;
constexpr double kMostPhi = 10;
/// Bounds are divided by it: what fees on the way may add to an amount.
constexpr double kRoomForFees = 1.01;
constexpr double kDearest = 1e15;

template <class Number>
double median(std::vector<Number>& numbers) {
  const auto middle = numbers.begin() + static_cast<std::ptrdiff_t>(numbers.size() / 2);
  std::nth_element(numbers.begin(), middle, numbers.end());
  return static_cast<double>(*middle);
}

std::int64_t floor_of(double number) { return static_cast<std::int64_t>(number); }

}  // namespace

double cln_bias_factor(double bias) { return std::exp(-bias * std::log(30) / 100); }

double ClnPiece::slope() const { return std::log((1 - begin) / (1 - end)) / width(); }

ClnModel::ClnModel(const ChannelGraph& graph, const ClnParams& params)
    : graph_(graph), params_(params) {
  if (params.biased_hubs == 0) return;
  std::vector<std::uint32_t> degrees(graph.node_count(), 0);
  for (std::uint32_t i = 0; i < 2 * graph.channel_count(); ++i) ++degrees[graph.tail({i}).index];
  std::vector<std::uint32_t> nodes(graph.node_count());
  std::iota(nodes.begin(), nodes.end(), 0U);
  std::stable_sort(nodes.begin(), nodes.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return degrees[a] > degrees[b]; });
  nodes.resize(std::min<std::size_t>(nodes.size(), params.biased_hubs));
  is_biased_.resize(graph.node_count(), false);
  for (const std::uint32_t node : nodes) is_biased_[node] = true;
}

void ClnModel::begin_request() {
  mu_ = 1;
  doublings_ = 0;
  phi_ = kLeastPhi;
}

void ClnModel::begin_flow(const Task& task) {
  task_ = task;
  ratio_ = median_ratio();
}

Msat ClnModel::unit(Msat amount) const {
  return {(amount.count + params_.units - 1) / params_.units};
}

bool ClnModel::weigh_fees() {
  if (mu_ >= kMostMu) return false;
  mu_ = mu_ == 1 ? 10 : mu_ + 10;
  return true;
}

bool ClnModel::weigh_delays() {
  if (phi_ > kMostPhi) return false;
  phi_ *= 2;
  ++doublings_;
  return true;
}

/// Of units, at most `most` in all.
ClnModel::Pieces ClnModel::linear(LiquidityBounds room, Msat most, const Task& task) {
  const auto unit = static_cast<double>(task.unit.count);
  const std::int64_t a = floor_of(static_cast<double>(room.lower.count) / kRoomForFees / unit);
  const std::int64_t b = 1 + floor_of(static_cast<double>(room.upper.count) / kRoomForFees / unit);
  const std::int64_t asked = (task.amount.count + task.unit.count - 1) / task.unit.count;
  std::int64_t left = std::min(most.count / task.unit.count, asked);
  const auto take = [&left](std::int64_t units) {
    units = std::min(units, left);
    left -= units;
    return units;
  };
  Pieces pieces;
  pieces[0] = {take(a), 0};
  const double in_units = static_cast<double>(task.amount.count) / unit;
  const auto width = static_cast<double>(b - a);
  for (std::size_t i = 0; i < kClnPieces.size(); ++i) {
    pieces[i + 1] = {take(floor_of(kClnPieces[i].width() * width)),
                     kClnPieces[i].slope() * 1000 * in_units / width};
  }
  return pieces;
}

double ClnModel::uncertainty_of_whole(LiquidityBounds room, Msat amount) {
  if (amount <= room.lower) return 0;
  // Bounds are open above: one msat more than is believed.
  const auto beyond = static_cast<double>((room.upper - amount).count + 1);
  return -std::log(beyond / static_cast<double>((room.upper - room.lower).count + 1));
}

std::int64_t ClnModel::fee(const AnnouncedChannel& channel, const Task& task) const {
  const double delay = phi_ * channel.cltv_expiry_delta.count;
  if (task.is_one_path) {
    return floor_of(static_cast<double>(forwarding_fee(channel, task.amount).count) + delay);
  }
  // As if a tenth of the amount went over it, in millionths.
  const double base =
      static_cast<double>(channel.fee_base.count) * 1e7 / static_cast<double>(task.amount.count);
  return floor_of(channel.fee_proportional.millionths + base + delay);
}

std::int64_t ClnModel::combine(std::int64_t fee, double uncertainty, double bias_factor) const {
  const double cost = static_cast<double>(fee) * static_cast<double>(mu_) +
                      static_cast<double>(kMostMu - mu_) * uncertainty * ratio_;
  return floor_of(std::min(cost * bias_factor, kDearest));
}

CostPieces ClnModel::pieces(const AnnouncedChannel& channel) {
  CostPieces result;
  if (task_.amount < channel.htlc_minimum) return result;
  const LiquidityBounds room = task_.channels->room(channel);
  if (room.upper == Msat{0}) return result;
  const bool is_own = task_.channels->is_own(channel);
  const std::int64_t its_fee = is_own ? 0 : fee(channel, task_);
  const bool is_biased = !is_biased_.empty() && is_biased_[graph_.tail(channel.channel).index];
  const double bias_factor = is_biased ? cln_bias_factor(params_.bias) : 1;
  if (task_.is_one_path) {
    if (task_.amount > std::min(channel.htlc_maximum, room.upper)) return result;
    result.add(1, combine(its_fee, uncertainty_of_whole(room, task_.amount), bias_factor));
    return result;
  }
  for (const Piece& piece : linear(room, channel.htlc_maximum, task_)) {
    result.add(piece.units, combine(its_fee, piece.uncertainty, bias_factor));
  }
  return result;
}

double ClnModel::median_ratio() {
  constexpr std::int64_t kStepsOfOctave = 4;
  const auto step =
      std::llround(kStepsOfOctave * std::log2(static_cast<double>(task_.amount.count)));
  const std::int64_t key = (step * 64 + doublings_) * 2 + (task_.is_one_path ? 1 : 0);
  const auto place = std::lower_bound(ratios_.begin(), ratios_.end(), key,
                                      [](const Ratio& a, std::int64_t b) { return a.key < b; });
  if (place != ratios_.end() && place->key == key) return place->ratio;

  Task typical = task_;
  typical.amount = {std::llround(std::exp2(static_cast<double>(step) / kStepsOfOctave))};
  typical.unit = task_.is_one_path ? typical.amount : unit(typical.amount);
  std::vector<std::int64_t> fees;
  std::vector<double> uncertainties;
  for (std::uint32_t i = 0; i < 2 * graph_.channel_count(); ++i) {
    const AnnouncedChannel& channel = graph_.incoming().at({i});
    if (channel.is_disabled || typical.amount < channel.htlc_minimum) continue;
    const LiquidityBounds unknown{Msat{0}, channel.capacity};
    const std::int64_t its_fee = fee(channel, typical);
    const auto add = [&](double uncertainty) {
      fees.push_back(its_fee);
      uncertainties.push_back(uncertainty);
    };
    if (typical.is_one_path) {
      if (typical.amount > channel.htlc_maximum) continue;
      add(uncertainty_of_whole(unknown, typical.amount));
      continue;
    }
    for (const Piece& piece : linear(unknown, channel.htlc_maximum, typical)) {
      if (piece.units > 0) add(piece.uncertainty);
    }
  }
  double ratio = 1;
  if (!fees.empty()) {
    const double uncertainty = median(uncertainties);
    if (uncertainty >= 0.001) ratio = median(fees) / uncertainty;
  }
  ratios_.insert(place, {key, ratio});
  return ratio;
}

RouterKind cln_router_kind() {
  return {.name = "cln",
          .help = "Core Lightning's xpay: a flow of four pieces a channel, dearer fees if needed",
          .splitter = "flow",
          .liquidity_view = "bounds",
          .has_flow = true,
          .counts_own_payments = true,
          .make = [](const RoutingMeans& means) {
            return std::make_unique<ClnRouter>(means.graph, means.params);
          }};
}

}  // namespace ampsim::sim
