#include <algorithm>
#include <ios>
#include <ostream>
#include <sstream>
#include <stdexcept>
#include <streambuf>

#include <doctest/doctest.h>

#include "core/check.hpp"
#include "core/random.hpp"
#include "tests/temporary_folder.hpp"
#include "tests/topology_files.hpp"
#include "topologies/exporters/channel_columns.hpp"
#include "topologies/exporters/gzip.hpp"
#include "topologies/exporters/text.hpp"
#include "topologies/importers/file_content.hpp"
#include "topologies/short_channel_id.hpp"
#include "topologies/source.hpp"
#include "topologies/target.hpp"

using namespace ampsim;
using namespace ampsim::topo;
using namespace ampsim::test;

namespace {

/// Ann and Bob with a channel that is known in full.
Topology two_nodes() {
  Topology topology;
  topology.nodes = {{.name = "02aa", .alias = "Ann & Co"}, {.name = "03bb"}};
  topology.channels.push_back({.id = "769658139443200000",
                               .ends = {NodeId{0}, NodeId{1}},
                               .capacity = Msat{5'000'000},
                               .balance_0 = Msat{1'000'000}});
  topology.channels[0].policy = {
      ForwardingPolicy{.fee_base = {1000},
                       .fee_proportional = {7},
                       .cltv_expiry_delta = {80},
                       .htlc_minimum = {1},
                       .htlc_maximum = {4'000'000}},
      ForwardingPolicy{.htlc_maximum = {5'000'000}, .is_disabled = true}};
  return topology;
}

std::vector<std::string> written_as(const std::string& format) {
  return written(two_nodes(), exporter_called(format));
}

}  // namespace

TEST_CASE("exporters: our own format holds what is known and nothing else") {
  CHECK(written_as("ampsim")[0] ==
        "{\"format\":\"ampsim\",\"version\":1,\n\"nodes\":[\n"
        "{\"name\":\"02aa\",\"alias\":\"Ann & Co\"},\n{\"name\":\"03bb\"}\n],\n\"channels\":[\n"
        "{\"id\":\"769658139443200000\",\"node1\":\"02aa\",\"node2\":\"03bb\","
        "\"capacity_msat\":5000000,\"node1_balance_msat\":1000000,"
        "\"node1_policy\":{\"fee_base_msat\":1000,\"fee_proportional_ppm\":7,"
        "\"cltv_expiry_delta_blocks\":80,\"htlc_minimum_msat\":1,\"htlc_maximum_msat\":4000000},"
        "\"node2_policy\":{\"fee_base_msat\":0,\"fee_proportional_ppm\":0,"
        "\"cltv_expiry_delta_blocks\":0,\"htlc_minimum_msat\":0,\"htlc_maximum_msat\":5000000,"
        "\"is_disabled\":true}}\n]}\n");
  Topology bare = two_nodes();
  bare.channels[0] = {.id = "x", .ends = {NodeId{1}, NodeId{0}}};
  CHECK(written(bare, exporter_called("ampsim"))[0].find(
            "\n{\"id\":\"x\",\"node1\":\"03bb\",\"node2\":\"02aa\"}\n") != std::string::npos);
}

TEST_CASE("exporters: describegraph and listchannels say it in the words of lnd and CLN") {
  CHECK(written_as("lnd")[0] ==
        "{\"nodes\":[\n{\"pub_key\":\"02aa\",\"alias\":\"Ann & Co\"},\n"
        "{\"pub_key\":\"03bb\",\"alias\":\"\"}\n],\"edges\":[\n"
        "{\"channel_id\":\"769658139443200000\",\"node1_pub\":\"02aa\",\"node2_pub\":\"03bb\","
        "\"capacity\":\"5000\",\"node1_policy\":{\"time_lock_delta\":80,\"min_htlc\":\"1\","
        "\"fee_base_msat\":\"1000\",\"fee_rate_milli_msat\":\"7\",\"disabled\":false,"
        "\"max_htlc_msat\":\"4000000\"},\"node2_policy\":{\"time_lock_delta\":0,\"min_htlc\":\"0\","
        "\"fee_base_msat\":\"0\",\"fee_rate_milli_msat\":\"0\",\"disabled\":true,"
        "\"max_htlc_msat\":\"5000000\"}}\n]}\n");
  const std::vector<std::string> cln = written_as("cln");
  CHECK(cln[0].starts_with(
      "{\"channels\":[\n{\"source\":\"02aa\",\"destination\":\"03bb\","
      "\"short_channel_id\":\"700000x0x0\",\"direction\":0,\"public\":true,"
      "\"amount_msat\":5000000,\"message_flags\":1,\"channel_flags\":0,\"active\":true,"));
  CHECK(cln[0].find("\"direction\":1,\"public\":true,\"amount_msat\":5000000,\"message_flags\":1,"
                    "\"channel_flags\":3,\"active\":false") != std::string::npos);
  CHECK(cln[1] ==
        "{\"nodes\":[\n{\"nodeid\":\"02aa\",\"alias\":\"Ann & Co\"},\n"
        "{\"nodeid\":\"03bb\",\"alias\":\"\"}\n]}\n");
}

TEST_CASE("exporters: CLoTH gets numbers and a minimum that no payment reaches") {
  const std::vector<std::string> cloth = written_as("cloth");
  CHECK(cloth[0] == "id\n0\n1\n");
  CHECK(cloth[1] == "id,edge1_id,edge2_id,node1_id,node2_id,capacity\n0,0,1,0,1,5000000\n");
  CHECK(cloth[2] ==
        "id,channel_id,counter_edge_id,from_node_id,to_node_id,balance,fee_base,fee_proportional,"
        "min_htlc,timelock\n0,0,1,0,1,1000000,1000,7,1,80\n1,0,0,1,0,4000000,0,0,5000001,0\n");
}

TEST_CASE("exporters: an edge list and GraphML have the columns that are needed") {
  CHECK(written_as("csv")[0] ==
        "id,node1,node2,node1_alias,node2_alias,capacity_msat,node1_balance_msat,"
        "node1_fee_base_msat,node1_fee_proportional_ppm,node1_cltv_expiry_delta_blocks,"
        "node1_htlc_minimum_msat,node1_htlc_maximum_msat,node1_is_disabled,node2_fee_base_msat,"
        "node2_fee_proportional_ppm,node2_cltv_expiry_delta_blocks,node2_htlc_minimum_msat,"
        "node2_htlc_maximum_msat,node2_is_disabled\n"
        "769658139443200000,02aa,03bb,Ann & Co,,5000000,1000000,1000,7,80,1,4000000,false,"
        "0,0,0,0,5000000,true\n");
  Topology bare = two_nodes();
  bare.nodes[0].alias.clear();
  bare.channels[0] = {.id = "x", .ends = {NodeId{1}, NodeId{0}}};
  CHECK(written(bare, exporter_called("csv"))[0] == "id,node1,node2\nx,03bb,02aa\n");
  CHECK(channel_columns(bare).empty());
  CHECK(written(bare, exporter_called("graphml"))[0] ==
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
        "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n"
        "<key id=\"node1\" for=\"edge\" attr.name=\"node1\" attr.type=\"string\"/>\n"
        "<graph edgedefault=\"undirected\">\n<node id=\"02aa\"/>\n<node id=\"03bb\"/>\n"
        "<edge id=\"x\" source=\"03bb\" target=\"02aa\"><data key=\"node1\">03bb</data></edge>\n"
        "</graph>\n</graphml>\n");
}

TEST_CASE("exporters: sim-ln may send nothing in a direction that is disabled") {
  const std::string text = written_as("sim_ln")[0];
  CHECK(text.find("\"max_htlc_count\":483,\"max_in_flight_msat\":5000000") != std::string::npos);
  CHECK(text.find("\"max_htlc_count\":0,\"max_in_flight_msat\":0") != std::string::npos);
}

TEST_CASE("exporters: what a format needs must be there") {
  Topology bare = two_nodes();
  bare.channels[0] = {.id = "1", .ends = {NodeId{1}, NodeId{0}}};
  for (const char* format : {"lnd", "cln", "sim_ln", "cloth"}) {
    CAPTURE(format);
    CHECK_THROWS_AS(written(bare, exporter_called(format)), InvariantError);
  }
}

TEST_CASE("exporters: a name that is none is named with the nearest") {
  CHECK(exporter_named("cln", "--to").name == "cln");
  try {
    exporter_named("graphlm", "--to");
    FAIL("accepted");
  } catch (const InputError& error) {
    CHECK(std::string(error.what()) ==
          "--to: found \"graphlm\"; allowed: ampsim, lnd, cln, sim_ln, cloth, graphml, csv; did "
          "you mean \"graphml\"?");
  }
}

TEST_CASE("exporters: short channel ids have two spellings") {
  CHECK(short_channel_id("700000x0x0") == 769'658'139'443'200'000U);
  CHECK(in_three_parts(769'658'139'443'200'000U) == "700000x0x0");
  CHECK(short_channel_id("0") == 0U);
  CHECK(short_channel_id("8388607x16777215x65535") == 9'223'372'036'854'775'807U);
  CHECK(in_three_parts(9'223'372'036'854'775'807U) == "8388607x16777215x65535");
  for (const char* id : {"", "x", "1x2", "1x2x3x4", "1x2x65536", "8388608x0x0", "01x0x0", "007",
                         "-1", "9223372036854775808", "1 ", "a", "1x0x"}) {
    CAPTURE(id);
    CHECK_FALSE(short_channel_id(id));
  }
  Topology topology = two_nodes();
  topology.channels.push_back(topology.channels[0]);
  topology.channels[1].id = "700000x0x1";
  CHECK(short_channel_ids(topology).ids[1] == 769'658'139'443'200'001U);
  CHECK_FALSE(short_channel_ids(topology).are_numbered);
  topology.channels[1].id = "700000x0x0";
  CHECK(short_channel_ids(topology).are_numbered);
  CHECK(short_channel_ids(topology).ids == std::vector<std::uint64_t>{0, 1});
}

TEST_CASE("exporters: texts are quoted as JSON and XML want them") {
  CHECK(json_text("plain") == "\"plain\"");
  CHECK(json_text("a\"\\\n\x01") == "\"a\\\"\\\\\\n\\u0001\"");
  CHECK(json_text("\xff") == "\"\ufffd\"");
  CHECK(xml_text("<a & \"b\">\t\n\r") == "&lt;a &amp; &quot;b&quot;&gt;&#9;&#10;&#13;");
  CHECK(xml_text("bell\x07") == "bell\ufffd");
  CHECK(has_control_characters("\x1f"));
  CHECK_FALSE(has_control_characters("\t\n\r\u26a1"));
}

TEST_CASE("exporters: a stream that cannot be written to ends the writing") {
  class Full : public std::streambuf {
   public:
    explicit Full(std::streamsize room) : room_(room) {}

   protected:
    std::streamsize xsputn(const char* /*bytes*/, std::streamsize count) override {
      room_ -= count;
      if (room_ < 0) throw std::runtime_error("full");
      return count;
    }

   private:
    std::streamsize room_;
  };
  const Topology topology = make_network({.generator = "ring", .nodes = 3000}, {}, 1);
  for (const Exporter& exporter : exporters()) {
    CAPTURE(exporter.name);
    // In the first block, and at the end.
    for (const std::streamsize room : {0, 290'000}) {
      Full full(exporter.name == "cloth" ? 0 : room);
      std::ostream stream(&full);
      stream.exceptions(std::ios::badbit);
      const std::vector<std::ostream*> out(std::max<std::size_t>(1, exporter.files.size()),
                                           &stream);
      CHECK_THROWS_AS(exporter.write(topology, out), std::runtime_error);
    }
  }
}

TEST_CASE("exporters: a gzip holds what was written and is the same each time") {
  const TemporaryFolder folder;
  Rng rng(1, "text");
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += static_cast<char>('a' + rng.below(20));
  const auto compressed = [&] {
    std::ostringstream out;
    GzipBuffer gzip(out);
    std::ostream stream(&gzip);
    stream << text.substr(0, 1) << text[1];
    stream.put(text[2]);
    stream << text.substr(3);
    gzip.finish();
    return out.str();
  };
  const std::string gz = compressed();
  CHECK(gz.size() < text.size());
  CHECK(gz == compressed());
  CHECK(file_content(folder.write("text.gz", gz).string()).text() == text);
}
