#include "core/sharer.hpp"

#include <utility>

#include "core/check.hpp"

namespace ampsim::amp {

Share Sharer::split(const Share& left) {
  AMPSIM_CHECK(!current_.is_zero(), "a zero sharer cannot be split");
  current_ = remove(derivation_, current_, left);
  return left;
}

Share Sharer::take_rest() { return std::exchange(current_, Share{}); }

void Sharer::merge(const Share& share) { current_ = combine(derivation_, current_, share); }

}  // namespace ampsim::amp
