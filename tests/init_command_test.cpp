#include "sim/cli/init_command.hpp"

#include <regex>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "sim/experiment/settings.hpp"
#include "tests/experiment_world.hpp"
#include "tests/guide_page.hpp"

using namespace ampsim;
using namespace ampsim::sim;
using ampsim::test::lines_of;

namespace {

const std::string& text() {
  static const std::string written = cli::starting_experiment("first.toml");
  return written;
}

/// "# key = value" of a key that is not set, or "".
std::string key_left_out(const std::string& line) {
  static const std::regex pattern("# ([a-z0-9_.]+) = .*");
  std::smatch found;
  return std::regex_match(line, found, pattern) ? found[1].str() : "";
}

std::string full_name(const std::string& section, const std::string& key) {
  return section.empty() ? key : section + "." + key;
}

}  // namespace

TEST_CASE("init: what it writes is an experiment of a few small runs") {
  const Experiment experiment = experiment_of(text());
  CHECK(experiment.warnings.empty());
  CHECK(experiment.points.size() == 3);
  CHECK(experiment.run_count() < 20);
  CHECK(experiment.points[0].settings.topology.nodes <= 1000);
  CHECK(experiment.points[0].settings.workload.payments <= 1000);
}

TEST_CASE("init: every line that is left out can be put in and changes nothing") {
  const std::string resolved = experiment_of(text()).resolved;
  const std::vector<std::string> lines = lines_of(text());
  std::size_t count = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (key_left_out(lines[i]).empty()) continue;
    std::string changed;
    for (std::size_t other = 0; other < lines.size(); ++other) {
      changed += (other == i ? lines[other].substr(2) : lines[other]) + "\n";
    }
    CAPTURE(lines[i]);
    REQUIRE(refusal_of(changed) == "");
    CHECK(experiment_of(changed).resolved == resolved);
    ++count;
  }
  CHECK(count > 50);
}

TEST_CASE("init: it has every key that its own resolved file has, with its help") {
  std::set<std::string> written;
  std::string section;
  for (const std::string& line : lines_of(text())) {
    if (line.starts_with("[")) section = line.substr(1, line.size() - 2);
    std::string key = key_left_out(line);
    if (key.empty() && !line.starts_with("#")) key = line.substr(0, line.find(' '));
    const Setting* const setting = find_setting(full_name(section, key));
    if (setting == nullptr) continue;
    CHECK(line.find("# " + setting->help + ": " + allowed_values(*setting)) != std::string::npos);
    written.insert(setting->key);
  }
  const Experiment experiment = experiment_of(text());
  for (const Entry& entry : parse_document(experiment.resolved, "resolved", "")) {
    if (entry.key == "name" || entry.key.starts_with("sweep.")) continue;
    CAPTURE(entry.key);
    CHECK(written.contains(entry.key));
  }
}

TEST_CASE("init: it writes a new file or none") {
  const TemporaryFolder folder;
  const std::string name = (folder.path() / "mine").string();
  CHECK(cli::init_command(name) == 0);
  CHECK(content_of(name + ".toml").find("ampsim run " + name + ".toml") != std::string::npos);
  folder.write("kept.toml", "mine");
  CHECK_THROWS_AS(cli::init_command((folder.path() / "kept.toml").string()), InputError);
  CHECK(content_of(folder.path() / "kept.toml") == "mine");
  CHECK_THROWS_AS(cli::init_command((folder.path() / "none/x").string()), InputError);
}
