#include "sim/python/running.hpp"

#include <atomic>
#include <exception>

#include "sim/experiment/preparation.hpp"
#include "sim/experiment/runner.hpp"
#include "sim/python/python_router.hpp"

namespace ampsim::python {
namespace {

namespace py = pybind11;

/// What the thread that waits for the runs does a few times a second.
class Watch {
 public:
  explicit Watch(const py::object& progress) : progress_(progress) {}

  const std::atomic<bool>& stop() const { return stop_; }

  void look(const sim::RunnerProgress& at) {
    const py::gil_scoped_acquire gil;
    try {
      if (PyErr_CheckSignals() != 0) throw py::error_already_set();
      if (!stop_ && !progress_.is_none()) progress_(at.runs_done, at.runs, at.payments_done);
    } catch (...) {
      if (!error_) error_ = std::current_exception();
      stop_ = true;
      interrupt_routing_functions();
    }
  }
  /// With the GIL held.
  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  const py::object& progress_;
  std::atomic<bool> stop_{false};
  std::exception_ptr error_;
};

}  // namespace

bool run(const sim::Experiment& experiment, const RunArguments& arguments) {
  Watch watch(arguments.progress);
  const RunningExperiment running;
  sim::RunnerOutcome outcome{};
  std::exception_ptr error;
  {
    const py::gil_scoped_release release;
    try {
      outcome = sim::run_experiment(
          experiment, sim::run_steps(),
          {.folder = arguments.folder,
           .jobs = arguments.jobs,
           .restart = arguments.restart,
           .check_every_event = arguments.check_every_event,
           .stop = &watch.stop(),
           .on_progress = [&watch](const sim::RunnerProgress& at) { watch.look(at); }});
    } catch (...) {
      error = std::current_exception();
    }
  }
  watch.rethrow();
  if (error) std::rethrow_exception(error);
  return outcome != sim::RunnerOutcome::already_complete;
}

}  // namespace ampsim::python
