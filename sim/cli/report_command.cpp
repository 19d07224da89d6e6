#include "sim/cli/report_command.hpp"

#include <stdexcept>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "core/check.hpp"
#include "sim/cli/called_program.hpp"
#include "sim/experiment/document.hpp"
#include "sim/experiment/output_file.hpp"
#include "sim/report/figures.hpp"
#include "sim/report/page.hpp"

namespace ampsim::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPage = "report.html";

/// Draws with a script, in the folder of the script.
void call_gnuplot(const fs::path& folder, const std::string& script) {
  const CalledProgram called = call_program({"gnuplot", script}, folder);
  if (called.code == 0) return;
  throw std::runtime_error(fmt::format("{}: gnuplot could not draw it: {}",
                                       (folder / script).string(), sim::one_line(called.err)));
}

int draw_figures(const ReportOptions& options) {
  const std::vector<report::Figure> figures =
      report::figures_of(report::read_results(options.folder), {.measures = options.measures,
                                                                .along = options.along,
                                                                .lines = options.lines,
                                                                .format = options.format});
  try {
    call_program({"gnuplot", "--version"});
  } catch (const NoSuchProgram&) {
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
    sim::write_file(folder / (figure.name + ".gp"), figure.script);
    call_gnuplot(folder, figure.name + ".gp");
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
