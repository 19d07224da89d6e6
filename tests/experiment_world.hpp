#pragma once

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "core/lock_scheme.hpp"
#include "sim/experiment/experiment.hpp"
#include "tests/temporary_folder.hpp"

/// What the tests of experiments share: a folder that goes away, and experiments written as text.
namespace ampsim::sim {

inline std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

/// What a message lists as allowed for a scheme, so that a new one changes no test.
inline std::string all_schemes() {
  std::vector<std::string> names;
  for (const amp::Scheme& scheme : amp::schemes()) names.emplace_back(scheme.name);
  return joined(names);
}

using test::TemporaryFolder;

inline std::string content_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

/// The settings and the tables of a results folder, each behind its name.
inline std::string all_tables(const std::filesystem::path& folder) {
  std::set<std::filesystem::path> files = {folder / "experiment.toml"};
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".csv") files.insert(entry.path());
  }
  std::string text;
  for (const auto& file : files) text += file.filename().string() + "\n" + content_of(file);
  return text;
}

/// As if `text` were the file e.toml.
inline Experiment experiment_of(const std::string& text,
                                const std::vector<std::string>& overrides = {},
                                const std::string& folder = "") {
  Document document = parse_document(text, "e.toml", folder);
  for (const std::string& each : overrides) apply_override(document, each);
  return resolve_experiment(document, "e.toml", "e");
}

/// The message that it is refused with, "" if it is not.
inline std::string refusal_of(const std::string& text,
                              const std::vector<std::string>& overrides = {}) {
  try {
    experiment_of(text, overrides);
    return "";
  } catch (const InputError& error) {
    return error.what();
  }
}

}  // namespace ampsim::sim
