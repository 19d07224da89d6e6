#include "sim/cli/report_command.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <spdlog/spdlog.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/check.hpp"
#include "sim/experiment/output_file.hpp"
#include "sim/report/figures.hpp"
#include "sim/report/page.hpp"

namespace ampsim::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPage = "report.html";

/// The program of that name that a shell would call, or an empty path.
fs::path program_named(const std::string& name) {
  const char* const path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? "" : path;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    fs::path program = fs::path(rest.substr(0, end)) / name;
    if (::access(program.c_str(), X_OK) == 0) return program;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return {};
}

/// Calls gnuplot with a script, in the folder of the script; what it says goes to stderr.
void call_gnuplot(const fs::path& gnuplot, const fs::path& folder, const std::string& script) {
  const std::string program = fs::absolute(gnuplot).string();
  const std::array<const char*, 3> arguments = {"gnuplot", script.c_str(), nullptr};
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  pid_t child = 0;
  const int error = posix_spawn(&child, program.c_str(), &actions, nullptr,
                                const_cast<char* const*>(arguments.data()), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    throw std::runtime_error(program + ": " + std::generic_category().message(error));
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw std::runtime_error((folder / script).string() + ": gnuplot could not draw it");
  }
}

int draw_figures(const ReportOptions& options) {
  const std::vector<report::Figure> figures =
      report::figures_of(report::read_results(options.folder), {.measures = options.measures,
                                                                .along = options.along,
                                                                .lines = options.lines,
                                                                .format = options.format});
  const fs::path gnuplot = program_named("gnuplot");
  if (gnuplot.empty()) {
    throw InputError({.file = "--format"},
                     fmt::format("{} needs the program gnuplot, which is not installed (Debian: "
                                 "apt-get install gnuplot-nox)",
                                 options.format));
  }
  const fs::path folder =
      options.out.empty() ? fs::path(options.folder) / "figures" : fs::path(options.out);
  std::error_code status;
  fs::create_directories(folder, status);
  if (status) {
    throw InputError({.file = folder.string()}, "cannot be written: " + status.message());
  }
  for (const report::Figure& figure : figures) {
    sim::OutputFile script(folder / (figure.name + ".gp"));
    script.write(figure.script);
    script.commit();
    call_gnuplot(gnuplot, folder, figure.name + ".gp");
  }
  fmt::print("{} (*.gp) in {}/\n",
             figures.size() == 1 ? "1 figure and its script"
                                 : fmt::format("{} figures and their scripts", figures.size()),
             folder.string());
  return 0;
}

int write_page(const ReportOptions& options) {
  for (const auto& [name, is_given] :
       {std::pair{"--measure", !options.measures.empty()}, std::pair{"--x", !options.along.empty()},
        std::pair{"--by", !options.lines.empty()}}) {
    if (!is_given) continue;
    throw InputError(
        {.file = name},
        "has no effect on the page, where the reader chooses; give --format svg or png");
  }
  fs::path file = options.out.empty() ? fs::path(options.folder) / kPage : fs::path(options.out);
  std::error_code ignored;
  if (fs::is_directory(file, ignored)) file /= kPage;
  report::write_page(options.folder, file);
  fmt::print("{}\n", file.string());
  return 0;
}

}  // namespace

int report_command(const ReportOptions& options) {
  return options.format == "html" ? write_page(options) : draw_figures(options);
}

bool keep_report_page(const fs::path& folder, bool are_new) {
  const fs::path file = folder / kPage;
  std::error_code ignored;
  if (!are_new && fs::exists(file, ignored)) return true;
  try {
    report::write_page(folder, file);
    return true;
  } catch (const std::exception& error) {
    spdlog::warn("{} could not be made: {}", kPage, error.what());
    return false;
  }
}

}  // namespace ampsim::cli
