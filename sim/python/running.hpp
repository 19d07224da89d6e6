#pragma once

#include <string>

#include <pybind11/pybind11.h>

#include "sim/experiment/experiment.hpp"

/// `ampsim run` out of Python: other Python threads go on while it runs, Ctrl-C ends it in order,
/// and what a routing function raises comes out of it.
///
/// Tested by tests/python_test.cpp.
namespace ampsim::python {

struct RunArguments {
  std::string folder;
  unsigned jobs = 0;  ///< 0 = one a core
  bool restart = false;
  bool check_every_event = false;
  /// Called a few times a second with runs done, runs, payments done by this call; or None.
  pybind11::object progress;
};

/// Whether there was anything to do. Errors: those of sim::run_experiment(); what `progress`, a
/// signal handler or a routing function raises, after the runs in flight have been stopped.
bool run(const sim::Experiment& experiment, const RunArguments& arguments);

}  // namespace ampsim::python
