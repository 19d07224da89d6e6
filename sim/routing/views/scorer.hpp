#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "core/units.hpp"
#include "sim/network/failure_code.hpp"
#include "sim/routing/channel_graph.hpp"
#include "sim/routing/liquidity_view.hpp"
#include "sim/routing/router.hpp"
#include "sim/routing/routers/ldk_params.hpp"

/// LDK's ProbabilisticScorer (lightning/src/routing/scoring.rs): two bounds of what each channel
/// can send, and how they have been in the past. For a channel of capacity c:
///
///   density of the balance at x c:  1/256 + 9 (x - 1/2)^8, or the same everywhere
///   G(x) = (x - 1/2)^9 + (x - 1/2) / 256, or x
///   success(a) = (G(hi / c) - G(a / c)) / (G(hi / c) - G(lo / c))      1 up to lo, 0 from hi on
///
/// A failure of an amount a at a channel: hi = min(hi, a), and lo = 0 where that is below lo. The
/// channels before it: lo = max(lo, a). A success: hi = hi - a. As in LDK, a is what the receiver
/// would have got, on every channel of the route. Which channel a failure is blamed on:
/// ln/onion_utils.rs. Nothing is learnt about the sender's own channels.
///
/// Memory: 200 bytes a channel that was part of an attempt; nothing for the rest of the network.
///
/// Tested by tests/scorer_test.cpp and tests/wallet_vectors_test.cpp.
namespace ampsim::sim {

/// What is believed to get through, and not to be exceeded; 0 <= lower <= upper <= capacity.
struct BalanceRange {
  Msat lower;
  Msat upper;
};

/// success(a). With `is_sceptical`, 64/78 of it where the lower bound is 0: nothing has ever been
/// seen to get through.
double ldk_success(
    BalanceDensity density, BalanceRange range, Msat amount, Msat capacity, bool is_sceptical);

/// How often a bound was where: 32 buckets, narrow at both ends of the channel, which leak 1/2048
/// with every sample and gain 32 at its place.
class BoundHistory {
 public:
  static constexpr std::size_t kBuckets = 32;
  static constexpr std::uint32_t kTicks = 16'384;  ///< positions of a channel
  static constexpr std::uint16_t kSample = 32;
  /// Where each bucket begins, in ticks.
  static const std::array<std::uint16_t, kBuckets + 1>& edges();

  void add(Msat offset, Msat capacity);
  void decay(double half_lives);
  std::uint16_t at(std::size_t bucket) const { return buckets_[bucket]; }

 private:
  std::array<std::uint16_t, kBuckets> buckets_{};
};

/// Success of an amount by the past positions of both bounds, each as its distance from its end of
/// the channel: the mean over all pairs of them, weighted by (lower * upper)^2, of the success
/// between the two. Of lower bounds in the first bucket, which mean that something has failed, all
/// count with the upper bound that is furthest down. None if less than a full sample is known.
std::optional<double> history_success(BalanceDensity density,
                                      const BoundHistory& lower,
                                      const BoundHistory& upper,
                                      Msat amount,
                                      Msat capacity);

/// How unlikely an amount is, as -log10 of its success, at most 2; and whether it is above the
/// upper bound.
struct LdkRisk {
  double history = 0;
  double live = 0;
  bool is_impossible = false;
};
/// min(2, -log10(success)).
double ldk_log(double success);
/// Of a channel about which nothing is known.
LdkRisk unknown_risk(BalanceDensity density, Msat amount_and_used, Msat capacity);

class Scorer final : public LiquidityView {
 public:
  /// Graph and parameters must outlive the view.
  Scorer(const ChannelGraph& graph, const LdkParams& params) : graph_(&graph), params_(&params) {}

  double probability(const HopQuery& query) const override;
  LiquidityBounds bounds(const HopQuery& query) const override;
  void report_success(const Route& route, SimTime now) override;
  void report_failure(const Route& route,
                      std::size_t erring_node,
                      FailureCode code,
                      SimTime now) override;

  /// What LDK's router asks, of the amount and what is used.
  LdkRisk risk(const HopQuery& query) const;
  /// The channels about which something is known, in the order in which they were met.
  std::span<const ChannelId> met() const { return met_; }

 private:
  /// In direction 0; the other one has lower and upper exchanged.
  struct Memory {
    Msat lower;  ///< offsets: the lower bound ...
    Msat upper;  ///< ... and how far the upper one is from the capacity
    SimTime bounds_at;
    SimTime history_at;
    BoundHistory lower_history;
    BoundHistory upper_history;
  };

  const Memory* find(ChannelId channel) const;
  Memory& meet(ChannelId channel, SimTime now);
  /// Now, of direction 0, as offsets.
  BalanceRange offsets(const Memory& memory, SimTime now) const;
  BalanceRange range(const HopQuery& query, const Memory* memory) const;
  void learn(const Hop& hop, Msat amount, SimTime now, bool has_failed);
  void learn_success(const Hop& hop, Msat amount, SimTime now);
  double faded_half_lives(const Memory& memory, SimTime now) const;

  const ChannelGraph* graph_;
  const LdkParams* params_;
  std::unordered_map<ChannelId, std::uint32_t> index_;  ///< into both; only looked up
  std::vector<ChannelId> met_;
  std::vector<Memory> memory_;
};

}  // namespace ampsim::sim
