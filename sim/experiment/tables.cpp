#include "sim/experiment/tables.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "core/hex.hpp"
#include "sim/measure/confidence.hpp"
#include "sim/measure/csv_writer.hpp"

namespace ampsim::sim {
namespace {

constexpr std::size_t kColumnsBeforeSweep = 3;  // point, replicate, seed

std::int64_t signed_of(std::size_t number) { return static_cast<std::int64_t>(number); }

std::string ms_since_start(SimTime at) { return milliseconds(at.time_since_epoch()); }

/// An absent failure is an empty cell, which pandas reads as missing.
template <class Failure>
std::string_view failure_cell(Failure failure) {
  return failure == Failure::none ? std::string_view{} : name_of(failure);
}

std::string runs_row(const Experiment& experiment, const FinishedRun& run) {
  std::string text;
  CsvWriter row(text);
  const std::size_t point = run.run / experiment.replicates;
  row.cell(signed_of(point)).cell(signed_of(run.run % experiment.replicates));
  row.cell(std::to_string(run.seed));
  for (const Value& value : experiment.points[point].swept) row.cell(to_plain(value));
  for (const Measure& measure : run.result.measures) {
    if (const auto* count = std::get_if<std::int64_t>(&measure.value)) {
      row.cell(*count);
    } else {
      row.cell(std::get<double>(measure.value));
    }
  }
  for (const Word& word : run.result.words) row.cell(word.word);
  row.end_row();
  return text;
}

std::string payment_rows(const Experiment& experiment, const FinishedRun& run) {
  const bool has_feasibility = experiment.points[0].settings.record.feasibility;
  std::string text;
  CsvWriter row(text);
  const auto& nodes = run.topology.nodes;
  for (const PaymentRecord& payment : run.result.payments) {
    row.cell(signed_of(run.run)).cell(signed_of(payment.payment.index));
    row.cell(nodes.at(payment.sender.index).name).cell(nodes.at(payment.receiver.index).name);
    row.cell(payment.amount).cell(ms_since_start(payment.start)).cell(ms_since_start(payment.end));
    row.cell(name_of(payment.state)).cell(failure_cell(payment.failure));
    row.cell(signed_of(payment.parts)).cell(signed_of(payment.attempts));
    row.cell(payment.fee).cell(payment.delivered);
    if (has_feasibility) {
      row.cell(std::int64_t{payment.feasible.on_one_path});
      row.cell(std::int64_t{payment.feasible.by_flow});
    }
    row.end_row();
  }
  return text;
}

std::string route_cell(const topo::Topology& topology, const std::vector<DirectedChannel>& route) {
  std::string text;
  for (const DirectedChannel hop : route) {
    if (!text.empty()) text += ' ';
    text += topology.channels.at(hop.channel().index).id;
  }
  return text;
}

std::string part_rows(const FinishedRun& run) {
  std::string text;
  CsvWriter row(text);
  for (const PartRecord& part : run.result.parts) {
    row.cell(signed_of(run.run)).cell(signed_of(part.payment.index));
    row.cell(signed_of(part.part)).cell(signed_of(part.attempt));
    row.cell(part.set_id.is_zero() ? "" : to_hex(part.set_id.bytes))
        .cell(to_hex(part.payment_hash.bytes));
    row.cell(part.amount).cell(part.fee).cell(signed_of(part.route.size()));
    row.cell(route_cell(run.topology, part.route)).cell(std::int64_t{part.cltv.count});
    row.cell(ms_since_start(part.sent));
    row.cell(part.held == SimTime::max() ? "" : ms_since_start(part.held));
    row.cell(ms_since_start(part.end));
    row.cell(name_of(part.state)).cell(failure_cell(part.failure));
    if (part.failed_at < 0) {
      row.empty();
    } else {
      row.cell(std::int64_t{part.failed_at});
    }
    row.end_row();
  }
  return text;
}

std::string channel_rows(const FinishedRun& run) {
  std::string text;
  CsvWriter row(text);
  const auto& [nodes, channels] = run.topology;
  for (std::size_t i = 0; i < run.result.channels.size(); ++i) {
    const topo::Channel& channel = channels.at(i);
    const ChannelRecord& record = run.result.channels[i];
    row.cell(signed_of(run.run)).cell(channel.id);
    row.cell(nodes.at(channel.ends[0].index).name).cell(nodes.at(channel.ends[1].index).name);
    row.cell(record.capacity).cell(record.balance_0).cell(record.balance_1).end_row();
  }
  return text;
}

std::string privacy_rows(const FinishedRun& run) {
  std::string text;
  CsvWriter row(text);
  for (const PrivacyRecord& record : run.result.privacy) {
    row.cell(signed_of(run.run)).cell(signed_of(record.payment.index));
    row.cell(signed_of(record.parts_seen)).cell(signed_of(record.pairs_seen));
    row.cell(signed_of(record.pairs_linked_by_hash)).cell(signed_of(record.pairs_guessed));
    row.cell(record.amount_bound).end_row();
  }
  return text;
}

bool is_word(std::string_view column) {
  return std::find(std::begin(kWordColumns), std::end(kWordColumns), column) !=
         std::end(kWordColumns);
}

std::string counts_text(const std::map<std::string, std::size_t>& counts) {
  std::string text;
  for (const auto& [word, count] : counts) {
    text += fmt::format("{}{}:{}", text.empty() ? "" : " ", word, count);
  }
  return text;
}

}  // namespace

std::vector<Table> tables_of(const Experiment& experiment) {
  std::vector<Table> tables = {{"runs", ""}};
  const RecordParams& record = experiment.points[0].settings.record;
  if (record.payments) {
    tables.push_back({"payments",
                      "run,payment,source,destination,amount_msat,start_ms,end_ms,state,failure,"
                      "parts,attempts,fee_msat,delivered_msat"});
    std::string& header = tables.back().header;
    if (record.feasibility) header += ",feasible_single,feasible_flow";
    header += '\n';
  }
  if (record.parts) {
    tables.push_back({"parts",
                      "run,payment,part,attempt,set_id,payment_hash,amount_msat,fee_msat,hops,"
                      "route,cltv_blocks,sent_ms,held_ms,end_ms,state,failure,failed_at\n"});
  }
  if (record.channels) {
    tables.push_back({"channels",
                      "run,channel,source,destination,capacity_msat,balance_source_msat,"
                      "balance_destination_msat\n"});
  }
  if (experiment.points[0].settings.observer.is_on) {
    tables.push_back({"privacy",
                      "run,payment,parts_seen,pairs_seen,pairs_linked_by_hash,pairs_guessed,"
                      "amount_bound_msat\n"});
  }
  return tables;
}

std::string runs_header(const Experiment& experiment, const RunResult& result) {
  std::string text;
  CsvWriter row(text);
  row.cell("point").cell("replicate").cell("seed");
  for (const SweptKey& swept : experiment.sweep) row.cell(swept.key);
  for (const Measure& measure : result.measures) row.cell(measure.name);
  for (const Word& word : result.words) row.cell(word.name);
  row.end_row();
  return text;
}

std::string rows_of(std::string_view table, const Experiment& experiment, const FinishedRun& run) {
  if (table == "runs") return runs_row(experiment, run);
  if (table == "payments") return payment_rows(experiment, run);
  if (table == "parts") return part_rows(run);
  if (table == "privacy") return privacy_rows(run);
  AMPSIM_CHECK(table == "channels", "a table that nobody writes");
  return channel_rows(run);
}

Summary::Summary(const Experiment& experiment, std::string_view runs_header, RowOf row_of)
    : experiment_(experiment), first_(kColumnsBeforeSweep + experiment.sweep.size()) {
  const std::vector<std::string> names = take_row(runs_header);
  AMPSIM_CHECK(names.size() >= first_, "runs.csv has its first columns");
  std::vector<std::string> measures;
  std::vector<std::string> words;
  for (std::size_t i = first_; i < names.size(); ++i) {
    is_word_.push_back(is_word(names[i]));
    (is_word_.back() ? words : measures).push_back(names[i]);
  }
  columns_.resize(measures.size());
  words_.resize(words.size());
  CsvWriter row(header_);
  for (const SweptKey& swept : experiment.sweep) row.cell(swept.key);
  row.cell("replicates");
  for (const std::string& name : measures) {
    for (const char* statistic : {"_mean", "_sd", "_ci95"}) row.cell(name + statistic);
  }
  if (!experiment.baseline.empty()) {
    differences_.emplace(experiment, std::move(row_of),
                         [this](std::string_view other) { return measures_of(take_row(other)); });
    PairedDifferences::write_header(measures, row);
  }
  for (const std::string& name : words) row.cell(name);
  row.end_row();
}

std::vector<double> Summary::measures_of(const std::vector<std::string>& cells) const {
  AMPSIM_CHECK(cells.size() == first_ + is_word_.size(), "every row has the header's columns");
  std::vector<double> measures;
  for (std::size_t i = 0; i < is_word_.size(); ++i) {
    if (!is_word_[i]) measures.push_back(cell_number(cells[first_ + i]));
  }
  return measures;
}

std::string Summary::add(std::string_view runs_row) {
  const std::vector<std::string> cells = take_row(runs_row);
  const std::vector<double> measures = measures_of(cells);
  for (std::size_t i = 0; i < measures.size(); ++i) columns_[i].push_back(measures[i]);
  std::size_t word = 0;
  for (std::size_t i = 0; i < is_word_.size(); ++i) {
    if (is_word_[i]) ++words_[word++][cells[first_ + i]];
  }
  std::string text;
  if (++rows_ % experiment_.replicates != 0) return text;
  CsvWriter row(text);
  const std::size_t place = rows_ / experiment_.replicates - 1;
  for (const Value& value : experiment_.points.at(place).swept) row.cell(to_plain(value));
  row.cell(signed_of(experiment_.replicates));
  for (const std::vector<double>& values : columns_) {
    const Confidence result = confidence(values);
    row.cell(result.mean).cell(result.sd).cell(result.ci95);
  }
  if (differences_) differences_->write(place, columns_, row);
  for (std::map<std::string, std::size_t>& counts : words_) {
    row.cell(counts_text(counts));
    counts.clear();
  }
  for (std::vector<double>& values : columns_) values.clear();
  row.end_row();
  return text;
}

}  // namespace ampsim::sim
