#pragma once

#include <memory>

#include "core/lock_scheme.hpp"

/// A dishonest sender, for every scheme alike: with one part of the set it sends a share that is
/// not the one that the hash follows from. While that part lives no other is spoilt; if it fails,
/// the next one is. Where a scheme sends no shares there is nothing to spoil.
///
/// Tested by tests/bad_share_test.cpp.
namespace ampsim::amp {

std::unique_ptr<PartLocks> with_bad_share(std::unique_ptr<PartLocks> honest);

}  // namespace ampsim::amp
