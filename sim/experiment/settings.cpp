#include "sim/experiment/settings.hpp"

#include <utility>

#include "core/lock_scheme.hpp"
#include "sim/experiment/setting_builder.hpp"

namespace ampsim::sim {
namespace {

/// Keys of [topology] are read by the generators that say so, and by none where a file is given.
std::function<std::string(const Settings&)> read_by_generator(std::string name) {
  return [name = std::move(name)](const Settings& s) -> std::string {
    if (!s.topology.file.empty()) return "topology.file";
    for (const topo::Generator& generator : topo::generators()) {
      if (generator.name != s.topology.generator) continue;
      for (const std::string_view key : generator.reads) {
        if (key == name || key == "topology." + name) return "";
      }
    }
    return "topology.generator";
  };
}

void add_topology(SettingBuilder& table) {
  using topo::TopologyParams;
  const auto topology = &Settings::topology;
  std::vector<std::string> generators;
  for (const topo::Generator& each : topo::generators()) generators.emplace_back(each.name);
  std::vector<std::string> formats = {"auto"};
  for (const topo::Importer& each : topo::importers()) formats.emplace_back(each.name);

  table
      .add("topology.generator", "draws a network; or give a file", generators, topology,
           &TopologyParams::generator)
      .blocked_by = [](const Settings& s) -> std::string {
    return s.topology.file.empty() ? "" : "topology.file";
  };
  const auto unless_generator = [](const Settings& s) -> std::string {
    return s.topology.file.empty() ? "topology.generator" : "";
  };
  Setting& file = table.add("topology.file", "a network to read, plain or gzip", topology,
                            &TopologyParams::file);
  file.kind = ValueKind::file;
  file.blocked_by = unless_generator;
  table
      .add("topology.format", "auto finds it from the content", formats, topology,
           &TopologyParams::format)
      .blocked_by = unless_generator;

  const auto add = [&](const std::string& name, const std::string& help, Bounds bounds,
                       auto field) {
    table.add("topology." + name, help, bounds, topology, field).blocked_by =
        read_by_generator(name);
  };
  add("nodes", "number of nodes", between(2, 10'000'000), &TopologyParams::nodes);
  add("channels_per_node", "channels that a new node opens", between(1, 100'000),
      &TopologyParams::channels_per_node);
  add("neighbours", "channels of a node before rewiring, an even number", between(2, 100'000),
      &TopologyParams::neighbours);
  add("rewire_probability", "probability that a channel gets another end", kProbability,
      &TopologyParams::rewire_probability);
  add("mean_degree", "mean number of channels of a node", above(0, 1'000'000),
      &TopologyParams::mean_degree);
  add("width", "columns of the grid; 0 = as square as possible", between(0, 10'000'000),
      &TopologyParams::width);
}

/// What the topology has of its own is not drawn: topologies/endowment.hpp.
std::function<std::string(const Settings&)> unless_brought(bool topo::Brought::*part,
                                                           std::string name) {
  return [part, name = std::move(name)](const Settings& s) -> std::string {
    return topo::brought_by(s.topology).*part ? name : "";
  };
}

void add_channels(SettingBuilder& table) {
  using topo::BalanceKind;
  using topo::ChannelParams;
  using Kind = DistributionKind;
  const auto channels = &Settings::channels;
  const auto by_capacities = unless_brought(&topo::Brought::capacities, "capacities");
  const auto by_balances = unless_brought(&topo::Brought::balances, "balances");
  const auto by_policies = unless_brought(&topo::Brought::policies, "policies");
  SettingBuilder capacity;
  capacity.add_distribution(
      "channels.capacity",
      "capacity, where the topology has none; what is drawn below 20,000 sat becomes 20,000", "sat",
      {Kind::constant, Kind::uniform, Kind::exponential, Kind::normal, Kind::lognormal}, channels,
      &ChannelParams::capacity);
  for (Setting& setting : capacity.take()) {
    setting.brought = by_capacities;
    table.push(std::move(setting));
  }
  table
      .add_choice("channels.balance.distribution", "how the capacity lies between the two ends",
                  Choices<BalanceKind>{{"half", BalanceKind::half},
                                       {"uniform", BalanceKind::uniform},
                                       {"bimodal", BalanceKind::bimodal},
                                       {"file", BalanceKind::file}},
                  channels, &ChannelParams::balance)
      .brought = by_balances;
  Setting& scale =
      table.add("channels.balance.scale_sat", "how near to an end the bimodal balances lie",
                between(1, kMostSat), channels, &ChannelParams::bimodal_scale);
  scale.brought = by_balances;
  scale.blocked_by = [](const Settings& s) -> std::string {
    return s.channels.balance == BalanceKind::bimodal ? "" : "channels.balance.distribution";
  };
  table.add("channels.reserve", "share of the capacity that each end must keep",
            at_least_and_below(0, 1), &Settings::network, &NetworkParams::reserve);
  table.add("channels.max_htlcs", "most HTLCs in flight in one direction", between(1, 483),
            &Settings::network, &NetworkParams::max_htlcs);
  table.add("channels.max_in_flight", "largest share of the capacity in flight in one direction",
            above(0, 1), &Settings::network, &NetworkParams::max_in_flight);
  table
      .add("channels.fee_base_msat", "fee for an HTLC, where the topology has no policy",
           between(0, 4'294'967'295), channels, &ChannelParams::fee_base)
      .brought = by_policies;
  table
      .add("channels.fee_proportional_ppm", "and this part of its amount", between(0, 1'000'000),
           channels, &ChannelParams::fee_proportional)
      .brought = by_policies;
  table
      .add("channels.cltv_expiry_delta_blocks",
           "time lock between incoming and outgoing HTLC, likewise", between(0, 65'535), channels,
           &ChannelParams::cltv_expiry_delta)
      .brought = by_policies;
  table
      .add("channels.htlc_minimum_msat", "smallest HTLC, likewise", between(0, kMostMsat), channels,
           &ChannelParams::htlc_minimum)
      .brought = by_policies;
}

void add_workload(SettingBuilder& table) {
  using Kind = DistributionKind;
  const auto workload = &Settings::workload;
  const auto unless_file = [](const Settings& s) -> std::string {
    return s.workload.file.empty() ? "" : "workload.file";
  };
  Setting& file = table.add("workload.file", "CSV of payments; without it they are drawn", workload,
                            &WorkloadParams::file);
  file.kind = ValueKind::file;
  // Only written where it is given.
  file.blocked_by = [](const Settings& s) -> std::string {
    return s.workload.file.empty() ? "workload.payments" : "";
  };
  table
      .add("workload.payments", "number of payments", between(1, 1e9), workload,
           &WorkloadParams::payments)
      .blocked_by = unless_file;
  table
      .add("workload.rate_per_s", "payments per second, Poisson arrivals", above(0, 1e9), workload,
           &WorkloadParams::rate_per_s)
      .blocked_by = unless_file;
  table
      .add_choice("workload.endpoints", "how sender and receiver are chosen",
                  Choices<Endpoints>{{"uniform", Endpoints::uniform},
                                     {"capacity", Endpoints::capacity},
                                     {"degree", Endpoints::degree}},
                  workload, &WorkloadParams::endpoints)
      .blocked_by = unless_file;

  SettingBuilder amount;
  amount.add_distribution("workload.amount", "amount of a payment", "sat",
                          {Kind::constant, Kind::uniform, Kind::exponential, Kind::lognormal},
                          workload, &WorkloadParams::amount);
  for (Setting& setting : amount.take()) {
    setting.blocked_by = [unless_file, inner = setting.blocked_by](const Settings& s) {
      const std::string blocking = unless_file(s);
      return blocking.empty() && inner ? inner(s) : blocking;
    };
    table.push(std::move(setting));
  }
}

void add_payment(SettingBuilder& table) {
  const auto payment = &Settings::payment;
  std::vector<std::string> schemes;
  for (const amp::Scheme& scheme : amp::schemes()) schemes.emplace_back(scheme.name);
  table.add("payment.scheme", "how the parts of a payment are locked", schemes, payment,
            &PaymentParams::scheme);
  table.add("payment.timeout_s", "no new attempt this long after the start",
            between(kShortest, kMostSeconds), payment, &PaymentParams::timeout);
  table.add("payment.max_parts", "most parts in flight at once", between(1, 10'000), payment,
            &PaymentParams::max_parts);
  table.add("payment.min_part_sat", "smaller parts are not made", between(0, kMostSat), payment,
            &PaymentParams::min_part);
  table.add("payment.max_attempts", "most attempts of one payment; 0 = no limit but the timeout",
            between(0, 1'000'000), payment, &PaymentParams::max_attempts);
  table.add("payment.invoices", "invoices of one payment in the scheme invoices",
            between(1, 10'000), payment, &PaymentParams::invoices);
  table.add("payment.fee_limit", "largest fee, as a share of the amount", between(0, 1000), payment,
            &PaymentParams::fee_limit);
  table.add("payment.fee_limit_full_below_sat", "amounts up to this may cost as much again in fees",
            between(0, kMostSat), payment, &PaymentParams::fee_limit_full_below);
  table.add_choice("amp.derivation", "how child preimages are derived",
                   Choices<amp::Derivation>{{"lnd", amp::Derivation::lnd},
                                            {"og2018", amp::Derivation::og2018},
                                            {"toy", amp::Derivation::toy}},
                   payment, &PaymentParams::derivation);

  const auto receiver = &Settings::receiver;
  table.add("receiver.timeout_s", "parts of an incomplete set are failed after this",
            between(kShortest, kMostSeconds), receiver, &ReceiverParams::timeout);
  table.add_choice(
      "receiver.timer", "it counts from each part's arrival, or from the first part's",
      Choices<ReceiverTimer>{{"htlc", ReceiverTimer::htlc}, {"set", ReceiverTimer::set}}, receiver,
      &ReceiverParams::timer);
  table.add_choice(
      "receiver.completion", "complete at the total or above it, or exactly at it",
      Choices<amp::Completion>{{"ge", amp::Completion::ge}, {"eq", amp::Completion::eq}}, receiver,
      &ReceiverParams::completion);
  table.add_choice("receiver.behaviour", "claims when it should, or as soon as it can",
                   Choices<amp::ReceiverBehaviour>{{"honest", amp::ReceiverBehaviour::honest},
                                                   {"greedy", amp::ReceiverBehaviour::greedy}},
                   receiver, &ReceiverParams::behaviour);
  table.add("receiver.final_cltv_delta_blocks", "time lock of the last hop", between(0, 65'535),
            receiver, &ReceiverParams::final_cltv_delta);

  table.add_choice("sender.behaviour", "or withholds the last part, or sends one wrong share",
                   Choices<SenderBehaviour>{{"honest", SenderBehaviour::honest},
                                            {"withhold_last", SenderBehaviour::withhold_last},
                                            {"bad_share", SenderBehaviour::bad_share}},
                   payment, &PaymentParams::behaviour);
}

void add_routing(SettingBuilder& table) {
  const auto routing = &Settings::routing;
  table.add("routing.algorithm", "how routes are found", std::vector<std::string>{"lnd"},
            &Settings::routing_algorithm);
  table.add_choice("routing.splitter", "how an amount is cut when no single path carries it",
                   Choices<Splitter>{{"none", Splitter::none}, {"halving", Splitter::halving}},
                   &Settings::payment, &PaymentParams::splitter);
  table.add("routing.hop_probability", "probability of success where nothing is known", above(0, 1),
            routing, &RoutingParams::hop_probability);
  table.add("routing.apriori_weight", "weight of that prior against a node's results", kProbability,
            routing, &RoutingParams::apriori_weight);
  table.add("routing.penalty_half_life_s", "after this a failure counts half",
            between(kShortest, kMostSeconds), routing, &RoutingParams::penalty_half_life);
  table.add("routing.attempt_cost_sat", "virtual cost of a failed attempt", between(0, kMostSat),
            routing, &RoutingParams::attempt_cost);
  table.add("routing.attempt_cost_ppm", "in addition, this part of the amount",
            between(0, 1'000'000), routing, &RoutingParams::attempt_cost_proportional);
  table.add("routing.min_probability", "less likely routes are not tried", kProbability, routing,
            &RoutingParams::min_probability);
  table.add("routing.time_preference", "-1 cheap to 1 fast", between(-1, 1), routing,
            &RoutingParams::time_preference);
  table.add("routing.cltv_limit_blocks", "longest total time lock of a route", between(1, 65'535),
            routing, &RoutingParams::cltv_limit);
}

void add_observer(SettingBuilder& table) {
  using Choice = ObserverChoice;
  const auto observer = &Settings::observer;
  const auto is_listed = [](const Settings& s) { return s.observer.choice == Choice::listed; };
  table
      .add("observer.nodes", "how many nodes watch what they forward; 0 = none",
           between(0, 10'000'000), observer, &ObserverParams::nodes)
      .blocked_by = [is_listed](const Settings& s) {
    return is_listed(s) ? std::string("observer.choice") : "";
  };
  table.add_choice(
      "observer.choice", "who watches",
      Choices<Choice>{
          {"degree", Choice::degree}, {"random", Choice::random}, {"listed", Choice::listed}},
      observer, &ObserverParams::choice);
  table
      .add("observer.listed", "names of nodes that watch, separated by spaces", observer,
           &ObserverParams::listed)
      .blocked_by = [is_listed](const Settings& s) {
    return is_listed(s) ? "" : std::string("observer.choice");
  };
  table.add("observer.window_s",
            "parts whose HTLCs and preimages come this close are guessed to "
            "belong together",
            between(0, kMostSeconds), observer, &ObserverParams::window);
}

std::vector<Setting> declare() {
  SettingBuilder table;
  table.add("name", "name of the experiment, and of its results folder", &Settings::name)
      .can_be_swept = false;
  table.add("seed", "every random draw follows from it", between(0, 9e18), &Settings::seed)
      .can_be_swept = false;
  table
      .add("replicates", "independent repetitions of every point", between(1, 1'000'000),
           &Settings::replicates)
      .can_be_swept = false;
  add_topology(table);
  add_channels(table);
  using Kind = DistributionKind;
  table.add_distribution("network.latency", "one-way message delay of a channel", "ms",
                         {Kind::constant, Kind::normal, Kind::lognormal, Kind::lightning},
                         &Settings::network, &NetworkParams::latency);
  add_workload(table);
  add_payment(table);
  add_routing(table);
  add_observer(table);
  for (const auto& [name, field] :
       {std::pair{"payments", &RecordParams::payments}, std::pair{"parts", &RecordParams::parts},
        std::pair{"channels", &RecordParams::channels}}) {
    table
        .add(std::string("record.") + name, std::string("write ") + name + ".csv",
             &Settings::record, field)
        .can_be_swept = false;
  }
  return table.take();
}

}  // namespace

const std::vector<Setting>& setting_table() {
  static const std::vector<Setting> table = declare();
  return table;
}

}  // namespace ampsim::sim
