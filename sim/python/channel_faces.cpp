#include "sim/python/channel_faces.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "sim/routing/path_pricing.hpp"

namespace ampsim::python {
namespace {

namespace py = pybind11;

py::tuple tuple_of(const std::vector<py::object>& objects) {
  py::tuple tuple(objects.size());
  for (std::size_t i = 0; i < objects.size(); ++i) tuple[i] = objects[i];
  return tuple;
}

ChannelFace face_of(const sim::ChannelGraph& graph, DirectedChannel channel) {
  const sim::AnnouncedChannel& announced = graph.announced(channel);
  return {.index = channel.index,
          .channel = channel.channel().index,
          .source = graph.tail(channel).index,
          .target = graph.head(channel).index,
          .capacity_msat = announced.capacity.count,
          .fee_base_msat = announced.fee_base.count,
          .fee_ppm = announced.fee_proportional.millionths,
          .cltv_delta_blocks = announced.cltv_expiry_delta.count,
          .htlc_minimum_msat = announced.htlc_minimum.count,
          .htlc_maximum_msat = announced.htlc_maximum.count,
          .is_disabled = announced.is_disabled};
}

void check_node(std::uint32_t node, const sim::ChannelGraph& graph) {
  if (node < graph.node_count()) return;
  throw py::index_error(
      fmt::format("found node {}; allowed: 0 to {}", node, graph.node_count() - 1));
}

/// Ends and joints. Without them a path has no price.
void check_path(const sim::ChannelGraph& graph,
                const std::vector<DirectedChannel>& path,
                const sim::RouteRequest& request) {
  NodeId at = request.source;
  for (const DirectedChannel channel : path) {
    const NodeId tail = graph.tail(channel);
    if (tail != at) {
      throw py::value_error(
          fmt::format("found a path whose channel {} starts at node {}; "
                      "allowed: at node {}, where the path has come to",
                      channel.index, tail.index, at.index));
    }
    at = graph.head(channel);
  }
  if (at != request.target) {
    throw py::value_error(fmt::format("found a path to node {}; allowed: to node {}, the target",
                                      at.index, request.target.index));
  }
}

Msat available_in(DirectedChannel own, const sim::RouteRequest& request) {
  for (const sim::LocalChannel& local : request.local) {
    if (local.channel == own) return local.available;
  }
  return {};
}

}  // namespace

const sim::ChannelGraph& GraphFace::graph() const {
  if (graph_ == nullptr) {
    throw std::runtime_error("the run of this network is over; nothing can be asked of it");
  }
  return *graph_;
}

/// Objects are made once a run: a search in Python reads them again and again.
void GraphFace::fill() {
  if (channels_) return;
  const sim::ChannelGraph& graph = this->graph();
  std::vector<py::object> all;
  std::vector<std::vector<py::object>> to(graph.node_count());
  std::vector<std::vector<py::object>> from(graph.node_count());
  for (std::uint32_t i = 0; i < 2 * graph.channel_count(); ++i) {
    const ChannelFace face = face_of(graph, {i});
    all.push_back(py::cast(face));
    to[face.target].push_back(all.back());
    from[face.source].push_back(all.back());
  }
  for (const auto& objects : to) to_.push_back(tuple_of(objects));
  for (const auto& objects : from) from_.push_back(tuple_of(objects));
  channels_ = tuple_of(all);
}

py::tuple GraphFace::channels() {
  fill();
  return *channels_;
}
py::tuple GraphFace::channels_to(std::uint32_t node) {
  check_node(node, graph());
  fill();
  return to_[node];
}
py::tuple GraphFace::channels_from(std::uint32_t node) {
  check_node(node, graph());
  fill();
  return from_[node];
}

DirectedChannel directed_channel_of(const py::handle& value, const sim::ChannelGraph& graph) {
  std::int64_t index = -1;
  if (py::isinstance<ChannelFace>(value)) {
    index = value.cast<const ChannelFace&>().index;
  } else if (PyIndex_Check(value.ptr()) != 0) {
    index = value.cast<std::int64_t>();
  } else {
    throw py::type_error(fmt::format("found {}; allowed: a channel or the index of one",
                                     std::string(py::repr(value)).substr(0, 60)));
  }
  const auto count = static_cast<std::int64_t>(2 * graph.channel_count());
  if (index < 0 || index >= count) {
    throw py::value_error(fmt::format("found channel {}; allowed: 2 * channel + direction, 0 to {}",
                                      index, count - 1));
  }
  return {static_cast<std::uint32_t>(index)};
}

std::vector<DirectedChannel> path_of(const py::handle& value, const sim::ChannelGraph& graph) {
  std::vector<DirectedChannel> path;
  for (const py::handle each : value) path.push_back(directed_channel_of(each, graph));
  return path;
}

RequestFace::RequestFace(const sim::RouteRequest& request,
                         const sim::LiquidityView& view,
                         const sim::PartLimits* limits,
                         py::object graph)
    : request_(&request),
      view_(&view),
      graph_(std::move(graph)),
      is_flow_(limits != nullptr),
      min_part_(limits != nullptr ? limits->min_part.count : 0),
      max_parts_(limits != nullptr ? limits->room() : 1) {}

const sim::RouteRequest& RequestFace::request() const {
  if (request_ == nullptr) {
    throw std::runtime_error("this request has been answered; nothing can be asked of it");
  }
  return *request_;
}

const sim::ChannelGraph& RequestFace::channels() const {
  request();  // is still open, and so is its graph
  return graph_.cast<const GraphFace&>().graph();
}

py::dict RequestFace::local() const {
  py::dict local;
  for (const sim::LocalChannel& each : request().local) {
    local[py::int_(each.channel.index)] = each.available.count;
  }
  return local;
}

py::set RequestFace::avoided() const {
  py::set avoided;
  for (const ChannelId each : request().avoided) avoided.add(py::int_(each.index));
  return avoided;
}

py::dict RequestFace::used() const {
  py::dict used;
  for (const sim::ChannelUse& each : request().used) {
    used[py::int_(each.channel.index)] = each.amount.count;
  }
  return used;
}

py::list RequestFace::failed() const {
  py::list failed;
  for (const sim::FailedHop& hop : request().failed) {
    failed.append(py::make_tuple(hop.channel.index, hop.amount.count,
                                 std::string(sim::name_of(hop.code)),
                                 to_ms(hop.at.time_since_epoch())));
  }
  return failed;
}

std::int64_t RequestFace::most_over(const py::handle& channel) const {
  const sim::ChannelGraph& graph = channels();
  const DirectedChannel directed = directed_channel_of(channel, graph);
  return sim::most_over(graph, graph.announced(directed), *request_, *view_).count;
}

std::pair<std::int64_t, std::int64_t> RequestFace::bounds(const py::handle& channel) const {
  const sim::ChannelGraph& graph = channels();
  const DirectedChannel directed = directed_channel_of(channel, graph);
  const sim::LiquidityBounds bounds =
      view_->bounds(sim::hop_query(graph, directed, request_->amount, *request_));
  return {bounds.lower.count, bounds.upper.count};
}

double RequestFace::probability(const py::handle& channel,
                                std::optional<std::int64_t> amount) const {
  const sim::ChannelGraph& graph = channels();
  const DirectedChannel directed = directed_channel_of(channel, graph);
  const Msat asked{amount.value_or(request_->amount.count)};
  return view_->probability(sim::hop_query(graph, directed, asked, *request_));
}

py::object RequestFace::price(const py::handle& path, std::optional<std::int64_t> amount) const {
  const sim::ChannelGraph& graph = channels();
  const Msat asked{amount.value_or(request_->amount.count)};
  const std::optional<sim::Route> route =
      usable_route(graph, path_of(path, graph), asked, *request_);
  if (!route) return py::none();
  py::dict price;
  price["amount_msat"] = route->amount().count;
  price["sent_msat"] = route->sent().count;
  price["fee_msat"] = route->fee().count;
  price["cltv_blocks"] = route->hops.front().expiry.count;
  return price;
}

std::optional<sim::Route> usable_route(const sim::ChannelGraph& graph,
                                       const std::vector<DirectedChannel>& path,
                                       Msat amount,
                                       const sim::RouteRequest& request) {
  check_path(graph, path, request);
  if (amount <= Msat{0} || amount > request.amount) {
    throw py::value_error(fmt::format("found a part of {} msat; allowed: 1 to {}", amount.count,
                                      request.amount.count));
  }
  for (const DirectedChannel channel : path) {
    const auto& avoided = request.avoided;
    if (std::find(avoided.begin(), avoided.end(), channel.channel()) != avoided.end()) return {};
  }
  std::optional<sim::Route> route = sim::price_path(graph, path, amount, request);
  if (!route || route->fee() > request.fee_limit) return {};
  if (route->sent() > available_in(path.front(), request)) return {};
  return route;
}

}  // namespace ampsim::python
