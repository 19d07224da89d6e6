#include <functional>
#include <string>
#include <tuple>
#include <utility>

#include "sim/experiment/sections/sections.hpp"

namespace ampsim::sim {
namespace {

using Blocking = std::function<std::string(const Settings&)>;

std::string unless_file(const Settings& s) {
  return s.workload.file.empty() ? "" : "workload.file";
}

/// Read where payments are drawn, and `inner` says so, too.
Blocking where_drawn(Blocking inner) {
  return [inner = std::move(inner)](const Settings& s) -> std::string {
    const std::string blocking = unless_file(s);
    return blocking.empty() && inner ? inner(s) : blocking;
  };
}

Blocking with_process(ArrivalProcess process) {
  return where_drawn([process](const Settings& s) -> std::string {
    return s.workload.arrivals.process == process ? "" : "workload.arrivals.process";
  });
}

Blocking with_endpoints(Endpoints endpoints) {
  return where_drawn([endpoints](const Settings& s) -> std::string {
    return s.workload.endpoints == endpoints ? "" : "workload.endpoints";
  });
}

void add_amount(SettingBuilder& table) {
  using Kind = DistributionKind;
  SettingBuilder amount;
  amount.add_distribution("workload.amount", "amount of a payment", "sat",
                          {Kind::constant, Kind::uniform, Kind::exponential, Kind::lognormal,
                           Kind::pareto, Kind::empirical},
                          &Settings::workload, &WorkloadParams::amount);
  for (Setting& setting : amount.take()) {
    setting.blocked_by = where_drawn(setting.blocked_by);
    table.push(std::move(setting));
  }
  Setting& file =
      table.add("workload.amount.file",
                "CSV of amounts, column `amount_msat` or `amount_sat`, and `weight` if "
                "rows count differently; with `workload.amount.distribution` = empirical",
                &Settings::workload, &WorkloadParams::amount_file);
  file.kind = ValueKind::file;
  file.blocked_by = where_drawn([](const Settings& s) -> std::string {
    return s.workload.amount.kind == Kind::empirical ? "" : "workload.amount.distribution";
  });
}

void add_arrivals(SettingBuilder& table) {
  const auto add = [&table](const std::string& name, const std::string& help, Bounds bounds,
                            ArrivalProcess process, auto field) {
    table
        .add("workload.arrivals." + name, help, bounds, &Settings::workload,
             &WorkloadParams::arrivals, field)
        .blocked_by = with_process(process);
  };
  // The hours' weights say it all.
  const auto without_weights = [](const Settings& s) -> std::string {
    if (s.workload.arrivals.process != ArrivalProcess::daily) return "workload.arrivals.process";
    return s.workload.arrivals.hour_weights.empty() ? "" : "workload.arrivals.hour_weights";
  };
  table
      .add_choice("workload.arrivals.process", "how payments follow each other, at the mean rate",
                  Choices<ArrivalProcess>{{"poisson", ArrivalProcess::poisson},
                                          {"fixed", ArrivalProcess::fixed},
                                          {"bursty", ArrivalProcess::bursty},
                                          {"daily", ArrivalProcess::daily}},
                  &Settings::workload, &WorkloadParams::arrivals, &ArrivalParams::process)
      .blocked_by = unless_file;
  const auto bursty = ArrivalProcess::bursty;
  const auto daily = ArrivalProcess::daily;
  add("burst_s", "mean length of a burst", between(kShortest, kMostSeconds), bursty,
      &ArrivalParams::burst_s);
  add("pause_s", "mean time between bursts", between(kShortest, kMostSeconds), bursty,
      &ArrivalParams::pause_s);
  add("pause_rate", "rate then, as a share of the mean rate", at_least_and_below(0, 1), bursty,
      &ArrivalParams::pause_rate);
  for (const auto& [name, help, most, field] :
       {std::tuple{"amplitude", "rate at the peak is 1 + this, at the trough 1 - this, of the mean",
                   1.0, &ArrivalParams::amplitude},
        std::tuple{"peak_hour", "hour of the day with most payments; a run begins at hour 0", 24.0,
                   &ArrivalParams::peak_hour}}) {
    table
        .add(std::string("workload.arrivals.") + name, help, between(0, most), &Settings::workload,
             &WorkloadParams::arrivals, field)
        .blocked_by = where_drawn(without_weights);
  }
  add("day_s", "length of the day", between(kShortest, kMostSeconds), daily, &ArrivalParams::day_s);
  table
      .add("workload.arrivals.hour_weights",
           "24 numbers, separated by spaces, in place of amplitude and peak", &Settings::workload,
           &WorkloadParams::arrivals, &ArrivalParams::hour_weights)
      .blocked_by = with_process(daily);
}

Choices<topo::NodeChoice> node_choices() {
  using topo::NodeChoice;
  return {{"random", NodeChoice::random},
          {"degree", NodeChoice::degree},
          {"capacity", NodeChoice::capacity},
          {"betweenness", NodeChoice::betweenness},
          {"listed", NodeChoice::listed}};
}

/// The keys `choice` and `listed` of nodes that a workload chooses.
template <class Params>
void add_choice(SettingBuilder& table,
                const std::string& section,
                Endpoints endpoints,
                Params WorkloadParams::*params) {
  table
      .add_choice(section + ".choice", "which nodes: random ones, those with most, or named ones",
                  node_choices(), &Settings::workload, params, &Params::choice)
      .blocked_by = with_endpoints(endpoints);
  table
      .add(section + ".listed", "their names, separated by spaces", &Settings::workload, params,
           &Params::listed)
      .blocked_by = where_drawn([endpoints, params, section](const Settings& s) -> std::string {
    if (s.workload.endpoints != endpoints) return "workload.endpoints";
    return (s.workload.*params).choice == topo::NodeChoice::listed ? "" : section + ".choice";
  });
}

/// Reads how many nodes are chosen, where they are not listed.
template <class Params>
Blocking with_number(Endpoints endpoints, Params WorkloadParams::*params, std::string section) {
  return where_drawn(
      [endpoints, params, section = std::move(section)](const Settings& s) -> std::string {
        if (s.workload.endpoints != endpoints) return "workload.endpoints";
        return (s.workload.*params).choice == topo::NodeChoice::listed ? section + ".choice" : "";
      });
}

void add_merchants(SettingBuilder& table) {
  const std::string section = "workload.merchants";
  const auto merchants = &WorkloadParams::merchants;
  const Blocking blocking = with_number(Endpoints::merchants, merchants, section);
  table
      .add(section + ".number", "how many nodes are merchants; 0 = by the share", between(0, 1e7),
           &Settings::workload, merchants, &MerchantParams::number)
      .blocked_by = blocking;
  table
      .add(section + ".share", "share of the nodes with channels, rounded", above(0, 1),
           &Settings::workload, merchants, &MerchantParams::share)
      .blocked_by = [blocking, section](const Settings& s) -> std::string {
    const std::string other = blocking(s);
    return other.empty() && s.workload.merchants.number > 0 ? section + ".number" : other;
  };
  add_choice(table, section, Endpoints::merchants, merchants);
}

void add_hot_spots(SettingBuilder& table) {
  const std::string section = "workload.hot_spots";
  const auto hot_spots = &WorkloadParams::hot_spots;
  table
      .add(section + ".number", "how many nodes are hot", between(1, 1e7), &Settings::workload,
           hot_spots, &HotSpotParams::number)
      .blocked_by = with_number(Endpoints::hot_spots, hot_spots, section);
  table
      .add(section + ".share", "share of the payments with a hot end", kProbability,
           &Settings::workload, hot_spots, &HotSpotParams::share)
      .blocked_by = with_endpoints(Endpoints::hot_spots);
  table
      .add_choice(section + ".end", "which end of a payment that is",
                  Choices<HotEnd>{{"receiver", HotEnd::receiver},
                                  {"sender", HotEnd::sender},
                                  {"either", HotEnd::either}},
                  &Settings::workload, hot_spots, &HotSpotParams::end)
      .blocked_by = with_endpoints(Endpoints::hot_spots);
  add_choice(table, section, Endpoints::hot_spots, hot_spots);
}

void add_circulation(SettingBuilder& table) {
  const auto add = [&table](const std::string& name, const std::string& help, Bounds bounds,
                            auto field) {
    table
        .add("workload.circulation." + name, help, bounds, &Settings::workload,
             &WorkloadParams::circulation, field)
        .blocked_by = with_endpoints(Endpoints::circulation);
  };
  add("length", "payments after which an amount is back", between(2, 1000),
      &CirculationParams::length);
  add("open", "cycles under way at a time", between(1, 1e6), &CirculationParams::open);
  add("dag_share", "share of the payments that do not come back", kProbability,
      &CirculationParams::dag_share);
}

}  // namespace

void add_workload(SettingBuilder& table) {
  const auto workload = &Settings::workload;
  Setting& file = table.add("workload.file", "CSV of payments; without it they are drawn", workload,
                            &WorkloadParams::file);
  file.kind = ValueKind::file;
  // Only written where it is given.
  file.blocked_by = [](const Settings& s) -> std::string {
    return s.workload.file.empty() ? "workload.payments" : "";
  };
  table
      .add("workload.payments", "number of payments, those of the warm-up included",
           between(1, 1e9), workload, &WorkloadParams::payments)
      .blocked_by = unless_file;
  table
      .add("workload.rate_per_s", "payments per second, the mean", above(0, 1e9), workload,
           &WorkloadParams::rate_per_s)
      .blocked_by = unless_file;
  table
      .add_choice("workload.endpoints", "how sender and receiver are chosen",
                  Choices<Endpoints>{{"uniform", Endpoints::uniform},
                                     {"capacity", Endpoints::capacity},
                                     {"degree", Endpoints::degree},
                                     {"merchants", Endpoints::merchants},
                                     {"hot_spots", Endpoints::hot_spots},
                                     {"circulation", Endpoints::circulation}},
                  workload, &WorkloadParams::endpoints)
      .blocked_by = unless_file;
  table.add("workload.warmup_payments", "so many payments are simulated and not measured",
            between(0, 1e9), workload, &WorkloadParams::warm_up, &WarmUpParams::payments);
  table.add("workload.warmup_s", "and those that start before this time", between(0, kMostSeconds),
            workload, &WorkloadParams::warm_up, &WarmUpParams::length);
  add_amount(table);
  add_arrivals(table);
  add_merchants(table);
  add_hot_spots(table);
  add_circulation(table);
}

}  // namespace ampsim::sim
