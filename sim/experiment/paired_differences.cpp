#include "sim/experiment/paired_differences.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "sim/experiment/preparation.hpp"
#include "sim/measure/confidence.hpp"

namespace ampsim::sim {
namespace {

constexpr std::string_view kBaseline = "summary.baseline.";

/// What a key of the baseline asks for: in this column of the swept keys, this value.
struct Wanted {
  std::size_t column = 0;
  Value shown;
};

std::size_t column_of(const Experiment& experiment, const Entry& entry) {
  const std::string key = entry.key.substr(kBaseline.size());
  std::vector<std::string> known;
  for (std::size_t i = 0; i < experiment.sweep.size(); ++i) {
    if (experiment.sweep[i].key == key) return i;
    known.push_back(experiment.sweep[i].key);
  }
  throw InputError(entry.where(),
                   known.empty()
                       ? "nothing is swept: there is one point, and none to compare it with"
                       : fmt::format("is not swept; allowed: {}{}", fmt::join(known, ", "),
                                     did_you_mean(key, known)));
}

Wanted wanted_by(const Experiment& experiment, const Entry& entry, BaselineKey& key) {
  Wanted wanted{.column = column_of(experiment, entry)};
  const SweptKey& swept = experiment.sweep[wanted.column];
  key.key = swept.key;
  if (!swept.range.empty()) {
    throw InputError(entry.where(),
                     "is sampled; allowed: a swept key with a list of values, or points");
  }
  std::vector<std::string> allowed;
  for (const Value& value : swept.values) allowed.push_back(to_toml(value));
  if (entry.shape != Shape::scalar) {
    throw InputError(entry.where(), fmt::format("allowed: {}", fmt::join(allowed, ", ")));
  }
  const Setting* setting = find_setting(swept.key);
  if (setting == nullptr) {  // the names of the cases
    key.value = entry.values[0].value;
  } else {
    Settings settings;
    setting->set(settings, checked_value(*setting, entry, entry.values[0]));
    key.value = setting->get(settings);
  }
  if (std::find(swept.values.begin(), swept.values.end(), key.value) == swept.values.end()) {
    throw InputError(entry.where(), fmt::format("found {}; allowed: {}", to_toml(key.value),
                                                fmt::join(allowed, ", ")));
  }
  wanted.shown = key.value;
  // Swept files are shown without the folder that they share.
  for (const Point& point : experiment.points) {
    if (setting == nullptr || setting->get(point.settings) != key.value) continue;
    wanted.shown = point.swept[wanted.column];
    break;
  }
  return wanted;
}

std::string text_of(const std::vector<Value>& values) {
  std::string text;
  for (const Value& value : values) text += to_toml(value) + "\n";
  return text;
}

/// The first key of the network or the payments in which two points differ.
std::string different_key(const Settings& a, const Settings& b) {
  for (const Setting& setting : setting_table()) {
    if (is_input(setting.key) && setting.get(a) != setting.get(b)) return setting.key;
  }
  return "";
}

}  // namespace

void find_partners(const Choices& choices, Experiment& experiment) {
  if (choices.baseline.empty()) return;
  std::vector<Wanted> wanted;
  for (const Entry* entry : choices.baseline) {
    wanted.push_back(wanted_by(experiment, *entry, experiment.baseline.emplace_back()));
  }
  const std::vector<Point>& points = experiment.points;
  std::unordered_map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < points.size(); ++i) places.emplace(text_of(points[i].swept), i);
  const std::vector<SharedInputs> shared = shared_inputs(points);
  experiment.partners.assign(points.size(), kNoPartner);
  const Entry& first = *choices.baseline[0];
  bool has_pair = false;
  for (std::size_t i = 0; i < points.size(); ++i) {
    std::vector<Value> values = points[i].swept;
    for (const Wanted& each : wanted) values[each.column] = each.shown;
    const auto found = places.find(text_of(values));
    if (found == places.end() || found->second == i) continue;
    const std::size_t partner = found->second;
    if (shared[i].payments != shared[partner].payments) {
      throw InputError(
          first.where(),
          fmt::format("point {} and its baseline, point {}, differ in {}: they do not "
                      "see the same networks and payments, and cannot be compared "
                      "pair by pair",
                      i, partner, different_key(points[i].settings, points[partner].settings)));
    }
    experiment.partners[i] = partner;
    has_pair = true;
  }
  if (!has_pair) {
    throw InputError(first.where(),
                     "no other point can be compared with it: none has its other "
                     "swept keys equal");
  }
}

void PairedDifferences::write_header(const std::vector<std::string>& measures, CsvWriter& row) {
  for (const std::string& measure : measures) {
    for (const char* statistic : {"_diff_mean", "_diff_sd", "_diff_ci95"}) {
      row.cell(measure + statistic);
    }
  }
}

void PairedDifferences::write(std::size_t point,
                              const std::vector<std::vector<double>>& columns,
                              CsvWriter& row) {
  const std::size_t partner = experiment_.partners[point];
  if (partner == kNoPartner) {
    for (std::size_t i = 0; i < 3 * columns.size(); ++i) row.empty();
    return;
  }
  if (partner != partner_) {
    partner_ = partner;
    partner_rows_.clear();
    for (std::size_t replicate = 0; replicate < experiment_.replicates; ++replicate) {
      partner_rows_.push_back(measures_of_(row_of_(partner * experiment_.replicates + replicate)));
    }
  }
  std::vector<double> differences(experiment_.replicates);
  for (std::size_t measure = 0; measure < columns.size(); ++measure) {
    for (std::size_t replicate = 0; replicate < differences.size(); ++replicate) {
      differences[replicate] =
          columns[measure].at(replicate) - partner_rows_[replicate].at(measure);
    }
    const Confidence result = confidence(differences);
    row.cell(result.mean).cell(result.sd).cell(result.ci95);
  }
}

}  // namespace ampsim::sim
