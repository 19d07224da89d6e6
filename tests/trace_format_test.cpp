#include "sim/measure/trace_format.hpp"

#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/printing.hpp"
#include "tests/world.hpp"

using namespace ampsim;
using namespace ampsim::sim;
using ampsim::test::World;
using nlohmann::json;
using namespace std::chrono_literals;

namespace {

/// 32 times the same byte.
template <class Bytes>
Bytes filled(unsigned value) {
  Bytes bytes;
  bytes.bytes.fill(static_cast<std::byte>(value));
  return bytes;
}

topo::Topology nodes_named(const std::vector<topo::Node>& nodes) {
  topo::Topology topology;
  topology.nodes = nodes;
  topology.channels.push_back({.id = "7x1x0", .ends = {NodeId{0}, NodeId{1}}});
  return topology;
}

constexpr NodeId kAlice{0};
constexpr NodeId kBob{1};

/// Alice pays Bob in two parts, one of which fails; no more than the formats need.
std::vector<TraceEvent> small_story() {
  const SimTime start{};
  const TraceEvent part{.part = 0,
                        .attempt = 0,
                        .amount = Msat{5000},
                        .channel = ChannelId{0},
                        .expiry = BlockDelta{80},
                        .hash = filled<amp::PaymentHash>(0xab)};
  std::vector<TraceEvent> story(7, part);
  story[0] = {.kind = TraceKind::payment_starts,
              .from = kAlice,
              .to = kBob,
              .amount = Msat{9000},
              .note = "amp"};
  story[1].kind = TraceKind::htlc_add;
  story[1].to = kBob;
  story[2] = {.at = start + 30ms,
              .kind = TraceKind::part_held,
              .from = kBob,
              .part = 0,
              .attempt = 0,
              .amount = Msat{5000},
              .set_id = filled<amp::SetId>(0x5e),
              .child_index = 3,
              .share = filled<amp::Share>(0x01)};
  story[3] = {.at = start + 30ms,
              .kind = TraceKind::timer_started,
              .from = kBob,
              .amount = Msat{5000},
              .due = start + 120s,
              .note = "of the part"};
  story[4].at = start + 1500ms;
  story[4].kind = TraceKind::htlc_fail;
  story[4].note = "mpp_timeout";
  story[5].at = start + 2s;
  story[5].kind = TraceKind::htlc_fulfill;
  story[5].preimage = filled<amp::Preimage>(0xcd);
  for (const std::size_t back : {4U, 5U}) {
    story[back].from = kBob;
    story[back].to = kAlice;
  }
  story[1].from = kAlice;
  story[6] = {.at = start + 3s,
              .kind = TraceKind::payment_ends,
              .from = kAlice,
              .to = kBob,
              .amount = Msat{9000},
              .note = "failed"};
  return story;
}

std::string told(std::string_view format,
                 const topo::Topology& topology,
                 const std::vector<TraceEvent>& events,
                 amp::Derivation derivation = amp::Derivation::lnd) {
  const auto formats = trace_formats();
  const auto it = std::find_if(formats.begin(), formats.end(),
                               [&](const TraceFormat& known) { return known.name == format; });
  REQUIRE(it != formats.end());
  std::ostringstream out;
  const auto writer = it->open({.experiment = "small; story",
                                .run = 3,
                                .seed = 18'446'744'073'709'551'615U,
                                .payment = PaymentId{0},
                                .scheme = "amp",
                                .derivation = derivation,
                                .topology = &topology},
                               out);
  for (const TraceEvent& event : events) writer->tell(event);
  writer->finish({.payment = PaymentId{0},
                  .sender = kAlice,
                  .receiver = kBob,
                  .amount = Msat{9000},
                  .end = SimTime{} + 3s,
                  .failure = PaymentFailure::timeout,
                  .attempts = 1});
  return out.str();
}

/// One payment over two hops with a refusal on the way, in a format.
std::string told_by_a_run(const TraceFormat& format, World& world) {
  std::ostringstream out;
  const auto writer = format.open({.experiment = "world",
                                   .payment = PaymentId{0},
                                   .scheme = "amp",
                                   .topology = &world.topology},
                                  out);
  world.hooks.trace = writer.get();
  world.pay("alice", "dave", 1500).run();
  writer->finish(world.result().payments.at(0));
  return out.str();
}

World branched() {
  World world(R"(
    alice 1000 -- 0   bob
    bob   0 -- 1000   dave
    alice 1000 -- 0   carol
    carol 1000 -- 0   dave   base=1000
    alice 1000 -- 0   erin
    erin  1000 -- 0   dave   base=2000
  )");
  world.params.payment.min_part = Msat::from_sat(1);
  return world;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

/// What is wrong with a sequence diagram, "" if nothing is: the statements that we use, nothing
/// undeclared, and in texts no letter that Mermaid could read as its own.
std::string fault_of(const std::string& diagram) {
  static const std::string kText = R"(((?:[A-Za-z0-9 .,_+\-/()=]|[\x80-\xff]|#\d+;|<br/>)*))";
  static const std::regex kTitle("    title " + kText);
  static const std::regex kParticipant("    participant (n\\d+) as " + kText);
  static const std::regex kNote("    Note over (n\\d+): " + kText);
  static const std::regex kArrow("    (n\\d+)(?:->>|-->>|--x)(n\\d+): " + kText);
  std::set<std::string> declared;
  const std::vector<std::string> lines = lines_of(diagram);
  if (lines.empty() || lines[0] != "sequenceDiagram") return "no sequence diagram";
  for (std::size_t i = 1; i < lines.size(); ++i) {
    std::smatch match;
    if (std::regex_match(lines[i], match, kTitle)) continue;
    if (std::regex_match(lines[i], match, kParticipant)) {
      if (!declared.insert(match[1]).second) return "declared twice: " + lines[i];
    } else if (std::regex_match(lines[i], match, kNote)) {
      if (!declared.contains(match[1])) return "undeclared: " + lines[i];
    } else if (std::regex_match(lines[i], match, kArrow)) {
      if (!declared.contains(match[1]) || !declared.contains(match[2])) {
        return "undeclared: " + lines[i];
      }
    } else {
      return "no statement: " + lines[i];
    }
  }
  return "";
}

}  // namespace

TEST_CASE("trace_format: a small story as text") {
  CHECK(told("text", nodes_named({{.name = "alice"}, {.name = "bob"}}), small_story()) ==
        "    0.000000 s  alice -> bob      pays 9000 msat by amp\n"
        "    0.000000 s  alice -> bob      update_add_htlc     part 0 (attempt 0)  5000 "
        "msat  hash abababababab...  channel 7x1x0\n"
        "    0.030000 s  bob               holds part 0 (attempt 0): share "
        "010101010101...\n"
        "    1.500000 s  bob -> alice      update_fail_htlc    part 0 (attempt 0)  5000 "
        "msat  mpp_timeout  channel 7x1x0\n"
        "    2.000000 s  bob -> alice      update_fulfill_htlc part 0 (attempt 0)  5000 "
        "msat  preimage cdcdcdcdcdcd...  channel 7x1x0\n"
        "    3.000000 s  alice -> bob      the payment ends: failed\n");
}

TEST_CASE("trace_format: a small story as a sequence diagram") {
  CHECK(told("mermaid", nodes_named({{.name = "alice"}, {.name = "bob"}}), small_story()) ==
        "sequenceDiagram\n"
        "    title small#59; story, run 3, payment 0\n"
        "    participant n0 as alice\n"
        "    participant n1 as bob\n"
        "    Note over n0: 0.000000 s<br/>pays 9000 msat by amp\n"
        "    n0->>n1: 0.000000 s<br/>add part 0 (attempt 0), 5000 msat<br/>channel "
        "7x1x0, expires in 80 blocks, hash abababababab...\n"
        "    Note over n1: 0.030000 s<br/>holds part 0 (attempt 0)<br/>share "
        "010101010101...\n"
        "    Note over n1: 0.030000 s<br/>timer of the part<br/>rings at 120.000000 s\n"
        "    n1--xn0: 1.500000 s<br/>fail part 0 (attempt 0), 5000 msat<br/>channel "
        "7x1x0, mpp_timeout\n"
        "    n1-->>n0: 2.000000 s<br/>fulfil part 0 (attempt 0), 5000 msat<br/>channel "
        "7x1x0, preimage cdcdcdcdcdcd...\n"
        "    Note over n0: 3.000000 s<br/>the payment ends, failed\n");
}

TEST_CASE("trace_format: a small story as JSON, absent what is absent") {
  std::vector<TraceEvent> story = small_story();
  story.erase(story.begin() + 4, story.end());
  story.erase(story.begin());
  const auto hex = [](const char* byte) {
    std::string text;
    for (int i = 0; i < 32; ++i) text += byte;
    return text;
  };
  CHECK(told("json", nodes_named({{.name = "alice"}, {.name = "bob"}}), story) ==
        R"({
  "experiment": "small; story",
  "run": 3,
  "seed": 18446744073709551615,
  "payment": {
    "payment": 0,
    "scheme": "amp",
    "derivation": "lnd",
    "source": "alice",
    "destination": "bob",
    "amount_msat": 9000,
    "start_ns": 0,
    "end_ns": 3000000000,
    "state": "failed",
    "failure": "timeout",
    "parts": 0,
    "attempts": 1,
    "fee_msat": 0,
    "delivered_msat": 0
  },
  "events": [
    {
      "at_ns": 0,
      "kind": "htlc_add",
      "from": "alice",
      "to": "bob",
      "part": 0,
      "attempt": 0,
      "amount_msat": 5000,
      "channel": "7x1x0",
      "expiry": 80,
      "payment_hash": ")" +
            hex("ab") + R"("
    },
    {
      "at_ns": 30000000,
      "kind": "part_held",
      "from": "bob",
      "part": 0,
      "attempt": 0,
      "amount_msat": 5000,
      "set_id": ")" +
            hex("5e") + R"(",
      "child_index": 3,
      "share": ")" +
            hex("01") + R"("
    },
    {
      "at_ns": 30000000,
      "kind": "timer_started",
      "from": "bob",
      "amount_msat": 5000,
      "due_ns": 120000000000,
      "note": "of the part"
    }
  ]
}
)");
}

TEST_CASE("trace_format: toy shares are decimal numbers everywhere") {
  TraceEvent event{
      .kind = TraceKind::part_held, .from = kBob, .part = 0, .attempt = 0, .share = amp::Share{}};
  event.share->bytes[31] = std::byte{77};
  const topo::Topology topology = nodes_named({{.name = "alice"}, {.name = "bob"}});
  const auto as = [&](std::string_view format) {
    return told(format, topology, {event}, amp::Derivation::toy);
  };
  CHECK(as("text").find(": share 77\n") != std::string::npos);
  CHECK(as("mermaid").find("<br/>share 77\n") != std::string::npos);
  CHECK(json::parse(as("json"))["events"][0]["share"] == "77");
}

TEST_CASE("trace_format: JSON tells of every HTLC that the run counted") {
  World world = branched();
  const json document = json::parse(told_by_a_run(trace_formats().back(), world));
  std::map<std::string, double> events;
  for (const json& event : document["events"]) ++events[event["kind"]];
  CHECK(events["htlc_add"] == world.measure("htlcs_added"));
  CHECK(events["htlc_fulfill"] == world.measure("htlcs_settled"));
  CHECK(events["htlc_fail"] == world.measure("htlcs_failed"));
  CHECK(events["htlc_removed"] == world.measure("htlcs_added"));
  CHECK(events["set_claimed"] == world.measure("sets_claimed"));
  CHECK(events["htlc_refused"] > 0);
  const PaymentRecord& payment = world.result().payments.at(0);
  CHECK(payment.state == PaymentState::succeeded);
  CHECK(document["payment"]["attempts"] == payment.attempts);
  CHECK(events["part_sent"] == payment.attempts);
  CHECK(events["part_settled"] == payment.parts);
}

TEST_CASE("trace_format: a run's diagram has nothing that Mermaid would misread") {
  World world = branched();
  const std::string diagram = told_by_a_run(trace_formats()[1], world);
  CHECK(fault_of(diagram) == "");
  CHECK(lines_of(diagram).size() > 20);
}

TEST_CASE("trace_format: names with Mermaid's own letters and words stay names") {
  const std::vector<topo::Node> nodes = {{.name = "end"}, {.name = "a;b#c:d%%<>\"&{\n}[x]"}};
  const std::string diagram = told("mermaid", nodes_named(nodes), small_story());
  CHECK(fault_of(diagram) == "");
  CHECK(diagram.find("participant n0 as end\n") != std::string::npos);
  CHECK(diagram.find("as a#59;b#35;c#58;d#37;#37;#60;#62;#34;#38;#123; #125;\n") !=
        std::string::npos);
}

TEST_CASE("trace_format: a public key is called by its alias, cut to sixteen letters") {
  const std::string key(66, '0');
  const std::vector<topo::Node> nodes = {
      {.name = key, .alias = "\u26a1 Zw\u00f6lf Boxk\u00e4mpfer jagen"},
      {.name = key + "1"},
  };
  const std::string diagram = told("mermaid", nodes_named(nodes), small_story());
  CHECK(diagram.find("participant n0 as \u26a1 Zw\u00f6lf Boxk\u00e4mpf\n") != std::string::npos);
  CHECK(diagram.find("participant n1 as 0000000000000000\n") != std::string::npos);
  CHECK(fault_of(diagram) == "");
}
