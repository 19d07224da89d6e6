#pragma once

/// The whole program: command line in, exit code out. The one place where exceptions end.
///
/// A program of your own that knows one router more is this and a registration:
///
///   int main(int argc, char** argv) {
///     ampsim::sim::add_router(my_router_kind());       // sim/routing/registry.hpp
///     return ampsim::cli::run_program(argc, argv);
///   }
///
/// Tested by tests/cli_test.cpp and tests/guide_test.cpp.
namespace ampsim::cli {

/// Exit codes: 0 done; 1 the run failed; 2 the command line or an input is wrong; 130 interrupted.
/// Once a process.
int run_program(int argc, char** argv);

}  // namespace ampsim::cli
