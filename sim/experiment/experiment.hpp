#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/experiment/choices.hpp"
#include "sim/experiment/document.hpp"
#include "sim/experiment/settings.hpp"

/// An experiment, read and checked: every point of its sweep with complete settings, before
/// anything runs or is written.
///
/// The points are the Cartesian product of the swept keys in the order of the file, the first key
/// slowest; keys that are sampled, or listed point by point, are one factor of it
/// (sim/experiment/sampling.hpp). Where the file has named cases, `[case.NAME]` with the keys in
/// which each differs from the rest of the file, every case has all of these points, and the case
/// is slowest of all. A run is a replicate of a point; run = point * replicates + replicate is its
/// row in runs.csv.
///
/// Tested by tests/settings_test.cpp and tests/sweep_test.cpp.
namespace ampsim::sim {

/// Of a point that is compared with no other.
constexpr std::size_t kNoPartner = ~std::size_t{0};

/// The column that names the case.
constexpr std::string_view kCase = "case";

struct SweptKey {
  std::string key;  ///< "case" for the names of the cases
  std::vector<Value> values;
  bool is_joint = false;  ///< its values go with those of the other joint keys
  std::string range;      ///< that they were sampled from
};

/// The value of a swept key that the points are compared with.
struct BaselineKey {
  std::string key;
  Value value;  ///< as the resolved file has it
};

struct Point {
  /// One value a swept key, as tables show it: of files the part of the path in which they differ,
  /// so that results do not depend on the folder.
  std::vector<Value> swept;
  Settings settings;
};

/// What a named case sets, in the order of the file.
struct Case {
  std::string name;
  std::vector<std::string> keys;
};

struct Experiment {
  std::string file;  ///< that it was read from, as the user wrote it
  std::string name;
  std::uint64_t seed = 0;
  std::uint32_t replicates = 0;
  std::vector<Case> cases;  ///< empty, or the first of `sweep` has their names
  std::vector<SweptKey> sweep;
  SweepPlan plan;
  std::vector<Point> points;          ///< at least one
  std::vector<BaselineKey> baseline;  ///< empty: no point is compared with another
  std::vector<std::size_t>
      partners;          ///< of each point, kNoPartner or the point it is compared with
  std::string resolved;  ///< a TOML file with every default filled in: the same experiment
  std::vector<InputError::Where> places;  ///< of the keys that were given, in their order
  std::vector<std::string> warnings;      ///< one line each: values that nothing reads
  std::vector<std::string> input_files;   ///< that the runs read, absolute, each once

  std::size_t run_count() const { return points.size() * replicates; }
};

/// `overrides` are KEY=VALUE, later ones win. Errors: InputError with file, line and key.
Experiment load_experiment(const std::string& file, const std::vector<std::string>& overrides);

/// The same from entries that are there already. `default_name` where the document has no name.
Experiment resolve_experiment(const Document& document,
                              const std::string& file,
                              const std::string& default_name);

/// Of a room below that knows the key but not where it was given: the same error with file and
/// line. Others are returned as they are. A key that stands for several, such as "topology", is
/// placed where the first of them is.
InputError placed(const Experiment& experiment, const InputError& error);

/// What `action` returns; its InputErrors are placed.
template <class Action>
auto with_places(const Experiment& experiment, const Action& action) {
  try {
    return action();
  } catch (const InputError& error) {
    throw placed(experiment, error);
  }
}

/// The resolved file: every key that has an effect at some point, swept keys in [sweep] alone, what
/// the cases set, and the baseline.
std::string resolved_text(const Experiment& experiment);

}  // namespace ampsim::sim
