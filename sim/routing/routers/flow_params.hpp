#pragma once

#include <chrono>
#include <cstdint>

#include "core/units.hpp"

/// What routers with a flow and their view are told.
namespace ampsim::sim {

/// `[routing.bounds]`.
struct BoundsParams {
  /// What was learnt longer ago is dropped (Core Lightning's xpay: an hour).
  SimDuration memory = std::chrono::hours{1};
};

/// `[routing.pickhardt]`. Defaults of the authors' package, but for the base fee.
struct PickhardtParams {
  /// Weight of fees against uncertainty, >= 0: with 1, 1 ppm weighs as much as sending
  /// a ten-thousandth of a channel of 1.5 BTC.
  double mu = 1;
  /// Amounts are multiples of it where they can be; 0: whole msat.
  Msat quantum{0};
  /// Channels that ask for more are not used: a flow cannot know how often it is paid.
  Msat most_base_fee{1000};
};

/// `[routing.cln]`.
struct ClnParams {
  /// Amounts up to this go over one path (askrene).
  Msat single_path = Msat::from_sat(1000);
  /// Into how many units an amount is divided, >= 1 (askrene).
  std::int32_t units = 1000;
  /// So many of the nodes with most channels are biased, by -100 ... 100: channels that lead away
  /// from them seem dearer with less, cheaper with more (askrene-bias-node).
  std::uint32_t biased_hubs = 0;
  double bias = -50;
};

}  // namespace ampsim::sim
