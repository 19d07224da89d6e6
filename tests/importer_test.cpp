#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>

#include "core/check.hpp"
#include "core/random.hpp"
#include "tests/printing.hpp"
#include "tests/topology_files.hpp"
#include "topologies/endowment.hpp"
#include "topologies/importers/file_content.hpp"
#include "topologies/source.hpp"

using namespace ampsim;
using namespace ampsim::topo;
namespace fs = std::filesystem;

namespace {

constexpr std::string_view kTwoNodes = R"({
 "nodes": [
  {"pub_key": "02aa", "alias": "Ann \u26a1", "addresses": [{"addr": "1.2.3.4:9735"}]},
  {"pub_key": "03bb"}
 ],
 "edges": [
  {"channel_id": "9", "node1_pub": "02aa", "node2_pub": "03bb", "capacity": "1000",
   "node1_policy": {"time_lock_delta": 80, "min_htlc": "1", "fee_base_msat": "1000",
     "fee_rate_milli_msat": "7", "disabled": false, "max_htlc_msat": "990000"},
   "node2_policy": null}
 ]
})";

const Importer& lnd_importer() { return ampsim::test::importer_called("lnd"); }

Topology read(std::string_view text) { return lnd_importer().read(text, "net.json"); }

/// kTwoNodes with `from` replaced once.
std::string changed(std::string_view from, std::string_view to) {
  std::string text(kTwoNodes);
  const std::size_t place = text.find(from);
  REQUIRE(place != std::string::npos);
  return text.replace(place, from.size(), to);
}

std::string error_of(std::string_view text) {
  try {
    read(text);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

std::string file_error(const std::string& file, const std::string& format = "auto") {
  try {
    import_file(file, format);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

/// A folder that is gone with the test.
class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / fmt::format("ampsim_importer_{}", getpid())) {
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string write(const std::string& name, std::string_view content) const {
    std::ofstream(path_ / name, std::ios::binary) << content;
    return (path_ / name).string();
  }
  std::string write_gzip(const std::string& name, std::string_view content) const {
    std::string file = (path_ / name).string();
    gzFile out = gzopen(file.c_str(), "wb");
    gzwrite(out, content.data(), static_cast<unsigned>(content.size()));
    gzclose(out);
    return file;
  }
  std::string path() const { return path_.string(); }

 private:
  fs::path path_;
};

void check_equal(const Topology& a, const Topology& b) {
  REQUIRE(a.nodes.size() == b.nodes.size());
  REQUIRE(a.channels.size() == b.channels.size());
  for (std::size_t i = 0; i < a.nodes.size(); ++i) {
    CHECK(a.nodes[i].name == b.nodes[i].name);
    CHECK(a.nodes[i].alias == b.nodes[i].alias);
  }
  for (std::size_t i = 0; i < a.channels.size(); ++i) {
    CHECK(a.channels[i].id == b.channels[i].id);
    CHECK((a.channels[i].ends == b.channels[i].ends));
    CHECK((a.channels[i].capacity == b.channels[i].capacity));
    CHECK((a.channels[i].policy == b.channels[i].policy));
  }
}

}  // namespace

TEST_CASE("importer: describegraph is read whole") {
  const Topology topology = read(kTwoNodes);
  CHECK(validate(topology).empty());
  REQUIRE(topology.nodes.size() == 2);
  CHECK(topology.nodes[0].name == "02aa");
  CHECK(topology.nodes[0].alias == "Ann \u26a1");
  CHECK(topology.nodes[1].alias.empty());
  REQUIRE(topology.channels.size() == 1);
  const Channel& channel = topology.channels[0];
  CHECK(channel.id == "9");
  CHECK(channel.ends[1].index == 1);
  CHECK(*channel.capacity == Msat::from_sat(1000));
  CHECK_FALSE(channel.balance_0);
  const ForwardingPolicy expected{.fee_base = {1000},
                                  .fee_proportional = {7},
                                  .cltv_expiry_delta = {80},
                                  .htlc_minimum = {1},
                                  .htlc_maximum = {990'000}};
  CHECK((*channel.policy[0] == expected));
  // Never announced.
  const ForwardingPolicy silent{.htlc_maximum = Msat::from_sat(1000), .is_disabled = true};
  CHECK((*channel.policy[1] == silent));
}

TEST_CASE("importer: amounts may be numbers, edges may come first, parallel channels are kept") {
  const Topology topology = read(R"({"edges":[
    {"channel_id":7,"node1_pub":"b","node2_pub":"a","capacity":5},
    {"channel_id":8,"node1_pub":"a","node2_pub":"b","capacity":6}],
    "nodes":[{"pub_key":"a"},{"pub_key":"b"}]})");
  REQUIRE(topology.channels.size() == 2);
  CHECK(topology.channels[0].id == "7");
  CHECK(topology.channels[0].ends[0].index == 1);
  CHECK(*topology.channels[1].capacity == Msat::from_sat(6));
  CHECK(topology.channels[1].policy[0]->is_disabled);
}

TEST_CASE("importer: an htlc maximum that says nothing is the capacity") {
  const auto policy = [](std::string_view maximum) {
    return *read(changed("\"990000\"", maximum)).channels[0].policy[0];
  };
  CHECK(policy("\"0\"").htlc_maximum == Msat::from_sat(1000));
  CHECK(policy("\"18446744073709\"").htlc_maximum == Msat::from_sat(1000));
  CHECK(policy("5").htlc_maximum == Msat{5});
}

TEST_CASE("importer: a minimum above the maximum disables the direction") {
  const Topology topology = read(changed("\"min_htlc\": \"1\"", "\"min_htlc\": \"990001\""));
  CHECK(topology.channels[0].policy[0]->is_disabled);
  CHECK(validate(topology).empty());
}

TEST_CASE("importer: bad input is named by file, line and path") {
  CHECK(error_of(changed("\"node2_pub\": \"03bb\"", "\"node2_pub\": \"03b\"")) ==
        "net.json:7: edges[0].node2_pub: found \"03b\"; allowed: the pub_key of a node in the "
        "file");
  CHECK(error_of(changed("\"node2_pub\": \"03bb\"", "\"node2_pub\": \"02aa\"")) ==
        "net.json:7: edges[0].node2_pub: found \"02aa\", which is node1_pub too; allowed: another "
        "node");
  CHECK(error_of(changed("null}",
                         "null},\n  {\"channel_id\": \"9\", \"node1_pub\": \"02aa\",\n"
                         "\"node2_pub\": \"03bb\", \"capacity\": 1}")) ==
        "net.json:11: edges[1].channel_id: found \"9\", which edges[0] has too; allowed: every id "
        "once");
  CHECK(error_of(changed("\"03bb\"}", "\"02aa\"}")) ==
        "net.json:4: nodes[1].pub_key: found \"02aa\" for the second time; allowed: once");
  CHECK(error_of(changed("\"1000\",\n", "\"-5\",\n")) ==
        "net.json:7: edges[0].capacity: found \"-5\"; allowed: an integer from 1 to "
        "2100000000000000");
  CHECK(error_of(changed("\"1000\",\n", "1.5,\n")) ==
        "net.json:7: edges[0].capacity: found 1.5; allowed: an integer from 1 to 2100000000000000");
  CHECK(error_of(changed(", \"capacity\": \"1000\"", "")) ==
        "net.json:7: edges[0].capacity: found nothing; allowed: a number of sat above 0");
  CHECK(error_of(changed("\"channel_id\": \"9\", ", "")) ==
        "net.json:7: edges[0].channel_id: found nothing; allowed: a channel id");
  CHECK(error_of(changed("\"pub_key\": \"03bb\"", "\"alias\": \"x\"")) ==
        "net.json:4: nodes[1].pub_key: found nothing; allowed: a public key");
  CHECK(error_of(changed("\"pub_key\": \"03bb\"", "\"pub_key\": 3")) ==
        "net.json:4: nodes[1].pub_key: found 3; allowed: a string");
  CHECK(error_of(changed("80", "-1")) ==
        "net.json:8: edges[0].node1_policy.time_lock_delta: found -1; allowed: an integer from 0 "
        "to 65535");
  CHECK(error_of(changed("\"7\"", "\"many\"")) ==
        "net.json:9: edges[0].node1_policy.fee_rate_milli_msat: found \"many\"; allowed: an "
        "integer from 0 to 4294967295");
  CHECK(error_of(changed("\"fee_rate_milli_msat\": \"7\", ", "")) ==
        "net.json:8: edges[0].node1_policy.fee_rate_milli_msat: found nothing; allowed: a rate in "
        "millionths");
  CHECK(error_of(changed("false", "\"no\"")) ==
        "net.json:9: edges[0].node1_policy.disabled: found \"no\"; allowed: true or false");
  CHECK(error_of(changed("null", "[]")) ==
        "net.json:10: edges[0].node2_policy: found [; allowed: an object or null");
  CHECK(error_of(R"({"nodes": 5, "edges": []})") == "net.json:1: nodes: found 5; allowed: a list");
  CHECK(error_of("{\n\"nodes\": [\n17], \"edges\": []}") ==
        "net.json:3: nodes[0]: found 17; allowed: an object");
  CHECK(error_of(R"({"nodes": []})") == "net.json:1: edges: found nothing; allowed: a list");
  CHECK(error_of("[1]") == "net.json:1: found no object; allowed: a JSON object");
}

TEST_CASE("importer: a file that is cut anywhere is an error with its last line") {
  for (std::size_t length = 0; length + 1 < kTwoNodes.size(); ++length) {
    CAPTURE(length);
    const std::string error = error_of(kTwoNodes.substr(0, length));
    CHECK(error.rfind("net.json:", 0) == 0);
  }
  CHECK(error_of(kTwoNodes.substr(0, kTwoNodes.find("min_htlc"))) ==
        "net.json:8: found the end of the file too early; allowed: complete JSON");
}

TEST_CASE("importer: whatever bytes are changed, the file is read or refused") {
  Rng rng(1, "damage");
  for (int i = 0; i < 3000; ++i) {
    CAPTURE(i);
    std::string text(kTwoNodes);
    for (std::uint64_t changes = 1 + rng.below(3); changes > 0; --changes) {
      text[rng.below(text.size())] = "\"{}[]:,0-9e\\ \xff"[rng.below(15)];
    }
    try {
      const Topology topology = read(text);
      CHECK(validate(topology).empty());
    } catch (const InputError& error) {
      CHECK(std::string(error.what()).rfind("net.json:", 0) == 0);
    }
  }
}

TEST_CASE("importer: broken JSON is named by the line where it breaks") {
  const std::string error = error_of(changed("\"alias\": ", "\"alias\" "));
  CHECK(error.rfind("net.json:3: nodes[0]: found broken JSON", 0) == 0);
  const auto starts = [](std::string_view from, std::string_view to, std::string_view start) {
    return error_of(changed(from, to)).rfind(start, 0) == 0;
  };
  CHECK(starts("\"02aa\", \"node2", "\"02aa, \"node2", "net.json:7: found broken JSON"));
  CHECK(starts("\"03bb\"}", "\"03\xff\"}", "net.json:4: found broken JSON"));
}

TEST_CASE("importer: files are found plain or gzip, by their content") {
  const Folder folder;
  const Topology expected = read(kTwoNodes);
  check_equal(import_file(folder.write("graph.txt", kTwoNodes)), expected);
  check_equal(import_file(folder.write_gzip("graph.dat", kTwoNodes)), expected);
  check_equal(make_topology({.file = folder.write("graph.txt", kTwoNodes), .format = "lnd"}, 1),
              expected);
}

TEST_CASE("importer: a largest HTLC of any 64 bits is cut to the capacity") {
  const auto largest = [](const std::string& value) {
    return read(changed("990000", value)).channels[0].policy[0]->htlc_maximum;
  };
  CHECK(largest("18446744073709551615") == Msat{1'000'000});
  CHECK(largest("9223372036854775808") == Msat{1'000'000});
  CHECK(error_of(changed("990000", "18446744073709551616")).starts_with("net.json:9: "));
  CHECK(error_of(changed("990000", "-1")).starts_with("net.json:9: "));
}

TEST_CASE("importer: a byte order mark is no part of the text") {
  const std::string marked = "\xef\xbb\xbf" + std::string(kTwoNodes);
  CHECK(lnd_importer().recognises(marked));
  CHECK(read(marked).channels.size() == 1);
  CHECK(error_of("\xef\xbb\xbf" + changed("990000", "x")).starts_with("net.json:9: "));
}

TEST_CASE("importer: nothing may follow the network") {
  const std::string message =
      ": found text after the end of the JSON object; allowed: one object alone";
  const std::string whole(kTwoNodes);
  CHECK(error_of(whole + "\n \t\r\n") == "accepted");
  CHECK(error_of(whole + "\n" + whole) == "net.json:13" + message);
  CHECK(error_of(whole + "\nbye") == "net.json:13" + message);
  CHECK(error_of(whole + " }") == "net.json:12" + message);
  const std::string edges_first = R"({"edges": [], "nodes": [], "other": "}\\\"{"})";
  CHECK(error_of(edges_first) == "accepted");
  CHECK(error_of(edges_first + "[]") == "net.json:1" + message);
}

TEST_CASE("importer: files that cannot be read are named") {
  const Folder folder;
  CHECK(file_error("no/such.json") == "no/such.json: cannot be read: No such file or directory");
  CHECK(file_error(folder.path()) == folder.path() + ": found a folder; allowed: a file");
  const std::string text = folder.write("notes.txt", "hello\n");
  CHECK(
      file_error(text) ==
      text +
          ":1: found no known format; allowed: ampsim (our own, written by ampsim topology), lnd "
          "(lncli describegraph), sim_ln (sim-ln's sim_network), cln (lightning-cli listchannels, "
          "with listnodes or without), graphml (GraphML, as networkx writes it), cloth (CLoTH's "
          "nodes, channels and edges as three CSV files), csv (an edge list as CSV with columns "
          "such as node1, node2, capacity_sat), plain or gzip");
  CHECK(file_error(folder.write("empty.json", "")).find(":1: found no known format") !=
        std::string::npos);
  CHECK(file_error(text, "lnb") ==
        "topology.format: found \"lnb\"; allowed: auto, ampsim, lnd, sim_ln, cln, graphml, cloth, "
        "csv; "
        "did you mean \"lnd\"?");
  CHECK(file_error(text, "lnd").rfind(text + ":1: ", 0) == 0);
}

TEST_CASE("importer: a gzip that is cut short or damaged is an error, whatever it holds") {
  const Folder folder;
  std::string long_text(kTwoNodes);
  for (int i = 0; i < 5000; ++i) long_text += fmt::format("{}\n", i * 7919);
  std::ifstream in(folder.write_gzip("whole.gz", long_text), std::ios::binary);
  std::string whole{std::istreambuf_iterator<char>(in), {}};
  const std::string cut = folder.write("cut.gz", whole.substr(0, whole.size() / 2));
  CHECK(file_error(cut).rfind(cut + ": found a gzip that ends after", 0) == 0);
  const std::string no_trailer = folder.write("trailer.gz", whole.substr(0, whole.size() - 4));
  CHECK(file_error(no_trailer).find("found a gzip that ends after") != std::string::npos);
  whole[whole.size() / 2] ^= 0x55;
  const std::string damaged = folder.write("damaged.gz", whole);
  CHECK(file_error(damaged).rfind(damaged + ": found a damaged gzip (", 0) == 0);
}

TEST_CASE("importer: lines are counted from 1") {
  CHECK(line_of("a\nb\n", 0) == 1);
  CHECK(line_of("a\nb\n", 1) == 1);
  CHECK(line_of("a\nb\n", 2) == 2);
  CHECK(line_of("a\nb\n", 100) == 3);
}

TEST_CASE("importer: a format is found in the first 64 KiB") {
  const Folder folder;
  std::string text(kTwoNodes);
  text.resize(1U << 18U, ' ');
  CHECK(importer_of_file(folder.write_gzip("graph.gz", text))->name == "lnd");
  CHECK(head_of_file(folder.write("graph.json", text)).text().size() == 1U << 16U);
  CHECK(importer_of_file(folder.write("empty", "")) == nullptr);
  CHECK(importer_of_file("no/such.json") == nullptr);
  CHECK(brought_by({.file = folder.write("g.json", kTwoNodes)}).policies);
  CHECK_FALSE(brought_by({.file = folder.write("g.csv", "u,v\n1,2\n")}).policies);
  CHECK(brought_by({.file = folder.write("g.csv", "u,v\n"), .format = "cloth"}).balances);
  CHECK_FALSE(brought_by({.file = "no/such.json"}).capacities);
}

TEST_CASE("importer: a real describegraph of 100 nodes") {
  const std::string file =
      AMPSIM_SOURCE_DIR "/../shared/data/formats/lnd-describegraph-100-nodes.json";
  if (!fs::exists(file)) {
    MESSAGE("skipped: no " << file);
    return;
  }
  const Topology topology = import_file(file);
  CHECK(topology.nodes.size() == 99);
  CHECK(topology.channels.size() == 533);
  CHECK(validate(topology).empty());
  CHECK(topology.channels[0].id == "620141050860732416");
  CHECK(*topology.channels[0].capacity == Msat::from_sat(500'000));
  CHECK(topology.channels[0].policy[1]->cltv_expiry_delta == BlockDelta{20});
}

TEST_CASE("importer: the public network of 2026-02-03") {
  const std::string file = AMPSIM_SOURCE_DIR "/../shared/data/ln-2026-02-03/describegraph.json.gz";
  if (!fs::exists(file)) {
    MESSAGE("skipped: no " << file);
    return;
  }
  const auto start = std::chrono::steady_clock::now();
  const Topology topology = import_file(file);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  MESSAGE("read in " << elapsed.count() << " s");
  CHECK(topology.nodes.size() == 17'324);
  CHECK(topology.channels.size() == 50'808);
  CHECK(validate(topology).empty());
  Msat total;
  int disabled = 0;
  for (const Channel& channel : topology.channels) {
    total += *channel.capacity;
    for (const auto& policy : channel.policy) disabled += policy->is_disabled ? 1 : 0;
  }
  CHECK(static_cast<double>(total.count) / 1e11 == doctest::Approx(5361.68).epsilon(1e-5));
  CHECK(disabled == 35'806);
}
