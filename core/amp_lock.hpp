#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/htlc_set.hpp"
#include "core/lock_scheme.hpp"

/// `amp`: a hash of its own for every part, all derived from one root share. The sender draws
/// everything; the receiver knows only what has arrived, and can compute the first preimage no
/// sooner than the last.
///
/// Tested by tests/htlc_set_test.cpp and tests/lock_scheme_test.cpp.
namespace ampsim::amp {

class AmpSet final : public CollectingSet {
 public:
  AmpSet(Derivation derivation,
         Completion completion,
         ReceiverBehaviour behaviour = ReceiverBehaviour::honest,
         LatePart late_part = LatePart::reject)
      : CollectingSet(completion, behaviour, late_part), derivation_(derivation) {}

 private:
  /// The first held part says which set this is.
  std::optional<SetFailure> refuse(const ArrivedPart& part) const override;
  /// The children of the root that the held shares add up to: right if none is missing.
  std::vector<Preimage> candidates() const override;

  Derivation derivation_;
};

SetEnds open_amp(const SetTerms& terms, Rng& rng);
std::unique_ptr<HtlcSet> receive_amp(const SetTerms& terms);

}  // namespace ampsim::amp
