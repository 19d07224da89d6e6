#include "sim/cli/footer.hpp"

#include <sstream>

#include <CLI/CLI.hpp>

namespace ampsim::cli {

std::vector<FooterLine> footer_lines(const CLI::App& command) {
  std::vector<FooterLine> found;
  std::istringstream lines(command.get_footer());
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) continue;
    FooterLine& last = found.emplace_back();
    std::istringstream words(line);
    if (line.starts_with("  ")) words >> last.name;
    std::getline(words >> std::ws, last.text);
  }
  return found;
}

}  // namespace ampsim::cli
