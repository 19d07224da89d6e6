#include <doctest/doctest.h>

#include "core/check.hpp"
#include "tests/topology_files.hpp"

using namespace ampsim;
using namespace ampsim::topo;
using namespace ampsim::test;

namespace {

std::vector<std::string> lines(const std::string& text) {
  return lines_of(read_texts("csv", {text}));
}
std::string error_of(const std::string& text) { return reading_error("csv", {text}); }

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("edge_list: two columns are a network of which all else is open") {
  CHECK(lines("source,target\nb,a\na,c\n") ==
        Lines{"node b ()", "node a ()", "node c ()",
              "channel 0: b - a, capacity -, balance -; -; -",
              "channel 1: a - c, capacity -, balance -; -; -"});
  for (const char* header : {"node1,node2", "node1_pub,node2_pub", "From,To", "u,v", "v,x,u"}) {
    CAPTURE(header);
    const std::string text =
        std::string(header) + "\n1,2" + (header[1] == ',' && header[0] == 'v' ? ",3\n" : "\n");
    CHECK(importer_called("csv").recognises(text));
    CHECK(read_texts("csv", {text}).channels.size() == 1);
  }
  CHECK_FALSE(importer_called("csv").recognises("source,destination,amount_msat,start_ms\n"));
  CHECK_FALSE(importer_called("csv").recognises("source;target\n1;2\n"));
  CHECK_FALSE(importer_called("csv").recognises(""));
}

TEST_CASE("edge_list: what is said of both ends gives way to what is said of one") {
  CHECK(lines("weight,node1,node2,capacity,fee_rate_ppm,node2_base_fee,fee_base_msat,delay,"
              "min_htlc,disabled\n"
              "0.5,a,b,5,100,7,9,40,1,False\n") ==
        Lines{"node a ()", "node b ()",
              "channel 0: a - b, capacity 5000, balance -; 9+100ppm 40blocks [1, 5000] missing 0; "
              "7+100ppm 40blocks [1, 5000] missing 0"});
  // What a policy does not say stays open.
  CHECK(lines("id,source,target,fee_rate\nx,a,b,3\ny,b,c,\n") ==
        Lines{"node a ()", "node b ()", "node c ()",
              "channel x: a - b, capacity -, balance -; 0+3ppm 0blocks [0, 9223372036854775807] "
              "missing 13; 0+3ppm 0blocks [0, 9223372036854775807] missing 13",
              "channel y: b - c, capacity -, balance -; -; -"});
}

TEST_CASE("edge_list: numbers may be floats that are whole and gaps may be empty or nan") {
  CHECK(lines("source,target,capacity_sat,source_balance_sat,cltv_delta\n"
              "1,2,5000.0,20.0,nan\n1,3,,,1.44e2\n") ==
        Lines{"node 1 ()", "node 2 ()", "node 3 ()",
              "channel 0: 1 - 2, capacity 5000000, balance 20000; -; -",
              "channel 1: 1 - 3, capacity -, balance -; 0+0ppm 144blocks [0, "
              "9223372036854775807] missing 11; 0+0ppm 144blocks [0, 9223372036854775807] "
              "missing 11"});
}

TEST_CASE("edge_list: a balance may be given at either end or at both") {
  const auto balance = [](const std::string& columns, const std::string& values) {
    const std::string line = lines("node1,node2," + columns + "\na,b," + values + "\n").back();
    return line.substr(line.find("capacity"), line.find(';') - line.find("capacity"));
  };
  CHECK(balance("capacity_msat,node1_balance_msat", "10,3") == "capacity 10, balance 3");
  CHECK(balance("capacity_msat,node2_balance_msat", "10,3") == "capacity 10, balance 7");
  CHECK(balance("node1_balance_msat,node2_balance_msat", "4,3") == "capacity 7, balance 4");
  CHECK(error_of("node1,node2,node1_balance_msat\na,b,4\n") ==
        "file0:2: node1_balance_msat: found 4 without a capacity; allowed: both");
  CHECK(error_of("node1,node2,capacity_msat,node1_balance_msat\na,b,4,5\n") ==
        "file0:2: node1_balance_msat: found 5; allowed: up to the capacity of 4 msat");
  CHECK(error_of("node1,node2,capacity_msat,node1_balance_msat,node2_balance_msat\na,b,9,5,5\n") ==
        "file0:2: node2_balance_msat: found 5; allowed: 4, which is what the other balance leaves "
        "of the capacity of 9 msat");
  CHECK(error_of("node1,node2,capacity_msat,balance_msat\na,b,9,5\n") ==
        "file0:1: balance_msat: found without its node; allowed: node1_balance_msat, "
        "node2_balance_msat");
}

TEST_CASE("edge_list: a balance without a unit is no neighbour of a capacity in sat") {
  CHECK(error_of("node1,node2,capacity,node1_balance\na,b,9,5\n") ==
        "file0:1: node1_balance: found without a unit beside capacity, which is in sat; allowed: "
        "node1_balance_sat, node1_balance_msat");
  CHECK(error_of("node1,node2,Node2_Balance,satoshis\na,b,9,5\n") ==
        "file0:1: satoshis: found, in sat, beside Node2_Balance, which has no unit; allowed: "
        "Node2_Balance_sat, Node2_Balance_msat");
  const auto capacity_of = [](const std::string& text) {
    return lines(text).back().substr(0, lines(text).back().find(';'));
  };
  for (const std::string columns : {"capacity,node1_balance_msat", "capacity,node1_balance_sat",
                                    "capacity_msat,node1_balance", "node1_balance,node2_balance"}) {
    CAPTURE(columns);
    CHECK(error_of("node1,node2," + columns + "\na,b,5000,5000\n") == "accepted");
  }
  CHECK(capacity_of("node1,node2,node1_balance,node2_balance\na,b,4,3\n") ==
        "channel 0: a - b, capacity 7, balance 4");
}

TEST_CASE("edge_list: aliases belong to nodes") {
  CHECK(lines("node1,node2,node1_alias,node2_alias\na,b,Ann,\nb,a,\"Bob, B\",Ann\n")[1] ==
        "node b (Bob, B)");
  CHECK(error_of("node1,node2,node1_alias\na,b,Ann\na,c,Anna\n") ==
        "file0:3: node1_alias: found \"Anna\"; allowed: \"Ann\", as in a line before");
}

TEST_CASE("edge_list: what is wrong is named by line and column and nearest name") {
  CHECK(error_of("source,target,capcity_sat\n1,2,3\n") ==
        "file0:1: capcity_sat: found no part of a channel; did you mean \"capacity_sat\"?");
  CHECK(error_of("source,target,capacity,capacity_sat\n1,2,3,3\n") ==
        "file0:1: capacity_sat: found beside capacity, which says the same; allowed: one of them");
  CHECK(error_of("source,tarGet,capacity\n1,1,3\n") ==
        "file0:2: tarGet: found \"1\"; allowed: another node than source");
  CHECK(error_of("source,target,capacity\n1,2,3\n1,,3\n") ==
        "file0:3: target: found \"\"; allowed: the name of a node");
  CHECK(error_of("source,target,capacity\n1,2,-3\n") ==
        "file0:2: capacity: found \"-3\"; allowed: an integer from 1 to 2100000000000000");
  CHECK(error_of("source,target,capacity\n1,2,3.5\n").starts_with("file0:2: capacity: found"));
  CHECK(error_of("source,target,disabled\n1,2,no\n") ==
        "file0:2: disabled: found \"no\"; allowed: true or false");
  CHECK(error_of("source,target,id\n1,2,x\n1,2,y\n2,3,x\n") ==
        "file0:4: id: found \"x\", which line 2 has too; allowed: every id once");
  CHECK(error_of("source,target,capacity\n1,2\n") ==
        "file0:2: found 2 fields; allowed: 3, as many as the header has");
  CHECK(error_of("source,node2\n1,2\n") ==
        "file0:1: found no columns for the two ends of a channel; allowed: node1 and node2, or "
        "source and target");
  CHECK(error_of("source,target\n1,\xff\n") ==
        "file0:2: found bytes that are no UTF-8; allowed: UTF-8");
}
