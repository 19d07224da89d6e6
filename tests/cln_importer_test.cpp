#include <algorithm>
#include <filesystem>

#include <doctest/doctest.h>

#include "core/check.hpp"
#include "tests/printing.hpp"
#include "tests/temporary_folder.hpp"
#include "tests/topology_files.hpp"

using namespace ampsim;
using namespace ampsim::topo;
using namespace ampsim::test;

namespace {

const std::string kChannels = R"({"channels": [
 {"source": "02b", "destination": "02a", "short_channel_id": "1x2x3", "direction": 1,
  "amount_msat": 5001, "active": true, "base_fee_millisatoshi": 10, "fee_per_millionth": 7,
  "delay": 34, "htlc_minimum_msat": 1, "htlc_maximum_msat": 4000},
 {"source": "02a", "destination": "02b", "short_channel_id": "1x2x3", "direction": 0,
  "amount_msat": 5001, "active": false, "base_fee_millisatoshi": 1000, "fee_per_millionth": 1,
  "delay": 144, "htlc_minimum_msat": 0, "htlc_maximum_msat": 9000},
 {"source": "02c", "destination": "02a", "short_channel_id": "1x2x4",
  "satoshis": 3, "active": true, "base_fee_millisatoshi": 0, "fee_per_millionth": 0,
  "delay": 6, "htlc_minimum_msat": "0msat"}
]})";
const std::string kNodes = R"({"nodes": [
 {"nodeid": "02d", "alias": "Dan"}, {"nodeid": "02a"}, {"nodeid": "02b", "alias": "Bob"}
]})";

std::string error_after(std::string_view from, std::string_view to) {
  return reading_error("cln", {with(kChannels, from, to)});
}

}  // namespace

TEST_CASE("cln_importer: two directions are one channel and one that is not listed is disabled") {
  const Topology topology = read_texts("cln", {kChannels});
  CHECK(validate(topology).empty());
  CHECK(lines_of(topology) ==
        std::vector<std::string>{
            "node 02b ()", "node 02a ()", "node 02c ()",
            "channel 1x2x3: 02a - 02b, capacity 5001, balance -; 1000+1ppm 144blocks [0, 5001] "
            "disabled missing 0; 10+7ppm 34blocks [1, 4000] missing 0",
            "channel 1x2x4: 02a - 02c, capacity 3000, balance -; 0+0ppm 0blocks [0, 3000] disabled "
            "missing 0; 0+0ppm 6blocks [0, 3000] missing 0"});
}

TEST_CASE("cln_importer: listnodes gives names and nodes without channels in any order of files") {
  const std::vector<std::string> expected{"node 02d (Dan)", "node 02a ()", "node 02b (Bob)",
                                          "node 02c ()"};
  for (const bool nodes_first : {false, true}) {
    const Topology topology = nodes_first ? read_texts("cln", {kNodes, kChannels})
                                          : read_texts("cln", {kChannels, kNodes});
    std::vector<std::string> lines = lines_of(topology);
    lines.resize(4);
    CHECK(lines == expected);
    CHECK(topology.channels.size() == 2);
  }
}

TEST_CASE("cln_importer: files of several networks are told apart") {
  const TemporaryFolder folder;
  const std::string channels = folder.write("channels.json", kChannels).string();
  const std::string nodes = folder.write("nodes.json", kNodes).string();
  const auto counts = [](const std::vector<std::string>& files) {
    std::vector<std::size_t> nodes_of;
    for (const Imported& imported : import_networks(files)) {
      nodes_of.push_back(imported.topology.nodes.size());
    }
    return nodes_of;
  };
  using Counts = std::vector<std::size_t>;
  CHECK(counts({channels}) == Counts{3});
  CHECK(counts({channels, nodes}) == Counts{4});
  CHECK(counts({nodes, channels}) == Counts{4});
  CHECK(counts({channels, channels, nodes}) == Counts{3, 4});
  CHECK(counts({nodes, channels, nodes, channels}) == Counts{4, 4});
  const std::string lnd = folder.write("lnd.json", R"({"nodes": [], "edges": []})").string();
  CHECK(counts({channels, lnd, channels, nodes}) == Counts{3, 0, 4});
  CHECK_THROWS_WITH_AS(
      import_files({nodes}),
      (nodes + ": found listnodes alone; allowed: listchannels, and listnodes beside it").c_str(),
      InputError);
  CHECK(importer_of_file(channels)->name == "cln");
  CHECK(importer_of_file(nodes)->name == "cln");
}

TEST_CASE("cln_importer: what is wrong is named by file and line and path") {
  CHECK(error_after("\"source\": \"02b\"", "\"source\": \"02x\"") ==
        "file0:5: channels[1].source: found other ends, or another direction, than channels[0] has "
        "for \"1x2x3\"; allowed: the same");
  CHECK(error_after("\"direction\": 0", "\"direction\": 1") ==
        "file0:5: channels[1].source: found other ends, or another direction, than channels[0] has "
        "for \"1x2x3\"; allowed: the same");
  const std::string twice = with(with(kChannels, "\"source\": \"02a\", \"destination\": \"02b\"",
                                      "\"source\": \"02b\", \"destination\": \"02a\""),
                                 "\"direction\": 0", "\"direction\": 1");
  CHECK(reading_error("cln", {twice}) ==
        "file0:5: channels[1].direction: found 1 of \"1x2x3\" for the second time; allowed: once");
  CHECK(error_after("5001, \"active\": false", "5002, \"active\": false") ==
        "file0:5: channels[1].amount_msat: found 5002; allowed: 5001, as channels[0] has it");
  CHECK(error_after("\"satoshis\": 3, ", "") ==
        "file0:8: channels[2].amount_msat: found nothing; allowed: an amount in msat");
  CHECK(error_after("\"delay\": 6,", "") ==
        "file0:8: channels[2].delay: found nothing; allowed: a number of blocks");
  CHECK(error_after("\"0msat\"", "\"0sat\"") ==
        "file0:10: channels[2].htlc_minimum_msat: found \"0sat\"; allowed: an integer from 0 to "
        "2100000000000000000");
  CHECK(
      error_after("\"destination\": \"02a\", \"short_channel_id\": \"1x2x4\"",
                  "\"destination\": \"02c\", \"short_channel_id\": \"1x2x4\"") ==
      "file0:8: channels[2].destination: found \"02c\", which is the source too; allowed: another "
      "node");
  CHECK(reading_error("cln", {kChannels, with(kNodes, "\"02b\"", "\"02a\"")}) ==
        "file1:2: nodes[2].nodeid: found \"02a\" for the second time; allowed: once");
  CHECK(reading_error("cln", {kChannels, kChannels}) ==
        "file1:1: found the same list for the second time; allowed: listchannels, and listnodes "
        "beside it");
  CHECK(error_after("\"delay\": 6,", "\"delay\" 6,").find("broken JSON") != std::string::npos);
}

TEST_CASE("cln_importer: the public network of 2026-02-03 is that of describegraph") {
  const std::string folder = AMPSIM_SOURCE_DIR "/../shared/data/ln-2026-02-03/";
  if (!std::filesystem::exists(folder)) {
    MESSAGE("skipped: no " << folder);
    return;
  }
  const Topology cln = import_file(folder + "listchannels.json.gz");
  CHECK(cln.nodes.size() == 17'324);
  CHECK(cln.channels.size() == 50'808);
  CHECK(validate(cln).empty());
  // The same channels, when describegraph's are spelled as Core Lightning does and nodes come in
  // the order in which channels name them.
  const Topology lnd = import_file(folder + "describegraph.json.gz");
  const Topology same = read_texts("cln", {written(lnd, exporter_called("cln"))[0]});
  std::vector<std::string> ours = lines_of(cln);
  std::vector<std::string> theirs = lines_of(same);
  std::sort(ours.begin(), ours.end());
  std::sort(theirs.begin(), theirs.end());
  CHECK((ours == theirs));
}
