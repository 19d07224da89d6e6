#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/share.hpp"
#include "core/units.hpp"

/// How a coalition guesses which HTLCs that it forwarded belong to one payment. It uses what it saw
/// and nothing else.
///
/// Two records are compared if both settled and were in its books at the same time, within
/// `window`: a set is claimed at one instant, so its parts are. What is looked at are the side
/// channels of AMP:
///
/// - settle:  how close their preimages passed: within window / 4, within window, further apart
/// - add:     the same of their arrivals
/// - amounts: equal, one the other's half, quarter, ..., up to 2 % for fees, or neither
/// - expiry:  whether the coalition passed them on with the same absolute expiry
/// - peers:   whether it passed them on to the same node, and had them from the same node
///
/// With `retry` a record that failed is compared with the next one that has the same amount, up to
/// 2 %, if it came within 8 windows: a sender tries again.
///
/// Each pair so shows a pattern. The coalition counts how many pairs show it, n, and how many would
/// by chance, b: it moves one of the two records in time by an eighth to a half of the run, so that
/// parts of one payment do not meet, and counts again, allowing for how busy the run is at either
/// time. Of pairs with this pattern a share of
/// (n - b) / n belongs together, and it guesses where that is a half or more: where a pair is as
/// likely to belong together as not, the Bayes factor times the prior odds being (n - b) / b. Half
/// a pair is added to b, for a pattern that was seen once proves little.
///
/// A run below 40 s is too short for that: there a pair is guessed if it agrees in more than half
/// of the side channels.
///
/// Cost: O(n log n) for n records, and some 30 ns a compared pair, nine times.
///
/// Tested by tests/linker_test.cpp.
namespace ampsim::sim {

/// Which side channels are looked at.
struct SideChannels {
  bool settle = true;
  bool add = true;
  bool amounts = true;
  bool expiry = true;
  bool peers = true;
  bool retry = true;
};

/// All of them as a text, separated by spaces.
inline constexpr const char* kAllSideChannels = "settle add amounts expiry peers retry";

/// From names separated by spaces. Errors: InputError for a name that is none.
SideChannels side_channels_of(const std::string& names);

/// An HTLC as the members that forwarded it see it.
struct LinkRecord {
  amp::PaymentHash hash;  ///< pairs with one hash need no guess and are left out
  Msat amount;
  BlockHeight expiry;  ///< passed on with
  NodeId before;       ///< whom it came from
  NodeId after;        ///< whom it was passed on to
  SimTime came{};
  SimTime settled = SimTime::max();  ///< max: has not
  SimTime failed = SimTime::max();   ///< max: has not
};

/// Pairs of indices, the earlier arrival first.
struct Guesses {
  std::vector<std::pair<std::size_t, std::size_t>> settled;
  std::vector<std::pair<std::size_t, std::size_t>> retries;
};
Guesses guess_links(const std::vector<LinkRecord>& records,
                    const SideChannels& channels,
                    SimDuration window);

}  // namespace ampsim::sim
