#include "sim/python/python_router.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/check.hpp"
#include "sim/experiment/settings.hpp"
#include "sim/python/channel_faces.hpp"
#include "sim/routing/registry.hpp"

namespace ampsim::python {
namespace {

namespace py = pybind11;

/// Never taken down: it would outlive the interpreter. Read and written with the GIL held.
std::vector<RouterEntry>& entries() {
  static auto* const all = new std::vector<RouterEntry>;
  return *all;
}
RouterEntry* entry_named(const std::string& name) {
  const auto found = std::find_if(entries().begin(), entries().end(),
                                  [&](const RouterEntry& each) { return each.name == name; });
  return found == entries().end() ? nullptr : &*found;
}

/// Experiments that are running, and threads that are inside a routing function. With the GIL held.
int running = 0;
std::vector<unsigned long>& threads_inside() {
  static std::vector<unsigned long> threads;
  return threads;
}

class ThreadInside {
 public:
  ThreadInside() { threads_inside().push_back(PyThread_get_thread_ident()); }
  ~ThreadInside() {
    auto& threads = threads_inside();
    threads.erase(std::find(threads.begin(), threads.end(), PyThread_get_thread_ident()));
  }
  ThreadInside(const ThreadInside&) = delete;
  ThreadInside& operator=(const ThreadInside&) = delete;
};

/// What was amiss in an answer, with the name of the router in front.
template <class Action>
auto named(const std::string& router, const Action& action) {
  const auto message = [&](const std::exception& error) {
    return fmt::format("router \"{}\": {}", router, error.what());
  };
  try {
    return action();
  } catch (const py::value_error& error) {
    throw py::value_error(message(error));
  } catch (const py::type_error& error) {
    throw py::type_error(message(error));
  }
}

struct Part {
  std::vector<DirectedChannel> path;
  Msat amount;
};

/// (path, amount_msat): a tuple of two whose first is no channel.
bool is_part(const py::handle& value) {
  return py::isinstance<py::tuple>(value) && py::len(value) == 2 &&
         PyIndex_Check(py::reinterpret_borrow<py::tuple>(value)[0].ptr()) == 0 &&
         PySequence_Check(py::reinterpret_borrow<py::tuple>(value)[0].ptr()) != 0;
}

/// Empty for None and for an empty list.
std::vector<Part> parts_of(const py::object& answer, const sim::ChannelGraph& graph, Msat amount) {
  if (answer.is_none()) return {};
  if (PySequence_Check(answer.ptr()) == 0) {
    throw py::type_error(fmt::format(
        "found {}; allowed: None, a list of channels, or a list of (channels, amount_msat)",
        std::string(py::repr(answer)).substr(0, 60)));
  }
  const auto listed = py::reinterpret_borrow<py::sequence>(answer);
  if (listed.empty()) return {};
  if (!is_part(listed[0])) return {{path_of(listed, graph), amount}};
  std::vector<Part> parts;
  for (const py::handle each : listed) {
    if (!is_part(each)) {
      throw py::type_error(fmt::format("found {} among parts; allowed: (channels, amount_msat)",
                                       std::string(py::repr(each)).substr(0, 60)));
    }
    const auto part = py::reinterpret_borrow<py::tuple>(each);
    parts.push_back({path_of(part[0], graph), Msat{part[1].cast<std::int64_t>()}});
  }
  return parts;
}

/// Whether the parts have the amount together, none of them smaller than a part may be.
bool is_whole(const std::vector<sim::Route>& routes, Msat amount, const sim::PartLimits* limits) {
  const Msat least = limits != nullptr ? std::min(limits->min_part, amount) : amount;
  Msat sum;
  for (const sim::Route& route : routes) {
    if (routes.size() > 1 && route.amount() < least) return false;
    sum += route.amount();
  }
  return sum == amount;
}

class PythonRouter final : public sim::Router {
 public:
  PythonRouter(const RouterEntry& entry, const sim::RoutingMeans& means)
      : name_(entry.name),
        graph_(means.graph),
        graph_face_(py::cast(GraphFace(means.graph, means.seed))) {
    try {
      route_ = entry.make(graph_face_);
    } catch (...) {
      // The traceback keeps the face.
      graph_face_.cast<GraphFace&>().close();
      throw;
    }
  }
  ~PythonRouter() override {
    const py::gil_scoped_acquire gil;
    graph_face_.cast<GraphFace&>().close();
    route_ = {};
    graph_face_ = {};
  }
  PythonRouter(const PythonRouter&) = delete;
  PythonRouter& operator=(const PythonRouter&) = delete;

  sim::RouteResult find(const sim::RouteRequest& request, const sim::LiquidityView& view) override {
    sim::PartsResult result = answer(request, view, nullptr);
    if (const auto* const reason = std::get_if<sim::NoRoute>(&result)) return *reason;
    return std::move(std::get<std::vector<sim::Route>>(result).front());
  }

  sim::PartsResult find_flow(const sim::RouteRequest& request,
                             const sim::LiquidityView& view,
                             const sim::PartLimits& limits) override {
    return answer(request, view, &limits);
  }

 private:
  sim::PartsResult answer(const sim::RouteRequest& request,
                          const sim::LiquidityView& view,
                          const sim::PartLimits* limits);
  std::vector<sim::Route> routes_of(const std::vector<Part>& parts,
                                    const sim::RouteRequest& request,
                                    std::size_t most) const;

  std::string name_;
  const sim::ChannelGraph& graph_;
  py::object graph_face_;
  py::object route_;
};

sim::PartsResult PythonRouter::answer(const sim::RouteRequest& request,
                                      const sim::LiquidityView& view,
                                      const sim::PartLimits* limits) {
  Msat total;
  for (const sim::LocalChannel& channel : request.local) total += channel.available;
  if (total < request.amount) return sim::NoRoute::insufficient_balance;

  const py::gil_scoped_acquire gil;
  const ThreadInside inside;
  const py::object face = py::cast(RequestFace(request, view, limits, graph_face_));
  std::vector<sim::Route> routes;
  try {
    const py::object answered = route_(face);
    routes = named(name_, [&] {
      const std::size_t most = limits != nullptr ? limits->room() : 1;
      return routes_of(parts_of(answered, graph_, request.amount), request, most);
    });
  } catch (...) {
    face.cast<RequestFace&>().close();
    throw;
  }
  face.cast<RequestFace&>().close();
  if (!is_whole(routes, request.amount, limits)) return sim::NoRoute::no_path;
  return routes;
}

/// Those parts that can be used beside the ones before them.
std::vector<sim::Route> PythonRouter::routes_of(const std::vector<Part>& parts,
                                                const sim::RouteRequest& request,
                                                std::size_t most) const {
  if (parts.size() > most) {
    throw py::value_error(fmt::format("found {} parts; allowed: {}", parts.size(),
                                      most == 1 ? "one here" : fmt::format("up to {}", most)));
  }
  Msat sum;
  for (const Part& part : parts) {
    if (part.amount <= Msat{0} || part.amount > request.amount - sum) {
      throw py::value_error(
          fmt::format("found a part of {} msat behind parts of {} together; allowed: from 1 to {}",
                      part.amount.count, sum.count, (request.amount - sum).count));
    }
    sum += part.amount;
  }
  std::vector<sim::LocalChannel> local(request.local.begin(), request.local.end());
  sim::RouteRequest left = request;
  left.local = local;
  std::vector<sim::Route> routes;
  for (const Part& part : parts) {
    std::optional<sim::Route> route = usable_route(graph_, part.path, part.amount, left);
    if (!route) continue;
    left.fee_limit -= route->fee();
    for (sim::LocalChannel& own : local) {
      if (own.channel == route->hops.front().channel) own.available -= route->sent();
    }
    routes.push_back(std::move(*route));
  }
  return routes;
}

template <class Kind>
void check_name(const std::string& what, const std::string& name, const std::vector<Kind>& known) {
  std::vector<std::string> names;
  names.reserve(known.size());
  for (const Kind& kind : known) names.push_back(kind.name);
  if (std::find(names.begin(), names.end(), name) != names.end()) return;
  throw py::value_error(fmt::format("{}: found \"{}\"; allowed: {}{}", what, name,
                                    fmt::join(names, ", "), did_you_mean(name, names)));
}

}  // namespace

void register_router(const RouterEntry& entry) {
  if (running > 0) throw std::runtime_error("a router cannot be registered during an experiment");
  check_name("splitter", entry.splitter, sim::splitters());
  check_name("liquidity_view", entry.liquidity_view, sim::liquidity_views());
  RouterEntry* const before = entry_named(entry.name);
  for (const sim::RouterKind& kind : sim::routers()) {
    if (before != nullptr || kind.name != entry.name) continue;
    throw py::value_error(fmt::format(
        "name: found \"{}\", a router of ampsim itself; allowed: another name", entry.name));
  }
  if (entry.name.empty() || entry.name == "auto") {
    throw py::value_error(fmt::format("name: found \"{}\"; allowed: a name", entry.name));
  }
  sim::RouterKind kind{.name = entry.name,
                       .help = entry.help,
                       .splitter = entry.splitter,
                       .liquidity_view = entry.liquidity_view,
                       .has_flow = entry.has_flow,
                       .make = [name = entry.name](const sim::RoutingMeans& means) {
                         const py::gil_scoped_acquire gil;
                         return std::make_unique<PythonRouter>(*entry_named(name), means);
                       }};
  if (before != nullptr) {
    *before = entry;
    sim::replace_router(std::move(kind));
    return;
  }
  entries().push_back(entry);
  sim::add_router(std::move(kind));
  sim::renew_choices();
}

py::list python_routers() {
  py::list names;
  for (const RouterEntry& entry : entries()) names.append(entry.name);
  return names;
}

RunningExperiment::RunningExperiment() { ++running; }
RunningExperiment::~RunningExperiment() { --running; }

void interrupt_routing_functions() {
  for (const unsigned long thread : threads_inside()) {
    PyThreadState_SetAsyncExc(thread, PyExc_KeyboardInterrupt);
  }
}

}  // namespace ampsim::python
