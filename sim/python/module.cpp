// The native half of the Python package `ampsim`; the other half, with DataFrames and docstrings
// for people, is sim/python/ampsim/, and _ampsim.pyi there says what is here.
#include <algorithm>
#include <string>
#include <vector>

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include "core/check.hpp"
#include "core/random.hpp"
#include "sim/experiment/experiment.hpp"
#include "sim/experiment/output_file.hpp"
#include "sim/experiment/preparation.hpp"
#include "sim/experiment/version.hpp"
#include "sim/python/channel_faces.hpp"
#include "sim/python/dict_document.hpp"
#include "sim/python/python_router.hpp"
#include "sim/python/running.hpp"
#include "sim/python/topology_face.hpp"
#include "sim/report/page.hpp"
#include "topologies/source.hpp"

namespace {

namespace py = pybind11;
using namespace ampsim;
using namespace ampsim::python;

/// Never taken down: the translator may be asked until the interpreter ends.
py::object& exception_type(const char* which) {
  static auto* const input = new py::object;
  static auto* const invariant = new py::object;
  return std::string_view(which) == "InputError" ? *input : *invariant;
}

void add_exceptions(py::module_& package) {
  py::object& input = exception_type("InputError");
  input = py::exception<InputError>(package, "InputError", PyExc_ValueError);
  py::object& invariant = exception_type("InvariantError");
  invariant = py::exception<InvariantError>(package, "InvariantError", PyExc_RuntimeError);
  // NOLINTNEXTLINE(performance-unnecessary-value-param): as pybind11 declares it
  py::register_exception_translator([](std::exception_ptr error) {
    try {
      if (error) std::rethrow_exception(error);
    } catch (const InputError& wrong) {
      // The line that the program writes to stderr.
      PyErr_SetString(exception_type("InputError").ptr(), sim::one_line(wrong.what()).c_str());
    } catch (const InvariantError& broken) {
      PyErr_SetString(exception_type("InvariantError").ptr(), broken.what());
    } catch (const sim::OutputError& unwritten) {
      PyErr_SetString(PyExc_OSError, unwritten.what());
    }
  });
}

py::object value_of(const sim::Value& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return py::bool_(*flag);
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return py::int_(*integer);
  if (const auto* number = std::get_if<double>(&value)) return py::float_(*number);
  return py::str(sim::to_plain(value));
}

sim::Experiment experiment_of(const py::object& experiment, const py::dict& overrides) {
  const std::vector<std::string> assignments = assignments_of(overrides);
  if (!py::isinstance<py::dict>(experiment)) {
    const py::object file = py::module_::import("os").attr("fspath")(experiment);
    return sim::load_experiment(file.cast<std::string>(), assignments);
  }
  sim::Document document = document_of(py::cast<py::dict>(experiment));
  for (const std::string& assignment : assignments) sim::apply_override(document, assignment);
  return sim::resolve_experiment(document, "", "experiment");
}

py::dict point_columns(const sim::Experiment& experiment) {
  py::dict columns;
  for (std::size_t key = 0; key < experiment.sweep.size(); ++key) {
    py::list column;
    for (const sim::Point& point : experiment.points) column.append(value_of(point.swept[key]));
    columns[py::str(experiment.sweep[key].key)] = column;
  }
  return columns;
}

/// What `routing.algorithm` is somewhere.
py::set algorithms_of(const sim::Experiment& experiment) {
  py::set names;
  for (const sim::Point& point : experiment.points) {
    names.add(point.settings.routing.algorithm);
  }
  return names;
}

topo::Topology network_of(const sim::Experiment& experiment, std::size_t run) {
  if (run >= experiment.run_count()) {
    throw InputError({.key = "run"}, "found " + std::to_string(run) + "; the experiment has " +
                                         std::to_string(experiment.run_count()) + " runs, from 0");
  }
  const sim::Settings& settings = experiment.points[run / experiment.replicates].settings;
  const std::uint64_t seed = replicate_seed(experiment.seed, run % experiment.replicates);
  return sim::with_places(experiment,
                          [&] { return sim::run_steps().make_topology(settings, seed); });
}

void add_experiments(py::module_& package) {
  py::class_<sim::Experiment>(package, "Experiment")
      .def(py::init(&experiment_of), py::arg("experiment"), py::arg("overrides"))
      .def_readonly("name", &sim::Experiment::name)
      .def_readonly("seed", &sim::Experiment::seed)
      .def_readonly("replicates", &sim::Experiment::replicates)
      .def_readonly("resolved", &sim::Experiment::resolved)
      .def_readonly("warnings", &sim::Experiment::warnings)
      .def_property_readonly("run_count", &sim::Experiment::run_count)
      .def_property_readonly("point_columns", &point_columns)
      .def_property_readonly("algorithms", &algorithms_of)
      .def("add_input_file", [](sim::Experiment& experiment, const std::string& file) {
        std::vector<std::string>& files = experiment.input_files;
        if (std::find(files.begin(), files.end(), file) == files.end()) files.push_back(file);
      });
  package.def(
      "run",
      [](const sim::Experiment& experiment, const std::string& folder, unsigned jobs, bool restart,
         bool check, const py::object& progress) {
        return run(experiment, {.folder = folder,
                                .jobs = jobs,
                                .restart = restart,
                                .check_every_event = check,
                                .progress = progress});
      },
      py::arg("experiment"), py::arg("folder"), py::arg("jobs"), py::arg("restart"),
      py::arg("check"), py::arg("progress"));
  package.def(
      "write_page",
      [](const std::string& folder, const std::string& file) { report::write_page(folder, file); },
      py::arg("folder"), py::arg("file"), py::call_guard<py::gil_scoped_release>());
}

void add_topologies(py::module_& package) {
  py::class_<topo::Topology>(package, "Topology")
      .def_property_readonly("node_columns", &node_columns)
      .def_property_readonly("channel_columns", &channel_columns)
      .def("describe", &description);
  package.def("import_files", &topo::import_files, py::arg("files"), py::arg("format"),
              py::call_guard<py::gil_scoped_release>());
  package.def("network_of", &network_of, py::arg("experiment"), py::arg("run"),
              py::call_guard<py::gil_scoped_release>());
}

void add_channels(py::module_& package) {
  py::class_<ChannelFace>(package, "Channel",
                          "One direction of a channel as it is announced: index (2 * channel + "
                          "direction), channel, source, target, capacity_msat, fee_base_msat, "
                          "fee_ppm, cltv_delta_blocks, htlc_minimum_msat, htlc_maximum_msat, "
                          "is_disabled.")
      .def_readonly("index", &ChannelFace::index)
      .def_readonly("channel", &ChannelFace::channel)
      .def_readonly("source", &ChannelFace::source)
      .def_readonly("target", &ChannelFace::target)
      .def_readonly("capacity_msat", &ChannelFace::capacity_msat)
      .def_readonly("fee_base_msat", &ChannelFace::fee_base_msat)
      .def_readonly("fee_ppm", &ChannelFace::fee_ppm)
      .def_readonly("cltv_delta_blocks", &ChannelFace::cltv_delta_blocks)
      .def_readonly("htlc_minimum_msat", &ChannelFace::htlc_minimum_msat)
      .def_readonly("htlc_maximum_msat", &ChannelFace::htlc_maximum_msat)
      .def_readonly("is_disabled", &ChannelFace::is_disabled)
      .def("__index__", [](const ChannelFace& face) { return face.index; })
      .def("__repr__", [](const ChannelFace& face) {
        return "<Channel " + std::to_string(face.index) + ": " + std::to_string(face.source) +
               " -> " + std::to_string(face.target) + ">";
      });
  py::class_<GraphFace>(package, "Graph",
                        "What every sender knows of the network of a run: node_count, "
                        "channel_count, channels (two a channel, by index), channels_to(node), "
                        "channels_from(node), and the seed of the replicate.")
      .def_property_readonly("seed", &GraphFace::seed)
      .def_property_readonly("node_count", &GraphFace::node_count)
      .def_property_readonly("channel_count", &GraphFace::channel_count)
      .def_property_readonly("channels", &GraphFace::channels)
      .def("channels_to", &GraphFace::channels_to, py::arg("node"))
      .def("channels_from", &GraphFace::channels_from, py::arg("node"));
}

/// A field of the request itself, by what `read` makes of it.
template <class Read>
void add_field(py::class_<RequestFace>& request, const char* name, Read read) {
  request.def_property_readonly(name,
                                [read](const RequestFace& face) { return read(face.request()); });
}

void add_requests(py::module_& package) {
  using Request = sim::RouteRequest;
  py::class_<RequestFace> request(
      package, "Request",
      "What a route is asked for: source, target, amount_msat, total_msat, fee_limit_msat, "
      "cltv_limit_blocks, final_cltv_blocks, now_ms; what the sender knows: graph, local (its own "
      "channels and what they can send), avoided, used, failed; what it believes: "
      "most_over(channel), bounds(channel), probability(channel, amount_msat), price(path); and, "
      "of a flow, is_flow, min_part_msat, max_parts.");
  add_field(request, "source", [](const Request& r) { return r.source.index; });
  add_field(request, "target", [](const Request& r) { return r.target.index; });
  add_field(request, "amount_msat", [](const Request& r) { return r.amount.count; });
  add_field(request, "total_msat", [](const Request& r) { return r.total.count; });
  add_field(request, "fee_limit_msat", [](const Request& r) { return r.fee_limit.count; });
  add_field(request, "cltv_limit_blocks", [](const Request& r) { return r.cltv_limit.count; });
  add_field(request, "final_cltv_blocks",
            [](const Request& r) { return r.final_cltv_delta.count; });
  add_field(request, "now_ms", [](const Request& r) { return to_ms(r.now.time_since_epoch()); });
  request.def_property_readonly("graph", &RequestFace::graph)
      .def_property_readonly("is_flow", &RequestFace::is_flow)
      .def_property_readonly("min_part_msat", &RequestFace::min_part_msat)
      .def_property_readonly("max_parts", &RequestFace::max_parts)
      .def_property_readonly("local", &RequestFace::local)
      .def_property_readonly("avoided", &RequestFace::avoided)
      .def_property_readonly("used", &RequestFace::used)
      .def_property_readonly("failed", &RequestFace::failed)
      .def("most_over", &RequestFace::most_over, py::arg("channel"))
      .def("bounds", &RequestFace::bounds, py::arg("channel"))
      .def("probability", &RequestFace::probability, py::arg("channel"),
           py::arg("amount_msat") = py::none())
      .def("price", &RequestFace::price, py::arg("path"), py::arg("amount_msat") = py::none());
}

void add_routers(py::module_& package) {
  package.def(
      "register_router",
      [](const std::string& name, const py::object& make, const std::string& help,
         const std::string& splitter, const std::string& liquidity_view, bool flow) {
        register_router({.name = name,
                         .help = help,
                         .splitter = splitter,
                         .liquidity_view = liquidity_view,
                         .has_flow = flow,
                         .make = make});
      },
      py::arg("name"), py::arg("make"), py::arg("help"), py::arg("splitter"),
      py::arg("liquidity_view"), py::arg("flow"));
  package.def("python_routers", &python_routers);
}

}  // namespace

PYBIND11_MODULE(_ampsim, package) {
  package.doc() = "The native half of ampsim: use the package.";
  package.attr("version") = sim::version().number;
  package.attr("commit") = sim::version().commit;
  add_exceptions(package);
  add_experiments(package);
  add_topologies(package);
  add_channels(package);
  add_requests(package);
  add_routers(package);
}
