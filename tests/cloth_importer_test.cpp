#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/check.hpp"
#include "tests/printing.hpp"
#include "tests/temporary_folder.hpp"
#include "topologies/source.hpp"

using namespace ampsim;
using namespace ampsim::topo;

namespace {

// Two channels between nodes 0, 1 and 7; ids need not be dense.
const std::string kNodes = "id\n0\n1\n7\n";
const std::string kChannels =
    "id,edge1_id,edge2_id,node1_id,node2_id,capacity\n"
    "0,0,1,0,1,10000\n"
    "5,3,2,7,1,500000\n";
const std::string kEdges =
    "id,channel_id,counter_edge_id,from_node_id,to_node_id,balance,fee_base,fee_proportional,"
    "min_htlc,timelock\n"
    "0,0,1,0,1,4000,1000,1,1000,144\n"
    "1,0,0,1,0,6000,0,100000000,0,0\n"
    "2,5,3,1,7,500000,5000000,2,600000,40\n"
    "3,5,2,7,1,0,7,3,1,41\n";

const Importer& cloth() {
  for (const Importer& importer : importers()) {
    if (importer.name == "cloth") return importer;
  }
  throw InvariantError("no importer of that name");
}

Topology read(const std::string& nodes, const std::string& channels, const std::string& edges) {
  const std::array<FileText, 3> files{
      {{edges, "edges.csv"}, {nodes, "nodes.csv"}, {channels, "channels.csv"}}};
  return cloth().read_files(files);
}

std::string changed(std::string text, const std::string& from, const std::string& to) {
  const std::size_t place = text.find(from);
  REQUIRE(place != std::string::npos);
  return text.replace(place, from.size(), to);
}

template <class Action>
std::string error_of(Action action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}
std::string edges_error(const std::string& from, const std::string& to) {
  return error_of([&] { read(kNodes, kChannels, changed(kEdges, from, to)); });
}
std::string channels_error(const std::string& from, const std::string& to) {
  return error_of([&] { read(kNodes, changed(kChannels, from, to), kEdges); });
}

}  // namespace

TEST_CASE("cloth_importer: three files are one network, with its balances") {
  const Topology topology = read(kNodes, kChannels, kEdges);
  CHECK(validate(topology).empty());
  REQUIRE(topology.nodes.size() == 3);
  CHECK(topology.nodes[2].name == "7");
  REQUIRE(topology.channels.size() == 2);
  const Channel& first = topology.channels[0];
  CHECK(first.id == "0");
  CHECK((first.ends == std::array{NodeId{0}, NodeId{1}}));
  CHECK(*first.capacity == Msat{10'000});
  CHECK(*first.balance_0 == Msat{4000});
  const ForwardingPolicy forward{.fee_base = {1000},
                                 .fee_proportional = {1},
                                 .cltv_expiry_delta = {144},
                                 .htlc_minimum = {1000},
                                 .htlc_maximum = {10'000}};
  CHECK((*first.policy[0] == forward));
  CHECK(first.policy[1]->fee_proportional == Ppm{100'000'000});

  const Channel& second = topology.channels[1];
  CHECK(second.id == "5");
  CHECK((second.ends == std::array{NodeId{2}, NodeId{1}}));
  CHECK(*second.balance_0 == Msat{0});
  CHECK(second.policy[0]->cltv_expiry_delta == BlockDelta{41});
  // A minimum above the capacity.
  CHECK(second.policy[1]->is_disabled);
  CHECK(second.policy[1]->htlc_minimum == Msat{500'000});
}

TEST_CASE("cloth_importer: files are known by their headers, in any order and to the line end") {
  const auto is_cloth = [](std::string_view content) { return cloth().recognises(content); };
  CHECK(is_cloth(kNodes));
  CHECK(is_cloth("id\r\n0\r\n"));
  CHECK(
      is_cloth("\xef\xbb\xbf"
               "id"));
  CHECK(is_cloth(kChannels));
  CHECK(is_cloth(kEdges));
  CHECK_FALSE(is_cloth("id,sender_id,receiver_id,amount,start_time\n"));
  CHECK_FALSE(is_cloth("source,destination,amount_msat,start_ms\n"));
  CHECK_FALSE(is_cloth(""));
  CHECK_FALSE(is_cloth("{\"id\": 3}"));

  const test::TemporaryFolder folder;
  const std::string nodes = folder.write("a", kNodes).string();
  const std::string channels = folder.write("b", kChannels).string();
  const std::string edges = folder.write("c", kEdges).string();
  std::vector<std::string> files{nodes, channels, edges};
  do {
    CHECK(import_files(files).channels.size() == 2);
    CHECK(make_topology({.files = files}, 1).nodes.size() == 3);
  } while (std::next_permutation(files.begin(), files.end()));
  CHECK(import_networks({edges, nodes, channels, channels, nodes, edges}).size() == 2);

  const std::string all =
      "; allowed: all together (CLoTH's nodes, channels and edges as three CSV files)";
  CHECK(error_of([&] { import_file(nodes); }) ==
        nodes + ": found 1 of the 3 files of a network" + all);
  CHECK(error_of([&] {
          import_files({nodes, edges});
        }) == edges + ": found 2 of the 3 files of a network" + all);
  CHECK(error_of([&] {
          import_files({nodes, edges, nodes});
        }) == nodes +
                  ":1: found nodes for the second time; allowed: one file each of nodes, channels "
                  "and edges");
  CHECK(error_of([&] {
          import_files({nodes, channels, edges, nodes, channels, edges});
        }) == nodes + ": found a second network; allowed: the files of one");
  const std::string lnd = folder.write("d", "{\"nodes\": [], \"edges\": []}").string();
  CHECK(error_of([&] {
          import_files({nodes, lnd, edges});
        }) == nodes + ": found 1 of the 3 files of a network" + all);
  CHECK(error_of([&] {
          import_files({nodes, lnd, edges}, "cloth");
        }) == lnd + ":1: found another header; allowed: that of CLoTH's nodes, channels or edges");
}

TEST_CASE("cloth_importer: other columns, another order, and any line ends are no matter") {
  const Topology topology =
      read("\xef\xbb\xbf\r\nid\r\n0\r\n\r\n1\r\n7",
           "capacity,name,id,edge1_id,edge2_id,node1_id,node2_id\n10000,a b,0,0,1,0,1\n"
           "500000,,5,3,2,7,1\n\n",
           kEdges);
  REQUIRE(topology.channels.size() == 2);
  CHECK(*topology.channels[1].capacity == Msat{500'000});
  CHECK(topology.nodes[2].name == "7");
}

TEST_CASE("cloth_importer: what does not fit together is named by file, line and column") {
  CHECK(error_of([] { read("id\n0\n1\n0\n", kChannels, kEdges); }) ==
        "nodes.csv:4: id: found \"0\"; allowed: every id once");
  CHECK(channels_error("capacity", "size") ==
        "channels.csv:1: capacity: found no such column; the header has "
        "id,edge1_id,edge2_id,node1_id,node2_id,size");
  CHECK(channels_error(",10000", ",0") ==
        "channels.csv:2: capacity: found \"0\"; allowed: an integer from 1 to 2100000000000000000");
  CHECK(channels_error("3,2,7,1", "3,2,8,1") ==
        "channels.csv:3: node1_id: found \"8\"; allowed: the id of a node");
  CHECK(channels_error("3,2,7,1", "3,2,7,7") ==
        "channels.csv:3: node2_id: found \"7\"; allowed: another node than node1_id");
  CHECK(channels_error("3,2,7,1", "3,9,7,1") ==
        "channels.csv:3: edge2_id: found \"9\"; allowed: the id of an edge");
  CHECK(channels_error("5,3,2,7,1,500000\n", "") ==
        "edges.csv:4: channel_id: found \"5\"; allowed: a channel that has this edge");
  CHECK(edges_error("1,0,0,1,0", "1,5,0,1,0") ==
        "edges.csv:3: channel_id: found \"5\"; allowed: 0, as its channel has it");
  CHECK(edges_error("0,0,1,0,1", "0,0,2,0,1") ==
        "edges.csv:2: counter_edge_id: found \"2\"; allowed: 1, as its channel has it");
  CHECK(edges_error("0,0,1,0,1", "0,0,1,1,0") ==
        "edges.csv:2: from_node_id: found \"1\"; allowed: 0, as its channel has it");
  CHECK(edges_error("4000", "3999") ==
        "edges.csv:3: balance: found \"6000\"; allowed: 6001, which is what edge 0 leaves of the "
        "capacity of channel 0");
  CHECK(edges_error("4000", "10001") ==
        "edges.csv:2: balance: found \"10001\"; allowed: an integer from 0 to 10000");
  CHECK(edges_error("144", "1e3") ==
        "edges.csv:2: timelock: found \"1e3\"; allowed: a whole number");
  CHECK(edges_error("4000,", ",") == "edges.csv:2: balance: found \"\"; allowed: a whole number");
  CHECK(edges_error("4000,", "") ==
        "edges.csv:2: found 9 fields; allowed: 10, as many as the header has");
  CHECK(edges_error(",40\n", ",40,5\n") ==
        "edges.csv:4: found 11 fields; allowed: 10, as many as the header has");
  CHECK(edges_error("timelock", "id") == "edges.csv:1: id: found this column twice");
  CHECK(error_of([] { read("id\n0\n1\n\n\n-7\n", kChannels, kEdges); }) ==
        "nodes.csv:6: id: found \"-7\"; allowed: an integer from 0 to 9223372036854775807");
  CHECK(edges_error("144", "65536") ==
        "edges.csv:2: timelock: found \"65536\"; allowed: an integer from 0 to 65535");
}

TEST_CASE("cloth_importer: CLoTH's snapshot of 2020-12-17") {
  const std::string folder = AMPSIM_SOURCE_DIR "/../shared/data/";
  const std::string snapshot = folder + "cloth-2020-12-17/";
  if (!std::filesystem::exists(snapshot)) {
    MESSAGE("skipped: no " << snapshot);
    return;
  }
  const auto total_of = [&](const std::string& edges, Msat& capacity) {
    const Topology topology =
        import_files({snapshot + "nodes_ln.csv", snapshot + "channels_ln.csv", edges});
    CHECK(topology.nodes.size() == 6006);
    CHECK(topology.channels.size() == 30'457);
    CHECK(validate(topology).empty());
    Msat balances;
    for (const Channel& channel : topology.channels) {
      capacity += *channel.capacity;
      balances += *channel.balance_0;
    }
    return balances;
  };
  Msat capacity;
  CHECK(total_of(snapshot + "edges_ln.csv", capacity) == Msat{5'224'685'595'674});
  CHECK(total_of(folder + "workloads/mpp/edges.csv", capacity) == Msat{52'162'345'134'000});
  CHECK(capacity == Msat{104'055'781'879'000} * 2);
}
