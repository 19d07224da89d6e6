#pragma once

#include <string>

namespace CLI {  // NOLINT(readability-identifier-naming): not ours
class App;
}

/// ampsim(1), the manual page, from the program's own description of its commands: a command that
/// is added is in it.
///
/// Tested by tests/manual_test.cpp.
namespace ampsim::cli {

/// For man(7). `date` is that of the source, YYYY-MM-DD, or "".
std::string manual_page(const CLI::App& app, const std::string& date);

}  // namespace ampsim::cli
