#include "sim/experiment/experiment.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "sim/experiment/choices.hpp"
#include "sim/experiment/paired_differences.hpp"
#include "sim/experiment/point_checks.hpp"
#include "sim/routing/registry.hpp"

namespace ampsim::sim {
namespace {

/// More runs than this are a slip of the pen, and their list would not fit into memory.
constexpr std::size_t kMostRuns = 1'000'000;
constexpr std::string_view kSweep = "sweep.";

constexpr std::pair<std::string_view, std::string_view> kSources[] = {
    {"topology.file", "topology.generator"},
    {"topology.files", "topology.generator"},
    {"topology.file", "topology.files"}};

/// A network has one source: two in the file are a contradiction, but `--set` of the one replaces
/// the other.
void drop_replaced(Document& document) {
  const auto is_key = [](const Entry& entry, std::string_view key) {
    return entry.key == key || entry.key == std::string(kSweep) + std::string(key);
  };
  const auto find = [&](std::string_view key) {
    return std::find_if(document.begin(), document.end(),
                        [&](const Entry& entry) { return is_key(entry, key); });
  };
  for (const auto& [one, other] : kSources) {
    const auto a = find(one);
    const auto b = find(other);
    if (a == document.end() || b == document.end()) continue;
    if (a->is_override == b->is_override) {
      const Entry& second =
          std::max(*a, *b, [](const Entry& x, const Entry& y) { return x.line < y.line; });
      throw InputError(second.where(),
                       fmt::format("found {} and {}; allowed: exactly one of them", one, other));
    }
    const std::string_view replaced = a->is_override ? other : one;
    document.erase(std::remove_if(document.begin(), document.end(),
                                  [&](const Entry& entry) { return is_key(entry, replaced); }),
                   document.end());
  }
}

std::size_t count_points(const Choices& choices, std::uint32_t replicates) {
  std::size_t points = std::max<std::size_t>(1, choices.cases.size());
  bool has_joint = false;
  for (const Chosen& swept : choices.swept) {
    // All joint keys together are one factor.
    if (!std::exchange(has_joint, has_joint || swept.is_joint) || !swept.is_joint) {
      points *= swept.values.size();
    }
    if (points * replicates > kMostRuns) {
      throw InputError(swept.entry->where(),
                       fmt::format("the experiment has more than {} runs", kMostRuns));
    }
  }
  return points;
}

void apply(Settings& settings, const Chosen& chosen, const Value& value) {
  chosen.setting->set(settings, value);
  topo::TopologyParams& topology = settings.topology;
  const std::string& key = chosen.setting->key;
  if (key == "topology.file") topology.files.clear();
  if (key == "topology.files") topology.file.clear();
  if (key == "topology.file" || key == "topology.files") topology.generator.clear();
}

/// Absolute paths without the folder that all of them share.
std::vector<Value> without_common_folder(const std::vector<Value>& files) {
  const auto path = [](const Value& file) {
    return std::filesystem::path(std::get<std::string>(file));
  };
  std::filesystem::path common = path(files[0]).parent_path();
  for (const Value& file : files) {
    const std::filesystem::path folder = path(file).parent_path();
    const auto ends = std::mismatch(common.begin(), common.end(), folder.begin(), folder.end());
    std::filesystem::path shared;
    for (auto part = common.begin(); part != ends.first; ++part) shared /= *part;
    common = shared;
  }
  std::vector<Value> shown;
  shown.reserve(files.size());
  for (const Value& file : files) {
    shown.emplace_back(path(file).lexically_relative(common).generic_string());
  }
  return shown;
}

std::vector<Point> expand(const Choices& choices) {
  Settings base;
  for (const Chosen& chosen : choices.fixed) apply(base, chosen, chosen.values[0]);
  std::vector<Point> points(count_points(choices, base.replicates), Point{{}, base});
  std::size_t block = points.size();
  if (!choices.cases.empty()) {
    block /= choices.cases.size();
    for (std::size_t i = 0; i < points.size(); ++i) {
      const ChosenCase& chosen_case = choices.cases[i / block];
      for (const Chosen& chosen : chosen_case.chosen) {
        apply(points[i].settings, chosen, chosen.values[0]);
      }
      points[i].swept.emplace_back(chosen_case.name);
    }
  }
  std::size_t joint_block = 0;
  for (const Chosen& chosen : choices.swept) {
    if (!chosen.is_joint || joint_block == 0) block /= chosen.values.size();
    if (chosen.is_joint && joint_block == 0) joint_block = block;
    const std::size_t step = chosen.is_joint ? joint_block : block;
    const bool is_file = chosen.setting->kind == ValueKind::file;
    const std::vector<Value> files =
        is_file ? without_common_folder(chosen.values) : std::vector<Value>{};
    for (std::size_t i = 0; i < points.size(); ++i) {
      const std::size_t which = (i / step) % chosen.values.size();
      apply(points[i].settings, chosen, chosen.values[which]);
      points[i].swept.push_back(is_file ? files[which] : chosen.setting->get(points[i].settings));
    }
  }
  return points;
}

std::size_t points_per_case(const Choices& choices, const std::vector<Point>& points) {
  return points.size() / std::max<std::size_t>(1, choices.cases.size());
}

/// The key that an entry samples, or sets in a list of points; "" for other entries.
std::string joint_key_of(const std::string& entry) {
  constexpr std::string_view kPoints = "sweep.points.";
  if (entry.starts_with(kPoints)) return entry.substr(entry.find('.', kPoints.size()) + 1);
  if (!entry.starts_with(kSweep) || find_setting(entry.substr(kSweep.size())) != nullptr) return "";
  const std::string key = entry.substr(kSweep.size(), entry.rfind('.') - kSweep.size());
  return find_setting(key) == nullptr ? "" : key;
}

/// "key = value"; behind "auto", what it stands for and why.
std::string value_text(const Setting& setting, const Settings& settings) {
  const std::string resolved = setting.resolved ? setting.resolved(settings) : "";
  if (resolved.empty()) {
    return fmt::format("{} = {}", setting.key, one_line(to_toml(setting.get(settings))));
  }
  return fmt::format("{} = {}, which is \"auto\" with routing.algorithm = {}", setting.key,
                     to_toml(resolved), to_toml(settings.routing.algorithm));
}

/// Whether `--set` gave the setting its value, or the router that "auto" asks.
bool is_by_override(const Choices& choices, const Setting& setting, const Settings& settings) {
  const auto is_override = [&](std::string_view key) {
    const Chosen* const chosen = choices.find(key);
    return chosen != nullptr && chosen->entry->is_override;
  };
  const bool is_auto = setting.resolved && !setting.resolved(settings).empty();
  return is_override(setting.key) || (is_auto && is_override("routing.algorithm"));
}

/// Keys of the file that have no effect at any point. Where `--set` is the reason they are dropped:
/// the user knows the file. Otherwise the user believes something that is not so. True if an entry
/// was dropped and the points must be made again.
bool drop_without_effect(Document& document,
                         const Choices& choices,
                         const std::vector<Point>& points) {
  std::set<std::string> dropped;
  const std::vector<const std::vector<Chosen>*> lists = choices.lists();
  const std::size_t in_a_case = points_per_case(choices, points);
  for (std::size_t i = 0; i < lists.size(); ++i) {
    // What a case sets must have an effect in that case.
    const bool is_case = i >= lists.size() - choices.cases.size();
    const std::size_t which = is_case ? i - (lists.size() - choices.cases.size()) : 0;
    const auto first = points.begin() + static_cast<std::ptrdiff_t>(which * in_a_case);
    const auto last = is_case ? first + static_cast<std::ptrdiff_t>(in_a_case) : points.end();
    for (const Chosen& chosen : *lists[i]) {
      const Setting& setting = *chosen.setting;
      const bool has_effect = std::any_of(
          first, last, [&setting](const Point& point) { return setting.applies(point.settings); });
      if (has_effect) continue;
      const Setting& blocking = *find_setting(setting.blocked_by(first->settings));
      if (!chosen.entry->is_override && is_by_override(choices, blocking, first->settings)) {
        dropped.insert(chosen.is_joint ? chosen.setting->key : chosen.entry->key);
        continue;
      }
      throw InputError(chosen.entry->where(),
                       "has no effect with " + value_text(blocking, first->settings));
    }
  }
  document.erase(std::remove_if(document.begin(), document.end(),
                                [&](const Entry& entry) {
                                  return dropped.count(entry.key) > 0 ||
                                         dropped.count(joint_key_of(entry.key)) > 0;
                                }),
                 document.end());
  return !dropped.empty();
}

/// What every network of the experiment brings itself in place of the setting, "" where there is a
/// point whose network needs it.
std::string brought_everywhere(const Setting& setting, const std::vector<Point>& points) {
  if (!setting.brought) return "";
  std::string what;
  const topo::TopologyParams* last = nullptr;
  for (const Point& point : points) {
    if (!setting.applies(point.settings)) continue;
    // A file is looked into once, not for every point.
    if (last != nullptr && *last == point.settings.topology) continue;
    last = &point.settings.topology;
    what = setting.brought(point.settings);
    if (what.empty()) return "";
  }
  return what;
}

/// Of [channels], what every network has of its own anyway. To sweep it is an error: all rows would
/// be the same. To set it is worth a warning, one a distribution, and only for another value than
/// the default: the resolved file has them all.
std::vector<std::string> check_brought(const Choices& choices, const std::vector<Point>& points) {
  std::vector<std::string> warnings;
  std::set<std::string> warned;
  const auto problem = [&](const std::string& what) {
    const topo::TopologyParams& topology = points[0].settings.topology;
    const std::string source = !topology.file.empty()    ? "topology.file"
                               : !topology.files.empty() ? "topology.files"
                                                         : "topology.generator";
    return fmt::format("has no effect: the network of {} = {} has its own {}", source,
                       one_line(to_toml(find_setting(source)->get(points[0].settings))), what);
  };
  for (const Chosen& chosen : choices.swept) {
    const std::string what = brought_everywhere(*chosen.setting, points);
    if (!what.empty()) throw InputError(chosen.entry->where(), problem(what));
  }
  for (const Chosen& chosen : choices.fixed) {
    const Setting& setting = *chosen.setting;
    const std::string what = brought_everywhere(setting, points);
    if (what.empty() || setting.get(points[0].settings) == setting.get(Settings{})) continue;
    InputError::Where where = chosen.entry->where();
    const std::string section = where.key.substr(0, where.key.rfind('.'));
    if (section != "channels") where.key = section;
    if (!warned.insert(where.key).second) continue;
    warnings.push_back(one_line(InputError(where, problem(what)).what()));
  }
  return warnings;
}

/// Of every entry, under the key that it sets.
std::vector<InputError::Where> places_of(const Choices& choices) {
  std::vector<InputError::Where> places;
  for (const auto* list : choices.lists()) {
    for (const Chosen& chosen : *list) {
      places.push_back(chosen.entry->where());
      places.back().key = chosen.setting->key;
    }
  }
  return places;
}

bool is_plain_name(const std::string& name) {
  return !name.empty() && name[0] != '.' && name[0] != '-' && name.size() <= 100 &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
         });
}

std::string plain_name(const std::string& file) {
  std::string name = std::filesystem::path(file).stem().string();
  for (char& c : name) {
    if (!is_plain_name(std::string("x") + c)) c = '-';
  }
  name.erase(0, std::min(name.find_first_not_of(".-"), name.size()));
  return name.empty() ? "experiment" : name.substr(0, 100);
}

std::vector<std::string> files_of(const std::vector<Point>& points) {
  std::vector<std::string> files;
  for (const Point& point : points) {
    const Settings& settings = point.settings;
    std::vector<std::string> read = {settings.topology.file, settings.workload.file,
                                     settings.workload.amount_file, settings.chain.feerate_file,
                                     settings.faults.offline_file};
    read.insert(read.begin(), settings.topology.files.begin(), settings.topology.files.end());
    for (std::string& file : read) {
      if (!file.empty() && std::find(files.begin(), files.end(), file) == files.end()) {
        files.push_back(std::move(file));
      }
    }
  }
  return files;
}

/// All rows of runs.csv have the same columns: measured at one point, measured at all.
void share_columns(std::vector<Point>& points) {
  bool is_observed = false;
  bool has_spares = false;
  bool has_misbehaviour = false;
  bool is_attacked = false;
  bool has_messages = false;
  bool stops = false;
  bool has_interval = false;
  for (const Point& point : points) {
    const Settings& settings = point.settings;
    const ObserverParams& observer = settings.observer;
    const PaymentParams& payment = settings.payment;
    is_observed |= observer.nodes > 0 || observer.choice == ObserverChoice::listed;
    has_spares |= scheme_of(payment).has_spares;
    has_misbehaviour |=
        payment.behaviour != SenderBehaviour::honest && payment.misbehaving_share < 1;
    is_attacked |= settings.attack.kind != AttackKind::none;
    has_messages |= router_of(settings.routing).sends_messages;
    const WarmUpParams& warm_up = settings.workload.warm_up;
    stops |= settings.stop.is_any() || warm_up.payments > 0 || warm_up.length > SimDuration{};
    has_interval |= settings.stop.measure != IntervalMeasure::none;
  }
  for (Point& point : points) {
    point.settings.observer.is_on = is_observed;
    point.settings.record.spares = has_spares;
    point.settings.record.misbehaviour = has_misbehaviour;
    point.settings.record.messages = has_messages;
    point.settings.record.stops = stops;
    point.settings.record.interval = has_interval;
    point.settings.attack.is_on = is_attacked;
  }
}

}  // namespace

Experiment resolve_experiment(const Document& document,
                              const std::string& file,
                              const std::string& default_name) {
  Document entries = document;
  check_entries(entries);
  drop_replaced(entries);
  Choices choices = check_entries(entries);
  std::vector<Point> points = expand(choices);
  while (drop_without_effect(entries, choices, points)) {
    choices = check_entries(entries);
    points = expand(choices);
  }
  std::vector<std::string> warnings = check_brought(choices, points);
  const std::size_t in_a_case = points_per_case(choices, points);
  Choices seen;
  for (std::size_t i = 0; i < points.size(); ++i) {
    Point& point = points[i];
    if (i % in_a_case == 0) seen = choices.of_case(i / in_a_case);
    check_point(seen, file, point.settings);
    if (choices.find("name") == nullptr) point.settings.name = default_name;
  }
  share_columns(points);
  const Settings& any = points[0].settings;
  if (!is_plain_name(any.name)) {
    throw InputError(place_of(choices, file, "name"),
                     fmt::format("found {}; allowed: up to 100 letters, digits, '.', '_' and '-'",
                                 to_toml(any.name)));
  }
  Experiment experiment{
      .file = file, .name = any.name, .seed = any.seed, .replicates = any.replicates};
  if (!choices.cases.empty()) {
    SweptKey& names = experiment.sweep.emplace_back(SweptKey{std::string(kCase), {}, false, ""});
    for (const ChosenCase& each : choices.cases) {
      names.values.emplace_back(each.name);
      Case& listed = experiment.cases.emplace_back(Case{each.name, {}});
      for (const Chosen& chosen : each.chosen) listed.keys.push_back(chosen.setting->key);
    }
  }
  for (const Chosen& chosen : choices.swept) {
    SweptKey& key = experiment.sweep.emplace_back(
        SweptKey{chosen.setting->key, {}, chosen.is_joint, chosen.range});
    for (const Value& value : chosen.values) {
      Settings settings;
      chosen.setting->set(settings, value);
      key.values.push_back(chosen.setting->get(settings));
    }
  }
  experiment.places = places_of(choices);
  experiment.warnings = std::move(warnings);
  experiment.input_files = files_of(points);
  experiment.plan = choices.plan;
  experiment.points = std::move(points);
  find_partners(choices, experiment);
  experiment.resolved = resolved_text(experiment);
  return experiment;
}

InputError placed(const Experiment& experiment, const InputError& error) {
  InputError::Where where = error.where();
  if (!where.file.empty() || where.key.empty()) return error;
  where.file = experiment.file;
  for (const std::string& start : {where.key, where.key + "."}) {
    for (const InputError::Where& place : experiment.places) {
      const bool is_it = start == where.key ? place.key == start : place.key.starts_with(start);
      if (is_it)
        return {{.file = place.file, .line = place.line, .key = where.key}, error.problem()};
    }
  }
  return {where, error.problem()};
}

Experiment load_experiment(const std::string& file, const std::vector<std::string>& overrides) {
  Document document = read_document(file);
  for (const std::string& assignment : overrides) apply_override(document, assignment);
  return resolve_experiment(document, file, plain_name(file));
}

}  // namespace ampsim::sim
