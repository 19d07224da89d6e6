#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/share.hpp"
#include "core/units.hpp"
#include "sim/measure/run_result.hpp"
#include "topologies/topology.hpp"

/// What a coalition of nodes learns by forwarding.
///
/// A member that forwards a part sees its payment hash, the amount, when the HTLC came and when its
/// preimage passed. It does not see the total, the set id, the shares, nor who pays whom; the
/// receiver and the sender of a payment are no observers of it. Members tell each other everything.
///
/// Two parts of one payment are linked
///  - by hash, with certainty, where they carry the same payment hash (MPP);
///  - by guess, where they do not: their preimages passed within `window` of each other, as those
///  of
///    a set do that is claimed at one instant, they came within `window`, and one amount is the
///    other one or a half of it, a quarter, ... up to 2 %, as parts that were halved are.
/// A guess is judged against the truth: precision is the share of guesses that are right, recall
/// the share of observed pairs of settled parts that were guessed.
///
/// Costs one look-up a forwarded HTLC, and 100 bytes a part that was seen.
///
/// Tested by tests/observer_test.cpp.
namespace ampsim::sim {

/// Who watches.
enum class ObserverChoice : std::uint8_t {
  degree,  ///< the nodes with most channels
  random,  ///< any nodes with two channels or more, stream `observers` of the seed
  listed,  ///< those named
};

/// `[observer]`.
struct ObserverParams {
  /// Whether the measures are wanted: true for all points of an experiment if anybody watches at
  /// one of them, so that all rows of runs.csv have the same columns. No key of its own.
  bool is_on = false;
  std::uint32_t nodes = 0;  ///< how many; 0 = nobody watches
  ObserverChoice choice = ObserverChoice::degree;
  std::string listed;  ///< names of nodes, separated by spaces
  SimDuration window = std::chrono::milliseconds{250};
};

/// By node: whether it watches. Errors: InputError for a listed name that is no node.
std::vector<bool> choose_observers(const topo::Topology& topology,
                                   const ObserverParams& params,
                                   std::uint64_t seed);

class Observer {
 public:
  Observer(std::vector<bool> members, SimDuration window)
      : members_(std::move(members)), window_(window) {}

  bool watches(NodeId node) const { return members_[node.index]; }

  /// One part as forwarding nodes see it, and, for judging guesses only, whose it is.
  struct Sight {
    PaymentId payment;
    std::uint32_t attempt = 0;
    amp::PaymentHash hash;
    Msat amount;  ///< that the member passed on
    SimTime came{};
  };
  /// A member has an HTLC to forward.
  void see_add(const Sight& sight);
  /// The preimage of a part that was seen passes a member.
  void see_preimage(PaymentId payment, std::uint32_t attempt, SimTime now);

  /// Of the run: all that there was to see.
  struct All {
    std::uint64_t payments = 0;
    std::uint64_t parts = 0;
  };
  /// observed_payments, observed_payments_share, observed_parts, observed_parts_share,
  /// pairs_observed, pairs_linked_by_hash, pairs_guessed, link_precision, link_recall.
  std::vector<Measure> measures(const All& all) const;
  /// One row a payment of which something was seen, in the order of the payments.
  std::vector<PrivacyRecord> records() const;

 private:
  struct Seen {
    Sight sight;
    SimTime preimage = SimTime::max();  ///< max: has not passed
  };
  /// Pairs (i < j) of seen_ that are guessed to belong together.
  template <class Visit>
  void for_each_guess(Visit visit) const;

  std::vector<bool> members_;
  SimDuration window_;
  std::vector<Seen> seen_;                                 // in order of first sight
  std::unordered_map<std::uint64_t, std::size_t> places_;  // (payment, attempt) -> seen_; looked up
};

}  // namespace ampsim::sim
