#include "sim/cli/result_table.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include <fmt/format.h>

#include "sim/measure/csv_writer.hpp"

namespace ampsim::cli {
namespace {

/// What the table shows of a measure: heading, factor, decimals.
struct Shown {
  std::string_view measure;
  std::string_view heading;
  double factor = 1;
  int decimals = 0;
  bool has_interval = false;
};
constexpr Shown kShown[] = {
    {"success_rate", "success %", 100, 1, true},
    {"volume_success_rate", "volume %", 100, 1, true},
    {"latency_p50_ms", "p50 ms", 1, 0, false},
    {"latency_p95_ms", "p95 ms", 1, 0, false},
    {"fee_ppm_mean", "fee ppm", 1, 0, false},
    {"parts_mean", "parts", 1, 2, false},
    {"attempts_mean", "attempts", 1, 2, false},
    {"partial_payments", "partial", 1, 1, true},
    {"attack_locked_msat_s_per_sat", "locked s", 1e-3, 1, false},
    {"stolen_fee_msat", "stolen msat", 1, 0, false},
    {"probe_bits", "bits", 1, 0, false},
    // Where points are compared with a baseline.
    {"success_rate_diff", "success diff %", 100, 1, true},
    {"latency_p50_ms_diff", "p50 diff ms", 1, 0, true},
};

using Row = std::vector<std::string>;

std::size_t column_of(const Row& header, const std::string& name) {
  return static_cast<std::size_t>(std::find(header.begin(), header.end(), name) - header.begin());
}

std::string number_text(const std::string& cell, const Shown& shown) {
  double number = 0;
  if (std::from_chars(cell.data(), cell.data() + cell.size(), number).ec != std::errc{}) return "";
  return fmt::format("{:.{}f}", number * shown.factor, shown.decimals);
}

std::string cell_text(const Row& header, const Row& cells, const Shown& shown) {
  const std::string name(shown.measure);
  std::string mean = number_text(cells[column_of(header, name + "_mean")], shown);
  if (mean.empty()) return "-";
  if (!shown.has_interval) return mean;
  const std::string half = number_text(cells[column_of(header, name + "_ci95")], shown);
  return half.empty() ? mean : mean + " ± " + half;
}

std::string last_name(const std::string& key) { return key.substr(key.rfind('.') + 1); }

/// `workload.amount.mean_sat` is "mean_sat" where no other swept key ends so.
std::string short_name(const Row& header, std::size_t swept, std::size_t column) {
  for (std::size_t i = 0; i < swept; ++i) {
    if (i != column && last_name(header[i]) == last_name(header[column])) return header[column];
  }
  return last_name(header[column]);
}

/// Letters as a terminal counts them: continuation bytes of UTF-8 take no room.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

std::string aligned(const std::vector<Row>& rows, std::size_t left_columns) {
  std::vector<std::size_t> widths(rows[0].size());
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string padding(widths[i] - width_of(row[i]), ' ');
      if (i > 0) line += "  ";
      line += i < left_columns ? row[i] + padding : padding + row[i];
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

}  // namespace

std::string result_table(std::string_view summary_csv) {
  const Row header = sim::take_row(summary_csv);
  const std::size_t swept = column_of(header, "replicates");
  std::vector<Shown> shown;
  for (const Shown& each : kShown) {
    if (column_of(header, std::string(each.measure) + "_mean") < header.size()) {
      shown.push_back(each);
    }
  }
  std::vector<Row> rows(1);
  for (std::size_t i = 0; i < swept; ++i) rows[0].push_back(short_name(header, swept, i));
  for (const Shown& each : shown) rows[0].emplace_back(each.heading);
  while (!summary_csv.empty()) {
    const Row cells = sim::take_row(summary_csv);
    if (cells.size() != header.size()) break;
    Row& row = rows.emplace_back(cells.begin(), cells.begin() + static_cast<std::ptrdiff_t>(swept));
    for (const Shown& each : shown) row.push_back(cell_text(header, cells, each));
  }
  return aligned(rows, swept);
}

}  // namespace ampsim::cli
