#pragma once

#include "core/share.hpp"

/// The sender's end of the root share: what has not been given to a shard yet.
///
/// Invariant: the shares handed out and not merged back, and `current`, add up to `root`. Each
/// step keeps it (lnd, amp/sharer.go), with + the group of the derivation:
///
///   split(left):   share' = left,     current' = current - left
///   take_rest():   share' = current,  current' = 0
///   merge(share):  current' = current + share
///
/// so share' + current' = current. As long as one random `left` is outstanding, `current` says
/// nothing about the root.
///
/// Tested by tests/sharer_test.cpp.
namespace ampsim::amp {

class Sharer {
 public:
  Sharer(Derivation derivation, const Share& root)
      : derivation_(derivation), root_(root), current_(root) {}

  Derivation derivation() const { return derivation_; }
  const Share& root() const { return root_; }
  const Share& current() const { return current_; }

  /// Cuts `left`, which is to be random, off the rest. A zero sharer has nothing left and cannot
  /// be split.
  Share split(const Share& left);
  /// The rest, for the shard that completes the payment. May be zero: the root of a single part
  /// may be any 32 bytes.
  Share take_rest();
  /// A shard failed: its share goes back to the rest.
  void merge(const Share& share);

 private:
  Derivation derivation_;
  Share root_;
  Share current_;
};

}  // namespace ampsim::amp
