#include "sim/payment/commitments.hpp"

#include <utility>

#include "core/check.hpp"

namespace ampsim::sim {

void Commitments::update(DirectedChannel d, const Update& update) {
  Side& mine = side(d);
  mine.updates.push_back(update);
  const bool is_full = mine.made() - mine.signed_until >= params_.commit_batch;
  if (params_.commit_timer == SimDuration{} || is_full) return sign(d);
  if (mine.has_timer) return;
  mine.has_timer = true;
  scheduler_.schedule(params_.commit_timer, EventPayload::of(EventKind::commit_timer, d.index));
}

void Commitments::on_commit_timer(DirectedChannel d) {
  side(d).has_timer = false;
  sign(d);
}

void Commitments::send(EventKind message,
                       DirectedChannel d,
                       DirectedChannel way,
                       const std::vector<Update>& covered) {
  scheduler_.schedule(network_.message_delay(way), EventPayload::of(message, d.index));
  if (listener_) listener_(message, way, covered);
}

void Commitments::sign(DirectedChannel d) {
  Side& mine = side(d);
  Side& theirs = side(d.reversed());
  const bool has_news =
      mine.made() > mine.signed_until || theirs.revoked_for > theirs.countersigned;
  if (!has_news) return;
  if (mine.has_signature_out) {
    mine.is_due = true;
    return;
  }
  std::vector<Update> covered;
  if (listener_) {
    for (std::uint64_t i = mine.signed_until; i < mine.made(); ++i) {
      covered.push_back(mine.updates[i - mine.committed]);
    }
    for (std::uint64_t i = theirs.countersigned; i < theirs.revoked_for; ++i) {
      covered.push_back(theirs.updates[i - theirs.committed]);
    }
    told_[d.index] = covered;
  }
  mine.is_due = false;
  mine.has_signature_out = true;
  mine.covers_own = mine.signed_until = mine.made();
  mine.covers_theirs = theirs.countersigned = theirs.revoked_for;
  send(EventKind::commitment_signed, d, d, covered);
}

void Commitments::on_commitment_signed(DirectedChannel d) {
  Side& mine = side(d);
  AMPSIM_CHECK(mine.has_signature_out, "a signature arrives that was not sent");
  mine.revoked_for = mine.covers_own;
  send(EventKind::revoke_and_ack, d, d.reversed(),
       listener_ ? told_[d.index] : std::vector<Update>{});
  if (mine.revoked_for > mine.countersigned) sign(d.reversed());
}

void Commitments::on_revoke_and_ack(DirectedChannel d) {
  Side& mine = side(d);
  Side& theirs = side(d.reversed());
  AMPSIM_CHECK(mine.has_signature_out, "a revocation answers no signature");
  mine.has_signature_out = false;
  while (theirs.committed < mine.covers_theirs) {
    const Update update = theirs.updates.front();
    theirs.updates.pop_front();
    ++theirs.committed;
    scheduler_.schedule(SimDuration{},
                        EventPayload::of(update.kind, update.attempt.index, update.hop));
  }
  if (mine.is_due || theirs.revoked_for > theirs.countersigned) sign(d);
}

std::vector<Update> Commitments::close(ChannelId id) {
  std::vector<Update> dropped;
  for (unsigned direction = 0; direction < 2; ++direction) {
    Side& closed = side(DirectedChannel::of(id, direction));
    dropped.insert(dropped.end(), closed.updates.begin(), closed.updates.end());
    closed = Side{};
  }
  return dropped;
}

}  // namespace ampsim::sim
