#include "sim/payment/invariants.hpp"

#include <unordered_map>
#include <vector>

#include "core/check.hpp"

namespace ampsim::sim {
namespace {

struct Sum {
  Msat amount;
  Msat fee;
  std::uint32_t count = 0;
};

bool is_in_commitment(HtlcState state) {
  switch (state) {
    case HtlcState::offered:
    case HtlcState::fulfilling:
    case HtlcState::failing:
      return true;
    case HtlcState::unsent:
    case HtlcState::resolved:
      return false;
  }
  AMPSIM_UNREACHABLE("unknown HTLC state");
}

void check_channels(const Network& network, const std::vector<Sum>& locked) {
  for (std::uint32_t index = 0; index < locked.size(); ++index) {
    const DirectedChannel d{index};
    const Channel& channel = network.channel(d.channel());
    AMPSIM_CHECK(channel.in_flight(d.direction()) == locked[index].amount &&
                     channel.htlcs(d.direction()) == locked[index].count,
                 "a channel's HTLCs in flight are not those of the attempts");
    AMPSIM_CHECK(channel.keeps_limits(), "a channel has more in flight than it may");
  }
}

}  // namespace

void check_invariants(const Network& network,
                      const AttemptTable& attempts,
                      const Sessions& sessions) {
  network.check_conservation(false);
  attempts.check_needed();
  std::vector<Sum> locked(2 * network.channel_count());
  std::unordered_map<std::uint32_t, Sum> open;  // by payment; looked up, never walked through
  attempts.for_each_live([&](const Attempt& attempt) {
    for (std::size_t hop = 0; hop < attempt.htlcs.size(); ++hop) {
      const Htlc& htlc = attempt.htlcs[hop];
      const Hop& leg = attempt.route.hops[hop];
      if (!is_in_commitment(htlc.state)) continue;
      AMPSIM_CHECK(htlc.channel == leg.channel && htlc.amount == leg.amount,
                   "an HTLC is not what its route says");
      Sum& sum = locked[htlc.channel.index];
      sum.amount += htlc.amount;
      ++sum.count;
    }
    if (attempt.is_closed) return;
    Sum& sum = open[attempt.payment.index];
    sum.amount += attempt.amount();
    sum.fee += attempt.route.fee();
    ++sum.count;
  });
  check_channels(network, locked);
  for (const auto& session : sessions) {
    if (!session) continue;
    const Sum& sum = open[session->id.index];
    AMPSIM_CHECK(session->set_in_flight + session->extra_in_flight == sum.amount &&
                     session->fees_in_flight == sum.fee && session->parts_in_flight == sum.count,
                 "a payment's parts in flight are not its open attempts");
    AMPSIM_CHECK(session->rest() >= Msat{0}, "more than a set's total was sent");
  }
}

}  // namespace ampsim::sim
