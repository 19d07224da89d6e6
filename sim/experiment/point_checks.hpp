#pragma once

#include <string>

#include "sim/experiment/choices.hpp"

/// What one key of an experiment alone cannot show: whether the settings of a point make sense
/// together.
///
/// Tested by tests/settings_test.cpp and tests/sweep_test.cpp.
namespace ampsim::sim {

/// A place for a key that may not be there: its own entry or that of its section's choice.
InputError::Where place_of(const Choices& choices, const std::string& file, const std::string& key);

/// Errors: InputError at the key to be mended.
void check_point(const Choices& choices, const std::string& file, const Settings& settings);

}  // namespace ampsim::sim
