#pragma once

#include <string_view>

/// The files that a page is put together from, as they were when the program was built: those of
/// sim/report/page/ and Chart.js from its Debian package. cmake/embed_texts.cmake writes them into
/// the program, so that a report needs nothing but its results.
///
/// Tested by tests/report_page_test.cpp.
namespace ampsim::report {

/// The content of a file: "report.html", "plot.js", "chart.min.js", ... Throws InvariantError for a
/// name that CMakeLists.txt does not list.
std::string_view page_text(std::string_view name);

}  // namespace ampsim::report
