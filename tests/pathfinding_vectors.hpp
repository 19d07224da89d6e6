#pragma once

#include <fstream>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

/// The vectors under a name of the file of path-finding vectors; an empty array, and a message,
/// where the file is absent. Only for files that know where the source is (tests/CMakeLists.txt).
inline nlohmann::json pathfinding_vectors(const char* name) {
  std::ifstream file(AMPSIM_SOURCE_DIR "/../shared/vectors/pathfinding.json");
  if (!file) {
    MESSAGE("skipped: no pathfinding vectors beside the repository");
    return nlohmann::json::array();
  }
  nlohmann::json found = nlohmann::json::parse(file).at(name);
  REQUIRE(!found.empty());
  return found;
}
