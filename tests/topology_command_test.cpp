#include "sim/cli/topology_command.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include "core/check.hpp"

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

std::string described(const std::vector<std::string>& files, DescriptionFormat format) {
  std::ostringstream out;
  run_topology_describe(files, format, out);
  return out.str();
}

void generate_line(std::uint32_t nodes, std::uint64_t seed, const std::string& file) {
  run_topology_generate({.generator = "line", .nodes = nodes}, {}, seed, file);
}

}  // namespace

TEST_CASE("topology_command: a generated network is a file that can be described") {
  const Folder folder;
  const std::string file = folder / "line.json";
  generate_line(4, 1, file);
  CHECK(folder.file_count() == 1);
  const std::string csv = described({file}, DescriptionFormat::csv);
  CHECK(csv.rfind("property,value\nnodes,4\nchannels,3\ncomponents,1\n", 0) == 0);
  const std::string table = described({file}, DescriptionFormat::table);
  CHECK(table.find("line.json\nnodes") != std::string::npos);
}

TEST_CASE("topology_command: several files stand side by side") {
  const Folder folder;
  generate_line(4, 1, folder / "four.json");
  generate_line(5, 1, folder / "a,b.json");
  const std::vector<std::string> files{folder / "four.json", folder / "a,b.json"};
  const std::string csv = described(files, DescriptionFormat::csv);
  CHECK(csv.rfind("file,property,value\n", 0) == 0);
  CHECK(csv.find(files[0] + ",nodes,4\n") != std::string::npos);
  CHECK(csv.find("\"" + files[1] + "\",nodes,5\n") != std::string::npos);
  const std::string table = described(files, DescriptionFormat::table);
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
  const std::string one = described({edges, nodes, channels}, DescriptionFormat::csv);
  CHECK(one.starts_with("property,value\nnodes,2\nchannels,1\n"));
  generate_line(4, 1, folder / "four.json");
  const std::vector<std::string> files{nodes, channels, edges, folder / "four.json"};
  const std::string csv = described(files, DescriptionFormat::csv);
  CHECK(csv.find(nodes + "+" + channels + "+" + edges + ",nodes,2\n") != std::string::npos);
  CHECK(csv.find(files[3] + ",nodes,4\n") != std::string::npos);
  CHECK(described(files, DescriptionFormat::table).find("n.csv+c.csv+e.csv         four.json\n") !=
        std::string::npos);
  CHECK_THROWS_AS(described({nodes, files[3], channels, edges}, DescriptionFormat::csv),
                  InputError);
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
  CHECK_THROWS_AS(described({folder / "absent.json"}, DescriptionFormat::csv), InputError);
}
