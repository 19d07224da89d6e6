#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "sim/attack/attack.hpp"
#include "sim/attack/own_htlcs.hpp"

namespace ampsim::sim {
namespace {

/// HTLCs that are held at the attacker's sink and then failed: they cost nothing, and until then
/// nobody else can use what they take of each targeted channel.
///
/// Slots: as many HTLCs of one amount as the channel has slots and the budget allows, all at once;
/// what comes back from the sink is sent again at once. For each that was refused on the way one
/// seeker at a time asks again, until all have got through.
///
/// Liquidity: a seeker starts with what the attacker's own channels carry and halves its amount
/// whenever it is refused; when it gets through, the next one goes on with that amount. So it fills
/// the channel without knowing the balance, down to a thousandth of the capacity, pauses, and
/// begins again: honest HTLCs that end leave room.
class Jamming final : public Attack {
 public:
  explicit Jamming(const AttackMeans& means) : Attack(means), own_(this->means()) {
    ways_.resize(foothold().ways.size());
  }

 private:
  struct State {
    Msat amount;                ///< of the next HTLC
    std::uint32_t missing = 0;  ///< slots: HTLCs that did not get through
    bool is_seeking = false;    ///< a seeker is out or pauses
    AttemptId seeker;
  };

  const Foothold& foothold() const { return *means().plan.foothold; }
  bool fills_slots() const { return means().params.kind != AttackKind::liquidity_jamming; }

  void begin() override {
    for (std::uint32_t way = 0; way < ways_.size(); ++way) {
      if (fills_slots()) {
        ways_[way].amount = least_amount(way);
        ways_[way].missing = slots_within_budget(way);
        while (ways_[way].missing > 0 && send(way, ways_[way].amount)) --ways_[way].missing;
      }
      act(way);
    }
  }

  void act(std::uint32_t way) override {
    if (!fills_slots()) ways_[way].amount = largest_amount(way);
    seek(way);
  }

  Route route(std::uint32_t way, Msat amount) const {
    const Way& w = foothold().ways[way];
    return own_.route(std::array{w.entry, w.target, w.exit}, amount);
  }
  Msat spendable(DirectedChannel d) const {
    return means().network.channel(d.channel()).spendable(d.direction());
  }

  Msat least_amount(std::uint32_t way) const {
    const Way& w = foothold().ways[way];
    return std::max({Msat{1}, means().params.htlc, own_.policy(w.target).htlc_minimum,
                     own_.policy(w.exit).htlc_minimum});
  }
  std::uint32_t slots_within_budget(std::uint32_t way) const {
    const Way& w = foothold().ways[way];
    const Route cheap = route(way, least_amount(way));
    const std::int64_t paid_for = std::min(spendable(w.entry).count / cheap.sent().count,
                                           spendable(w.exit).count / least_amount(way).count);
    return static_cast<std::uint32_t>(std::min<std::int64_t>(means().limits.max_htlcs, paid_for));
  }
  Msat largest_amount(std::uint32_t way) const {
    const Way& w = foothold().ways[way];
    const Msat sent = std::min(spendable(w.entry), own_.policy(w.target).htlc_maximum);
    return std::min(sent - route(way, sent).fee(), spendable(w.exit));
  }
  /// Of the liquidity seeker; the slots have one amount only.
  Msat floor_amount(std::uint32_t way) const {
    const ChannelId target = foothold().ways[way].target.channel();
    return std::max(least_amount(way), means().network.channel(target).capacity() / 1000);
  }

  std::optional<AttemptId> send(std::uint32_t way, Msat amount) {
    return own_.send(route(way, amount), way);
  }

  void seek(std::uint32_t way) {
    State& state = ways_[way];
    state.seeker = AttemptId::none();
    state.is_seeking = !fills_slots() || state.missing > 0;
    if (!state.is_seeking) return;
    const Msat floor = fills_slots() ? state.amount : floor_amount(way);
    for (Msat amount = state.amount; amount >= floor; amount = amount / 2) {
      const std::optional<AttemptId> id = send(way, amount);
      if (!id) continue;
      state.seeker = *id;
      if (fills_slots()) --state.missing;
      return;
    }
    act_later(kPause, way);
  }

  void arrive(AttemptId id) override {
    Attempt& attempt = means().attempts[id];
    attempt.held = means().scheduler.now();
    const std::uint32_t way = attempt.part;
    const auto last = static_cast<std::uint32_t>(attempt.route.hops.size()) - 1;
    means().flow.tell_htlc(TraceKind::htlc_committed, attempt, last);
    const Msat amount = attempt.amount();
    held().hold(id, last, is_active() ? means().params.hold_time() : SimDuration{});
    if (!is_active() || ways_[way].seeker != id) return;
    ways_[way].amount = amount;
    seek(way);
  }

  void came_back(AttemptId id) override {
    const Attempt& attempt = means().attempts[id];
    const std::uint32_t way = attempt.part;
    const Msat amount = attempt.amount();
    const bool was_held = attempt.held != SimTime::max();
    own_.close(id);
    if (!is_active()) return;
    State& state = ways_[way];
    if (was_held && send(way, amount)) return;
    if (fills_slots()) ++state.missing;
    if (state.seeker == id) {
      refuse_seeker(way, amount);
    } else if (!state.is_seeking) {
      pause(way);
    }
  }

  void refuse_seeker(std::uint32_t way, Msat amount) {
    State& state = ways_[way];
    state.seeker = AttemptId::none();
    if (fills_slots()) {
      pause(way);
      return;
    }
    state.amount = amount / 2;
    seek(way);
  }
  void pause(std::uint32_t way) {
    ways_[way].is_seeking = true;
    act_later(kPause, way);
  }

  OwnHtlcs own_;
  std::vector<State> ways_;
};

}  // namespace

std::unique_ptr<Attack> make_jamming(const AttackMeans& means) {
  return std::make_unique<Jamming>(means);
}

}  // namespace ampsim::sim
