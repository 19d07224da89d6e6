#include "sim/attack/attack.hpp"

namespace ampsim::sim {
namespace {

/// The attacker's nodes keep what they are asked to forward: each HTLC with `probability`, for
/// `hold`, then they fail it. Stream `attack_keeps` of the seed.
class KeepPart final : public Attack {
 public:
  explicit KeepPart(const AttackMeans& means)
      : Attack(means), rng_(means.seed, "attack_keeps"), is_member_(means.network.node_count()) {
    for (const NodeId node : means.plan.targets) is_member_[node.index] = true;
  }

 private:
  bool keeps(AttemptId id, std::uint32_t hop) override {
    if (!is_active()) return false;
    const Attempt& attempt = means().attempts[id];
    const NodeId node = means().network.target(attempt.route.hops[hop].channel);
    if (!is_member_[node.index] || !rng_.chance(means().params.probability)) return false;
    means().books.part_kept();
    means().flow.tell_htlc(TraceKind::htlc_committed, attempt, hop);
    held().hold(id, hop, means().params.hold_time());
    return true;
  }

  Rng rng_;
  std::vector<bool> is_member_;
};

}  // namespace

std::unique_ptr<Attack> make_keep_part(const AttackMeans& means) {
  return std::make_unique<KeepPart>(means);
}

}  // namespace ampsim::sim
