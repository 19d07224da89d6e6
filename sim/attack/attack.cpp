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
  if (event.kind == EventKind::attack_acts) {
    if (!is_active()) return true;
    event.subject == kBegin ? begin() : act(event.subject);
    return true;
  }
  if (event.kind == EventKind::attack_releases) {
    held_.release(AttemptId{event.subject}, event.detail);
    return true;
  }
  if (event.kind == EventKind::attack_stops) {
    stop();
    return true;
  }
  return is_told(event);
}

bool Attack::takes_htlc(AttemptId id, std::uint32_t hop) {
  const bool is_final = means_.attempts[id].is_final(hop);
  if (!is_own(id)) return !is_final && keeps(id, hop);
  if (is_final) arrive(id);
  return is_final;
}

bool Attack::takes_preimage(AttemptId id, std::uint32_t hop) {
  if (!is_own(id)) return hop > 0 && diverts_preimage(id, hop);
  if (hop == 0) was_paid(id);
  return hop == 0;
}

bool Attack::takes_failure(AttemptId id, std::uint32_t hop) {
  if (!is_own(id)) return hop > 0 && absorbs_failure(id, hop);
  if (hop == 0) came_back(id);
  return hop == 0;
}

bool Attack::takes_end(const AttemptTable::Gone& gone) {
  if (!means_.books.is_attack(gone.payment)) return false;
  attempt_gone(gone);
  return true;
}

Receiver& Attack::receiver() { AMPSIM_UNREACHABLE("it pays nobody"); }
void Attack::act(std::uint32_t /*what*/) { AMPSIM_UNREACHABLE("this attack does not act"); }
void Attack::arrive(AttemptId /*id*/) { AMPSIM_UNREACHABLE("this attack sends nothing"); }
void Attack::came_back(AttemptId /*id*/) { AMPSIM_UNREACHABLE("this attack sends nothing"); }
void Attack::was_paid(AttemptId /*id*/) { AMPSIM_UNREACHABLE("nobody has the preimage"); }
void Attack::attempt_gone(const AttemptTable::Gone& /*gone*/) {
  AMPSIM_UNREACHABLE("it pays nobody");
}
bool Attack::keeps(AttemptId /*id*/, std::uint32_t /*hop*/) { return false; }
bool Attack::diverts_preimage(AttemptId /*id*/, std::uint32_t /*hop*/) { return false; }
bool Attack::absorbs_failure(AttemptId /*id*/, std::uint32_t /*hop*/) { return false; }
bool Attack::is_told(const EventPayload& /*event*/) { return false; }

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
