#include "sim/simulation.hpp"

#include <memory>
#include <optional>

#include "core/check.hpp"
#include "core/distribution.hpp"
#include "core/random.hpp"
#include "sim/attack/attack.hpp"
#include "sim/engine/scheduler.hpp"
#include "sim/measure/attack_books.hpp"
#include "sim/measure/metrics.hpp"
#include "sim/network/network.hpp"
#include "sim/payment/attempt.hpp"
#include "sim/payment/forwarder.hpp"
#include "sim/payment/htlc_flow.hpp"
#include "sim/payment/invariants.hpp"
#include "sim/payment/receiver.hpp"
#include "sim/payment/sender.hpp"
#include "sim/routing/channel_graph.hpp"
#include "sim/routing/lnd_router.hpp"

namespace ampsim::sim {
namespace {

/// Owns every part of one run and gives each event to the part that it concerns.
class Simulation {
 public:
  Simulation(const topo::Topology& topology,
             const std::vector<PaymentSpec>& workload,
             const SimulationParams& params,
             const SimulationHooks& hooks)
      : workload_(workload),
        params_(params),
        hooks_(hooks),
        amp_shares_(params.seed, "amp_shares"),
        invoice_delays_(params.seed, "invoices"),
        plan_(plan_attack(topology, params.attack, params.seed)),
        network_(plan_.foothold ? plan_.foothold->topology : topology, params.network, params.seed),
        graph_(topology),
        router_(graph_, params.routing),
        metrics_(params.record),
        sessions_(workload.size()),
        flow_(scheduler_, network_, attempts_, metrics_, hooks.trace),
        forwarder_(network_, attempts_, flow_),
        receiver_(params.receiver,
                  params.payment.derivation,
                  scheduler_,
                  attempts_,
                  sessions_,
                  flow_,
                  metrics_),
        sender_(params.payment,
                params.receiver,
                params.routing,
                {scheduler_, network_, attempts_, sessions_, flow_, metrics_, graph_, router_},
                amp_shares_) {
    if (params.observer.is_on) {
      observer_.emplace(choose_observers(topology, params.observer, params.seed),
                        params.observer.window);
    }
    if (params.attack.is_on || params.attack.kind != AttackKind::none) {
      books_.emplace(AttackBooks::Public{workload.size(), topology.channels.size()});
      flow_.keep_apart(*books_);
      attackers_money_ = attackers_money();
      attack_ = make_attack(attack_means());
    }
  }

  RunResult run() {
    schedule_arrival(0);
    if (attack_) attack_->start();
    while (const auto event = scheduler_.next()) {
      if (observer_) observe(event->payload);
      if (!attack_ || !attack_->takes(event->payload)) dispatch(event->payload);
      end_attack();
      if (hooks_.check_every_event) check_invariants(network_, attempts_, sessions_);
      report_progress();
      if (hooks_.stop != nullptr && hooks_.stop->load(std::memory_order_relaxed)) {
        throw Interrupted{};
      }
    }
    check_end();
    return {.measures = measures(),
            .payments = metrics_.take_payments(),
            .parts = metrics_.take_parts(),
            .channels = end_state(),
            .privacy = observer_ ? observer_->records() : std::vector<PrivacyRecord>{}};
  }

 private:
  /// Arrivals wait in the workload, not in the queue: one of them is pending at a time.
  void schedule_arrival(std::uint32_t payment) {
    if (payment >= workload_.size()) return;
    scheduler_.schedule_at(workload_[payment].at,
                           EventPayload::of(EventKind::payment_arrives, payment));
  }

  void dispatch(const EventPayload& event) {
    const AttemptId attempt{event.subject};
    switch (event.kind) {
      case EventKind::payment_arrives:
        arrive(event.subject);
        break;
      case EventKind::invoice_received:
        sender_.receive_invoice(PaymentId{event.subject});
        break;
      case EventKind::htlc_add:
        if (attempts_[attempt].is_final(event.detail)) {
          receiver_.arrive(attempt);
        } else {
          forwarder_.forward(attempt, event.detail);
        }
        break;
      case EventKind::htlc_fulfill:
        if (event.detail == 0) {
          sender_.on_fulfilled(attempt);
        } else {
          flow_.fulfill(attempt, event.detail - 1);
        }
        break;
      case EventKind::htlc_fail:
        flow_.refund_failed(attempt, event.detail);
        if (event.detail == 0) {
          sender_.on_failed(attempt);
        } else {
          flow_.fail(attempt, event.detail - 1);
        }
        break;
      case EventKind::htlc_removed:
        flow_.settle_removed(attempt, event.detail);
        break;
      case EventKind::set_timeout:
        receiver_.time_out(attempt, event.detail);
        break;
      case EventKind::attack_acts:
      case EventKind::attack_releases:
      case EventKind::attack_stops:
        AMPSIM_UNREACHABLE("an attack's event without an attack");
    }
  }

  void report_progress() {
    const std::uint64_t ended = metrics_.payments_ended();
    if (hooks_.resolved == nullptr || ended == reported_) return;
    hooks_.resolved->fetch_add(ended - reported_, std::memory_order_relaxed);
    reported_ = ended;
  }

  void arrive(std::uint32_t index) {
    schedule_arrival(index + 1);
    // Drawn for every payment, whether its scheme asks for an invoice or not: a payment has the
    // same delay under all schemes.
    const SimDuration delay = draw_delay(params_.network.latency, invoice_delays_);
    sender_.start(PaymentId{index}, workload_[index], delay);
  }

  /// What honest payments show to those who forward them.
  void observe(const EventPayload& event) {
    const bool is_add = event.kind == EventKind::htlc_add;
    if (!is_add && event.kind != EventKind::htlc_fulfill) return;
    const Attempt& attempt = attempts_[AttemptId{event.subject}];
    if (attempt.payment.index >= workload_.size()) return;
    if (is_add && !attempt.is_final(event.detail)) observe_add(attempt, event.detail);
    if (!is_add && event.detail > 0) observe_preimage(attempt, event.detail);
  }

  /// The node at the far end of `hop` has an HTLC to forward.
  void observe_add(const Attempt& attempt, std::uint32_t hop) {
    if (!observer_->watches(network_.target(attempt.route.hops[hop].channel))) return;
    observer_->see_add({.payment = attempt.payment,
                        .attempt = attempt.number,
                        .hash = amp::lock_at(attempt.lock, attempt.route.hops.size() - 1 - hop),
                        .amount = attempt.route.hops[hop + 1].amount,
                        .came = scheduler_.now()});
  }

  /// The node at the near end of `hop` has got the preimage and passes it on.
  void observe_preimage(const Attempt& attempt, std::uint32_t hop) {
    if (!observer_->watches(network_.source(attempt.route.hops[hop].channel))) return;
    observer_->see_preimage(attempt.payment, attempt.number, scheduler_.now());
  }

  AttackMeans attack_means() {
    return {params_.attack,  plan_,        params_.network, params_.payment, params_.receiver,
            params_.routing, params_.seed, scheduler_,      network_,        attempts_,
            sessions_,       flow_,        *books_};
  }

  /// An attack without an end of its own ends with the last payment.
  void end_attack() {
    if (!attack_ || params_.attack.stop > SimDuration{}) return;
    if (metrics_.payments_ended() == workload_.size()) attack_->stop();
  }

  /// What the attacker has in its own channels.
  Msat attackers_money() const {
    Msat sum{};
    if (!plan_.foothold) return sum;
    for (const DirectedChannel d : plan_.foothold->own_ends) {
      sum += network_.channel(d.channel()).balance(d.direction());
    }
    return sum;
  }

  std::vector<Measure> measures() const {
    std::vector<Measure> all = metrics_.measures(scheduler_.handled());
    const auto append = [&all](const std::vector<Measure>& more) {
      all.insert(all.end(), more.begin(), more.end());
    };
    if (observer_) {
      append(observer_->measures(
          {.payments = metrics_.payments_ended(), .parts = metrics_.attempts_ended()}));
    }
    if (books_) {
      append(books_->measures({.honest_success_rate = metrics_.success_rate(),
                               .budget = plan_.foothold ? params_.attack.budget : Msat{},
                               .cost = attackers_money_ - attackers_money()}));
    }
    return all;
  }

  void check_end() const {
    network_.check_conservation(true);
    AMPSIM_CHECK(attempts_.live() == 0, "an attempt is alive at the end of a run");
    for (const auto& session : sessions_) {
      AMPSIM_CHECK(session == nullptr, "a payment is open at the end of a run");
    }
  }

  std::vector<ChannelRecord> end_state() const {
    std::vector<ChannelRecord> records;
    if (!params_.record.channels) return records;
    for (std::uint32_t i = 0; i < graph_.channel_count(); ++i) {
      const Channel& channel = network_.channel(ChannelId{i});
      records.push_back({channel.capacity(), channel.balance(0), channel.balance(1)});
    }
    return records;
  }

  const std::vector<PaymentSpec>& workload_;
  const SimulationParams& params_;
  const SimulationHooks& hooks_;
  Rng amp_shares_;
  Rng invoice_delays_;
  Scheduler scheduler_;
  AttackPlan plan_;
  Network network_;
  ChannelGraph graph_;
  LndRouter router_;
  AttemptTable attempts_;
  Metrics metrics_;
  Sessions sessions_;
  HtlcFlow flow_;
  Forwarder forwarder_;
  Receiver receiver_;
  Sender sender_;
  std::optional<Observer> observer_;
  std::optional<AttackBooks> books_;
  Msat attackers_money_;  // at the start
  std::unique_ptr<Attack> attack_;
  std::uint64_t reported_ = 0;  // payments, to hooks_.resolved
};

}  // namespace

RunResult simulate(const topo::Topology& topology,
                   const std::vector<PaymentSpec>& workload,
                   const SimulationParams& params,
                   const SimulationHooks& hooks) {
  return Simulation(topology, workload, params, hooks).run();
}

}  // namespace ampsim::sim
