#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/experiment/document.hpp"
#include "sim/experiment/settings.hpp"

/// The entries of an experiment file, each checked by itself: what is fixed, what is swept, and
/// what the named cases set. How they fit together is in sim/experiment/experiment.cpp.
///
/// Tested by tests/settings_test.cpp and tests/sweep_test.cpp.
namespace ampsim::sim {

/// An entry whose key is known, with its checked values.
struct Chosen {
  const Entry* entry = nullptr;
  const Setting* setting = nullptr;
  std::vector<Value> values;
  /// Swept, and its values are taken together with those of the other joint keys: the first of
  /// each, the second of each, ... (sim/experiment/sampling.hpp).
  bool is_joint = false;
  std::string range;  ///< as the resolved file has it, of a joint key that is sampled
};

/// How the joint keys got their values.
struct SweepPlan {
  std::string sampling;  ///< "random", "latin_hypercube", or "" where nothing is sampled
  std::int64_t samples = 0;
};

/// A named case, and what it sets.
struct ChosenCase {
  std::string name;
  std::vector<Chosen> chosen;
};

struct Choices {
  std::vector<Chosen> fixed;
  std::vector<Chosen> swept;
  SweepPlan plan;
  std::vector<ChosenCase> cases;
  std::vector<const Entry*> baseline;  ///< `summary.baseline`, not checked yet

  /// Every list of entries that the file has.
  std::vector<const std::vector<Chosen>*> lists() const;
  /// With this case alone, or as they are where there are none.
  Choices of_case(std::size_t which) const;
  /// nullptr if nothing chooses it.
  const Chosen* find(std::string_view key) const;
};

/// A list of values for the setting, each once. Errors: InputError at the place of the value.
Chosen checked_list(const Entry& entry, const Setting& setting);

/// The setting of that name, which an entry lets differ from point to point. Errors: InputError at
/// the entry's place where there is none, or it cannot.
const Setting& varied_setting(const Entry& entry, const std::string& key);

/// The document must outlive the choices. Errors: InputError at the entry's place.
Choices check_entries(const Document& document);

}  // namespace ampsim::sim
