#include "sim/cli/topology_command.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include "core/check.hpp"
#include "core/random.hpp"
#include "tests/topology_files.hpp"
#include "topologies/source.hpp"

using namespace ampsim;
using namespace ampsim::cli;
namespace fs = std::filesystem;

namespace {

/// A folder that is gone with the test.
class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / fmt::format("ampsim_topology_{}", getpid())) {
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  auto file_count() const {
    return std::distance(fs::directory_iterator(path_), fs::directory_iterator());
  }

 private:
  fs::path path_;
};

std::string content(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string described(const std::vector<std::string>& files,
                      const std::string& format,
                      const std::vector<std::string>& overrides = {}) {
  std::ostringstream out;
  DescribeOptions options{.files = files, .format = format, .network = {}};
  options.network.overrides = overrides;
  describe_networks(options, out);
  return out.str();
}

using Warnings = std::vector<std::string>;

Warnings generate(const std::string& generator,
                  std::uint32_t nodes,
                  std::uint64_t seed,
                  const std::string& file,
                  const std::string& to = "ampsim") {
  GenerateOptions options{.to = to, .out = file, .network = {}};
  options.network.generator = generator;
  options.network.nodes = nodes;
  options.network.overrides = {fmt::format("seed={}", seed)};
  return generate_network(options);
}

void generate_line(std::uint32_t nodes, std::uint64_t seed, const std::string& file) {
  const Warnings warnings = generate("line", nodes, seed, file);
  CHECK(warnings.empty());
}

Warnings convert(const std::vector<std::string>& files,
                 const std::string& to,
                 const std::string& out,
                 const std::vector<std::string>& overrides = {}) {
  ConvertOptions options{.files = files, .to = to, .out = out, .network = {}};
  options.network.overrides = overrides;
  return convert_network(options);
}

std::string conversion_error(const std::vector<std::string>& files,
                             const std::string& to,
                             const std::string& out,
                             const std::vector<std::string>& overrides = {}) {
  try {
    convert(files, to, out, overrides);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("topology_command: a generated network is a file that can be described") {
  const Folder folder;
  const std::string file = folder / "line.json";
  generate_line(4, 1, file);
  CHECK(folder.file_count() == 1);
  const std::string csv = described({file}, "csv");
  CHECK(csv.rfind("property,value\nnodes,4\nchannels,3\ncomponents,1\n", 0) == 0);
  const std::string table = described({file}, "table");
  CHECK(table.find("line.json\nnodes") != std::string::npos);
}

TEST_CASE("topology_command: several files stand side by side") {
  const Folder folder;
  generate_line(4, 1, folder / "four.json");
  generate_line(5, 1, folder / "a,b.json");
  const std::vector<std::string> files{folder / "four.json", folder / "a,b.json"};
  const std::string csv = described(files, "csv");
  CHECK(csv.rfind("file,property,value\n", 0) == 0);
  CHECK(csv.find(files[0] + ",nodes,4\n") != std::string::npos);
  CHECK(csv.find("\"" + files[1] + "\",nodes,5\n") != std::string::npos);
  const std::string table = described(files, "table");
  CHECK(table.find("four.json          a,b.json\n") != std::string::npos);
}

TEST_CASE("topology_command: the files of one network are one column") {
  const Folder folder;
  const auto write = [&folder](const std::string& name, const std::string& text) {
    std::ofstream(folder / name) << text;
    return folder / name;
  };
  const std::string nodes = write("n.csv", "id\n0\n1\n");
  const std::string channels =
      write("c.csv", "id,edge1_id,edge2_id,node1_id,node2_id,capacity\n0,0,1,0,1,9000\n");
  const std::string edges =
      write("e.csv",
            "id,channel_id,counter_edge_id,from_node_id,to_node_id,balance,fee_base,"
            "fee_proportional,min_htlc,timelock\n0,0,1,0,1,9000,1,1,1,40\n1,0,0,1,0,0,1,1,1,40\n");
  const std::string one = described({edges, nodes, channels}, "csv");
  CHECK(one.starts_with("property,value\nnodes,2\nchannels,1\n"));
  generate_line(4, 1, folder / "four.json");
  const std::vector<std::string> files{nodes, channels, edges, folder / "four.json"};
  const std::string csv = described(files, "csv");
  CHECK(csv.find(nodes + "+" + channels + "+" + edges + ",nodes,2\n") != std::string::npos);
  CHECK(csv.find(files[3] + ",nodes,4\n") != std::string::npos);
  CHECK(described(files, "table").find("n.csv+c.csv+e.csv         four.json\n") !=
        std::string::npos);
  CHECK_THROWS_AS(described({nodes, files[3], channels, edges}, "csv"), InputError);
}

TEST_CASE("topology_command: the seed decides every byte") {
  const Folder folder;
  generate_line(20, 1, folder / "a.json");
  generate_line(20, 1, folder / "b.json");
  generate_line(20, 2, folder / "c.json");
  CHECK(content(folder / "a.json") == content(folder / "b.json"));
  CHECK(content(folder / "a.json") != content(folder / "c.json"));
}

TEST_CASE("topology_command: what cannot be written leaves nothing behind") {
  const Folder folder;
  const std::string nowhere = folder / "no/such/net.json";
  CHECK_THROWS_WITH_AS(generate_line(3, 1, nowhere),
                       (nowhere + ": cannot be written: No such file or directory").c_str(),
                       InputError);
  CHECK_THROWS_AS(generate_line(1, 1, folder / "net.json"), InputError);
  fs::create_directory(folder / "taken");
  CHECK_THROWS_AS(generate_line(3, 1, folder / "taken"), InputError);
  CHECK(folder.file_count() == 1);
  CHECK_THROWS_AS(described({folder / "absent.json"}, "csv"), InputError);
}

TEST_CASE("topology_command: a network goes through all formats and comes back") {
  const Folder folder;
  const std::string first = folder / "first.json";
  CHECK(generate("lightning", 80, 1, first).empty());
  CHECK(convert({first}, "graphml", folder / "net.graphml").empty());
  CHECK(convert({folder / "net.graphml"}, "ampsim", folder / "second.json.gz").empty());
  CHECK(convert({folder / "second.json.gz"}, "ampsim", folder / "third.json").empty());
  CHECK(content(folder / "third.json") == content(first));
  CHECK(content(folder / "second.json.gz").starts_with("\x1f\x8b"));

  const std::string lnd = folder / "lnd.json";
  const std::string channels = fmt::format("{} channels", topo::import_file(first).channels.size());
  CHECK(convert({first}, "lnd", lnd) ==
        Warnings{lnd + ": lnd has no place for the balances of " + channels});
  const std::string cloth = folder / "cloth";
  const Warnings drawn = convert({lnd}, "cloth", cloth);
  CHECK(drawn.front().starts_with(cloth + ": cloth has no place for the largest HTLC of "));
  CHECK(drawn.back() == cloth + ": cloth needs the balances of " + channels +
                            ", which the file does not say: drawn as [channels] has it");
  const std::vector<std::string> files{cloth + "/nodes.csv", cloth + "/channels.csv",
                                       cloth + "/edges.csv"};
  CHECK(described(files, "csv").starts_with("property,value\nnodes,80\n"));
  CHECK(convert(files, "cln", folder / "cln").back().find("balances") != std::string::npos);
  CHECK(fs::exists(folder / "cln/listchannels.json"));
  CHECK(fs::exists(folder / "cln/listnodes.json"));
}

TEST_CASE("topology_command: what is drawn for a format is as [channels] says") {
  const Folder folder;
  std::ofstream(folder / "net.csv") << "u,v\na,b\nb,c\n";
  const Warnings warnings = convert({folder / "net.csv"}, "ampsim", folder / "open.json");
  CHECK(warnings.empty());
  CHECK(content(folder / "open.json").find("capacity") == std::string::npos);
  CHECK(convert({folder / "net.csv"}, "lnd", folder / "lnd.json",
                {"channels.fee_base_msat=77", "channels.capacity.distribution=constant",
                 "channels.capacity.mean_sat=123456"})
            .size() == 2);
  const topo::Topology lnd = topo::import_file(folder / "lnd.json");
  CHECK(lnd.channels[1].policy[0]->fee_base.count == 77);
  CHECK(lnd.channels[1].capacity->count == 123'456'000);
}

TEST_CASE("topology_command: a part of a network is written and described") {
  const Folder folder;
  std::ofstream(folder / "net.csv") << "u,v,capacity\na,b,5\nb,c,9\nc,a,9\nc,d,1\nx,y,7\n";
  const std::vector<std::string> net{folder / "net.csv"};
  const auto nodes = [&](const std::vector<std::string>& overrides) {
    const std::string csv = described(net, "csv", overrides);
    const std::size_t start = csv.find("nodes,") + 6;
    return csv.substr(start, csv.find('\n', start) - start);
  };
  CHECK(nodes({}) == "6");
  CHECK(nodes({"topology.subnetwork=largest_component"}) == "4");
  CHECK(nodes({"topology.subnetwork=core"}) == "3");
  CHECK(nodes({"topology.subnetwork=top", "topology.subnetwork_nodes=2"}) == "2");
  CHECK(nodes({"topology.subnetwork=snowball", "topology.subnetwork_nodes=3", "seed=5"}) == "3");
  CHECK(convert(net, "csv", folder / "core.csv", {"topology.subnetwork=core"}).empty());
  CHECK(content(folder / "core.csv") ==
        "id,node1,node2,capacity_msat\n0,a,b,5000\n1,b,c,9000\n2,c,a,9000\n");

  GenerateOptions options{.out = folder / "top.json", .network = {}};
  options.network.generator = "complete";
  options.network.nodes = 9;
  options.network.subnetwork = "top";
  options.network.overrides = {"topology.subnetwork_nodes=4"};
  CHECK(generate_network(options).empty());
  CHECK(topo::import_file(folder / "top.json").channels.size() == 6);
}

TEST_CASE("topology_command: what cannot be converted is said in one line and nothing is written") {
  const Folder folder;
  std::ofstream(folder / "net.csv") << "u,v,capacity\na,b,5\n";
  const std::vector<std::string> net{folder / "net.csv"};
  const auto count = folder.file_count();
  CHECK(conversion_error(net, "lnb", folder / "x").starts_with("--to: found \"lnb\"; allowed: "));
  CHECK(conversion_error(net, "cloth", folder / "x.csv") ==
        (folder / "x.csv") +
            ": found the name of a file; allowed: a folder, for nodes.csv, channels.csv, edges.csv "
            "of cloth");
  CHECK(conversion_error(net, "cln", net[0]).find("found the name of a file") != std::string::npos);
  CHECK(conversion_error(net, "cloth", folder / "no/such") ==
        (folder / "no/such") + ": cannot be written: No such file or directory");
  CHECK(
      conversion_error(net, "lnd", folder / "x", {"topology.nodes=5"}) ==
      "--set: topology.nodes: has no effect on this network; allowed: topology.subnetwork and its "
      "numbers, channels.*, seed");
  CHECK(conversion_error(net, "lnd", folder / "x",
                         {"topology.subnetwork=core", "topology.subnetwork_core=9"})
            .find("topology.subnetwork_core: found 9; allowed: up to 1") != std::string::npos);
  CHECK(conversion_error(net, "lnd", folder / "x", {"topology.subnetwork_nodes=9"})
            .find("topology.subnetwork_nodes: has no effect with topology.subnetwork = \"all\"") !=
        std::string::npos);
  CHECK(conversion_error({net[0], net[0]}, "lnd", folder / "x").find("found a second network") !=
        std::string::npos);
  CHECK(folder.file_count() == count);
  // A folder that was made for nothing is gone, one that was there stays.
  fs::create_directory(folder / "there");
  fs::create_directory(folder / "there/edges.csv");
  CHECK(conversion_error(net, "cloth", folder / "there") ==
        (folder / "there/edges.csv") + ": found a folder; allowed: a file to write");
  CHECK(fs::exists(folder / "there"));
  CHECK_FALSE(fs::exists(folder / "there/nodes.csv"));
}

TEST_CASE("topology_command: what generate writes is the network of the experiment") {
  const Folder folder;
  CHECK(generate("watts_strogatz", 40, 3, folder / "net.json").empty());
  const topo::Topology file = topo::import_file(folder / "net.json");
  const topo::Topology made =
      topo::make_network({.generator = "watts_strogatz", .nodes = 40}, {}, replicate_seed(3, 0));
  CHECK(test::lines_of(file) == test::lines_of(made));
  CHECK(generate("star", 4, 1, folder / "lnd.json", "lnd") ==
        Warnings{(folder / "lnd.json") + ": lnd has no place for the balances of 3 channels"});
}
