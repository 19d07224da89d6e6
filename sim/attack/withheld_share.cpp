#include <algorithm>
#include <utility>
#include <vector>

#include "core/check.hpp"
#include "core/lock_scheme.hpp"
#include "sim/attack/attack.hpp"
#include "sim/measure/metrics.hpp"
#include "sim/network/latency.hpp"
#include "sim/payment/disguise.hpp"
#include "sim/payment/receiver.hpp"
#include "sim/payment/sender.hpp"
#include "sim/routing/channel_graph.hpp"
#include "sim/routing/registry.hpp"

namespace ampsim::sim {
namespace {

PaymentParams withholding(PaymentParams payment) {
  payment.behaviour = SenderBehaviour::withhold_last;
  payment.misbehaving_share = 1;
  return payment;
}

/// Sets whose last part never comes: the receivers, who are honest, hold the other parts until
/// their timer runs out, and the next set is sent. The attacker is a sender like any other, with
/// the scheme, the splitter and the limits of `[payment]`, but that it withholds the last part; its
/// graph has its own channels in it, too. One set at a time goes to each target.
///
/// A scheme that does not split has no part to withhold; then nothing is sent.
class WithheldShare final : public Attack {
 public:
  explicit WithheldShare(const AttackMeans& means)
      : Attack(means),
        first_(static_cast<std::uint32_t>(means.sessions.size())),
        payment_(withholding(means.payment)),
        shares_(means.seed, "attack_shares"),
        delays_(means.seed, "attack_invoices"),
        secrets_(means.seed, "attack_payment_secrets"),
        misbehaviour_(means.seed, "attack_misbehaviour"),
        metrics_(RecordParams{.payments = false}),
        graph_(means.plan.foothold->topology),
        routing_{graph_, means.routing, means.seed},
        router_(make_router(routing_, means.network)),
        disguise_(payment_, means.receiver, replicate_seed(means.seed, 1)),
        receiver_(means.receiver,
                  payment_,
                  {means.scheduler, means.blocks, means.attempts, means.sessions, means.flow,
                   metrics_, disguise_, secrets_}),
        sender_(payment_,
                means.receiver,
                {means.scheduler, means.blocks, means.network, means.attempts, means.sessions,
                 means.flow, metrics_, routing_, *router_, disguise_, receiver_, misbehaviour_},
                shares_),
        started_(means.plan.targets.size()) {
    means.sessions.resize(first_ + started_.size());
  }

  Receiver& receiver() override { return receiver_; }

 private:
  /// Twice what the first half is to lock: the budget's share of the target, less a tenth for fees
  /// and reserves.
  Msat total() const {
    if (means().params.htlc > Msat{0}) return means().params.htlc * 2;
    const auto targets = static_cast<std::int64_t>(started_.size());
    return means().params.budget / targets / 10 * 9 * 2;
  }

  void begin() override {
    const bool can_withhold = amp::find_scheme(payment_.scheme)->splits;
    if (!can_withhold || means().plan.foothold->own_ends.empty() || total() <= Msat{0}) return;
    for (std::uint32_t target = 0; target < started_.size(); ++target) act(target);
  }

  void act(std::uint32_t target) override {
    started_[target] = means().scheduler.now();
    const PaymentId id{first_ + target};
    sender_.start(id,
                  {.sender = means().plan.foothold->source,
                   .receiver = means().plan.targets[target],
                   .amount = total(),
                   .at = means().scheduler.now()},
                  draw_delay(means().limits.latency, delays_));
    go_on(id);
  }

  /// The next set, if this one has ended; after a pause where it ended as soon as it began.
  void go_on(PaymentId id) {
    if (means().sessions[id.index] || !is_active()) return;
    const std::uint32_t target = id.index - first_;
    const bool was_short = means().scheduler.now() - started_[target] < kPause;
    act_later(was_short ? kPause : SimDuration{}, target);
  }

  bool is_told(const EventPayload& event) override {
    if (event.kind == EventKind::invoice_received && event.subject >= first_) {
      sender_.receive_invoice(PaymentId{event.subject});
      go_on(PaymentId{event.subject});
      return true;
    }
    const bool is_of_own_payment = event.subject >= first_;
    if (event.kind == EventKind::set_released && is_of_own_payment) {
      receiver_.release_set(PaymentId{event.subject});
      return true;
    }
    const bool is_question = event.kind == EventKind::sender_asked;
    if ((is_question || event.kind == EventKind::receiver_told) && is_of_own_payment) {
      const auto& session = means().sessions[event.subject];
      if (!session || session->number != event.detail) return true;  // about a set that is over
      is_question ? sender_.answer(session->id) : receiver_.hear(session->id);
      return true;
    }
    const AttemptId id{event.subject};
    if (event.kind == EventKind::set_timeout && is_own(id)) {
      receiver_.time_out(id, event.detail);
      return true;
    }
    if (event.kind == EventKind::part_released && is_own(id)) {
      receiver_.release(id, event.detail);
      return true;
    }
    return false;
  }

  void arrive(AttemptId id) override { receiver_.arrive(id); }
  void came_back(AttemptId id) override { sender_.on_failed(id); }
  /// Only a greedy receiver has claimed before the set was complete.
  void was_paid(AttemptId id) override { sender_.on_fulfilled(id); }
  void attempt_gone(const AttemptTable::Gone& gone) override {
    sender_.on_attempt_gone(gone.payment, gone.id);
    go_on(gone.payment);
  }

  std::uint32_t first_;  // of its payments, behind those of the workload
  PaymentParams payment_;
  Rng shares_;
  Rng delays_;
  Rng secrets_;
  Rng misbehaviour_;
  Metrics metrics_;  // nobody asks for it: what the attack does is in AttackBooks
  ChannelGraph graph_;
  RoutingMeans routing_;
  std::unique_ptr<Router> router_;
  Disguise disguise_;
  Receiver receiver_;
  Sender sender_;
  std::vector<SimTime> started_;  // the last set, by target
};

}  // namespace

std::unique_ptr<Attack> make_withheld_share(const AttackMeans& means) {
  return std::make_unique<WithheldShare>(means);
}

}  // namespace ampsim::sim
