#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/share.hpp"
#include "core/units.hpp"
#include "sim/measure/linker.hpp"
#include "sim/measure/run_result.hpp"
#include "topologies/node_choice.hpp"
#include "topologies/topology.hpp"

/// What a coalition of nodes learns by forwarding.
///
/// A member that forwards a part sees the lock, amount and expiry of the HTLC that comes and of the
/// one that it passes on, the two neighbours, and when HTLC, preimage and failure pass. It does not
/// see the total, the set id, the shares, nor who pays whom; the receiver and the sender of a
/// payment are no observers of it. Members tell each other everything.
///
/// What several members saw is known to be one part where the lock that one passed on is the lock
/// that came to the other: with hashes all members of a path, with points only neighbours. So a
/// part can leave several records, and a coalition does not know that they are one.
///
/// Two records of one payment are linked
///  - by hash, with certainty, where they carry the same payment hash (MPP);
///  - by guess (sim/measure/linker.hpp) where they do not.
/// A guess is judged against the truth, which the coalition has no access to: it is right if the
/// records belong to one payment. Precision is the share of guesses that are right, recall the
/// share of pairs of settled parts, no hash in common, that were guessed. A failure and the retry
/// that follows are judged apart: a payment can fail a hundred times.
///
/// Costs one look-up a forwarded HTLC, and 200 bytes a record.
///
/// Tested by tests/observer_test.cpp.
namespace ampsim::sim {

/// Who watches.
using ObserverChoice = topo::NodeChoice;

/// `[observer]`.
struct ObserverParams {
  /// Whether the measures are wanted: true for all points of an experiment if anybody watches at
  /// one of them, so that all rows of runs.csv have the same columns. No key of its own.
  bool is_on = false;
  std::uint32_t nodes = 0;  ///< how many; 0 = nobody watches
  ObserverChoice choice = ObserverChoice::degree;
  std::string listed;  ///< names of nodes, separated by spaces
  SimDuration window = std::chrono::milliseconds{250};
  std::string side_channels = kAllSideChannels;  ///< side_channels_of
};

/// By node: whether it watches. Errors: InputError for a listed name that is no node.
std::vector<bool> choose_observers(const topo::Topology& topology,
                                   const ObserverParams& params,
                                   std::uint64_t seed);

class Observer {
 public:
  /// Errors: InputError for a side channel that is none.
  Observer(std::vector<bool> members, const ObserverParams& params)
      : members_(std::move(members)),
        channels_(side_channels_of(params.side_channels)),
        window_(params.window) {}

  bool watches(NodeId node) const { return members_[node.index]; }

  /// An HTLC that a member has to forward, and, to find the record again and to judge guesses
  /// only, whose it is and where on its route.
  struct Sight {
    PaymentId payment;
    std::uint32_t attempt = 0;
    std::uint32_t hop = 0;      ///< of the HTLC that came, from 0
    amp::PaymentHash lock_in;   ///< of the HTLC that came
    amp::PaymentHash lock_out;  ///< of the one that is passed on
    Msat amount;                ///< that is passed on
    BlockHeight expiry;         ///< of the one that is passed on
    NodeId before;              ///< whom it came from
    NodeId after;               ///< whom it is to be passed on to
    SimTime came{};
  };
  /// In the order of the route.
  void see_add(const Sight& sight);
  /// The preimage passes the member to which hop `hop` leads.
  void see_preimage(PaymentId payment, std::uint32_t attempt, std::uint32_t hop, SimTime now);
  /// A failure does, or the member fails it itself.
  void see_failure(PaymentId payment, std::uint32_t attempt, std::uint32_t hop, SimTime now);

  /// Of the run: all that there was to see.
  struct All {
    std::uint64_t payments = 0;
    std::uint64_t parts = 0;
  };
  /// What the run leaves: measures observed_payments, observed_payments_share, observed_parts,
  /// observed_parts_share, pairs_observed, pairs_linked_by_hash, pairs_guessed, link_precision,
  /// link_recall, records_observed, retries_guessed, retry_precision; and one row a payment of
  /// which something was seen, in the order of the payments.
  struct Report {
    std::vector<Measure> measures;
    std::vector<PrivacyRecord> payments;
  };
  Report report(const All& all) const;

 private:
  /// A record of the coalition: what neighbouring members, or with hashes all, saw of a part.
  struct Seen {
    LinkRecord record;
    amp::PaymentHash lock_out;  ///< the last member's
    Msat least_amount;          ///< passed on by the member nearest the receiver
    PaymentId payment;
    std::uint32_t attempt = 0;
    std::uint32_t first_hop = 0;
    std::size_t earlier = kNone;  ///< record of the same part, closer to the sender
  };
  static constexpr std::size_t kNone = ~std::size_t{0};

  LinkRecord& record_of(PaymentId payment, std::uint32_t attempt, std::uint32_t hop);

  std::vector<bool> members_;
  SideChannels channels_;
  SimDuration window_;
  std::vector<Seen> seen_;  // in order of first sight
  /// (payment, attempt) -> its last record; looked up.
  std::unordered_map<std::uint64_t, std::size_t> places_;
};

}  // namespace ampsim::sim
