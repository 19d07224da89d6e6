#include "sim/experiment/sections/sections.hpp"

namespace ampsim::sim {
namespace {

void add_tor(SettingBuilder& table) {
  using Kind = DistributionKind;
  table.add("network.tor_share", "share of the nodes that are reached over Tor", kProbability,
            &Settings::network, &NetworkParams::tor_share);
  SettingBuilder tor;
  tor.add_distribution("network.tor_latency", "one-way delay that Tor adds to a channel", "ms",
                       {Kind::constant, Kind::uniform, Kind::normal, Kind::lognormal},
                       &Settings::network, &NetworkParams::tor_latency);
  for (Setting& setting : tor.take()) {
    setting.blocked_by = [inner = setting.blocked_by](const Settings& s) -> std::string {
      if (s.network.tor_share == 0) return "network.tor_share";
      return inner ? inner(s) : "";
    };
    table.push(std::move(setting));
  }
}

void add_messages(SettingBuilder& table) {
  const auto network = &Settings::network;
  table.add("network.processing_ms", "time that a node takes for every message",
            between(0, 86'400'000), network, &NetworkParams::processing);
  table.add_choice("network.timing", "three constants a hop, or commitment messages one by one",
                   Choices<Timing>{{"fast", Timing::fast}, {"full", Timing::full}}, network,
                   &NetworkParams::timing);
  table.add("network.commit_timer_ms",
            "updates wait this long to share a signature (lnd 50, Core Lightning 10)",
            between(0, 60'000), network, &NetworkParams::commit_timer);
  table
      .add("network.commit_batch", "so many waiting updates are signed at once (lnd 10)",
           between(1, 1000), network, &NetworkParams::commit_batch)
      .blocked_by = [](const Settings& s) -> std::string {
    return s.network.timing == Timing::full ? "" : "network.timing";
  };
}

void add_chain(SettingBuilder& table) {
  const auto chain = &Settings::chain;
  table.add("network.block_interval_s", "mean time between two blocks", above(0, kMostSeconds),
            chain, &ChainParams::block_interval);
  table.add_choice("network.block_arrivals", "exponential times between blocks, or always the mean",
                   Choices<BlockArrivals>{{"exponential", BlockArrivals::exponential},
                                          {"fixed", BlockArrivals::fixed}},
                   chain, &ChainParams::block_arrivals);
  table
      .add("network.feerate_sat_per_vbyte", "what transactions on chain pay", between(0, 1e6),
           chain, &ChainParams::feerate_sat_per_vbyte)
      .blocked_by = [](const Settings& s) -> std::string {
    return s.chain.feerate_file.empty() ? "" : "network.feerate_file";
  };
  Setting& file = table.add("network.feerate_file",
                            "CSV with at_s,sat_per_vbyte: the fee rate from each time on", chain,
                            &ChainParams::feerate_file);
  file.kind = ValueKind::file;
  // Only written where it is given.
  file.blocked_by = [](const Settings& s) -> std::string {
    return s.chain.feerate_file.empty() ? "network.feerate_sat_per_vbyte" : "";
  };
  table.add("chain.confirmation_blocks", "blocks until a transaction is in one", between(1, 2016),
            chain, &ChainParams::confirmation);
  table.add("chain.depth_blocks", "an HTLC that ended on chain is failed upstream at this depth",
            between(1, 2016), chain, &ChainParams::depth);
  table.add("chain.to_self_delay_blocks", "who closes waits so long for its own balance",
            between(0, 65'535), chain, &ChainParams::to_self_delay);
  table.add("chain.claim_margin_blocks",
            "who has a preimage and gets no answer closes this long before the expiry",
            between(0, 2016), chain, &ChainParams::claim_margin);
  table.add("chain.dust_limit_sat", "smaller HTLCs go to the fees on chain", between(0, kMostSat),
            chain, &ChainParams::dust_limit);
}

}  // namespace

void add_network(SettingBuilder& table) {
  using Kind = DistributionKind;
  table.add_distribution("network.latency", "one-way message delay of a channel", "ms",
                         {Kind::constant, Kind::normal, Kind::lognormal, Kind::lightning},
                         &Settings::network, &NetworkParams::latency);
  table.add_choice("network.latency_of",
                   "each channel draws one, or each node and a channel has their mean",
                   Choices<LatencyOf>{{"channel", LatencyOf::channel}, {"node", LatencyOf::node}},
                   &Settings::network, &NetworkParams::latency_of);
  add_tor(table);
  add_messages(table);
  add_chain(table);
}

}  // namespace ampsim::sim
