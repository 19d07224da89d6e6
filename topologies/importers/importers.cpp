#include <fmt/format.h>

#include "core/check.hpp"
#include "topologies/importers/file_content.hpp"
#include "topologies/importers/formats.hpp"

namespace ampsim::topo {

const std::vector<Importer>& importers() {
  static const std::vector<Importer> all{lnd()};
  return all;
}

Topology import_file(const std::string& file, const std::string& format) {
  std::vector<std::string> known{"auto"};
  const Importer* chosen = nullptr;
  for (const Importer& importer : importers()) {
    known.emplace_back(importer.name);
    if (importer.name == format) chosen = &importer;
  }
  if (chosen == nullptr && format != "auto") {
    throw InputError({.key = "topology.format"},
                     fmt::format("found \"{}\"; allowed: {}{}", format, fmt::join(known, ", "),
                                 did_you_mean(format, known)));
  }
  const std::string content = file_content(file);
  for (const Importer& importer : importers()) {
    if (chosen == nullptr && importer.recognises(content)) chosen = &importer;
  }
  if (chosen == nullptr) {
    std::string formats;
    for (const Importer& importer : importers()) {
      formats +=
          fmt::format("{}{} ({})", formats.empty() ? "" : ", ", importer.name, importer.summary);
    }
    throw InputError({.file = file, .line = 1},
                     fmt::format("found no known format; allowed: {}, plain or gzip", formats));
  }
  return chosen->read(content, file);
}

}  // namespace ampsim::topo
