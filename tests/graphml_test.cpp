#include <filesystem>

#include <doctest/doctest.h>

#include "core/check.hpp"
#include "core/random.hpp"
#include "tests/printing.hpp"
#include "tests/topology_files.hpp"

using namespace ampsim;
using namespace ampsim::topo;
using namespace ampsim::test;

namespace {

using Lines = std::vector<std::string>;

/// As networkx writes it, without its name spaces.
std::string graph(const std::string& kind, const std::string& keys, const std::string& elements) {
  return "<?xml version='1.0' encoding='utf-8'?>\n<graphml xmlns=\"http://graphml\">" + keys +
         "\n<graph edgedefault=\"" + kind + "\">\n<node id=\"a\"/>\n<node id=\"b\"/>\n" + elements +
         "\n</graph></graphml>\n";
}
const std::string kKeys =
    "<key id=\"d0\" for=\"edge\" attr.name=\"capacity\" attr.type=\"long\"/>\n"
    "<key id=\"d1\" for=\"edge\" attr.name=\"fee_base_msat\" attr.type=\"long\"/>\n"
    "<key id=\"d2\" for=\"edge\" attr.name=\"balance_msat\" attr.type=\"long\"/>\n"
    "<key id=\"d3\" for=\"edge\" attr.name=\"node1\" attr.type=\"string\"/>\n"
    "<key id=\"d4\" for=\"edge\" attr.name=\"node1_fee_base_msat\" attr.type=\"long\"/>\n"
    "<key id=\"d5\" for=\"edge\" attr.name=\"id\" attr.type=\"string\"/>\n"
    "<key id=\"d6\" for=\"node\" attr.name=\"label\" attr.type=\"string\"/>\n"
    "<key id=\"d7\" for=\"edge\" attr.name=\"cltv_delta\" attr.type=\"long\"><default>40</default>"
    "</key>\n"
    "<key id=\"d8\" for=\"edge\" attr.name=\"colour\" attr.type=\"string\"/>";

std::string edge(const std::string& ends, const std::string& data, const std::string& id = "") {
  return "<edge source=\"" + ends.substr(0, 1) + "\" target=\"" + ends.substr(1) + "\"" +
         (id.empty() ? "" : " id=\"" + id + "\"") + ">" + data + "</edge>\n";
}
std::string data(int key, const std::string& value) {
  return "<data key=\"d" + std::to_string(key) + "\">" + value + "</data>";
}
Lines channels(const std::string& kind, const std::string& elements) {
  Lines lines = lines_of(read_texts("graphml", {graph(kind, kKeys, elements)}));
  return {lines.begin() + 2, lines.end()};
}
std::string error_of(const std::string& kind, const std::string& elements) {
  return reading_error("graphml", {graph(kind, kKeys, elements)});
}

const std::string kOpen = "[0, 9223372036854775807]";

}  // namespace

TEST_CASE("graphml: an undirected edge is a channel and its attributes hold for both ends") {
  CHECK(channels("undirected", edge("ab", data(0, "5") + data(1, "7") + data(8, "red"))) ==
        Lines{"channel 0: a - b, capacity 5000, balance -; 7+0ppm 40blocks [0, 5000] missing 10; "
              "7+0ppm 40blocks [0, 5000] missing 10"});
}

TEST_CASE("graphml: an edge that says which node is its first may be turned round") {
  for (const char* ends : {"ab", "ba"}) {
    CHECK(channels("undirected", edge(ends, data(3, "b") + data(4, "9"))) ==
          Lines{"channel 0: b - a, capacity -, balance -; 9+0ppm 40blocks " + kOpen +
                " missing 10; 0+0ppm 40blocks " + kOpen + " missing 11"});
  }
  // networkx copies an undirected edge into both directions of a directed graph.
  const std::string both = data(0, "5") + data(3, "b") + data(4, "9") + data(5, "x");
  CHECK(channels("directed", edge("ab", both) + edge("ba", both)) ==
        Lines{"channel x: a - b, capacity 5000, balance -; 0+0ppm 40blocks [0, 5000] missing 11; "
              "9+0ppm 40blocks [0, 5000] missing 10"});
}

TEST_CASE("graphml: two opposite directed edges are one channel") {
  CHECK(channels("directed", edge("ab", data(0, "5") + data(1, "7") + data(2, "4000")) +
                                 edge("ab", data(1, "1")) + edge("ba", data(1, "8"))) ==
        Lines{"channel 0: a - b, capacity 5000, balance 4000; 7+0ppm 40blocks [0, 5000] missing "
              "10; 8+0ppm 40blocks [0, 5000] missing 10",
              "channel 1: a - b, capacity -, balance -; 1+0ppm 40blocks " + kOpen +
                  " missing 10; -"});
  // By their ids where they have some.
  const Lines paired = channels("directed", edge("ab", data(5, "x")) + edge("ab", data(5, "y")) +
                                                edge("ba", data(1, "8") + data(5, "y")));
  REQUIRE(paired.size() == 2);
  CHECK(paired[0].ends_with("; -"));
  CHECK(paired[1].starts_with("channel y: a - b"));
  CHECK(paired[1].find("; 8+0ppm") != std::string::npos);
  CHECK(
      error_of("directed", edge("ab", data(0, "5")) + edge("ba", data(0, "6"))) ==
      "file0:15: capacity: found another capacity; allowed: 5000 msat, as in the other direction");
}

TEST_CASE("graphml: ids are those of all edges or numbers") {
  const auto ids = [](const std::string& elements) {
    std::string all;
    for (const Channel& channel :
         read_texts("graphml", {graph("undirected", kKeys, elements)}).channels) {
      all += channel.id + " ";
    }
    return all;
  };
  CHECK(ids(edge("ab", "", "p") + edge("ab", "", "q")) == "p q ");
  // The keys of parallel edges in networkx.
  CHECK(ids(edge("ab", "", "0") + edge("ab", "", "0")) == "0 1 ");
  CHECK(ids(edge("ab", "", "p") + edge("ab", "")) == "0 1 ");
  CHECK(ids(edge("ab", data(5, "x"), "p") + edge("ab", data(5, "y"), "q")) == "x y ");
  CHECK(error_of("undirected", edge("ab", data(5, "x")) + edge("ab", data(5, "x"))) ==
        "file0:15: id: found \"x\" for the second time; allowed: every id once");
}

TEST_CASE("graphml: nodes have names and aliases of any letters") {
  const Topology topology = read_texts(
      "graphml", {graph("undirected", kKeys,
                        "<node id=\"&lt;c&gt;\"><data key=\"d6\"> Ann &amp; \u26a1</data></node>" +
                            edge("ab", ""))});
  CHECK(topology.nodes[2].name == "<c>");
  CHECK(topology.nodes[2].alias == " Ann & \u26a1");
  // A name space with a prefix, and an edge with a direction of its own.
  const std::string prefixed =
      "<g:graphml xmlns:g=\"x\"><g:graph edgedefault=\"directed\"><g:node id=\"a\"/><g:node "
      "id=\"b\"/><g:edge source=\"a\" target=\"b\" directed=\"false\"/><g:edge source=\"b\" "
      "target=\"a\"/></g:graph></g:graphml>";
  CHECK(read_texts("graphml", {prefixed}).channels.size() == 2);
}

TEST_CASE("graphml: what is wrong is named by line and attribute and nearest name") {
  CHECK(error_of("undirected", edge("ax", "")) ==
        "file0:14: target: found \"x\"; allowed: the id of a node");
  CHECK(error_of("undirected", edge("aa", "")) ==
        "file0:14: target: found \"a\", which is the source too; allowed: another node");
  CHECK(error_of("undirected", "<node id=\"a\"/>") ==
        "file0:14: id: found \"a\" for the second time; allowed: once");
  CHECK(error_of("undirected", edge("ab", data(0, "many"))) ==
        "file0:14: capacity: found \"many\"; allowed: an integer from 1 to 2100000000000000");
  CHECK(error_of("undirected", edge("ab", data(2, "1"))) ==
        "file0:14: balance_msat: found without its node; allowed: node1_balance_msat, "
        "node2_balance_msat");
  CHECK(reading_error("graphml", {graph("directed",
                                        "<key id=\"d0\" for=\"edge\" attr.name=\"capacity\"/>\n"
                                        "<key id=\"d1\" for=\"edge\" attr.name=\"balance\"/>",
                                        edge("ab", data(0, "5") + data(1, "5")))}) ==
        "file0:3: balance: found without a unit beside capacity, which is in sat; allowed: "
        "balance_sat, balance_msat");
  CHECK(error_of("undirected", edge("ab", data(3, "c"))) ==
        "file0:14: node1: found \"c\"; allowed: the id of a node");
  CHECK(error_of("undirected", edge("ab", data(11, "1"))) ==
        "file0:14: key: found \"d11\"; allowed: the id of a key of this file");
  CHECK(error_of("undirected", "<hyperedge/>") ==
        "file0:14: found a hyperedge; allowed: edges between two nodes");
  CHECK(reading_error(
            "graphml",
            {graph("undirected", "<key id=\"d\" for=\"edge\" attr.name=\"capacty\"/>", "")}) ==
        "file0:2: capacty: found no part of a channel; did you mean \"capacity\"?");
  CHECK(
      reading_error("graphml", {"<graphml>\n<graph>"}).starts_with("file0:2: found broken XML ("));
  CHECK(reading_error("graphml", {"<svg/>"}) == "file0:1: found no element graphml; allowed: one");
  CHECK(reading_error("graphml", {"<graphml/>"}) ==
        "file0:1: found no element graph; allowed: one");
  CHECK_FALSE(importer_called("graphml").recognises("<svg/>"));
}

TEST_CASE("graphml: a file that is cut or damaged anywhere is read or refused") {
  const std::string whole = graph("directed", kKeys, edge("ab", data(0, "5") + data(1, "7")));
  Rng rng(1, "damage");
  for (int i = 0; i < 3000; ++i) {
    CAPTURE(i);
    std::string text = whole.substr(0, rng.chance(0.2) ? rng.below(whole.size()) : whole.size());
    for (std::uint64_t changes = rng.below(4); changes > 0 && !text.empty(); --changes) {
      text[rng.below(text.size())] = "<>\"&;/= 05d\xff"[rng.below(12)];
    }
    try {
      const Topology topology = read_texts("graphml", {text});
      CHECK(validate(topology).empty());
    } catch (const InputError& error) {
      CHECK(std::string(error.what()).starts_with("file0:"));
    }
  }
}

TEST_CASE("graphml: a graph of networkx with ten nodes") {
  const std::string file = AMPSIM_SOURCE_DIR "/../shared/data/formats/networkx-10-nodes.graphml";
  if (!std::filesystem::exists(file)) {
    MESSAGE("skipped: no " << file);
    return;
  }
  const Topology topology = import_file(file);
  CHECK(topology.nodes.size() == 10);
  CHECK(topology.channels.size() == 16);
  CHECK(validate(topology).empty());
  Msat total;
  for (const Channel& channel : topology.channels) total += *channel.capacity;
  CHECK(total == Msat::from_sat(25'100'000));
  const Channel& first = topology.channels[0];
  CHECK(first.policy[0]->fee_proportional == Ppm{500});
  CHECK(first.policy[0]->cltv_expiry_delta == BlockDelta{40});
  CHECK((first.policy[0] == first.policy[1]));
  CHECK(first.missing[0] == kHtlcMinimum);
}
