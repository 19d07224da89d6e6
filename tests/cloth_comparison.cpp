#include "tests/cloth_comparison.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <queue>
#include <utility>

#include <fmt/format.h>

#include "core/check.hpp"
#include "core/csv.hpp"
#include "sim/experiment/experiment.hpp"
#include "sim/experiment/preparation.hpp"
#include "sim/routing/routers/lnd/path_cost.hpp"
#include "topologies/importers/file_content.hpp"

namespace ampsim::test {
namespace {

using Route = std::vector<DirectedChannel>;

std::vector<std::string> all_overrides(const ClothFiles& files,
                                       const std::vector<std::string>& overrides) {
  std::vector<std::string> all = {
      fmt::format("topology.files=[\"{}\"]", fmt::join(files.topology, "\", \"")),
      fmt::format("workload.file=\"{}\"", files.payments), "record.parts=true"};
  all.insert(all.end(), overrides.begin(), overrides.end());
  return all;
}

/// `8-15-3`, ids of edges, or -1. Edges 2c and 2c + 1 are channel c there and back.
Route read_route(const CsvTable& table, std::size_t row, std::size_t channels) {
  Route route;
  const std::string_view text = table.at(row, "route");
  if (text == "-1") return route;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (true) {
    std::uint32_t edge = 0;
    const auto read = std::from_chars(at, end, edge);
    const bool is_last = read.ptr == end;
    if (read.ec != std::errc{} || edge >= 2 * channels || (!is_last && *read.ptr != '-')) {
      throw table.bad_field(row, "route", "ids of edges with '-' between them, or -1");
    }
    route.push_back(DirectedChannel::of(ChannelId{edge / 2}, edge % 2));
    if (is_last) return route;
    at = read.ptr + 1;
  }
}

void require_same_payment(const CsvTable& table,
                          std::size_t row,
                          const topo::Topology& topology,
                          const sim::PaymentSpec& spec) {
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"sender_id", topology.nodes[spec.sender.index].name},
      {"receiver_id", topology.nodes[spec.receiver.index].name},
      {"amount", std::to_string(spec.amount.count)}};
  for (const auto& [column, value] : expected) {
    if (table.at(row, column) != value) {
      throw table.bad_field(row, column, fmt::format("{}, as the payments have it", value));
    }
  }
}

std::vector<ClothPayment> read_output(const std::string& file, const ClothRun& run) {
  const CsvTable table(topo::file_content(file), file);
  table.require_columns({"sender_id", "receiver_id", "amount", "mpp", "is_success", "attempts",
                         "route", "total_fee"});
  if (table.rows() != run.workload.size()) {
    throw InputError({.file = file}, fmt::format("found {} payments; allowed: {}", table.rows(),
                                                 run.workload.size()));
  }
  std::vector<ClothPayment> payments;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    require_same_payment(table, row, run.topology, run.workload[row]);
    ClothPayment payment{
        .has_succeeded = table.integer(row, "is_success", 0, 1) == 1,
        .was_split = table.integer(row, "mpp", 0, 1) == 1,
        .attempts = static_cast<std::uint32_t>(table.integer(row, "attempts", 0, 1'000'000)),
        .fee = {},
        .route = read_route(table, row, run.topology.channels.size())};
    if (!payment.route.empty()) {
      payment.fee = {table.integer(row, "total_fee", 0, Msat::max().count)};
    }
    payments.push_back(std::move(payment));
  }
  return payments;
}

struct Prepared {
  sim::SimulationParams params;
  ClothRun run;
};

Prepared prepare(const ClothFiles& files, const std::vector<std::string>& overrides) {
  const sim::Experiment experiment =
      sim::load_experiment(files.experiment, all_overrides(files, overrides));
  const sim::Settings& settings = experiment.points[0].settings;
  const sim::RunSteps steps = sim::run_steps();
  Prepared prepared{sim::simulation_params(settings, settings.seed), {}};
  prepared.run.topology = steps.make_topology(settings, settings.seed);
  prepared.run.workload = steps.make_workload(settings, prepared.run.topology, settings.seed);
  return prepared;
}

double median(std::vector<std::int64_t> values) {
  if (values.empty()) return std::nan("");
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  const auto upper = static_cast<double>(values[half]);
  return values.size() % 2 == 1 ? upper : (static_cast<double>(values[half - 1]) + upper) / 2;
}

struct Ended {
  bool has_succeeded = false;
  std::uint32_t attempts = 0;
  Msat fee;
  std::size_t hops = 0;
};

class MeasureSums {
 public:
  void add(Msat amount, const Ended& ended) {
    ++measures_.payments;
    volume_ += amount;
    if (!ended.has_succeeded) return;
    ++measures_.succeeded;
    delivered_ += amount;
    fees_.push_back(ended.fee.count);
    measures_.attempts += ended.attempts;
    measures_.hops += static_cast<double>(ended.hops);
  }
  void add_partial() { ++measures_.partial; }

  ClothMeasures finish() {
    const auto successes = static_cast<double>(measures_.succeeded);
    measures_.attempts /= successes;
    measures_.hops /= successes;
    measures_.volume_rate =
        static_cast<double>(delivered_.count) / static_cast<double>(volume_.count);
    measures_.fee_median = median(std::move(fees_));
    return measures_;
  }

 private:
  ClothMeasures measures_;
  Msat volume_;
  Msat delivered_;
  std::vector<std::int64_t> fees_;
};

/// The settled parts of each payment.
std::vector<std::vector<const sim::PartRecord*>> settled_parts(const ClothRun& run) {
  std::vector<std::vector<const sim::PartRecord*>> parts(run.workload.size());
  for (const sim::PartRecord& part : run.ours.parts) {
    if (part.state == sim::AttemptState::settled) parts[part.payment.index].push_back(&part);
  }
  return parts;
}

std::vector<NodeId> nodes_of(const topo::Topology& topology, const Route& route) {
  std::vector<NodeId> nodes{topology.source(route.front())};
  for (const DirectedChannel channel : route) nodes.push_back(topology.target(channel));
  return nodes;
}

/// What both programs take for the cost of a route but for its probability: fees, and time locks of
/// what is forwarded.
double cost_of(const topo::Topology& topology, const Route& route, Msat amount) {
  double cost = 0;
  for (std::size_t i = route.size() - 1; i > 0; --i) {
    const DirectedChannel channel = route[i];
    const topo::ForwardingPolicy& policy =
        *topology.channels[channel.channel().index].policy[channel.direction()];
    const Msat fee = policy.fee(amount);
    amount += fee;
    cost += static_cast<double>(sim::edge_weight(amount, fee, policy.cltv_expiry_delta));
  }
  return cost;
}

class Classifier {
 public:
  explicit Classifier(const ClothRun& run)
      : run_(run), parts_(settled_parts(run)), has_paid_(run.topology.nodes.size(), false) {
    for (const topo::Channel& channel : run.topology.channels) ++channels_between_[pair(channel)];
  }

  std::vector<ClothCase> classify() {
    std::vector<ClothCase> cases;
    for (std::size_t i = 0; i < run_.workload.size(); ++i) {
      cases.push_back(classify(i));
      has_paid_[run_.workload[i].sender.index] = true;
    }
    return cases;
  }

 private:
  static std::pair<NodeId, NodeId> pair(const topo::Channel& channel) {
    return std::minmax(channel.ends[0], channel.ends[1]);
  }
  bool has_parallels(const Route& route) const {
    return std::any_of(route.begin(), route.end(), [this](DirectedChannel channel) {
      return channels_between_.at(pair(run_.topology.channels[channel.channel().index])) > 1;
    });
  }

  ClothCase classify(std::size_t i) const {
    const bool is_ours = run_.ours.payments[i].state == sim::PaymentState::succeeded;
    const bool is_theirs = run_.theirs[i].has_succeeded;
    if (is_ours) return is_theirs ? both(i) : only_ours(i);
    return is_theirs ? ClothCase::only_theirs : ClothCase::neither;
  }

  ClothCase both(std::size_t i) const {
    const ClothPayment& theirs = run_.theirs[i];
    if (parts_[i].size() != 1 || theirs.was_split) return ClothCase::several_parts;
    const Route& route = parts_[i][0]->route;
    if (route == theirs.route) return ClothCase::same_route;
    const topo::Topology& topology = run_.topology;
    if (nodes_of(topology, route) == nodes_of(topology, theirs.route)) {
      return ClothCase::parallel_channel;
    }
    const Msat amount = run_.workload[i].amount;
    const double difference =
        cost_of(topology, route, amount) - cost_of(topology, theirs.route, amount);
    // Here every hop is rounded down to a msat, there none.
    if (std::abs(difference) <= static_cast<double>(std::max(route.size(), theirs.route.size()))) {
      return ClothCase::equal_cost;
    }
    if (has_paid_[run_.workload[i].sender.index]) return ClothCase::learnt_before;
    if (has_parallels(route) || has_parallels(theirs.route)) return ClothCase::parallel_policy;
    if (run_.ours.payments[i].attempts != theirs.attempts) return ClothCase::other_attempts;
    return ClothCase::other_route;
  }

  ClothCase only_ours(std::size_t i) const {
    if (parts_[i].size() != 1) return ClothCase::only_ours_split;
    const Route& route = parts_[i][0]->route;
    const ClothPayment& theirs = run_.theirs[i];
    if (!theirs.route.empty()) {
      const bool is_same = nodes_of(run_.topology, route) == nodes_of(run_.topology, theirs.route);
      return is_same ? ClothCase::only_ours_parallel : ClothCase::only_ours;
    }
    const Msat sent = parts_[i][0]->amount + parts_[i][0]->fee;
    const bool is_later = theirs.attempts == 1 && largest_at_start(run_.workload[i].sender) < sent;
    return is_later ? ClothCase::only_ours_later : ClothCase::only_ours;
  }

  /// Over one channel.
  Msat largest_at_start(NodeId sender) const {
    Msat largest;
    for (const topo::Channel& channel : run_.topology.channels) {
      if (channel.ends[0] == sender) largest = std::max(largest, *channel.balance_0);
      if (channel.ends[1] != sender) continue;
      largest = std::max(largest, *channel.capacity - *channel.balance_0);
    }
    return largest;
  }

  const ClothRun& run_;
  std::vector<std::vector<const sim::PartRecord*>> parts_;
  std::vector<bool> has_paid_;
  std::map<std::pair<NodeId, NodeId>, int> channels_between_;
};

/// Which end of a payment is looked at.
enum class End : std::uint8_t { sender, receiver };

/// What each node can send, or receive, at the start.
std::vector<Msat> funds(const topo::Topology& topology, End end) {
  std::vector<Msat> all(topology.nodes.size());
  for (const topo::Channel& channel : topology.channels) {
    const std::array<Msat, 2> balance{*channel.balance_0, *channel.capacity - *channel.balance_0};
    for (unsigned side = 0; side < 2; ++side) {
      all[channel.ends[side].index] += balance[end == End::sender ? side : 1 - side];
    }
  }
  return all;
}

/// The fewest payments that these ends must refuse (Moore and Hodgson's rule).
std::size_t fewest_refused(const ClothRun& run, End end) {
  std::vector<Msat> left = funds(run.topology, end);
  std::vector<std::priority_queue<Msat>> taken(left.size());
  std::size_t refused = 0;
  for (const sim::PaymentSpec& payment : run.workload) {
    const bool is_sender = end == End::sender;
    const std::uint32_t taker = (is_sender ? payment.sender : payment.receiver).index;
    left[(is_sender ? payment.receiver : payment.sender).index] += payment.amount;
    left[taker] -= payment.amount;
    taken[taker].push(payment.amount);
    if (left[taker] >= Msat{0}) continue;
    left[taker] += taken[taker].top();
    taken[taker].pop();
    ++refused;
  }
  return refused;
}

}  // namespace

ClothFiles cloth_files(const std::string& experiment,
                       const std::string& data,
                       const std::string& workload) {
  const std::string snapshot = data + "/cloth-2020-12-17/";
  const std::string folder = data + "/workloads/" + workload + "/";
  const std::string edges = workload == "small" ? snapshot + "edges_ln.csv" : folder + "edges.csv";
  return {.experiment = experiment,
          .topology = {snapshot + "nodes_ln.csv", snapshot + "channels_ln.csv", edges},
          .payments = folder + "payments.csv",
          .output = folder + "payments_output.csv.gz"};
}

ClothRun run_as_cloth(const ClothFiles& files, const std::vector<std::string>& overrides) {
  Prepared prepared = prepare(files, overrides);
  ClothRun& run = prepared.run;
  run.theirs = read_output(files.output, run);
  run.ours = sim::simulate(run.topology, run.workload, prepared.params);
  return std::move(run);
}

std::size_t count_alone(const ClothFiles& files, const std::vector<std::string>& overrides) {
  const Prepared prepared = prepare(files, overrides);
  std::size_t succeeded = 0;
  for (const sim::PaymentSpec& payment : prepared.run.workload) {
    const sim::RunResult result = sim::simulate(prepared.run.topology, {payment}, prepared.params);
    if (result.payments[0].state == sim::PaymentState::succeeded) ++succeeded;
  }
  return succeeded;
}

ClothMeasures our_measures(const ClothRun& run) {
  const auto parts = settled_parts(run);
  MeasureSums sums;
  for (std::size_t i = 0; i < run.workload.size(); ++i) {
    const sim::PaymentRecord& payment = run.ours.payments[i];
    std::size_t longest = 0;
    for (const sim::PartRecord* part : parts[i]) longest = std::max(longest, part->route.size());
    sums.add(payment.amount, {.has_succeeded = payment.state == sim::PaymentState::succeeded,
                              .attempts = payment.attempts,
                              .fee = payment.fee,
                              .hops = longest});
    if (payment.state == sim::PaymentState::partial) sums.add_partial();
  }
  return sums.finish();
}

ClothMeasures their_measures(const ClothRun& run) {
  MeasureSums sums;
  for (std::size_t i = 0; i < run.workload.size(); ++i) {
    const ClothPayment& payment = run.theirs[i];
    sums.add(run.workload[i].amount, {.has_succeeded = payment.has_succeeded,
                                      .attempts = payment.attempts,
                                      .fee = payment.fee,
                                      .hops = payment.route.size()});
  }
  return sums.finish();
}

std::string_view name_of(ClothCase which) {
  switch (which) {
    case ClothCase::same_route:
      return "both succeed over the same channels";
    case ClothCase::parallel_channel:
      return "both succeed through the same nodes, over another of parallel channels";
    case ClothCase::equal_cost:
      return "both succeed over routes of equal cost";
    case ClothCase::several_parts:
      return "both succeed, in several parts";
    case ClothCase::learnt_before:
      return "both succeed, the sender had learnt from payments before";
    case ClothCase::parallel_policy:
      return "both succeed, a route has parallel channels, priced otherwise";
    case ClothCase::other_attempts:
      return "both succeed, after another number of attempts";
    case ClothCase::other_route:
      return "both succeed, over another route";
    case ClothCase::only_ours_later:
      return "only ours succeeds: at time 0, when CLoTH searched, the sender had too little";
    case ClothCase::only_ours_parallel:
      return "only ours succeeds: over another of parallel channels";
    case ClothCase::only_ours_split:
      return "only ours succeeds: in several parts";
    case ClothCase::only_ours:
      return "only ours succeeds";
    case ClothCase::only_theirs:
      return "only CLoTH's succeeds";
    case ClothCase::neither:
      return "neither succeeds";
  }
  AMPSIM_UNREACHABLE("unknown case");
}

std::vector<ClothCase> classify(const ClothRun& run) { return Classifier(run).classify(); }

std::size_t unexplained_outcomes(const std::vector<ClothCase>& cases) {
  return static_cast<std::size_t>(std::count_if(cases.begin(), cases.end(), [](ClothCase which) {
    return which == ClothCase::only_ours || which == ClothCase::only_theirs;
  }));
}

std::size_t same_outcomes(const std::vector<ClothCase>& cases) {
  return static_cast<std::size_t>(std::count_if(cases.begin(), cases.end(), [](ClothCase which) {
    return which < ClothCase::only_ours_later || which == ClothCase::neither;
  }));
}

std::size_t must_fail(const ClothRun& run) {
  return std::max(fewest_refused(run, End::sender), fewest_refused(run, End::receiver));
}

std::size_t ends_allow(const ClothRun& run) {
  std::vector<Msat> balance = funds(run.topology, End::sender);
  std::vector<Msat> room = funds(run.topology, End::receiver);
  std::size_t succeeded = 0;
  for (const sim::PaymentSpec& payment : run.workload) {
    const std::uint32_t from = payment.sender.index;
    const std::uint32_t to = payment.receiver.index;
    if (balance[from] < payment.amount || room[to] < payment.amount) continue;
    balance[from] -= payment.amount;
    room[from] += payment.amount;
    balance[to] += payment.amount;
    room[to] -= payment.amount;
    ++succeeded;
  }
  return succeeded;
}

}  // namespace ampsim::test
