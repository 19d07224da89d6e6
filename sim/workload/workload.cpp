#include "sim/workload/workload.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/format.h>

#include "core/check.hpp"
#include "core/csv.hpp"
#include "topologies/importers/file_content.hpp"
#include "topologies/node_names.hpp"

namespace ampsim::sim {
namespace {

/// Draws nodes in proportion to a whole-number weight; nodes of weight 0 are never drawn.
class WeightedNodes {
 public:
  explicit WeightedNodes(const std::vector<std::uint64_t>& weights) : sums_(weights.size()) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) sums_[i] = sum += weights[i];
  }
  NodeId draw(Rng& rng) const {
    const auto above = std::upper_bound(sums_.begin(), sums_.end(), rng.below(sums_.back()));
    return NodeId{static_cast<std::uint32_t>(above - sums_.begin())};
  }

 private:
  std::vector<std::uint64_t> sums_;
};

WeightedNodes weigh(const topo::Topology& topology, Endpoints endpoints) {
  std::vector<std::uint64_t> weights(topology.nodes.size(), 0);
  for (const topo::Channel& channel : topology.channels) {
    for (const NodeId end : channel.ends) {
      switch (endpoints) {
        case Endpoints::uniform:
          weights[end.index] = 1;
          break;
        case Endpoints::degree:
          weights[end.index] += 1;
          break;
        case Endpoints::capacity:
          // In sat, so that the sum over all channels stays far below 2^64.
          weights[end.index] +=
              static_cast<std::uint64_t>(std::max<std::int64_t>(1, channel.capacity->count / 1000));
          break;
      }
    }
  }
  return WeightedNodes(weights);
}

std::vector<PaymentSpec> draw_workload(const WorkloadParams& params,
                                       const topo::Topology& topology,
                                       std::uint64_t seed) {
  if (params.payments > 0 && topology.channels.empty()) {
    throw InputError({.key = "topology"}, "found a network without channels; nobody can pay");
  }
  Rng arrivals(seed, "arrivals");
  Rng amounts(seed, "amounts");
  Rng ends(seed, "endpoints");
  const WeightedNodes nodes = weigh(topology, params.endpoints);
  constexpr double kMostSeconds = 1e9;  // 30 years: far from the end of simulated time
  if (static_cast<double>(params.payments) / params.rate_per_s > kMostSeconds) {
    throw InputError({.key = "workload.rate_per_s"},
                     fmt::format("found {}: {} payments would take more than {} s",
                                 params.rate_per_s, params.payments, kMostSeconds));
  }
  std::vector<PaymentSpec> workload;
  workload.reserve(params.payments);
  double clock_s = 0;
  for (std::uint64_t i = 0; i < params.payments; ++i) {
    clock_s += arrivals.exponential(1.0 / params.rate_per_s);
    // At least 1 sat; rounded to whole sat, as invoices are.
    const double sat = std::max(1.0, std::round(draw(params.amount, amounts)));
    PaymentSpec spec{.amount = Msat::from_sat(static_cast<std::int64_t>(std::min(sat, 2.1e15))),
                     .at = SimTime{from_seconds(clock_s)}};
    spec.sender = nodes.draw(ends);
    do {
      spec.receiver = nodes.draw(ends);
    } while (spec.receiver == spec.sender);
    workload.push_back(spec);
  }
  return workload;
}

/// A payments.csv can be given as it is, but its runs start at the same time on their own networks:
/// together they are no workload.
void refuse_several_runs(const CsvTable& table) {
  if (!table.has_column("run")) return;
  for (std::size_t row = 1; row < table.rows(); ++row) {
    if (table.at(row, "run") == table.at(0, "run")) continue;
    throw table.bad_field(row, "run",
                          fmt::format("the payments of one run, here \"{}\"", table.at(0, "run")));
  }
}

/// What the columns are called.
struct Columns {
  std::string source = "source";
  std::string destination = "destination";
  std::string amount = "amount_msat";
  std::string start = "start_ms";
};

/// Ours, or those of CLoTH's payments, in the same units.
Columns columns_of(const CsvTable& table) {
  const bool is_cloth = !table.has_column("source") && table.has_column("sender_id");
  return is_cloth ? Columns{.source = "sender_id",
                            .destination = "receiver_id",
                            .amount = "amount",
                            .start = "start_time"}
                  : Columns{};
}

std::vector<PaymentSpec> read_workload(const std::string& file, const topo::Topology& topology) {
  const CsvTable table(topo::text_of_file(file), file);
  const Columns columns = columns_of(table);
  table.require_columns({columns.source, columns.destination, columns.amount, columns.start});
  refuse_several_runs(table);
  const topo::NodeNames names(topology);
  constexpr std::int64_t kAllBitcoinMsat = 2'100'000'000'000'000'000;
  constexpr double kTenYearsMs = 3.2e11;
  std::vector<PaymentSpec> workload;
  workload.reserve(table.rows());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const PaymentSpec spec{
        .sender = names.find(table, row, columns.source),
        .receiver = names.find(table, row, columns.destination),
        .amount = Msat{table.integer(row, columns.amount, 1, kAllBitcoinMsat)},
        .at = SimTime{from_seconds(table.number(row, columns.start, 0, kTenYearsMs) * 1e-3)}};
    if (spec.sender == spec.receiver) {
      throw table.bad_field(row, columns.destination, "another node than the source");
    }
    workload.push_back(spec);
  }
  // Payments that start together keep the order of the file.
  std::stable_sort(workload.begin(), workload.end(),
                   [](const PaymentSpec& a, const PaymentSpec& b) { return a.at < b.at; });
  return workload;
}

/// Sums of a run stay within 64 bits, and its times within simulated time.
void check_range(const std::vector<PaymentSpec>& workload, const WorkloadParams& params) {
  Int128 sum = 0;
  for (const PaymentSpec& payment : workload) sum += payment.amount.count;
  if (sum > Msat::max().count) {
    throw InputError({.file = params.file, .key = params.file.empty() ? "workload.payments" : ""},
                     fmt::format("the payments add up to more than {} msat", Msat::max().count));
  }
}

}  // namespace

std::vector<PaymentSpec> make_workload(const WorkloadParams& params,
                                       const topo::Topology& topology,
                                       std::uint64_t seed) {
  std::vector<PaymentSpec> workload = params.file.empty() ? draw_workload(params, topology, seed)
                                                          : read_workload(params.file, topology);
  check_range(workload, params);
  return workload;
}

}  // namespace ampsim::sim
