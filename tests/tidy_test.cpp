#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <doctest/doctest.h>

#include "tests/tidy_rules.hpp"

using namespace ampsim::tidy;

namespace {

namespace fs = std::filesystem;

/// The whole repository, read once.
struct Tree {
  std::vector<SourceFile> files;        ///< .hpp and .cpp
  std::vector<SourceFile> page_files;   ///< .js, .css and .html
  std::vector<SourceFile> cmake_lists;  ///< CMakeLists.txt
  std::set<std::string> names;          ///< of all these, and templates of files
};

SourceFile read(const fs::path& path, const fs::path& root) {
  std::ifstream stream(path, std::ios::binary);
  return {path.lexically_relative(root).generic_string(),
          {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()}};
}

const Tree& tree() {
  static const Tree all = [] {
    Tree found;
    const fs::path root = AMPSIM_SOURCE_DIR;
    for (const char* folder : {"core", "topologies", "sim", "tests", "bench"}) {
      for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
        const fs::path& path = entry.path();
        if (path.filename() == "CMakeLists.txt") found.cmake_lists.push_back(read(path, root));
        if (path.extension() == ".in") {
          found.names.insert(path.lexically_relative(root).generic_string());
        }
        const std::string ending = path.extension().string();
        const bool is_of_page = ending == ".js" || ending == ".css" || ending == ".html";
        if (ending != ".hpp" && ending != ".cpp" && !is_of_page) continue;
        std::vector<SourceFile>& files = is_of_page ? found.page_files : found.files;
        files.push_back(read(path, root));
        found.names.insert(files.back().path);
      }
    }
    return found;
  }();
  return all;
}

void expect_none(const Findings& findings) {
  for (const Finding& finding : findings) {
    const std::string line = finding.line > 0 ? ":" + std::to_string(finding.line) : "";
    FAIL_CHECK(finding.path << line << ": " << finding.problem << ". Why: " << finding.why);
  }
}

void expect_none_in_tree(Findings (*rule)(const SourceFile&)) {
  CHECK(tree().files.size() > 10);
  for (const SourceFile& file : tree().files) expect_none(rule(file));
}

bool finds(const Findings& findings, int line, const std::string& problem) {
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
    return finding.line == line && finding.problem.find(problem) != std::string::npos &&
           !finding.why.empty();
  });
}

}  // namespace

TEST_CASE("tidy: includes follow the layers") { expect_none_in_tree(includes_point_down); }
TEST_CASE("tidy: external libraries keep their place") {
  expect_none_in_tree(libraries_keep_their_place);
}
TEST_CASE("tidy: no call makes results depend on more than the seed") {
  expect_none_in_tree(calls_are_allowed);
}
TEST_CASE("tidy: lines and files keep their limits") { expect_none_in_tree(lines_are_tidy); }
TEST_CASE("tidy: so do the scripts and the style of the page") {
  CHECK(tree().page_files.size() > 10);
  for (const SourceFile& file : tree().page_files) {
    expect_none(lines_are_tidy(file));
    expect_none(files_are_named(file));
  }
}
TEST_CASE("tidy: headers open with what they need") { expect_none_in_tree(headers_open_well); }
TEST_CASE("tidy: every test that is mentioned exists") {
  for (const SourceFile& file : tree().files) {
    // Here the tests of the rule mention tests that must not exist.
    if (file.path == "tests/tidy_test.cpp") continue;
    expect_none(mentioned_tests_exist(file, tree().names));
  }
}
TEST_CASE("tidy: files are named after their subject") { expect_none_in_tree(files_are_named); }
TEST_CASE("tidy: what is built is what is there") {
  expect_none(sources_are_listed(tree().cmake_lists, tree().names));
}

TEST_CASE("tidy: the layer rule finds an include that points up, aside or nowhere") {
  const SourceFile file{"sim/routing/router.cpp",
                        "#include \"sim/routing/router.hpp\"\n"
                        "#include \"core/units.hpp\"\n"
                        "#include \"sim/payment/params.hpp\"\n"
                        "#include \"sim/measure/metrics.hpp\"\n"
                        "#include \"units.hpp\"\n"};
  const Findings findings = includes_point_down(file);
  CHECK(findings.size() == 3);
  CHECK(finds(findings, 3, "sim/payment/params.hpp\", which is not below it"));
  CHECK(finds(findings, 4, "sim/measure/metrics.hpp\", which is not below it"));
  CHECK(finds(findings, 5, "\"units.hpp\" is in no room"));
  CHECK(finds(includes_point_down({"sim/stray.cpp", ""}), 0, "no room"));
  CHECK(finds(includes_point_down({"core/a.cpp", "#include \"topologies/topology.hpp\"\n"}), 1,
              "not below"));
  CHECK(finds(includes_point_down({"sim/a/b.hpp", "#include \"tests/world.hpp\"\n"}), 0, "room"));
  CHECK(includes_point_down({"tests/a_test.cpp", "#include \"sim/cli/commands.hpp\"\n"}).empty());
}

TEST_CASE("tidy: the library rule finds a library out of place, in a header, or unknown") {
  const auto problems = [](const char* path, const char* text) {
    return libraries_keep_their_place({path, text});
  };
  CHECK(finds(problems("sim/network/network.cpp", "#include <boost/graph/graph_traits.hpp>\n"), 1,
              "not for this file"));
  CHECK(finds(problems("sim/simulation.cpp", "\n#include <boost/asio/post.hpp>\n"), 2,
              "not for this file"));
  CHECK(finds(problems("core/units.hpp", "#include <random>\n"), 1, "not for this file"));
  CHECK(finds(problems("sim/routing/router.hpp", "#include <boost/graph/graph_traits.hpp>\n"), 1,
              "in a header"));
  CHECK(finds(problems("sim/report/page.cpp", "#include <glaze/glaze.hpp>\n"), 1,
              "not in the table"));
  CHECK(problems("core/random.hpp", "#include <random>\n#include <span>\n").empty());
  CHECK(problems("sim/experiment/runner.cpp", "#include <boost/asio/post.hpp>\n").empty());
}

TEST_CASE("tidy: the call rule finds calls, but not in comments and literals") {
  const SourceFile file{"sim/workload/workload.cpp",
                        "// rand() is not used here\n"
                        "const char* text = \"std::cout\";\n"
                        "std::cout << text;\n"
                        "auto now = std::chrono::system_clock::now();\n"
                        "std::normal_distribution<> normal;\n"
                        "int x = std::rand();\n"
                        "static_assert(true);\n"
                        "assert(x > 1'000);\n"
                        "int brand(int);\n"};
  const Findings findings = calls_are_allowed(file);
  CHECK(findings.size() == 5);
  CHECK(finds(findings, 3, "std::cout"));
  CHECK(finds(findings, 4, "system_clock"));
  CHECK(finds(findings, 5, "a distribution"));
  CHECK(finds(findings, 6, "rand("));
  CHECK(finds(findings, 8, "assert("));
  CHECK(calls_are_allowed({"sim/cli/main.cpp", "std::cout << 1;\n"}).empty());
}

TEST_CASE("tidy: code is what is left without comments and literals") {
  CHECK(code_of("a /* b\nc */ d // e\nf") == "a     \n     d     \nf");
  CHECK(code_of("f(\"a\\\"b\", 'c');") == "f(      ,    );");
  CHECK(code_of("x = R\"(// \" )\" + 1'000;") == "x =            + 1'000;");
  CHECK(code_of("#include \"core/units.hpp\"\n\"s\"") == "#include \"core/units.hpp\"\n   ");
}

TEST_CASE("tidy: the line rule finds every kind of untidy line") {
  std::string text = "\ta\nb \n// TO";
  text += "DO c\n" + std::string(101, 'x') + "\nend";
  const Findings findings = lines_are_tidy({"core/a.cpp", text});
  CHECK(findings.size() == 5);
  CHECK(finds(findings, 1, "a tab"));
  CHECK(finds(findings, 2, "trailing blanks"));
  CHECK(finds(findings, 3, "DO"));
  CHECK(finds(findings, 4, "100 columns"));
  CHECK(finds(findings, 5, "no line end"));
  std::string long_text;
  for (int i = 0; i < 501; ++i) long_text += "x\n";
  CHECK(finds(lines_are_tidy({"core/a.cpp", long_text}), 501, "500 lines"));
  std::string wide;
  for (int i = 0; i < 100; ++i) wide += "é";
  CHECK(lines_are_tidy({"core/a.cpp", wide + "\n"}).empty());
}

TEST_CASE("tidy: the header rule finds what a header lacks") {
  const Findings findings =
      headers_open_well({"core/a.hpp", "using namespace std;\nclass A {\n};\n"});
  CHECK(findings.size() == 3);
  CHECK(finds(findings, 1, "#pragma once"));
  CHECK(finds(findings, 1, "using namespace"));
  CHECK(finds(findings, 1, "Tested by"));
  CHECK(finds(headers_open_well({"core/a.hpp", "#pragma once\nint f(int);\n"}), 1, "Tested by"));
  CHECK(headers_open_well(
            {"core/a.hpp", "#pragma once\n/// Tested by tests/a_test.cpp.\nint f(int);\n"})
            .empty());
  CHECK(headers_open_well({"core/a.hpp",
                           "#pragma once\nclass Later;\nenum class E { x };\n"
                           "struct Plain {\n  int sum() const;\n};\n"})
            .empty());
}

TEST_CASE("tidy: a mentioned test that does not exist is found") {
  const SourceFile file{"core/a.hpp",
                        "/// Tested by tests/a_test.cpp\n/// and tests/b_test.cpp.\n"};
  const Findings findings = mentioned_tests_exist(file, {"tests/a_test.cpp"});
  CHECK(findings.size() == 1);
  CHECK(finds(findings, 2, "tests/b_test.cpp does not exist"));
}

TEST_CASE("tidy: a name that says nothing is found") {
  CHECK(finds(files_are_named({"core/string_util.hpp", ""}), 0, "util"));
  CHECK(finds(files_are_named({"sim/misc/a.cpp", ""}), 0, "misc"));
  CHECK(files_are_named({"core/utility_function.hpp", ""}).empty());
}

TEST_CASE("tidy: a source that is missing, or listed nowhere, is found") {
  const std::vector<SourceFile> lists = {
      {"core/CMakeLists.txt", "# old.cpp\nampsim_library(core SOURCES a.cpp\n  gone.cpp)\n"}};
  const Findings findings = sources_are_listed(
      lists, {"core/a.cpp", "core/a.hpp", "core/b.cpp", "core/c.js", "tests/world.hpp"});
  CHECK(findings.size() == 4);
  CHECK(finds(findings, 3, "core/gone.cpp does not exist"));
  CHECK(finds(findings, 0, "no CMakeLists.txt lists it"));
}
