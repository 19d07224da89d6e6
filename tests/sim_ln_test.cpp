#include <filesystem>

#include <doctest/doctest.h>

#include "tests/printing.hpp"
#include "tests/topology_files.hpp"

using namespace ampsim;
using namespace ampsim::topo;
using namespace ampsim::test;

namespace {

const std::string kNetwork = R"({"sim_network": [
 {"scid": 336450558164992, "capacity_msat": 2000,
  "node_1": {"pubkey": "02b", "alias": "24", "max_htlc_count": 483, "max_in_flight_msat": 2000,
   "min_htlc_size_msat": 1, "max_htlc_size_msat": 1980, "cltv_expiry_delta": 37,
   "base_fee": 1000, "fee_rate_prop": 1700},
  "node_2": {"pubkey": "02a", "max_htlc_count": 0, "max_in_flight_msat": 2000,
   "min_htlc_size_msat": 1, "max_htlc_size_msat": 1980, "cltv_expiry_delta": 140,
   "base_fee": 2000, "fee_rate_prop": 2500}}
]})";

std::string error_after(std::string_view from, std::string_view to) {
  return reading_error("sim_ln", {with(kNetwork, from, to)});
}

}  // namespace

TEST_CASE("sim_ln: a channel has two ends with their policies") {
  const Topology topology = read_texts("sim_ln", {kNetwork});
  CHECK(validate(topology).empty());
  CHECK(lines_of(topology) ==
        std::vector<std::string>{
            "node 02b (24)", "node 02a ()",
            "channel 336450558164992: 02b - 02a, capacity 2000, balance -; 1000+1700ppm 37blocks "
            "[1, 1980] missing 0; 2000+2500ppm 140blocks [1, 1980] disabled missing 0"});
}

TEST_CASE("sim_ln: whatever may carry nothing is disabled") {
  const auto is_disabled = [](std::string_view from, std::string_view to) {
    return read_texts("sim_ln", {with(kNetwork, from, to)}).channels[0].policy[0]->is_disabled;
  };
  CHECK_FALSE(is_disabled("37", "38"));
  CHECK(is_disabled("\"max_in_flight_msat\": 2000", "\"max_in_flight_msat\": 0"));
  CHECK(is_disabled("\"max_htlc_size_msat\": 1980", "\"max_htlc_size_msat\": 0"));
  CHECK(is_disabled("\"min_htlc_size_msat\": 1,", "\"min_htlc_size_msat\": 1981,"));
}

TEST_CASE("sim_ln: what is wrong is named by line and path") {
  CHECK(error_after("\"02a\"", "\"02b\"") ==
        "file0:2: sim_network[0].node_2.pubkey: found \"02b\", which node_1 has too; allowed: "
        "another node");
  CHECK(error_after("\"base_fee\": 2000, ", "") ==
        "file0:6: sim_network[0].node_2.base_fee: found nothing; allowed: an amount in msat");
  CHECK(error_after("\"pubkey\": \"02a\", ", "") ==
        "file0:6: sim_network[0].node_2.pubkey: found nothing; allowed: a public key");
  CHECK(error_after("\"capacity_msat\": 2000", "\"capacity_msat\": 0") ==
        "file0:2: sim_network[0].capacity_msat: found 0; allowed: an integer from 1 to "
        "2100000000000000000");
  CHECK(error_after("37", "-1") ==
        "file0:4: sim_network[0].node_1.cltv_expiry_delta: found -1; allowed: an integer from 0 to "
        "65535");
  CHECK(error_after("\"sim_network\": [", "\"nodes\": [], \"edges\": [") ==
        "file0:1: sim_network: found nothing; allowed: a list");
  const std::string element = kNetwork.substr(kNetwork.find(" {\"scid"),
                                              kNetwork.rfind(']') - kNetwork.find(" {\"scid") - 1);
  CHECK(error_after("\n]}", ",\n" + element + "\n]}") ==
        "file0:9: sim_network[1].scid: found 336450558164992, which sim_network[0] has too; "
        "allowed: every id once");
}

TEST_CASE("sim_ln: the simulated network of jam-ln") {
  const std::string file = AMPSIM_SOURCE_DIR "/../shared/data/formats/sim-ln-sim_network.json";
  if (!std::filesystem::exists(file)) {
    MESSAGE("skipped: no " << file);
    return;
  }
  const Topology topology = import_file(file);
  CHECK(topology.nodes.size() == 50);
  CHECK(topology.channels.size() == 78);
  CHECK(validate(topology).empty());
  CHECK(topology.channels[0].id == "336450558164992");
  CHECK(topology.nodes[topology.channels[0].ends[0].index].alias == "24");
  CHECK(*topology.channels[0].capacity == Msat{2'000'000'000});
  CHECK(topology.channels[0].policy[1]->fee_proportional == Ppm{2500});
}
