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
};

/// A named case, and what it sets.
struct ChosenCase {
  std::string name;
  std::vector<Chosen> chosen;
};

struct Choices {
  std::vector<Chosen> fixed;
  std::vector<Chosen> swept;
  std::vector<ChosenCase> cases;

  /// Every list of entries that the file has.
  std::vector<const std::vector<Chosen>*> lists() const;
  /// With this case alone, or as they are where there are none.
  Choices of_case(std::size_t which) const;
  /// nullptr if nothing chooses it.
  const Chosen* find(std::string_view key) const;
};

/// The document must outlive the choices. Errors: InputError at the entry's place.
Choices check_entries(const Document& document);

}  // namespace ampsim::sim
