/// Every format's exporter against its importer, alone and one after the other: what comes back is
/// what went in, but for what the format says it has no place for.

#include <algorithm>
#include <filesystem>
#include <set>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <rapidcheck.h>

#include "core/random.hpp"
#include "tests/topology_files.hpp"
#include "topologies/endowment.hpp"
#include "topologies/short_channel_id.hpp"

using namespace ampsim;
using namespace ampsim::topo;
using namespace ampsim::test;

namespace {

/// A small network of which anything may be known or not.
class RandomNetwork {
 public:
  explicit RandomNetwork(std::uint64_t seed) : rng_(seed, "network") {}

  Topology make() {
    const std::size_t nodes = rng_.below(7);
    const std::uint64_t names = rng_.below(3);
    for (std::size_t i = 0; i < nodes; ++i) {
      topology_.nodes.push_back({.name = name(names, i), .alias = alias()});
    }
    has_ids_ = rng_.chance(0.5);
    knows_all_ = rng_.chance(0.4);
    for (std::size_t i = nodes < 2 ? 0 : rng_.below(9); i > 0; --i) add_channel();
    return std::move(topology_);
  }

 private:
  std::string name(std::uint64_t kind, std::size_t i) {
    if (kind == 0) return std::to_string(i);
    if (kind == 1) return fmt::format("node {}, \"{}\"", 10 - i, i);
    return fmt::format("{}<&>\u26a1\t\\{}\n", static_cast<char>('z' - i), i);
  }

  std::string alias() {
    switch (rng_.below(5)) {
      case 0:
        return "Ann, \"of\" Bob's\r\n\u00e9";
      case 1:
        return " ";
      case 2:
        return rng_.chance(0.2) ? "bell \x07" : "nan";
      default:
        return "";
    }
  }

  std::optional<ForwardingPolicy> policy(std::optional<Msat> capacity, std::uint8_t& missing) {
    if (!knows_all_ && rng_.chance(0.3)) return std::nullopt;
    ForwardingPolicy made{.fee_base = Msat{rng_.between(0, 5000)},
                          .fee_proportional = Ppm{static_cast<std::uint32_t>(rng_.below(3000))},
                          .cltv_expiry_delta = {static_cast<std::int32_t>(rng_.below(200))},
                          .htlc_minimum = Msat{rng_.between(0, 3)},
                          .htlc_maximum = capacity.value_or(Msat::max()),
                          .is_disabled = rng_.chance(0.3)};
    if (rng_.chance(0.5)) {
      const std::int64_t most = capacity ? capacity->count : 1'000'000;
      made.htlc_maximum = Msat{rng_.between(std::min<std::int64_t>(4, most), most)};
    }
    made.htlc_minimum = std::min(made.htlc_minimum, made.htlc_maximum);
    if (!knows_all_ && rng_.chance(0.3)) {
      // Of what is missing there is no value.
      missing = static_cast<std::uint8_t>(rng_.below(15));
      if ((missing & kFeeBase) != 0) made.fee_base = {};
      if ((missing & kFeeProportional) != 0) made.fee_proportional = {};
      if ((missing & kCltvExpiryDelta) != 0) made.cltv_expiry_delta = {};
      if ((missing & kHtlcMinimum) != 0) made.htlc_minimum = {};
    }
    return made;
  }

  void add_channel() {
    const std::size_t nodes = topology_.nodes.size();
    const auto a = static_cast<std::uint32_t>(rng_.below(nodes));
    const auto b = static_cast<std::uint32_t>((a + 1 + rng_.below(nodes - 1)) % nodes);
    const std::size_t number = topology_.channels.size();
    Channel channel{.id = std::to_string(number), .ends = {NodeId{a}, NodeId{b}}};
    if (has_ids_ && number % 2 == 0) channel.id = fmt::format("{}x1x{}", 700'000 + number, number);
    if (!has_ids_ && number == 3) channel.id = "three, \"or so\"";
    if (knows_all_ || rng_.chance(0.8)) {
      const std::int64_t sat = rng_.between(1, 9'000'000);
      channel.capacity = Msat{sat * 1000 + (rng_.chance(0.3) ? rng_.between(-999, 999) : 0)};
      if (knows_all_ || rng_.chance(0.5)) {
        channel.balance_0 = Msat{rng_.between(0, channel.capacity->count)};
      }
    }
    for (std::size_t side = 0; side < 2; ++side) {
      channel.policy[side] = policy(channel.capacity, channel.missing[side]);
    }
    topology_.channels.push_back(std::move(channel));
  }

  Rng rng_;
  Topology topology_;
  bool has_ids_ = false;
  bool knows_all_ = false;
};

void drop_lone_nodes_and_order(Topology& topology, const Holds& holds) {
  std::vector<std::uint32_t> order;
  if (holds.node_order) {
    for (std::uint32_t i = 0; i < topology.nodes.size(); ++i) order.push_back(i);
  }
  std::set<std::uint32_t> used;
  for (const Channel& channel : topology.channels) {
    for (const NodeId end : channel.ends) {
      if (used.insert(end.index).second && !holds.node_order) order.push_back(end.index);
    }
  }
  if (!holds.lone_nodes) std::erase_if(order, [&](std::uint32_t i) { return !used.count(i); });
  std::vector<Node> nodes;
  std::vector<NodeId> moved(topology.nodes.size());
  for (const std::uint32_t old : order) {
    moved[old] = NodeId{static_cast<std::uint32_t>(nodes.size())};
    nodes.push_back(topology.nodes[old]);
  }
  topology.nodes = nodes;
  for (Channel& channel : topology.channels) {
    for (NodeId& end : channel.ends) end = moved[end.index];
  }
}

void drop_from_channel(Topology& topology, Channel& channel, const Exporter& exporter) {
  const Holds& holds = exporter.holds;
  if (holds.ids == IdKind::short_channel_id) {
    const std::uint64_t id = *short_channel_id(channel.id);
    channel.id = exporter.name == "cln" ? in_three_parts(id) : std::to_string(id);
  }
  if (!holds.balances) channel.balance_0.reset();
  if (!holds.msat && channel.capacity) {
    channel.capacity = Msat::from_sat(std::max<std::int64_t>(1, channel.capacity->count / 1000));
  }
  for (std::optional<ForwardingPolicy>& policy : channel.policy) {
    if (!policy) continue;
    if (!holds.htlc_maximum) policy->htlc_maximum = *channel.capacity;
    if (channel.capacity) policy->htlc_maximum = std::min(policy->htlc_maximum, *channel.capacity);
    if (!holds.disabled_minimum && policy->is_disabled) policy->htlc_minimum = *channel.capacity;
    policy->htlc_minimum = std::min(policy->htlc_minimum, policy->htlc_maximum);
  }
  const auto name = [&](std::size_t end) { return topology.nodes[channel.ends[end].index].name; };
  if (!holds.end_order && name(0) > name(1)) {
    std::swap(channel.ends[0], channel.ends[1]);
    std::swap(channel.policy[0], channel.policy[1]);
  }
}

std::string without_control_characters(const std::string& text) {
  std::string result;
  for (const char c : text) c == '\x07' ? result += "\ufffd" : result += c;
  return result;
}

/// What the format leaves of a network that has what it needs.
Topology remainder(Topology topology, const Exporter& exporter) {
  const Holds& holds = exporter.holds;
  const bool are_numbered =
      holds.ids == IdKind::numbered ||
      (holds.ids == IdKind::short_channel_id &&
       std::any_of(topology.channels.begin(), topology.channels.end(),
                   [](const Channel& channel) { return !short_channel_id(channel.id); }));
  for (std::size_t i = 0; are_numbered && i < topology.channels.size(); ++i) {
    topology.channels[i].id = std::to_string(i);
  }
  for (std::size_t i = 0; i < topology.nodes.size(); ++i) {
    Node& node = topology.nodes[i];
    if (!holds.names) node.name = std::to_string(i);
    if (!holds.aliases) node.alias.clear();
    if (!holds.control_characters) node.alias = without_control_characters(node.alias);
  }
  for (Channel& channel : topology.channels) drop_from_channel(topology, channel, exporter);
  drop_lone_nodes_and_order(topology, holds);
  return topology;
}

/// As `ampsim topology convert` does it.
Topology with_what_it_needs(Topology topology, const Exporter& exporter) {
  if (!gaps(topology, exporter).empty()) endow(topology, {}, 1);
  return topology;
}

Topology through(const Topology& topology, const Exporter& exporter) {
  const std::vector<std::string> texts = written(topology, exporter);
  for (const std::string& text : texts) {
    const auto first = std::find_if(importers().begin(), importers().end(),
                                    [&](const Importer& each) { return each.recognises(text); });
    RC_ASSERT(first != importers().end());
    RC_ASSERT(first->name == exporter.name);
  }
  Topology read = read_texts(exporter.name, texts);
  RC_ASSERT(validate(read).empty());
  return read;
}

}  // namespace

TEST_CASE("convert: every format keeps what it says it holds and names the rest") {
  CHECK(rc::check([](std::uint64_t seed) {
    const Topology topology = RandomNetwork(seed).make();
    RC_ASSERT(validate(topology).empty());
    for (const Exporter& exporter : exporters()) {
      RC_LOG() << "to " << exporter.name << "\n";
      const Topology complete = with_what_it_needs(topology, exporter);
      RC_ASSERT(gaps(complete, exporter).empty());
      const Topology read = through(complete, exporter);
      RC_ASSERT(lines_of(read) == lines_of(remainder(complete, exporter)));
      // A loss is named if and only if there is one, but for the spelling of ids.
      Topology spelled = complete;
      if (exporter.holds.ids == IdKind::short_channel_id) {
        for (std::size_t i = 0; i < spelled.channels.size(); ++i) {
          if (short_channel_id(spelled.channels[i].id)) {
            spelled.channels[i].id = read.channels[i].id;
          }
        }
      }
      RC_ASSERT(losses(complete, exporter).empty() == (lines_of(read) == lines_of(spelled)));
    }
  }));
}

TEST_CASE("convert: between any two formats only what one of them has no place for is lost") {
  CHECK(rc::check([](std::uint64_t seed) {
    const Topology topology = RandomNetwork(seed).make();
    for (const Exporter& first : exporters()) {
      const Topology once = through(with_what_it_needs(topology, first), first);
      for (const Exporter& second : exporters()) {
        RC_LOG() << first.name << " to " << second.name << "\n";
        const Topology complete = with_what_it_needs(once, second);
        RC_ASSERT(lines_of(through(complete, second)) == lines_of(remainder(complete, second)));
      }
    }
  }));
}

TEST_CASE("convert: what a network loses is said in words") {
  Topology topology;
  topology.nodes = {{.name = "ann", .alias = "Ann"}, {.name = "bob"}, {.name = "0"}, {.name = "z"}};
  topology.channels.push_back(
      {.id = "a", .ends = {NodeId{1}, NodeId{0}}, .capacity = Msat{5001}, .balance_0 = Msat{1}});
  for (std::size_t side = 0; side < 2; ++side) {
    topology.channels[0].policy[side] =
        ForwardingPolicy{.htlc_minimum = {3}, .htlc_maximum = {5000}, .is_disabled = side == 0};
  }
  using Words = std::vector<std::string>;
  const auto lost = [&](const std::string& format) {
    return losses(topology, exporter_called(format));
  };
  CHECK(lost("ampsim") == Words{});
  CHECK(lost("graphml") == Words{});
  CHECK(lost("csv") == Words{"2 nodes without a channel",
                             "the order of the nodes: 2 nodes get another place, and the same "
                             "seed draws others"});
  CHECK(lost("lnd") == Words{"the ids of 1 channel: they are numbered", "the balances of 1 channel",
                             "parts of a sat in the capacities of 1 channel"});
  CHECK(lost("cln") == Words{"the ids of 1 channel: they are numbered",
                             "which end of 1 channel comes first: it is the one with the smaller "
                             "name",
                             "the balances of 1 channel"});
  CHECK(lost("sim_ln").size() == 4);
  CHECK(lost("cloth") == Words{"the names of 4 nodes: they are numbered", "the aliases of 1 node",
                               "the ids of 1 channel: they are numbered",
                               "the largest HTLC of 2 directions: it is the capacity",
                               "the smallest HTLC of 1 direction: they are disabled"});
  topology.channels[0].balance_0.reset();
  topology.channels[0].missing[1] = kFeeBase;
  CHECK(gaps(topology, exporter_called("cloth")) ==
        Words{"the balances of 1 channel", "the policies of 1 channel"});
  CHECK(gaps(topology, exporter_called("lnd")) == Words{"the policies of 1 channel"});
  CHECK(gaps(topology, exporter_called("csv")).empty());
}

TEST_CASE("convert: what generators make goes through every format") {
  for (const Generator& generator : generators()) {
    CAPTURE(generator.name);
    const Topology topology = make_network(
        {.generator = std::string(generator.name), .nodes = 60, .neighbours = 4}, {}, 3);
    for (const Exporter& exporter : exporters()) {
      CAPTURE(exporter.name);
      CHECK(gaps(topology, exporter).empty());
      const Topology read = read_texts(exporter.name, written(topology, exporter));
      CHECK(lines_of(read) == lines_of(remainder(topology, exporter)));
    }
  }
}

TEST_CASE("convert: real networks come back whole from our own format") {
  const std::string data = AMPSIM_SOURCE_DIR "/../shared/data/";
  const std::vector<std::vector<std::string>> networks{{"formats/lnd-describegraph-100-nodes.json"},
                                                       {"formats/sim-ln-sim_network.json"},
                                                       {"formats/networkx-10-nodes.graphml"}};
  for (std::vector<std::string> files : networks) {
    for (std::string& file : files) file.insert(0, data);
    if (!std::filesystem::exists(files[0])) {
      MESSAGE("skipped: no " << files[0]);
      continue;
    }
    CAPTURE(files[0]);
    const Topology topology = import_files(files);
    for (const char* format : {"ampsim", "graphml"}) {
      const Topology back = read_texts(format, written(topology, exporter_called(format)));
      CHECK(lines_of(back) == lines_of(topology));
    }
  }
}

TEST_CASE("convert: snapshots come back whole from their own format and from ours" *
          doctest::test_suite("slow")) {
  const std::string data = AMPSIM_SOURCE_DIR "/../shared/data/";
  const std::vector<std::pair<std::string, std::vector<std::string>>> networks{
      {"lnd", {"ln-2026-02-03/describegraph.json.gz"}},
      {"cln", {"ln-2026-02-03/listchannels.json.gz"}},
      {"cloth",
       {"cloth-2020-12-17/nodes_ln.csv", "cloth-2020-12-17/channels_ln.csv",
        "cloth-2020-12-17/edges_ln.csv"}}};
  for (auto [own, files] : networks) {
    for (std::string& file : files) file.insert(0, data);
    if (!std::filesystem::exists(files[0])) {
      MESSAGE("skipped: no " << files[0]);
      continue;
    }
    CAPTURE(own);
    const Topology topology = import_files(files);
    CHECK(losses(topology, exporter_called(own)).empty());
    for (const std::string& format : {own, std::string("ampsim"), std::string("graphml")}) {
      CAPTURE(format);
      const Topology back = read_texts(format, written(topology, exporter_called(format)));
      CHECK((lines_of(back) == lines_of(topology)));
    }
  }
}
