#pragma once

#include <string>
#include <string_view>

/// summary.csv as a table that a person can read: one row a point, a selection of the measures.
///
/// Tested by tests/progress_test.cpp.
namespace ampsim::cli {

/// Swept keys lose their section where that leaves them distinct. A value with an interval is
/// `mean ± half width`; measures that summary.csv does not have are left out.
std::string result_table(std::string_view summary_csv);

}  // namespace ampsim::cli
