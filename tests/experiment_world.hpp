#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <unistd.h>

#include "core/lock_scheme.hpp"
#include "sim/experiment/experiment.hpp"

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

class TemporaryFolder {
 public:
  TemporaryFolder() {
    // In memory where there is such a place: results are synced to the disk file by file.
    const std::filesystem::path memory = "/dev/shm";
    const bool has_memory = ::access(memory.c_str(), W_OK) == 0;
    std::string pattern =
        ((has_memory ? memory : std::filesystem::temp_directory_path()) / "ampsim-test-XXXXXX")
            .string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

inline std::string content_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
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
