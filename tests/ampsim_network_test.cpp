#include <doctest/doctest.h>

#include "core/check.hpp"
#include "core/random.hpp"
#include "tests/topology_files.hpp"
#include "topologies/endowment.hpp"

using namespace ampsim;
using namespace ampsim::topo;
using namespace ampsim::test;

namespace {

const std::string kNetwork = R"({"format": "ampsim", "version": 1,
 "nodes": [
  {"name": "a", "alias": "Ann"},
  {"name": "b"}],
 "channels": [
  {"id": "0", "node1": "b", "node2": "a", "capacity_msat": 5000, "node1_balance_msat": 7,
   "node1_policy": {"fee_base_msat": 1, "fee_proportional_ppm": 2, "cltv_expiry_delta_blocks": 3,
     "htlc_minimum_msat": 4, "htlc_maximum_msat": 5, "is_disabled": true}},
  {"id": 1, "node1": "a", "node2": "b", "node2_policy": {"fee_proportional_ppm": 9}}
 ]})";

std::string error_after(std::string_view from, std::string_view to) {
  return reading_error("ampsim", {with(kNetwork, from, to)});
}

}  // namespace

TEST_CASE("ampsim_network: what is not said stays open until it is drawn") {
  Topology topology = read_texts("ampsim", {kNetwork});
  CHECK(validate(topology).empty());
  CHECK(lines_of(topology) ==
        std::vector<std::string>{
            "node a (Ann)", "node b ()",
            "channel 0: b - a, capacity 5000, balance 7; 1+2ppm 3blocks [4, 5] disabled missing 0; "
            "-",
            "channel 1: a - b, capacity -, balance -; -; 0+9ppm 0blocks [0, 9223372036854775807] "
            "missing 13"});
  endow(topology, {.fee_base = {500}, .cltv_expiry_delta = {60}, .htlc_minimum = {2}}, 1);
  CHECK(validate(topology).empty());
  CHECK(*topology.channels[0].balance_0 == Msat{7});
  const Channel& drawn = topology.channels[1];
  const ForwardingPolicy expected{.fee_base = {500},
                                  .fee_proportional = {9},
                                  .cltv_expiry_delta = {60},
                                  .htlc_minimum = {2},
                                  .htlc_maximum = *drawn.capacity};
  CHECK((*drawn.policy[1] == expected));
  CHECK(drawn.has_policies());
}

TEST_CASE("ampsim_network: what is wrong is named by line and path and nearest name") {
  CHECK(
      error_after("\"alias\"", "\"alais\"") ==
      "file0:3: nodes[0].alais: found no such key; allowed: name, alias; did you mean \"alias\"?");
  CHECK(error_after("\"capacity_msat\"", "\"capacity\"") ==
        "file0:6: channels[0].capacity: found no such key; allowed: id, node1, node2, "
        "capacity_msat, node1_balance_msat, node1_policy, node2_policy");
  CHECK(error_after("\"is_disabled\"", "\"disabled\"")
            .starts_with("file0:8: channels[0].node1_policy.disabled: found no such key"));
  CHECK(error_after("\"b\"}]", "\"a\"}]") ==
        "file0:4: nodes[1].name: found \"a\" for the second time; allowed: once");
  CHECK(error_after("\"node1\": \"b\"", "\"node1\": \"c\"") ==
        "file0:6: channels[0].node1: found \"c\"; allowed: the name of a node in the file");
  CHECK(error_after("\"node1\": \"b\"", "\"node1\": \"a\"") ==
        "file0:6: channels[0].node2: found the same node as in node1; allowed: another node");
  CHECK(error_after("\"node1\": \"b\", ", "") ==
        "file0:6: channels[0].node1: found nothing; allowed: the name of a node");
  CHECK(error_after("\"id\": 1", "\"id\": 0") ==
        "file0:9: channels[1].id: found \"0\", which channels[0] has too; allowed: every id once");
  CHECK(error_after("\"node1_balance_msat\": 7", "\"node1_balance_msat\": 5001") ==
        "file0:6: channels[0].node1_balance_msat: found 5001; allowed: up to the capacity of 5000 "
        "msat");
  CHECK(error_after("\"capacity_msat\": 5000, ", "") ==
        "file0:6: channels[0].capacity_msat: found nothing beside a balance; allowed: both");
  CHECK(error_after("\"version\": 1", "\"version\": 2") ==
        "file0:1: version: found 2; allowed: an integer from 1 to 1");
  CHECK(error_after("\"version\": 1,", "") == "file0:1: version: found nothing; allowed: 1");
  CHECK(error_after("\"ampsim\"", "\"other\"") ==
        "file0:1: format: found another format; allowed: \"ampsim\"");
  CHECK(error_after("true", "1") ==
        "file0:8: channels[0].node1_policy.is_disabled: found 1; allowed: true or false");
  CHECK(error_after("\"node2_policy\": {", "\"node2_policy\": [{") ==
        "file0:9: channels[1].node2_policy: found [; allowed: an object");
}

TEST_CASE("ampsim_network: a file that is cut or damaged anywhere is read or refused") {
  for (std::size_t length = 0; length + 1 < kNetwork.size(); ++length) {
    CAPTURE(length);
    CHECK(reading_error("ampsim", {kNetwork.substr(0, length)}).starts_with("file0:"));
  }
  Rng rng(1, "damage");
  for (int i = 0; i < 3000; ++i) {
    CAPTURE(i);
    std::string text = kNetwork;
    for (std::uint64_t changes = 1 + rng.below(3); changes > 0; --changes) {
      text[rng.below(text.size())] = "\"{}[]:,0-9e\\ \xff"[rng.below(15)];
    }
    try {
      const Topology topology = read_texts("ampsim", {text});
      CHECK(validate(topology).empty());
    } catch (const InputError& error) {
      CHECK(std::string(error.what()).starts_with("file0:"));
    }
  }
}
