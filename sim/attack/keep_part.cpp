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
  bool meddle(const EventPayload& event) override {
    if (event.kind != EventKind::htlc_add || !is_active()) return false;
    const AttemptId id{event.subject};
    const Attempt& attempt = means().attempts[id];
    if (attempt.is_final(event.detail)) return false;
    const NodeId node = means().network.target(attempt.route.hops[event.detail].channel);
    if (!is_member_[node.index] || !rng_.chance(means().params.probability)) return false;
    means().books.part_kept();
    means().flow.tell_htlc(TraceKind::htlc_committed, attempt, event.detail);
    held().hold(id, event.detail, means().params.hold_time());
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
