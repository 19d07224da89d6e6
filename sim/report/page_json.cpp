#include <algorithm>
#include <cmath>
#include <numeric>

#include <nlohmann/json.hpp>

#include "sim/report/page.hpp"

namespace ampsim::report {
namespace {

using Json = nlohmann::ordered_json;

/// Three decimals: microseconds where the number is in ms, a thousandth of a pixel in a picture.
double rounded(double number) { return std::round(number * 1000) / 1000; }

/// JSON has no NaN: null.
Json number_or_null(double number) { return std::isfinite(number) ? Json(number) : Json(nullptr); }

Json numbers(const std::vector<double>& values, std::size_t most) {
  Json list = Json::array();
  for (std::size_t i = 0; i < std::min(values.size(), most); ++i) {
    list.push_back(number_or_null(values[i]));
  }
  return list;
}

Json index_or_null(std::size_t index) { return index == Axes::kNone ? Json(nullptr) : Json(index); }

Json keys_json(const Results& results) {
  Json list = Json::array();
  for (const Key& key : results.keys) {
    list.push_back({{"name", key.name},
                    {"title", key.title},
                    {"help", key.help},
                    {"values", key.values},
                    {"numbers", key.is_number() ? Json(key.numbers) : Json(nullptr)},
                    {"log", key.spans_decades}});
  }
  return list;
}

/// The measures that the page has room for: first those that people look at first.
std::vector<std::size_t> shown_measures(const Results& results) {
  std::vector<std::size_t> order = key_measures(results);
  for (std::size_t i = 0; i < results.measures.size(); ++i) {
    if (std::find(order.begin(), order.end(), i) == order.end()) order.push_back(i);
  }
  const std::size_t points = std::min(results.points.size(), kMostPoints);
  order.resize(std::min(order.size(), std::max<std::size_t>(1, kMostCells / points)));
  std::sort(order.begin(), order.end());
  return order;
}

Json measure_json(const MeasureColumn& measure) {
  return {{"name", measure.name},
          {"title", measure.title},
          {"group", measure.group},
          {"unit", sim::unit_name(measure.unit)},
          {"definition", measure.definition},
          {"mean", numbers(measure.mean, kMostPoints)},
          {"ci95", numbers(measure.ci95, kMostPoints)}};
}

Json latency_json(const PaymentCurves& payments) {
  if (payments.latencies.empty()) return nullptr;
  Json curves = Json::array();
  for (std::size_t i = 0; i < std::min(payments.latencies.size(), kMostCurves); ++i) {
    const LatencyCurve& curve = payments.latencies[i];
    Json ms = Json::array();
    for (const double value : curve.ms) ms.push_back(rounded(value));
    curves.push_back({{"payments", curve.payments}, {"succeeded", curve.succeeded}, {"ms", ms}});
  }
  return {{"shares", latency_shares()}, {"curves", curves}};
}

Json amounts_json(const PaymentCurves& payments) {
  if (payments.by_amount.empty()) return nullptr;
  Json points = Json::array();
  for (std::size_t i = 0; i < std::min(payments.by_amount.size(), kMostCurves); ++i) {
    Json bins = Json::array();
    for (const AmountBin& bin : payments.by_amount[i]) {
      bins.push_back({bin.from_sat, bin.to_sat, bin.payments, bin.rate, number_or_null(bin.ci95)});
    }
    points.push_back(bins);
  }
  return points;
}

Json layout_json(const NetworkLayout& layout) {
  Json nodes = Json::array();
  for (const DrawnNode& node : layout.nodes) {
    nodes.push_back({node.name, rounded(node.x), rounded(node.y), node.capacity_msat});
  }
  Json channels = Json::array();
  for (const DrawnChannel& channel : layout.channels) {
    channels.push_back({channel.id, channel.source, channel.destination, channel.capacity_msat});
  }
  return {{"allNodes", layout.all_nodes},
          {"allChannels", layout.all_channels},
          {"nodes", nodes},
          {"channels", channels}};
}

Json network_json(const NetworkPictures& network) {
  if (network.ends.empty()) return nullptr;
  const auto all_rounded = [](const std::vector<double>& values) {
    Json list = Json::array();
    for (const double value : values) list.push_back(rounded(value));
    return list;
  };
  Json layouts = Json::array();
  for (const NetworkLayout& layout : network.layouts) layouts.push_back(layout_json(layout));
  Json ends = Json::array();
  for (const NetworkEnd& end : network.ends) {
    ends.push_back({{"run", end.run},
                    {"point", end.point},
                    {"layout", end.layout},
                    {"sourceShare", all_rounded(end.source_share)},
                    {"nodeShare", all_rounded(end.node_share)},
                    {"byDepletion", end.by_depletion}});
  }
  return {{"layouts", layouts}, {"ends", ends}};
}

/// Nothing in it ends a <script> or opens a comment.
std::string in_script(const Json& json) {
  const std::string text = json.dump(-1, ' ', true, Json::error_handler_t::replace);
  std::string safe;
  safe.reserve(text.size());
  for (const char c : text) {
    if (c == '<') {
      safe += "\\u003c";
    } else {
      safe += c;
    }
  }
  return safe;
}

}  // namespace

std::string page_json(const PageContent& content) {
  const Results& results = content.results;
  const std::vector<std::size_t> shown = shown_measures(results);
  const auto place_of = [&](std::size_t measure) {
    return static_cast<std::size_t>(std::find(shown.begin(), shown.end(), measure) - shown.begin());
  };
  Json key_places = Json::array();
  for (const std::size_t measure : key_measures(results)) {
    if (place_of(measure) < shown.size()) key_places.push_back(place_of(measure));
  }
  Json measures = Json::array();
  Json left_out = Json::array();
  for (std::size_t i = 0; i < results.measures.size(); ++i) {
    if (place_of(i) < shown.size()) {
      measures.push_back(measure_json(results.measures[i]));
    } else {
      left_out.push_back(results.measures[i].name);
    }
  }
  Json points = Json::array();
  for (std::size_t i = 0; i < std::min(results.points.size(), kMostPoints); ++i) {
    points.push_back(results.points[i]);
  }
  const Axes axes = usual_axes(results);
  return in_script({{"name", results.name},
                    {"replicates", results.replicates},
                    {"allPoints", results.points.size()},
                    {"keys", keys_json(results)},
                    {"points", points},
                    {"measures", measures},
                    {"leftOut", left_out},
                    {"keyMeasures", key_places},
                    {"along", index_or_null(axes.along)},
                    {"lines", index_or_null(axes.lines)},
                    {"latency", latency_json(content.payments)},
                    {"amounts", amounts_json(content.payments)},
                    {"network", network_json(content.network)}});
}

}  // namespace ampsim::report
