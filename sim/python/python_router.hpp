#pragma once

#include <string>

#include <pybind11/pybind11.h>

/// Routers that are written in Python: a callable in the registry (sim/routing/registry.hpp), by
/// the name that `routing.algorithm` then knows.
///
/// What it answers a request with is None, a path (a list of channels), or, of a router with a
/// flow, parts: a list of (path, amount_msat). What cannot be used is no route (usable_route() in
/// sim/python/channel_faces.hpp), what is no path at all is its error, and what it raises ends the
/// run and reaches whoever called it.
///
/// It is called with the GIL held, whatever thread its run is in; runs in other threads wait. So
/// more threads make it no faster, and, as each run has its own `route`, change no result.
///
/// Tested by tests/python_test.cpp.
namespace ampsim::python {

struct RouterEntry {
  std::string name;
  std::string help;
  std::string splitter;
  std::string liquidity_view;
  bool has_flow = false;
  /// Called with a GraphFace at the start of each run, it returns what is called with each
  /// RequestFace.
  pybind11::object make;
};

/// A name that Python has given before is given anew; no experiment may be running. Errors:
/// ValueError for a name of ampsim's own, for names of splitters and views that it has not, and
/// RuntimeError while an experiment is running.
void register_router(const RouterEntry& entry);

/// Names that Python has given, in their order.
pybind11::list python_routers();

/// While it lives no router is registered.
class RunningExperiment {
 public:
  RunningExperiment();
  ~RunningExperiment();
  RunningExperiment(const RunningExperiment&) = delete;
  RunningExperiment& operator=(const RunningExperiment&) = delete;
};

/// Raises KeyboardInterrupt in every thread that is inside a routing function now: one that does
/// not come to an end would keep its run from stopping. With the GIL held.
void interrupt_routing_functions();

}  // namespace ampsim::python
