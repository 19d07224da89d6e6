#include <vector>

#include "core/lock_scheme.hpp"
#include "sim/attack/attack.hpp"

namespace ampsim::sim {
namespace {

/// Colluders i and j forward one part, with honest nodes between them (Malavolta et al. 2019,
/// Anonymous multi-hop locks). When j gets the preimage it tells i, which fulfils upstream at once;
/// j fails the part back to those between instead of relaying the preimage, and i keeps the failure
/// to itself. The honest ones have forwarded for nothing: i and j have their fees.
///
/// i must be able to open what it was offered. With one hash for all hops it is; with points that
/// differ at each hop j's secret does not fit i's lock, for the tweaks of those between are
/// missing.
class Wormhole final : public Attack {
 public:
  explicit Wormhole(const AttackMeans& means)
      : Attack(means), is_member_(means.network.node_count()) {
    for (const NodeId node : means.plan.targets) is_member_[node.index] = true;
  }

 private:
  /// A part that skipped the nodes behind the near end of this hop.
  struct Tunnel {
    std::uint32_t hop = 0;  ///< 0: none
    std::uint32_t generation = 0;
  };

  bool is_member_at(const Attempt& attempt, std::uint32_t hop) const {
    return is_member_[means().network.source(attempt.route.hops[hop].channel).index];
  }

  /// What the honest nodes between the near ends of two hops would have earned, and how many.
  struct Skipped {
    Msat fees;
    std::uint32_t nodes = 0;
  };
  Skipped skipped(const Attempt& attempt, std::uint32_t from, std::uint32_t to) const {
    Skipped all;
    for (std::uint32_t hop = from + 1; hop < to; ++hop) {
      if (is_member_at(attempt, hop)) continue;
      all.fees += attempt.route.hops[hop - 1].amount - attempt.route.hops[hop].amount;
      ++all.nodes;
    }
    return all;
  }

  /// Whether what opens the HTLC that leaves j's predecessor opens the one that left i.
  static bool locks_allow(const Attempt& attempt, std::uint32_t i, std::uint32_t j) {
    const std::size_t last = attempt.route.hops.size() - 1;
    return amp::opens(attempt.lock.kind,
                      amp::preimage_at(attempt.lock, attempt.preimage, last - (j - 1)),
                      amp::lock_at(attempt.lock, last - i));
  }

  /// The near end of hop j has the preimage. True if it went to an accomplice instead.
  bool diverts_preimage(AttemptId id, std::uint32_t j) override {
    const Attempt& attempt = means().attempts[id];
    if (!is_active() || !is_member_at(attempt, j)) return false;
    std::uint32_t i = 1;  // the sender is nobody's accomplice
    while (i < j && !is_member_at(attempt, i)) ++i;
    if (i == j) return false;
    const Skipped between = skipped(attempt, i, j);
    // On chain either may have ended already.
    const bool are_open = attempt.htlcs[i - 1].state == HtlcState::offered &&
                          attempt.htlcs[j - 1].state == HtlcState::offered;
    if (between.nodes == 0 || !are_open || !locks_allow(attempt, i, j)) return false;
    means().books.part_wormholed(between.fees);
    if (tunnels_.size() <= id.index) tunnels_.resize(id.index + 1);
    tunnels_[id.index] = {.hop = i, .generation = attempt.generation};
    means().flow.fail(id, j - 1);
    means().flow.fulfill(id, i - 1);
    return true;
  }

  bool absorbs_failure(AttemptId id, std::uint32_t hop) override {
    if (tunnels_.size() <= id.index) return false;
    Tunnel& tunnel = tunnels_[id.index];
    if (tunnel.hop != hop || tunnel.generation != means().attempts[id].generation) return false;
    tunnel = {};
    means().attempts.close_if_done(id);
    return true;
  }

  std::vector<bool> is_member_;
  std::vector<Tunnel> tunnels_;  // by slot of the attempt
};

}  // namespace

std::unique_ptr<Attack> make_wormhole(const AttackMeans& means) {
  return std::make_unique<Wormhole>(means);
}

}  // namespace ampsim::sim
