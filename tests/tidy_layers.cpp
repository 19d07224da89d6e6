// The architecture as data: who may include whom, and where external libraries may be used.
#include <algorithm>
#include <array>
#include <filesystem>
#include <sstream>
#include <string_view>

#include "tests/tidy_rules.hpp"

namespace ampsim::tidy {
namespace {

/// The rooms, from the bottom up. A file belongs to the room that its path begins with, and
/// includes files of its own room and of lower layers. Rooms of one layer do not know each other;
/// they meet through events and values.
struct Room {
  std::string_view path;
  int layer;
};
constexpr std::array<Room, 16> kRooms = {{
    {"core/", 0},
    {"topologies/", 1},
    {"sim/engine/", 2},
    {"sim/network/", 3},
    {"sim/routing/", 4},
    {"sim/workload/", 4},
    {"sim/measure/", 4},
    {"sim/payment/", 5},
    {"sim/attack/", 6},
    {"sim/simulation", 7},
    {"sim/experiment/", 8},
    {"sim/report/", 9},
    {"sim/cli/", 10},
    {"sim/python/", 10},
    {"tests/", 11},
    {"bench/", 12},  // measures against the plain references of the tests
}};

/// Where a header that is not ours may be included, by how its name and the including file's path
/// begin; the first line that fits decides. `headers`: those of ours that may include it.
struct Library {
  std::string_view header;
  std::vector<std::string_view> places;
  std::string_view why;
  std::vector<std::string_view> headers = {};
};
const std::vector<Library>& libraries() {
  static constexpr std::string_view kAnywhere[] = {"core/", "topologies/", "sim/", "tests/",
                                                   "bench/"};
  static const std::vector<std::string_view> anywhere(std::begin(kAnywhere), std::end(kAnywhere));
  static constexpr std::string_view kGraph =
      "it costs seconds a file, and is container and oracle of graphs only";
  static constexpr std::string_view kRandom =
      "all randomness comes in named streams from core/random.hpp";
  static constexpr std::string_view kSystem =
      "a run reads and writes nothing; the rooms around it do";
  static const std::vector<Library> table = {
      {"random>", {"core/random.hpp"}, kRandom},
      {"boost/random/", {"core/random.cpp", "topologies/generators"}, kRandom},
      {"boost/graph/",
       {"sim/routing/", "sim/report/layout", "topologies/generators", "topologies/neighbours",
        "tests/", "bench/"},
       kGraph,
       {"sim/routing/incoming_channels.hpp"}},
      {"boost/asio", {"sim/experiment/runner"}, "threads run whole runs, never pieces of one"},
      {"boost/", anywhere, ""},
      {"lemon/", {"tests/", "bench/"}, "it is an oracle of flows; ours is sim/routing/flow/"},
      {"fmt/", anywhere, ""},
      {"spdlog/",
       {"sim/simulation.cpp", "sim/experiment/", "sim/cli/"},
       "facts of single events go to the trace, not to the log"},
      {"toml++/", {"sim/experiment/", "tests/"}, "one place knows how settings are written"},
      {"openssl/", {"core/sha256.cpp", "core/point.cpp"}, "core/sha256.hpp is its face"},
      {"secp256k1", {"core/point.cpp"}, "core/point.hpp is its face"},
      {"CLI/", {"sim/cli/", "bench/"}, "it costs six seconds a file"},
      {"simdjson.h", {"topologies/importers"}, "it reads big snapshots; small JSON is nlohmann's"},
      {"pugixml.hpp", {"topologies/importers"}, "it reads GraphML; nothing else here is XML"},
      {"nlohmann/",
       {"sim/experiment/", "sim/measure/trace_json.cpp", "sim/report/", "sim/cli/",
        "topologies/exporters", "tests/"},
       "it writes small JSON; big snapshots are simdjson's"},
      {"zlib.h", {"topologies/", "tests/"}, "only network files come compressed"},
      {"doctest/", {"tests/"}, "tests stay in tests/"},
      {"rapidcheck", {"tests/"}, "tests stay in tests/"},
      {"ns3/", {"bench/peers/"}, "a peer that is measured, not used"},
      {"malloc.h", {"bench/measure.cpp"}, "only benchmarks ask how much memory there is"},
      {"pybind11/",
       {"sim/python/"},
       "Python is one way in among others",
       {"sim/python/channel_faces.hpp", "sim/python/dict_document.hpp",
        "sim/python/python_router.hpp", "sim/python/running.hpp", "sim/python/topology_face.hpp"}},
      {"fcntl.h", {"sim/experiment/", "sim/cli/", "tests/"}, kSystem},
      {"signal.h", {"sim/experiment/", "sim/cli/", "tests/"}, kSystem},
      {"spawn.h", {"sim/cli/", "tests/"}, kSystem},
      {"sys/", {"sim/experiment/", "sim/cli/", "tests/"}, kSystem},
      {"unistd.h", {"sim/experiment/", "sim/cli/", "tests/"}, kSystem},
  };
  return table;
}

struct Include {
  int line;
  bool is_quoted;
  std::string name;
};

std::vector<Include> includes_of(const SourceFile& file) {
  std::vector<Include> includes;
  std::istringstream lines(code_of(file.text));
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (!line.starts_with("#include ") || line.size() < 12) continue;
    const char closing = line[9] == '<' ? '>' : '"';
    includes.push_back({number, closing == '"', line.substr(10, line.find(closing, 10) - 10)});
  }
  return includes;
}

const Room* room_of(std::string_view path) {
  const auto* const room = std::find_if(kRooms.begin(), kRooms.end(),
                                        [&](const Room& r) { return path.starts_with(r.path); });
  return room == kRooms.end() ? nullptr : room;
}

bool is_standard(std::string_view header) {
  return std::all_of(header.begin(), header.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || c == '_' || c == '2'; });
}

bool is_in_one_of(std::string_view path, const std::vector<std::string_view>& places) {
  return std::any_of(places.begin(), places.end(),
                     [&](std::string_view place) { return path.starts_with(place); });
}

/// Scripts, style and frame of report.html.
bool is_of_page(std::string_view name) {
  return name.ends_with(".js") || name.ends_with(".css") || name.ends_with(".html");
}

/// The source names in a CMakeLists.txt, as paths from the root of the repository.
std::vector<std::pair<int, std::string>> names_in(const SourceFile& cmake_list) {
  const std::string folder = cmake_list.path.substr(0, cmake_list.path.rfind('/') + 1);
  std::vector<std::pair<int, std::string>> names;
  std::istringstream lines(cmake_list.text);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    line.resize(std::min(line.find('#'), line.size()));
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c == '(' || c == ')' || c == '"'; }, ' ');
    std::istringstream words(line);
    for (std::string word; words >> word;) {
      // ampsim_bench(x_bench ARGUMENTS...) builds x_bench.cpp.
      if (word.ends_with("_bench") && word != "ampsim_bench") word += ".cpp";
      const bool is_source = word.ends_with(".cpp") || word.ends_with(".hpp") || is_of_page(word);
      if (is_source && word.find('$') == word.npos) {
        names.emplace_back(number, std::filesystem::path(folder + word).lexically_normal());
      }
    }
  }
  return names;
}

}  // namespace

Findings includes_point_down(const SourceFile& file) {
  Findings findings;
  const Room* const room = room_of(file.path);
  if (room == nullptr) {
    return {{file.path, 0, "it is in no room of the layer table",
             "a file without a room has no direction to include; see docs/architecture.md"}};
  }
  for (const Include& include : includes_of(file)) {
    if (!include.is_quoted) continue;
    const Room* const other = room_of(include.name);
    if (other == nullptr) {
      findings.push_back({file.path, include.line, "\"" + include.name + "\" is in no room",
                          "files are quoted by their path from the root of the repository"});
    } else if (other != room && other->layer >= room->layer) {
      findings.push_back(
          {file.path, include.line,
           std::string(room->path) + " includes \"" + include.name + "\", which is not below it",
           "what is below can be understood, tested and replaced without what is "
           "above; see docs/architecture.md"});
    }
  }
  return findings;
}

Findings libraries_keep_their_place(const SourceFile& file) {
  Findings findings;
  const bool is_library_header = file.path.ends_with(".hpp") && !file.path.starts_with("tests/") &&
                                 !file.path.starts_with("bench/");
  for (const Include& include : includes_of(file)) {
    if (include.is_quoted) continue;
    const std::string shown = "<" + include.name + ">";
    // With its bracket, so that <random> is not the beginning of another name.
    const std::string header = include.name + ">";
    const auto row =
        std::find_if(libraries().begin(), libraries().end(),
                     [&](const Library& library) { return header.starts_with(library.header); });
    if (row == libraries().end()) {
      if (is_standard(include.name)) continue;
      findings.push_back({file.path, include.line, shown + " is not in the table of libraries",
                          "a new library is a decision: add it there with its place and reason"});
    } else if (!is_in_one_of(file.path, row->places)) {
      findings.push_back(
          {file.path, include.line, shown + " is not for this file", std::string(row->why)});
    } else if (is_library_header && !is_standard(include.name) &&
               !is_in_one_of(file.path, row->headers)) {
      findings.push_back({file.path, include.line, shown + " in a header",
                          "everyone who includes this file would pay for it: keep libraries behind "
                          "a .cpp file"});
    }
  }
  return findings;
}

Findings sources_are_listed(const std::vector<SourceFile>& cmake_lists,
                            const std::set<std::string>& sources) {
  Findings findings;
  std::set<std::string> listed;
  for (const SourceFile& cmake_list : cmake_lists) {
    for (const auto& [line, name] : names_in(cmake_list)) {
      listed.insert(name);
      if (sources.contains(name) || sources.contains(name + ".in")) continue;
      findings.push_back(
          {cmake_list.path, line, name + " does not exist", "the list is what is built"});
    }
  }
  for (const std::string& source : sources) {
    const bool is_private_header =
        source.ends_with(".hpp") &&
        (source.starts_with("tests/") || source.starts_with("bench/") ||
         source.starts_with("sim/cli/") || source.starts_with("sim/python/"));
    if (is_private_header || source.ends_with(".in") || listed.contains(source)) continue;
    findings.push_back({source, 0, "no CMakeLists.txt lists it",
                        "it is not compiled, checked or installed: a file nobody would miss"});
  }
  return findings;
}

}  // namespace ampsim::tidy
