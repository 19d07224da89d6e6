#pragma once

#include <filesystem>
#include <string>
#include <vector>

/// `ampsim report`: pictures of a results folder, as one page (sim/report/page.hpp) or as figures
/// for papers (sim/report/figures.hpp), which gnuplot draws.
///
/// Errors: InputError for a folder that holds no complete results, names that are not there, and
/// figures where there is no gnuplot; OutputError.
/// Tested by tests/report_command_test.cpp.
namespace ampsim::cli {

struct ReportOptions {
  std::string folder;
  std::string out;                    ///< "" = FOLDER/report.html, FOLDER/figures/
  std::string format = "html";        ///< html, svg or png
  std::vector<std::string> measures;  ///< of figures; empty = the usual ones
  std::string along;                  ///< of figures: the key along the axis
  std::string lines;                  ///< of figures: the key with a line for each value
};
int report_command(const ReportOptions& options);

/// What `ampsim run` does when all runs are there: report.html into the folder, unless it is there
/// already and the results `are_new` not. That it cannot be written is a warning, since the results
/// are there; returns whether there is a page.
bool keep_report_page(const std::filesystem::path& folder, bool are_new);

}  // namespace ampsim::cli
