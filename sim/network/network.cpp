#include "sim/network/network.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/check.hpp"
#include "sim/network/latency.hpp"

namespace ampsim::sim {
namespace {

/// floor(share * amount): limits are whole msat.
Msat share_of(Msat amount, double share) {
  return {static_cast<std::int64_t>(std::floor(static_cast<double>(amount.count) * share))};
}

}  // namespace

Network::PackedPolicy::PackedPolicy(const topo::ForwardingPolicy& policy)
    : fee_base(policy.fee_base),
      htlc_minimum(policy.htlc_minimum),
      htlc_maximum(policy.htlc_maximum),
      fee_proportional(policy.fee_proportional),
      cltv_expiry_delta(static_cast<std::uint32_t>(policy.cltv_expiry_delta.count) & 0x7fffffffU),
      is_disabled(policy.is_disabled ? 1 : 0) {
  AMPSIM_CHECK(policy.cltv_expiry_delta >= BlockDelta{0}, "a CLTV delta is negative");
}

Network::Network(const topo::Topology& topology, const NetworkParams& params, std::uint64_t seed) {
  const std::size_t channels = topology.channels.size();
  channels_.reserve(channels);
  policies_.reserve(2 * channels);
  source_.reserve(2 * channels);
  delay_.reserve(2 * channels);
  const std::vector<SimDuration> delays = draw_latencies(topology, params, seed);

  for (const topo::Channel& channel : topology.channels) {
    AMPSIM_CHECK(channel.capacity && channel.balance_0 && channel.policy[0] && channel.policy[1],
                 "a network needs a complete topology: channel " + channel.id);
    const Msat capacity = *channel.capacity;
    channels_.emplace_back(
        capacity, *channel.balance_0,
        Channel::Limits{.reserve = share_of(capacity, params.reserve),
                        .max_in_flight = share_of(capacity, params.max_in_flight),
                        .max_htlcs = params.max_htlcs});
    for (unsigned direction = 0; direction < 2; ++direction) {
      policies_.emplace_back(*channel.policy[direction]);
      source_.push_back(channel.ends[direction]);
    }
    delay_.resize(delay_.size() + 2, delays[delay_.size() / 2] + params.processing);
    total_ += capacity;
  }

  away_.assign(topology.nodes.size(), 0);
  on_chain_.assign(topology.nodes.size(), Msat{0});
  first_out_.assign(topology.nodes.size() + 1, 0);
  for (const NodeId node : source_) ++first_out_[node.index + 1];
  for (std::size_t node = 0; node + 1 < first_out_.size(); ++node) {
    first_out_[node + 1] += first_out_[node];
  }
  out_.resize(source_.size());
  std::vector<std::uint32_t> next(first_out_.begin(), first_out_.end() - 1);
  for (std::uint32_t index = 0; index < source_.size(); ++index) {
    out_[next[source_[index].index]++] = DirectedChannel{index};
  }
  for (std::size_t node = 0; node + 1 < first_out_.size(); ++node) {
    std::sort(out_.begin() + first_out_[node], out_.begin() + first_out_[node + 1],
              [this](DirectedChannel a, DirectedChannel b) {
                return std::pair(target(a), a) < std::pair(target(b), b);
              });
  }
}

std::span<const DirectedChannel> Network::outgoing(NodeId node) const {
  return {out_.data() + first_out_[node.index], out_.data() + first_out_[node.index + 1]};
}

std::span<const DirectedChannel> Network::parallel(DirectedChannel d) const {
  const std::span<const DirectedChannel> row = outgoing(source(d));
  const NodeId peer = target(d);
  const auto first = std::lower_bound(
      row.begin(), row.end(), peer, [this](DirectedChannel a, NodeId b) { return target(a) < b; });
  const auto last = std::upper_bound(first, row.end(), peer,
                                     [this](NodeId a, DirectedChannel b) { return a < target(b); });
  return {first, last};
}

void Network::slow_down(NodeId node, SimDuration by) {
  for (const DirectedChannel d : outgoing(node)) delay_[d.reversed().index] += by;
}

void Network::come_back(NodeId node) {
  AMPSIM_CHECK(!is_up(node), "a node returns that was not away");
  if (--away_[node.index] == 0) --absent_;
}

void Network::pay_out(ChannelId id, unsigned end, Msat fee) {
  const Msat balance = channel(id).balance(end);
  const Msat paid = std::min(fee, balance);
  channel(id).withdraw(end, balance);
  chain_fees_ += paid;
  on_chain_[source(DirectedChannel::of(id, end)).index] += balance - paid;
}

void Network::pay_out_htlc(DirectedChannel d, Msat amount, NodeId to, Msat fee) {
  const Msat paid = std::min(fee, amount);
  channel(d.channel()).withdraw_htlc(d.direction(), amount);
  chain_fees_ += paid;
  on_chain_[to.index] += amount - paid;
}

void Network::check_conservation(bool at_rest) const {
  Msat total = chain_fees_;
  for (const Msat balance : on_chain_) total += balance;
  for (const Channel& channel : channels_) {
    channel.check();
    total += channel.balance(0) + channel.balance(1) + channel.in_flight(0) + channel.in_flight(1);
    AMPSIM_CHECK(!at_rest || (channel.htlcs(0) == 0 && channel.htlcs(1) == 0),
                 "an HTLC is in flight at rest");
  }
  AMPSIM_CHECK(total == total_, "money of the network appeared or vanished");
}

}  // namespace ampsim::sim
