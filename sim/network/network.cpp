#include "sim/network/network.hpp"

#include <algorithm>
#include <utility>

#include "core/check.hpp"
#include "sim/network/channel_order.hpp"
#include "sim/network/latency.hpp"

namespace ampsim::sim {

Network::OwnAnnouncements::OwnAnnouncements(const topo::Topology& topology) {
  const std::size_t count = 2 * topology.channels.size();
  announcements.reserve(count);
  position.reserve(count);
  tail.reserve(count);
  for (std::uint32_t index = 0; index < count; ++index) {
    announcements.add(announcement_of(topology, {index}));
    position.push_back(index);
    tail.push_back(topology.source({index}).index);
  }
}

Network::Network(const topo::Topology& topology,
                 const NetworkParams& params,
                 std::uint64_t seed,
                 const AnnouncedNetwork& announced)
    : limits_(new Channel::Limits{.reserve = params.reserve,
                                  .max_in_flight = params.max_in_flight,
                                  .max_htlcs = params.max_htlcs}),
      own_(announced.announcements == nullptr ? new OwnAnnouncements(topology) : nullptr),
      announced_(own_ ? own_->view() : announced) {
  const std::vector<SimDuration> delays = draw_latencies(topology, params, seed);
  AMPSIM_CHECK(announced_.position.size() == 2 * topology.channels.size(),
               "the announcements are of another network");
  channels_.reserve(topology.channels.size());
  first_out_.assign(topology.nodes.size() + 1, 0);
  for (std::uint32_t index = 0; index < topology.channels.size(); ++index) {
    add_channel(topology, {index}, delays[index] + params.processing);
  }
  changed_.shrink_to_fit();
  make_rows();
}

void Network::add_channel(const topo::Topology& topology, ChannelId id, SimDuration delay) {
  const topo::Channel& channel = topology.channels[id.index];
  AMPSIM_CHECK(channel.capacity && channel.balance_0 && channel.policy[0] && channel.policy[1],
               "a network needs a complete topology: channel " + channel.id);
  Line& line = channels_.emplace_back(*channel.capacity, *channel.balance_0, *limits_);
  total_ += *channel.capacity;
  if (delay.count() >= 0 && delay.count() < kLongDelay) {
    line.delay_ns = static_cast<std::uint32_t>(delay.count());
  } else {
    line.delay_ns = kLongDelay;
    long_delays_[id] = delay;
  }
  for (const unsigned direction : {0U, 1U}) {
    const DirectedChannel d = DirectedChannel::of(id, direction);
    AMPSIM_CHECK(source(d) == channel.ends[direction], "the announcements are of another network");
    line.policy[direction] = announced_.position[d.index];
    const topo::ForwardingPolicy& policy = *channel.policy[direction];
    AMPSIM_CHECK(policy.cltv_expiry_delta >= BlockDelta{0}, "a CLTV delta is negative");
    if (this->policy(d) != policy) set_policy(d, policy);
    ++first_out_[channel.ends[direction].index + 1];
  }
}

void Network::make_rows() {
  for (std::size_t node = 0; node + 1 < first_out_.size(); ++node) {
    first_out_[node + 1] += first_out_[node];
  }
  const auto by_target = sorted_by(directed_channels(channels_.size()), node_count(),
                                   [this](DirectedChannel d) { return target(d).index; });
  out_ = sorted_by(by_target, node_count(), [this](DirectedChannel d) { return source(d).index; });
}

void Network::set_policy(DirectedChannel d, const topo::ForwardingPolicy& policy) {
  AMPSIM_CHECK(policy.cltv_expiry_delta >= BlockDelta{0}, "a CLTV delta is negative");
  std::uint32_t& index = channels_[d.channel().index].policy[d.direction()];
  if (index < kChanged) {
    index = kChanged + static_cast<std::uint32_t>(changed_.size());
    changed_.emplace_back();
  }
  changed_[index - kChanged] = policy;
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

SimDuration Network::unusual_delay(DirectedChannel d) const {
  const std::uint32_t ns = channels_[d.channel().index].delay_ns;
  const SimDuration way = ns == kLongDelay ? long_delays_.at(d.channel()) : SimDuration{ns};
  return is_slow_ ? way + slow_[target(d).index] : way;
}

void Network::slow_down(NodeId node, SimDuration by) {
  is_slow_ = true;
  if (slow_.empty()) slow_.resize(node_count());
  slow_[node.index] += by;
}

void Network::leave(NodeId node) {
  if (away_.empty()) away_.resize(node_count());
  if (away_[node.index]++ == 0) ++absent_;
}

void Network::come_back(NodeId node) {
  AMPSIM_CHECK(!is_up(node), "a node returns that was not away");
  if (--away_[node.index] == 0) --absent_;
}

void Network::credit(NodeId node, Msat amount) {
  if (on_chain_.empty()) on_chain_.resize(node_count());
  on_chain_[node.index] += amount;
}

void Network::pay_out(ChannelId id, unsigned end, Msat fee) {
  const Msat balance = channel(id).balance(end);
  const Msat paid = std::min(fee, balance);
  channel(id).withdraw(end, balance);
  chain_fees_ += paid;
  credit(source(DirectedChannel::of(id, end)), balance - paid);
}

void Network::pay_out_htlc(DirectedChannel d, Msat amount, NodeId to, Msat fee) {
  const Msat paid = std::min(fee, amount);
  channel(d.channel()).withdraw_htlc(d.direction(), amount);
  chain_fees_ += paid;
  credit(to, amount - paid);
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
