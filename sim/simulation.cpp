#include "sim/simulation.hpp"

#include <memory>
#include <optional>
#include <utility>

#include "core/check.hpp"
#include "core/distribution.hpp"
#include "core/random.hpp"
#include "sim/attack/attack.hpp"
#include "sim/engine/scheduler.hpp"
#include "sim/measure/attack_books.hpp"
#include "sim/measure/channel_records.hpp"
#include "sim/measure/metrics.hpp"
#include "sim/network/availability.hpp"
#include "sim/network/block_clock.hpp"
#include "sim/network/latency.hpp"
#include "sim/network/network.hpp"
#include "sim/payment/attempt.hpp"
#include "sim/payment/closings.hpp"
#include "sim/payment/disguise.hpp"
#include "sim/payment/faults.hpp"
#include "sim/payment/feasible_payments.hpp"
#include "sim/payment/forwarder.hpp"
#include "sim/payment/htlc_flow.hpp"
#include "sim/payment/invariants.hpp"
#include "sim/payment/lookout.hpp"
#include "sim/payment/prefetcher.hpp"
#include "sim/payment/receiver.hpp"
#include "sim/payment/sender.hpp"
#include "sim/payment/timetable.hpp"
#include "sim/routing/channel_graph.hpp"
#include "sim/routing/registry.hpp"

namespace ampsim::sim {
namespace {

/// Owns every part of one run and gives each event to the part that it concerns.
class Simulation {
 public:
  Simulation(const topo::Topology& topology,
             const std::vector<PaymentSpec>& workload,
             const SimulationParams& params,
             const SimulationHooks& hooks,
             bool is_led = false)
      : timetable_(workload, params.warm_up, params.stop),
        params_(params),
        hooks_(hooks),
        amp_shares_(params.seed, "amp_shares"),
        invoice_delays_(params.seed, "invoices"),
        payment_secrets_(params.seed, "payment_secrets"),
        misbehaviour_(params.seed, "misbehaviour"),
        plan_(plan_attack(topology, params.attack, params.seed)),
        own_graph_(hooks.graph == nullptr ? std::optional<ChannelGraph>(topology) : std::nullopt),
        graph_(own_graph_ ? *own_graph_ : *hooks.graph),
        network_(make_network(topology)),
        blocks_(params.chain, params.seed),
        routing_{graph_, params.routing, params.seed},
        router_(make_router(routing_, network_)),
        metrics_(params.record, timetable_.measured(), params.stop),
        sessions_(is_led ? LedRun::kMostPayments : workload.size()),
        faults_(params.faults, params.seed),
        flow_(params.network,
              scheduler_,
              network_,
              attempts_,
              metrics_,
              {.trace = hooks.trace,
               .availability = make_availability(topology, params, is_led),
               .faults = &faults_,
               .attack = make_books(topology)}),
        forwarder_(network_, blocks_, attempts_, flow_),
        prefetcher_(scheduler_, network_, attempts_),
        disguise_(params.payment, params.receiver, params.seed),
        receiver_(params.receiver,
                  params.payment,
                  {scheduler_, blocks_, attempts_, sessions_, flow_, metrics_, disguise_,
                   payment_secrets_}),
        sender_(params.payment,
                params.receiver,
                {scheduler_, blocks_, network_, attempts_, sessions_, flow_, metrics_, routing_,
                 *router_, disguise_, receiver_, misbehaviour_},
                amp_shares_),
        closings_(params.chain,
                  {scheduler_, network_, attempts_, flow_,
                   [this](const Attempt& attempt) -> Receiver& { return receiver_of(attempt); },
                   metrics_, blocks_}) {
    apply_faults(network_, params.faults, params.seed);
    if (params.record.feasibility) {
      feasible_.emplace(params.payment, params.receiver, routing_, network_);
    }
    schedule_arrival(0);
    scheduler_.schedule_at(blocks_.next(), EventPayload::of(EventKind::block_found, 0));
    if (params.observer.is_on) {
      observer_.emplace(choose_observers(topology, params.observer, params.seed), params.observer);
      lookout_.emplace(*observer_, network_);
    }
    if (books_) attack_ = make_attack(attack_means());
    if (attack_) attack_->start();
    attackers_money_ = money_of_attacker(plan_, network_);
  }

  bool step() {
    if (!is_active()) return false;
    const auto event = scheduler_.next();
    prefetcher_.prepare();
    if (!attack_ || !attack_->takes(event->payload)) dispatch(event->payload);
    tell_senders();
    end_attack();
    if (hooks_.check_every_event) check();
    report_progress();
    if (hooks_.stop != nullptr && hooks_.stop->load(std::memory_order_relaxed)) {
      throw Interrupted{};
    }
    return true;
  }

  RunResult run() {
    while (step()) {
    }
    check_end();
    std::vector<Measure> measures = metrics_.measures(counted());
    Observer::Report observed;
    if (observer_) {
      observed = observer_->report(
          {.payments = metrics_.payments_ended(), .parts = metrics_.attempts_ended()});
    }
    measures.insert(measures.end(), observed.measures.begin(), observed.measures.end());
    const std::vector<Measure> attack = attack_measures();
    measures.insert(measures.end(), attack.begin(), attack.end());
    return {
        .measures = std::move(measures),
        .payments = metrics_.take_payments(),
        .parts = metrics_.take_parts(),
        .channels = channel_records(network_, params_.record.channels ? graph_.channel_count() : 0),
        .privacy = std::move(observed.payments),
        .words = timetable_.words(params_.record)};
  }

  SimTime now() const { return scheduler_.now(); }
  std::uint64_t handled() const { return scheduler_.handled(); }
  void check() const { check_invariants(network_, attempts_, sessions_); }
  void take_down(NodeId node, SimDuration length) { availability_->take_down(node, length); }
  void pay(PaymentSpec spec) {
    AMPSIM_CHECK(paid_ < LedRun::kMostPayments, "a run that is led has no place for more payments");
    spec.at = scheduler_.now();
    start({paid_++}, spec, draw_delay(params_.network.latency, invoice_delays_));
  }

 private:
  /// Blocks are found and nodes come and go for ever: a run ends when nothing else is left to do.
  bool is_active() const {
    return scheduler_.foreground() > 0 || attempts_.live() > 0 || closings_.is_active();
  }

  /// The graph knows nothing of channels that an attacker has opened.
  Network make_network(const topo::Topology& topology) const {
    if (!plan_.foothold) return {topology, params_.network, params_.seed, graph_.announced()};
    return {plan_.foothold->topology, params_.network, params_.seed};
  }

  Availability* make_availability(const topo::Topology& topology,
                                  const SimulationParams& params,
                                  bool is_led) {
    if (!is_led && !params.faults.has_offline() && params.faults.vanish_probability <= 0) {
      return nullptr;
    }
    availability_.emplace(params.faults, topology, scheduler_, network_, params.seed);
    return &*availability_;
  }

  /// Arrivals wait in the workload, not in the queue: one of them is pending at a time.
  void schedule_arrival(std::uint32_t payment) {
    if (payment >= timetable_.end()) return;
    scheduler_.schedule_at(timetable_[payment].at,
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
      case EventKind::htlc_fulfill:
      case EventKind::htlc_fail:
      case EventKind::htlc_removed:
      case EventKind::htlc_released:
        if (flow_.arrives(event)) move(event);
        break;
      case EventKind::commitment_signed:
      case EventKind::revoke_and_ack:
      case EventKind::commit_timer:
        flow_.exchange(event);
        break;
      case EventKind::chain_fulfilled:
      case EventKind::chain_failed:
        learn_from_chain(event);
        break;
      case EventKind::block_found:
        blocks_.advance();
        scheduler_.schedule_at(blocks_.next(), event);
        attempts_.check_needed();
        closings_.on_block();
        break;
      case EventKind::node_leaves:
      case EventKind::node_returns:
        for (const EventPayload& waiting : availability_->change(event)) {
          if (is_between_ends(waiting.kind)) {
            scheduler_.schedule({}, waiting);
          } else {
            flow_.send_again(waiting);
          }
        }
        break;
      case EventKind::set_timeout:
        receiver_.time_out(attempt, event.detail);
        break;
      case EventKind::set_released:
        receiver_.release_set(PaymentId{event.subject});
        break;
      case EventKind::sender_asked:
      case EventKind::receiver_told:
        tell_end(event);
        break;
      case EventKind::part_released:
        receiver_.release(attempt, event.detail);
        break;
      case EventKind::attack_acts:
      case EventKind::attack_releases:
      case EventKind::attack_stops:
        AMPSIM_UNREACHABLE("an attack's event without an attack");
    }
  }

  static bool is_between_ends(EventKind kind) {
    return kind == EventKind::sender_asked || kind == EventKind::receiver_told;
  }
  /// A message between the two ends has come; it waits if the node that it is for is away.
  void tell_end(const EventPayload& event) {
    const PaymentId payment{event.subject};
    const auto& session = sessions_[payment.index];
    if (!session || session->number != event.detail) return;  // all of its parts have failed
    const bool is_question = event.kind == EventKind::sender_asked;
    const NodeId node = is_question ? session->spec.sender : session->spec.receiver;
    if (availability_ && !network_.is_up(node)) return availability_->wait(node, event);
    if (is_question) return sender_.answer(payment);
    receiver_.hear(payment);
  }

  /// An HTLC takes its next step.
  void move(const EventPayload& event) {
    const AttemptId attempt{event.subject};
    const std::uint32_t hop = event.detail;
    if (event.kind == EventKind::htlc_add) {
      reach(attempt, hop);
    } else if (event.kind == EventKind::htlc_released) {
      act(attempt, hop);
    } else if (event.kind == EventKind::htlc_fulfill) {
      relay_preimage(attempt, hop);
      // The removal may have been first: the preimage waits for a node that is away.
      attempts_.close_if_done(attempt);
    } else if (event.kind == EventKind::htlc_fail) {
      flow_.refund_failed(attempt, hop);
      relay_failure(attempt, hop);
    } else {
      flow_.settle_removed(attempt, hop);
    }
  }

  /// The far end of `hop` has the HTLC and may act on it.
  void reach(AttemptId id, std::uint32_t hop) {
    const Attempt& attempt = attempts_[id];
    if (const auto code = faults_.fails(attempt, hop)) return forwarder_.refuse(id, hop, *code);
    if (const auto length = faults_.hangs(attempt, hop)) return flow_.hang(id, hop, *length);
    act(id, hop);
  }

  /// Observers watch the measured payments of others than the attacker.
  bool is_watched(const Attempt& attempt) const {
    const bool is_attack = books_ && books_->is_attack(attempt.payment);
    return lookout_ && !is_attack && metrics_.is_measured(attempt.payment);
  }

  void act(AttemptId id, std::uint32_t hop) {
    const Attempt& attempt = attempts_[id];
    const bool is_observed = is_watched(attempt);
    if (is_observed && !attempt.is_final(hop)) lookout_->see_add(attempt, hop, scheduler_.now());
    if (attack_ && attack_->takes_htlc(id, hop)) return;
    if (attempt.is_final(hop)) return receiver_.arrive(id);
    forwarder_.forward(id, hop);
    if (is_observed) lookout_->see_refusal(attempt, hop, scheduler_.now());
  }

  void relay_preimage(AttemptId id, std::uint32_t hop) {
    const Attempt& attempt = attempts_[id];
    if (hop > 0 && is_watched(attempt)) {
      lookout_->see_preimage(attempt, hop, scheduler_.now());
    }
    if (attack_ && attack_->takes_preimage(id, hop)) return;
    if (hop == 0) return sender_.on_fulfilled(id);
    flow_.fulfill(id, hop - 1);
  }

  void relay_failure(AttemptId id, std::uint32_t hop) {
    const Attempt& attempt = attempts_[id];
    if (hop > 0 && is_watched(attempt)) {
      lookout_->see_failure(attempt, hop, scheduler_.now());
    }
    if (attack_ && attack_->takes_failure(id, hop)) return;
    if (hop == 0) return sender_.on_failed(id);
    flow_.fail(id, hop - 1);
    // The HTLC before it may have ended on chain.
    attempts_.close_if_done(id);
  }

  /// The near end of `hop` reads in a block how the HTLC ended.
  void learn_from_chain(const EventPayload& event) {
    const AttemptId id{event.subject};
    const std::uint32_t hop = event.detail;
    if (!flow_.reads_block(event)) return;
    Attempt& attempt = attempts_[id];
    Htlc& htlc = attempt.htlcs[hop];
    if (!htlc.is_paid) {
      if (event.kind == EventKind::chain_fulfilled) {
        htlc.is_paid = true;
        relay_preimage(id, hop);
      } else {
        // Whatever the far end has said: the near end has only the chain to go by.
        attempt.failure = FailureCode::permanent_channel_failure;
        attempt.failed_at = static_cast<std::int32_t>(hop);
        attempt.refusal.reset();
        relay_failure(id, hop);
      }
    }
    attempts_.close_if_done(id);
  }

  void report_progress() {
    const std::uint64_t ended = metrics_.all_payments_ended();
    if (hooks_.resolved == nullptr || ended == reported_) return;
    hooks_.resolved->fetch_add(ended - reported_, std::memory_order_relaxed);
    reported_ = ended;
  }

  Metrics::Counted counted() const {
    return {.events = scheduler_.handled(),
            .chain_fees = network_.chain_fees(),
            .probe_messages = router_->messages().probes,
            .repair_messages = router_->messages().repairs,
            .splits = may_split(params_.payment, params_.routing),
            .now = scheduler_.now()};
  }

  void arrive(std::uint32_t index) {
    if (const auto reason = metrics_.stop_reason()) return timetable_.stop(*reason, index);
    schedule_arrival(index + 1);
    if (timetable_.is_end_of_warm_up(index)) metrics_.end_warm_up(counted());
    // Drawn for every payment, whether its scheme asks for an invoice or not: a payment has the
    // same delay under all schemes.
    const SimDuration delay = draw_delay(params_.network.latency, invoice_delays_);
    start(PaymentId{index}, timetable_[index], delay);
  }

  void start(PaymentId id, const PaymentSpec& spec, SimDuration invoice_delay) {
    if (feasible_ && metrics_.is_measured(id)) {
      metrics_.payment_was_feasible(id, feasible_->at_start(spec, scheduler_.now()));
    }
    sender_.start(id, spec, invoice_delay);
  }

  AttackBooks* make_books(const topo::Topology& topology) {
    if (!params_.attack.is_on && params_.attack.kind == AttackKind::none) return nullptr;
    books_.emplace(AttackBooks::Public{sessions_.size(), topology.channels.size()});
    return &*books_;
  }

  AttackMeans attack_means() {
    return {params_.attack,  plan_,        params_.network, params_.payment, params_.receiver,
            params_.routing, params_.seed, scheduler_,      blocks_,         network_,
            attempts_,       sessions_,    flow_,           *books_};
  }

  /// Nothing more can happen to some attempts.
  void tell_senders() {
    if (!attempts_.has_gone()) return;
    for (const AttemptTable::Gone& gone : attempts_.take_gone()) {
      if (!attack_ || !attack_->takes_end(gone)) sender_.on_attempt_gone(gone.payment, gone.id);
    }
  }

  /// An attack without an end of its own ends when no payment can be tried any more: HTLCs that
  /// hang longer are no reason to go on.
  void end_attack() {
    if (!attack_ || params_.attack.stop > SimDuration{}) return;
    if (timetable_.is_over(metrics_.all_payments_ended(), scheduler_.now(),
                           params_.payment.timeout)) {
      attack_->stop();
    }
  }

  Receiver& receiver_of(const Attempt& attempt) {
    const bool is_attack = books_ && books_->is_attack(attempt.payment);
    return is_attack ? attack_->receiver() : receiver_;
  }

  std::vector<Measure> attack_measures() const {
    if (!books_) return {};
    return books_->measures({.honest_success_rate = params_.record.misbehaviour
                                                        ? std::nullopt
                                                        : std::optional(metrics_.success_rate()),
                             .budget = plan_.foothold ? params_.attack.budget : Msat{},
                             .cost = attackers_money_ - money_of_attacker(plan_, network_)});
  }

  void check_end() const {
    network_.check_conservation(true);
    AMPSIM_CHECK(attempts_.live() == 0, "an attempt is alive at the end of a run");
    for (const auto& session : sessions_) {
      AMPSIM_CHECK(session == nullptr, "a payment is open at the end of a run");
    }
  }

  Timetable timetable_;
  const SimulationParams& params_;
  const SimulationHooks& hooks_;
  Rng amp_shares_;
  Rng invoice_delays_;
  Rng payment_secrets_;
  Rng misbehaviour_;
  Scheduler scheduler_;
  AttackPlan plan_;
  std::optional<ChannelGraph> own_graph_;
  const ChannelGraph& graph_;
  Network network_;
  BlockClock blocks_;
  RoutingMeans routing_;
  std::unique_ptr<Router> router_;
  AttemptTable attempts_;
  Metrics metrics_;
  Sessions sessions_;
  Faults faults_;
  std::optional<Availability> availability_;
  std::optional<AttackBooks> books_;
  HtlcFlow flow_;
  Forwarder forwarder_;
  Prefetcher prefetcher_;
  Disguise disguise_;
  Receiver receiver_;
  Sender sender_;
  Closings closings_;
  std::optional<Observer> observer_;
  std::optional<Lookout> lookout_;  // with an observer
  std::unique_ptr<Attack> attack_;
  std::optional<FeasiblePayments> feasible_;
  Msat attackers_money_;        // at the start
  std::uint32_t paid_ = 0;      // payments, where the run is led
  std::uint64_t reported_ = 0;  // payments, to hooks_.resolved
};

}  // namespace

RunResult simulate(const topo::Topology& topology,
                   const std::vector<PaymentSpec>& workload,
                   const SimulationParams& params,
                   const SimulationHooks& hooks) {
  return Simulation(topology, workload, params, hooks).run();
}

struct LedRun::Impl {
  std::vector<PaymentSpec> no_payments;
  SimulationParams params;
  SimulationHooks hooks;
  Simulation simulation;

  Impl(const topo::Topology& topology, SimulationParams given)
      : params(std::move(given)), simulation(topology, no_payments, params, hooks, true) {}
};

LedRun::LedRun(const topo::Topology& topology, const SimulationParams& params)
    : impl_(std::make_unique<Impl>(topology, params)) {}
LedRun::~LedRun() = default;

SimTime LedRun::now() const { return impl_->simulation.now(); }
std::uint64_t LedRun::handled() const { return impl_->simulation.handled(); }
void LedRun::pay(PaymentSpec spec) { impl_->simulation.pay(spec); }
void LedRun::take_down(NodeId node, SimDuration length) {
  impl_->simulation.take_down(node, length);
}
bool LedRun::step() { return impl_->simulation.step(); }
void LedRun::check() const { impl_->simulation.check(); }
RunResult LedRun::finish() { return impl_->simulation.run(); }

}  // namespace ampsim::sim
