#include "sim/experiment/settings.hpp"

#include <cmath>
#include <type_traits>
#include <utility>

#include "core/lock_scheme.hpp"

namespace ampsim::sim {
namespace {

/// What an amount may be: all bitcoin there can be.
constexpr double kMostSat = 21e6 * 1e8;
constexpr double kMostMsat = kMostSat * 1000;
/// 30 years; in nanoseconds still far from the end of SimDuration.
constexpr double kMostSeconds = 1e9;

/// From the border types of the file to ours and back. The unit is the end of the key.
bool is_in_sat(const std::string& key) {
  return key.size() > 4 && key.compare(key.size() - 4, 4, "_sat") == 0;
}

Value number_value(double number) {
  // 44700, not 44700.0: both read back as the same double.
  const bool is_whole = std::floor(number) == number && std::abs(number) < 1e15;
  return is_whole ? Value(static_cast<std::int64_t>(number)) : Value(number);
}
Value to_value(const std::string& /*key*/, const std::string& field) { return field; }
Value to_value(const std::string& /*key*/, bool field) { return field; }
Value to_value(const std::string& /*key*/, double field) { return number_value(field); }
Value to_value(const std::string& /*key*/, SimDuration field) {
  return number_value(static_cast<double>(field.count()) / 1e9);
}
Value to_value(const std::string& key, Msat field) {
  return is_in_sat(key) ? field.count / 1000 : field.count;
}
Value to_value(const std::string& /*key*/, Ppm field) {
  return static_cast<std::int64_t>(field.millionths);
}
Value to_value(const std::string& /*key*/, BlockDelta field) {
  return static_cast<std::int64_t>(field.count);
}
template <class Integer>
requires std::is_integral_v<Integer> Value to_value(const std::string& /*key*/, Integer field) {
  return static_cast<std::int64_t>(field);
}

void from_value(const std::string& /*key*/, const Value& value, std::string& field) {
  field = std::get<std::string>(value);
}
void from_value(const std::string& /*key*/, const Value& value, bool& field) {
  field = std::get<bool>(value);
}
void from_value(const std::string& /*key*/, const Value& value, double& field) {
  field = std::get<double>(value);
}
void from_value(const std::string& /*key*/, const Value& value, SimDuration& field) {
  field = from_seconds(std::get<double>(value));
}
void from_value(const std::string& key, const Value& value, Msat& field) {
  const std::int64_t count = std::get<std::int64_t>(value);
  field = is_in_sat(key) ? Msat::from_sat(count) : Msat{count};
}
void from_value(const std::string& /*key*/, const Value& value, Ppm& field) {
  field = {static_cast<std::uint32_t>(std::get<std::int64_t>(value))};
}
void from_value(const std::string& /*key*/, const Value& value, BlockDelta& field) {
  field = {static_cast<std::int32_t>(std::get<std::int64_t>(value))};
}
template <class Integer>
requires std::is_integral_v<Integer>
void from_value(const std::string& /*key*/, const Value& value, Integer& field) {
  field = static_cast<Integer>(std::get<std::int64_t>(value));
}

template <class T>
constexpr ValueKind kind_of() {
  if constexpr (std::is_same_v<T, bool>) {
    return ValueKind::boolean;
  } else if constexpr (std::is_same_v<T, double> || std::is_same_v<T, SimDuration>) {
    return ValueKind::number;
  } else if constexpr (std::is_same_v<T, std::string>) {
    return ValueKind::text;
  } else {
    return ValueKind::integer;
  }
}

/// settings.*first.*second...
template <class Object, class First, class... Rest>
auto& member(Object& object, First first, Rest... rest) {
  if constexpr (sizeof...(Rest) == 0) {
    return object.*first;
  } else {
    return member(object.*first, rest...);
  }
}

struct Bounds {
  double minimum = 0;
  double maximum = 0;
  bool excludes_minimum = false;
  bool excludes_maximum = false;
};
constexpr Bounds between(double minimum, double maximum) {
  return {.minimum = minimum, .maximum = maximum};
}
constexpr Bounds above(double minimum, double maximum) {
  return {.minimum = minimum, .maximum = maximum, .excludes_minimum = true};
}
constexpr Bounds at_least_and_below(double minimum, double maximum) {
  return {.minimum = minimum, .maximum = maximum, .excludes_maximum = true};
}
constexpr Bounds kProbability = between(0, 1);

template <class Enum>
using Choices = std::vector<std::pair<std::string, Enum>>;

class Table {
 public:
  /// A boolean or a text.
  template <class... Members>
  Setting& add(std::string key, std::string help, Members... members) {
    using Field = std::remove_reference_t<decltype(member(std::declval<Settings&>(), members...))>;
    Setting& setting = settings_.emplace_back();
    setting.key = key;
    setting.kind = kind_of<Field>();
    setting.help = std::move(help);
    setting.get = [key, members...](const Settings& s) {
      return to_value(key, member(s, members...));
    };
    setting.set = [key, members...](Settings& s, const Value& value) {
      from_value(key, value, member(s, members...));
    };
    return setting;
  }

  template <class... Members>
  Setting& add(std::string key, std::string help, Bounds bounds, Members... members) {
    Setting& setting = add(std::move(key), std::move(help), members...);
    setting.minimum = bounds.minimum;
    setting.maximum = bounds.maximum;
    setting.excludes_minimum = bounds.excludes_minimum;
    setting.excludes_maximum = bounds.excludes_maximum;
    return setting;
  }

  template <class... Members>
  Setting& add(std::string key,
               std::string help,
               std::vector<std::string> choices,
               Members... members) {
    Setting& setting = add(std::move(key), std::move(help), members...);
    setting.choices = std::move(choices);
    return setting;
  }

  template <class Enum, class... Members>
  Setting& add_choice(std::string key,
                      std::string help,
                      const Choices<Enum>& choices,
                      Members... members) {
    Setting& setting = settings_.emplace_back();
    setting.key = std::move(key);
    setting.help = std::move(help);
    for (const auto& choice : choices) setting.choices.push_back(choice.first);
    setting.get = [choices, members...](const Settings& s) -> Value {
      for (const auto& choice : choices) {
        if (choice.second == member(s, members...)) return choice.first;
      }
      AMPSIM_CHECK(false, "a default that is no choice");
    };
    setting.set = [choices, members...](Settings& s, const Value& value) {
      for (const auto& choice : choices) {
        if (choice.first == std::get<std::string>(value)) member(s, members...) = choice.second;
      }
    };
    return setting;
  }

  /// The keys of a distribution; `unit` is "sat" or "ms".
  template <class... Members>
  void add_distribution(const std::string& key,
                        const std::string& what,
                        const std::string& unit,
                        const std::vector<DistributionKind>& kinds,
                        Members... members);

  void push(Setting setting) { settings_.push_back(std::move(setting)); }
  std::vector<Setting> take() { return std::move(settings_); }

 private:
  std::vector<Setting> settings_;
};

bool is_one_of(DistributionKind kind, const std::vector<DistributionKind>& kinds) {
  for (const DistributionKind each : kinds) {
    if (each == kind) return true;
  }
  return false;
}

/// Which kinds read which parameter: core/distribution.hpp.
template <class... Members>
void Table::add_distribution(const std::string& key,
                             const std::string& what,
                             const std::string& unit,
                             const std::vector<DistributionKind>& kinds,
                             Members... members) {
  using Kind = DistributionKind;
  Choices<Kind> choices;
  for (const Kind kind : kinds) choices.emplace_back(name_of(kind), kind);
  add_choice(key + ".distribution", "distribution of the " + what, choices, members...,
             &Distribution::kind);

  const double most = unit == "sat" ? kMostSat : kMostSeconds * 1000;
  const auto add_parameter = [&](const std::string& name, const std::string& help, Bounds bounds,
                                 double Distribution::*field, const std::vector<Kind>& readers) {
    bool has_reader = false;
    for (const Kind kind : kinds) has_reader = has_reader || is_one_of(kind, readers);
    if (!has_reader) return;
    Setting& setting = add(key + "." + name, help, bounds, members..., field);
    setting.is_required = bounds.excludes_minimum;
    setting.blocked_by = [key, readers, members...](const Settings& s) -> std::string {
      return is_one_of(member(s, members...).kind, readers) ? "" : key + ".distribution";
    };
  };
  add_parameter("mean_" + unit, "its mean", above(0, most), &Distribution::mean,
                {Kind::constant, Kind::exponential, Kind::normal, Kind::lognormal});
  add_parameter("sigma", "standard deviation of its logarithm", between(0, 20),
                &Distribution::sigma, {Kind::lognormal});
  add_parameter("sigma_" + unit, "its standard deviation", between(0, most), &Distribution::sigma,
                {Kind::normal});
  add_parameter("minimum_" + unit, "its lower bound", between(0, most), &Distribution::minimum,
                {Kind::uniform});
  add_parameter("maximum_" + unit, "its upper bound", above(0, most), &Distribution::maximum,
                {Kind::uniform});
}

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

void add_topology(Table& table) {
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
  add("rewire_probability", "that a channel gets another end", kProbability,
      &TopologyParams::rewire_probability);
  add("mean_degree", "mean number of channels of a node", above(0, 1'000'000),
      &TopologyParams::mean_degree);
  add("width", "columns of the grid; 0 = as square as possible", between(0, 10'000'000),
      &TopologyParams::width);
}

void add_channels(Table& table) {
  using topo::BalanceKind;
  using topo::ChannelParams;
  using Kind = DistributionKind;
  const auto channels = &Settings::channels;
  table.add_distribution(
      "channels.capacity", "capacity, where the topology has none", "sat",
      {Kind::constant, Kind::uniform, Kind::exponential, Kind::normal, Kind::lognormal}, channels,
      &ChannelParams::capacity);
  table.add_choice("channels.balance.distribution", "how the capacity lies between the two ends",
                   Choices<BalanceKind>{{"half", BalanceKind::half},
                                        {"uniform", BalanceKind::uniform},
                                        {"bimodal", BalanceKind::bimodal},
                                        {"file", BalanceKind::file}},
                   channels, &ChannelParams::balance);
  table
      .add("channels.balance.scale_sat", "how near to an end the bimodal balances lie",
           between(1, kMostSat), channels, &ChannelParams::bimodal_scale)
      .blocked_by = [](const Settings& s) -> std::string {
    return s.channels.balance == BalanceKind::bimodal ? "" : "channels.balance.distribution";
  };
  table.add("channels.reserve", "share of the capacity that each end must keep",
            at_least_and_below(0, 1), &Settings::network, &NetworkParams::reserve);
  table.add("channels.max_htlcs", "HTLCs in flight in one direction", between(1, 483),
            &Settings::network, &NetworkParams::max_htlcs);
  table.add("channels.max_in_flight", "share of the capacity in flight in one direction",
            above(0, 1), &Settings::network, &NetworkParams::max_in_flight);
  table.add("channels.fee_base_msat", "per HTLC, where the topology has no policy",
            between(0, 4'294'967'295), channels, &ChannelParams::fee_base);
  table.add("channels.fee_proportional_ppm", "of the amount", between(0, 1'000'000), channels,
            &ChannelParams::fee_proportional);
  table.add("channels.cltv_expiry_delta_blocks", "between incoming and outgoing expiry",
            between(0, 65'535), channels, &ChannelParams::cltv_expiry_delta);
  table.add("channels.htlc_minimum_msat", "smallest HTLC", between(0, kMostMsat), channels,
            &ChannelParams::htlc_minimum);
}

void add_workload(Table& table) {
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

  Table amount;
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

void add_payment(Table& table) {
  const auto payment = &Settings::payment;
  std::vector<std::string> schemes;
  for (const amp::Scheme& scheme : amp::schemes()) schemes.emplace_back(scheme.name);
  table.add("payment.scheme", "how the parts of a payment are locked", schemes, payment,
            &PaymentParams::scheme);
  table.add("payment.timeout_s", "no new attempt after this", above(0, kMostSeconds), payment,
            &PaymentParams::timeout);
  table.add("payment.max_parts", "parts in flight at once", between(1, 10'000), payment,
            &PaymentParams::max_parts);
  table.add("payment.min_part_sat", "smaller parts are not made", between(0, kMostSat), payment,
            &PaymentParams::min_part);
  table.add("payment.max_attempts", "of one payment; 0 = no limit but the timeout",
            between(0, 1'000'000), payment, &PaymentParams::max_attempts);
  table.add("payment.invoices", "invoices of one payment in the scheme invoices",
            between(1, 10'000), payment, &PaymentParams::invoices);
  table.add("payment.fee_limit", "as a share of the amount", between(0, 1000), payment,
            &PaymentParams::fee_limit);
  table.add("payment.fee_limit_full_below_sat", "amounts up to this may cost as much again",
            between(0, kMostSat), payment, &PaymentParams::fee_limit_full_below);
  table.add_choice("amp.derivation", "how child preimages are derived",
                   Choices<amp::Derivation>{{"lnd", amp::Derivation::lnd},
                                            {"og2018", amp::Derivation::og2018},
                                            {"toy", amp::Derivation::toy}},
                   payment, &PaymentParams::derivation);

  const auto receiver = &Settings::receiver;
  table.add("receiver.timeout_s", "parts of an incomplete set are failed after this",
            above(0, kMostSeconds), receiver, &ReceiverParams::timeout);
  table.add_choice(
      "receiver.timer", "from each part's arrival, or from the first part's",
      Choices<ReceiverTimer>{{"htlc", ReceiverTimer::htlc}, {"set", ReceiverTimer::set}}, receiver,
      &ReceiverParams::timer);
  table.add_choice(
      "receiver.completion", "complete at the total or above it, or exactly at it",
      Choices<amp::Completion>{{"ge", amp::Completion::ge}, {"eq", amp::Completion::eq}}, receiver,
      &ReceiverParams::completion);
  table.add("receiver.final_cltv_delta_blocks", "time lock of the last hop", between(0, 65'535),
            receiver, &ReceiverParams::final_cltv_delta);
}

void add_routing(Table& table) {
  const auto routing = &Settings::routing;
  table.add("routing.algorithm", "how routes are found", std::vector<std::string>{"lnd"},
            &Settings::routing_algorithm);
  table.add_choice("routing.splitter", "how an amount is cut when no single path carries it",
                   Choices<Splitter>{{"none", Splitter::none}, {"halving", Splitter::halving}},
                   &Settings::payment, &PaymentParams::splitter);
  table.add("routing.hop_probability", "of success where nothing is known", above(0, 1), routing,
            &RoutingParams::hop_probability);
  table.add("routing.apriori_weight", "of that prior against a node's results", kProbability,
            routing, &RoutingParams::apriori_weight);
  table.add("routing.penalty_half_life_s", "after this a failure counts half",
            above(0, kMostSeconds), routing, &RoutingParams::penalty_half_life);
  table.add("routing.attempt_cost_sat", "virtual cost of a failed attempt", between(0, kMostSat),
            routing, &RoutingParams::attempt_cost);
  table.add("routing.attempt_cost_ppm", "and this part of the amount", between(0, 1'000'000),
            routing, &RoutingParams::attempt_cost_proportional);
  table.add("routing.min_probability", "less likely routes are not tried", kProbability, routing,
            &RoutingParams::min_probability);
  table.add("routing.time_preference", "-1 cheap to 1 fast", between(-1, 1), routing,
            &RoutingParams::time_preference);
  table.add("routing.cltv_limit_blocks", "longest total time lock of a route", between(1, 65'535),
            routing, &RoutingParams::cltv_limit);
}

std::vector<Setting> declare() {
  Table table;
  table.add("name", "of the experiment and of its results folder", &Settings::name).can_be_swept =
      false;
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
