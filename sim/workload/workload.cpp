#include "sim/workload/workload.hpp"

#include <algorithm>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "core/check.hpp"
#include "core/csv.hpp"
#include "sim/workload/amounts.hpp"
#include "topologies/importers/file_content.hpp"
#include "topologies/node_names.hpp"

namespace ampsim::sim {
namespace {

std::vector<PaymentSpec> draw_workload(const WorkloadParams& params,
                                       const topo::Topology& topology,
                                       std::uint64_t seed) {
  const std::unique_ptr<Transfers> transfers = make_transfers({.kind = params.endpoints,
                                                               .merchants = params.merchants,
                                                               .hot_spots = params.hot_spots,
                                                               .circulation = params.circulation},
                                                              topology, seed);
  Amounts amounts(params.amount, params.amount_file, seed);
  ArrivalTimes arrivals(params.arrivals, params.rate_per_s, seed);
  constexpr double kMostSeconds = 1e9;  // 30 years: far from the end of simulated time
  if (static_cast<double>(params.payments) / params.rate_per_s > kMostSeconds) {
    throw InputError({.key = "workload.rate_per_s"},
                     fmt::format("found {}: {} payments would take more than {} s",
                                 params.rate_per_s, params.payments, kMostSeconds));
  }
  std::vector<PaymentSpec> workload;
  workload.reserve(params.payments);
  for (std::uint64_t i = 0; i < params.payments; ++i) {
    const SimTime at{from_seconds(arrivals.next())};
    const Transfer transfer = transfers->next(amounts);
    workload.push_back({transfer.sender, transfer.receiver, transfer.amount, at});
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
  const std::size_t warm_up = warm_up_payments(workload, params.warm_up);
  if (warm_up > 0 && warm_up == workload.size()) {
    throw InputError({.key = params.warm_up.payments >= workload.size() ? "workload.warmup_payments"
                                                                        : "workload.warmup_s"},
                     fmt::format("the warm-up takes all of the {} payments; allowed: one that "
                                 "leaves some to measure",
                                 workload.size()));
  }
  return workload;
}

std::size_t warm_up_payments(const std::vector<PaymentSpec>& workload, const WarmUpParams& params) {
  const SimTime end{params.length};
  const auto first = std::partition_point(workload.begin(), workload.end(),
                                          [end](const PaymentSpec& each) { return each.at < end; });
  const auto by_time = static_cast<std::size_t>(first - workload.begin());
  return std::max<std::size_t>(by_time, std::min<std::uint64_t>(params.payments, workload.size()));
}

}  // namespace ampsim::sim
