#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "core/lock_scheme.hpp"
#include "core/random.hpp"

/// Sets of parts as a sender makes them.
namespace ampsim::test {

/// The decision has parts of its own, or none.
inline bool is_hold(const amp::Decision& decision) {
  return std::holds_alternative<amp::Hold>(decision);
}
inline bool is_claim(const amp::Decision& decision) {
  return std::holds_alternative<amp::Claim>(decision);
}
inline bool is_fail(const amp::Decision& decision, amp::SetFailure reason) {
  const auto* const fail = std::get_if<amp::Fail>(&decision);
  return fail != nullptr && fail->reason == reason;
}

/// `count` parts of `each` from one sender; the last one completes the set.
inline std::vector<amp::ArrivedPart> send_parts(amp::PartLocks& sender,
                                                std::uint32_t count,
                                                Msat each) {
  std::vector<amp::ArrivedPart> parts;
  for (std::uint32_t i = 0; i < count; ++i) {
    const amp::PartLock lock = sender.next({i}, i + 1 == count);
    parts.push_back({{i}, each, lock.hash, lock.payload});
  }
  return parts;
}

/// The receiver's decision about a part, once the sender has answered what it asks: Hold where the
/// sender waits for more.
inline amp::Decision arrive(const amp::SetEnds& ends, const amp::ArrivedPart& part) {
  amp::Decision decision = ends.receiver->arrive(part);
  const auto* const ask = std::get_if<amp::Ask>(&decision);
  if (ask == nullptr) return decision;
  const std::optional<amp::Answer> answer = ends.sender->answer(*ask);
  if (!answer) return amp::Hold{};
  return ends.receiver->hear(*answer);
}

/// Whether what opens the scheme's parts is made of shares that they carry.
inline bool sends_shares(const amp::Scheme& scheme) {
  Rng rng(1, "sends_shares");
  return !scheme.open({.total = {1}}, rng).sender->next({0}, true).payload.share.is_zero();
}

/// The parts of one AMP payment over all of `count * each`.
inline std::vector<amp::ArrivedPart> amp_parts(amp::Derivation derivation,
                                               std::uint32_t count,
                                               std::uint64_t seed,
                                               Msat each = {1000}) {
  Rng rng(seed, "amp_parts");
  const amp::SetTerms terms{.total = each * count, .derivation = derivation};
  return send_parts(*amp::find_scheme("amp")->open(terms, rng).sender, count, each);
}

}  // namespace ampsim::test
