#pragma once

#include <string>
#include <vector>

#include "sim/experiment/settings.hpp"

/// What a test of all settings needs to know of each.
namespace ampsim::sim {

/// A value other than the default, as TOML; the range's ends where there is one.
std::vector<std::string> other_values(const Setting& setting);

/// Overrides with which the setting has an effect.
std::vector<std::string> context_of(const Setting& setting);

}  // namespace ampsim::sim
