#include "sim/attack/attack.hpp"

#include <limits>

#include "core/check.hpp"

namespace ampsim::sim {
namespace {

/// No subject of an attack: its beginning.
constexpr std::uint32_t kBegin = std::numeric_limits<std::uint32_t>::max();

}  // namespace

void Attack::start() {
  means_.scheduler.schedule_at(SimTime{means_.params.start},
                               EventPayload::of(EventKind::attack_acts, kBegin));
  if (means_.params.stop > SimDuration{}) {
    means_.scheduler.schedule_at(SimTime{means_.params.stop},
                                 EventPayload::of(EventKind::attack_stops, 0));
  }
}

bool Attack::is_active() const {
  return !is_stopped_ && means_.scheduler.now() >= SimTime{means_.params.start};
}

void Attack::act_later(SimDuration delay, std::uint32_t what) {
  means_.scheduler.schedule(delay, EventPayload::of(EventKind::attack_acts, what));
}

void Attack::stop() {
  if (is_stopped_) return;
  is_stopped_ = true;
  held_.release_all();
}

bool Attack::takes(const EventPayload& event) {
  const AttemptId id{event.subject};
  if (event.kind == EventKind::attack_acts) {
    if (!is_active()) return true;
    event.subject == kBegin ? begin() : act(event.subject);
    return true;
  }
  if (event.kind == EventKind::attack_releases) {
    held_.release(id, event.detail);
    return true;
  }
  if (event.kind == EventKind::attack_stops) {
    stop();
    return true;
  }
  const bool is_add = event.kind == EventKind::htlc_add;
  const bool is_fail = event.kind == EventKind::htlc_fail;
  const bool is_fulfill = event.kind == EventKind::htlc_fulfill;
  if ((is_add || is_fail || is_fulfill) && is_own(id)) {
    if (is_add && means_.attempts[id].is_final(event.detail)) {
      arrive(id);
      return true;
    }
    if (is_fail && event.detail == 0) {
      means_.flow.refund_failed(id, 0);
      came_back(id);
      return true;
    }
    if (is_fulfill && event.detail == 0) {
      was_paid(id);
      return true;
    }
    return false;
  }
  return meddle(event);
}

void Attack::act(std::uint32_t /*what*/) { AMPSIM_UNREACHABLE("this attack does not act"); }
void Attack::arrive(AttemptId /*id*/) { AMPSIM_UNREACHABLE("this attack sends nothing"); }
void Attack::came_back(AttemptId /*id*/) { AMPSIM_UNREACHABLE("this attack sends nothing"); }
void Attack::was_paid(AttemptId /*id*/) { AMPSIM_UNREACHABLE("nobody has the preimage"); }
bool Attack::meddle(const EventPayload& /*event*/) { return false; }

std::unique_ptr<Attack> make_attack(const AttackMeans& means) {
  switch (means.params.kind) {
    case AttackKind::none:
      return nullptr;
    case AttackKind::slot_jamming:
    case AttackKind::liquidity_jamming:
    case AttackKind::fast_jamming:
      return make_jamming(means);
    case AttackKind::withheld_share:
      return make_withheld_share(means);
    case AttackKind::probing:
      return make_probing(means);
    case AttackKind::wormhole:
      return make_wormhole(means);
    case AttackKind::keep_part:
      return make_keep_part(means);
  }
  AMPSIM_UNREACHABLE("unknown attack");
}

}  // namespace ampsim::sim
