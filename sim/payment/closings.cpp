#include "sim/payment/closings.hpp"

#include <optional>

#include "core/check.hpp"

namespace ampsim::sim {
namespace {

FeeRates rates_of(const ChainParams& params) {
  return params.feerate_file.empty() ? FeeRates(params.feerate_sat_per_vbyte)
                                     : FeeRates::from_file(params.feerate_file);
}

bool is_live(const Htlc& htlc) {
  return htlc.state != HtlcState::unsent && htlc.state != HtlcState::resolved;
}

}  // namespace

Closings::Closings(const ChainParams& params, const Means& means)
    : params_(params), means_(means), rates_(rates_of(params)) {}

void Closings::on_block() {
  close_expired();
  for (Closing& closing : closings_) advance(closing);
  std::erase_if(closings_, [this](const Closing& closing) { return is_done(closing); });
}

void Closings::close_expired() {
  const BlockHeight height = means_.blocks.height();
  for (const AttemptId id : means_.attempts.live_ids()) {
    const Attempt& attempt = means_.attempts[id];
    for (std::uint32_t hop = 0; hop < attempt.htlcs.size(); ++hop) {
      const Htlc& htlc = attempt.htlcs[hop];
      if (!is_live(htlc) || htlc.is_on_chain || htlc.is_paid) continue;
      const DirectedChannel d = attempt.route.hops[hop].channel;
      const BlockHeight expiry = attempt.expiry(hop);
      if (height >= expiry && means_.network.is_up(means_.network.source(d))) {
        close(d.channel(), d.direction());
      } else if (htlc.state == HtlcState::fulfilling && height >= expiry - params_.claim_margin &&
                 means_.network.is_up(means_.network.target(d))) {
        close(d.channel(), 1 - d.direction());
      }
    }
  }
}

void Closings::close(ChannelId id, unsigned closer) {
  Channel& channel = means_.network.channel(id);
  channel.close();
  means_.metrics.channel_closed(means_.scheduler.now());
  means_.flow.drop_messages(id);
  Closing closing{.channel = id,
                  .closer = closer,
                  .since = means_.blocks.height(),
                  .since_time = means_.scheduler.now()};
  for (const AttemptId attempt_id : means_.attempts.live_ids()) {
    const Attempt& attempt = means_.attempts[attempt_id];
    for (std::uint32_t hop = 0; hop < attempt.htlcs.size(); ++hop) {
      const Htlc& htlc = attempt.htlcs[hop];
      if (attempt.route.hops[hop].channel.channel() != id || !is_live(htlc)) continue;
      means_.flow.move_on_chain(attempt_id, hop,
                                means_.network.source(DirectedChannel::of(id, closer)));
      if (attempt.is_delayed && attempt.is_final(hop)) {
        means_.receiver_of(attempt).hurry(attempt_id);
      }
      Output output{.attempt = attempt_id, .hop = hop};
      ++means_.attempts[attempt_id].pending;  // until those upstream are told
      if (!htlc.is_committed) {
        output.end = HtlcFlow::ChainEnd::absent;
        means_.flow.end_on_chain(attempt_id, hop, output.end, Msat{0});
        output.is_published = output.is_ended = true;
        output.due = closing.since + params_.confirmation + params_.depth;
      }
      closing.outputs.push_back(output);
    }
  }
  closing.closer_balance = channel.balance(closer);
  closing.other_balance = channel.balance(1 - closer);
  closings_.push_back(std::move(closing));
}

void Closings::advance(Closing& closing) {
  if (!closing.is_confirmed && means_.blocks.height() >= closing.since + params_.confirmation) {
    confirm(closing);
  }
  if (closing.is_confirmed) {
    std::erase_if(closing.outputs, [this](Output& output) {
      if (!advance(output)) return false;
      --means_.attempts[output.attempt].pending;
      return true;
    });
  }
}

void Closings::confirm(Closing& closing) {
  closing.is_confirmed = true;
  const SimTime now = means_.scheduler.now();
  std::int64_t weight = kCommitmentWeight;
  for (Output& output : closing.outputs) {
    if (output.is_ended) continue;
    const Attempt& attempt = means_.attempts[output.attempt];
    if (attempt.route.hops[output.hop].amount >= params_.dust_limit) {
      weight += kCommitmentHtlcWeight;
      continue;
    }
    output.end = HtlcFlow::ChainEnd::burnt;
    output.is_published = true;
    output.due = means_.blocks.height();
    give_up(output);
  }
  means_.network.pay_out(closing.channel, closing.closer, rates_.fee(weight, now));
  means_.network.pay_out(closing.channel, 1 - closing.closer, Msat{0});
  means_.metrics.closing_locked(closing.other_balance, closing.since_time, now);
}

void Closings::give_up(const Output& output) {
  const Attempt& attempt = means_.attempts[output.attempt];
  if (!attempt.is_held || !attempt.is_final(output.hop)) return;
  means_.receiver_of(attempt).give_up(output.attempt);
}

bool Closings::advance(Output& output) {
  using End = HtlcFlow::ChainEnd;
  const BlockHeight height = means_.blocks.height();
  const Attempt& attempt = means_.attempts[output.attempt];
  const Htlc& htlc = attempt.htlcs[output.hop];
  const DirectedChannel d = attempt.route.hops[output.hop].channel;
  if (!output.is_published) {
    const Network& network = means_.network;
    if (htlc.state == HtlcState::fulfilling && network.is_up(network.target(d))) {
      output.end = End::claimed;
    } else if (height >= attempt.expiry(output.hop) && network.is_up(network.source(d))) {
      output.end = End::timed_out;
      give_up(output);
    } else {
      return false;
    }
    output.is_published = true;
    output.due = height + params_.confirmation;
    return false;
  }
  if (height < output.due) return false;
  if (!output.is_ended) {
    output.is_ended = true;
    const std::int64_t weight =
        output.end == End::claimed ? kHtlcSuccessWeight : kHtlcTimeoutWeight;
    const bool far_end_had_it = htlc.state == HtlcState::fulfilling;
    means_.flow.end_on_chain(output.attempt, output.hop, output.end,
                             rates_.fee(weight, means_.scheduler.now()));
    if (output.end == End::claimed) {
      means_.flow.tell_near_end(EventKind::chain_fulfilled, output.attempt, output.hop);
      return true;
    }
    if (far_end_had_it && attempt.is_final(output.hop))
      means_.receiver_of(attempt).lose(output.attempt);
    output.due = height + params_.depth - BlockDelta{1};
    if (height < output.due) return false;
  }
  means_.flow.tell_near_end(EventKind::chain_failed, output.attempt, output.hop);
  return true;
}

bool Closings::is_done(const Closing& closing) {
  if (!closing.is_confirmed || !closing.outputs.empty()) return false;
  if (means_.blocks.height() < closing.since + params_.confirmation + params_.to_self_delay) {
    return false;
  }
  means_.metrics.closing_locked(closing.closer_balance, closing.since_time, means_.scheduler.now());
  return true;
}

}  // namespace ampsim::sim
