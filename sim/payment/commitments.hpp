#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <unordered_map>
#include <vector>

#include "core/units.hpp"
#include "sim/engine/scheduler.hpp"
#include "sim/network/network.hpp"
#include "sim/network/params.hpp"

/// BOLT 2's "Normal Operation", message by message, for `network.timing = "full"`.
///
/// An update (an HTLC is added, fulfilled or failed) concerns the other side's commitment first:
/// its sender signs that commitment (commitment_signed), the other side revokes its old one
/// (revoke_and_ack) and signs the update back, and when the sender has revoked too, the update is
/// irrevocably committed: the receiver of the update may act on it.
///
/// A side has one signature on its way that is not answered yet, at most. Updates that are made
/// meanwhile wait and share the next one; they also wait `commit_timer` for each other, or until
/// `commit_batch` of them wait. So the throughput of a busy channel is a batch a round trip, and an
/// update may wait for those before it.
///
/// On an idle channel with one-way delay d an update is committed 3d + commit_timer after it was
/// made, as `network.timing = "fast"` has it.
///
/// Tested by tests/commitments_test.cpp.
namespace ampsim::sim {

/// What is to happen when it is committed: an event of this kind for that HTLC.
struct Update {
  EventKind kind{};
  AttemptId attempt;
  std::uint32_t hop = 0;
};

class Commitments {
 public:
  /// Told of every message that leaves, and the updates that it covers for the first time.
  using Listener =
      std::function<void(EventKind message, DirectedChannel d, const std::vector<Update>& updates)>;

  Commitments(const NetworkParams& params, const Network& network, Scheduler& scheduler)
      : params_(params), network_(network), scheduler_(scheduler) {}
  void listen(Listener listener) { listener_ = std::move(listener); }

  /// source(d) makes an update.
  void update(DirectedChannel d, const Update& update);
  /// An event of that kind is due: at target(d), at target(d), and at source(d).
  void on_commitment_signed(DirectedChannel d);
  void on_revoke_and_ack(DirectedChannel d);
  void on_commit_timer(DirectedChannel d);

  /// The channel is closed: its messages come to nothing. Returns the updates that were on their
  /// way.
  std::vector<Update> close(ChannelId id);

 private:
  /// One side of a channel. Updates are counted from the first that it ever made.
  struct Side {
    std::deque<Update> updates;       // not yet irrevocably committed
    std::uint64_t committed = 0;      // how many are gone from there
    std::uint64_t signed_until = 0;   // by this side
    std::uint64_t revoked_for = 0;    // the other side has revoked what was before them
    std::uint64_t countersigned = 0;  // by the other side
    bool has_signature_out = false;   // sent, and not answered by a revocation
    std::uint64_t covers_own = 0;     // of that signature
    std::uint64_t covers_theirs = 0;
    bool has_timer = false;
    bool is_due = false;  // to sign as soon as the revocation comes

    std::uint64_t made() const { return committed + updates.size(); }
  };

  Side& side(DirectedChannel d) { return sides_[d.index]; }
  void sign(DirectedChannel d);
  void send(EventKind message,
            DirectedChannel d,
            DirectedChannel way,
            const std::vector<Update>& covered);

  NetworkParams params_;
  const Network& network_;
  Scheduler& scheduler_;
  Listener listener_;
  std::unordered_map<std::uint32_t, Side> sides_;                // by directed channel; looked up
  std::unordered_map<std::uint32_t, std::vector<Update>> told_;  // by directed channel, of its
                                                                 // signature; for the listener
};

}  // namespace ampsim::sim
