#include "sim/cli/topology_command.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <sstream>
#include <utility>

#include <fmt/format.h>

#include "core/check.hpp"
#include "core/csv.hpp"
#include "sim/experiment/output_file.hpp"
#include "topologies/describe.hpp"
#include "topologies/exporters/lnd.hpp"

namespace ampsim::cli {
namespace {

using Description = std::vector<topo::Property>;

struct Described {
  std::vector<std::string> files;
  Description description;
};

void write_csv(const std::vector<Described>& networks, std::ostream& out) {
  const bool is_one = networks.size() == 1;
  out << (is_one ? "property,value\n" : "file,property,value\n");
  for (const Described& network : networks) {
    for (const topo::Property& property : network.description) {
      if (!is_one) out << csv_field(fmt::format("{}", fmt::join(network.files, "+"))) << ',';
      out << property.name << ',' << property.value << '\n';
    }
  }
}

std::string title_of(const Described& network) {
  std::string title;
  for (const std::string& file : network.files) {
    title += (title.empty() ? "" : "+") + std::filesystem::path(file).filename().string();
  }
  return title;
}

std::string value_of(const Description& description, const std::string& name) {
  const auto found = std::find_if(description.begin(), description.end(),
                                  [&](const topo::Property& p) { return p.name == name; });
  return found == description.end() ? "" : found->value;
}

void write_table(const std::vector<Described>& networks, std::ostream& out) {
  // The rows of the fullest description, so that what one file does not say stays empty.
  const Description& rows = std::max_element(networks.begin(), networks.end(),
                                             [](const Described& a, const Described& b) {
                                               return a.description.size() < b.description.size();
                                             })
                                ->description;
  std::size_t name_width = 0;
  for (const topo::Property& row : rows) name_width = std::max(name_width, row.name.size());
  std::vector<std::string> titles;
  titles.reserve(networks.size());
  for (const Described& network : networks) titles.push_back(title_of(network));
  constexpr std::size_t kValueWidth = 16;
  const auto write_row = [&](const std::string& name, auto value) {
    std::string line = fmt::format("{:<{}}", name, name_width);
    for (std::size_t i = 0; i < networks.size(); ++i) {
      line += fmt::format("  {:>{}}", value(i), std::max(kValueWidth, titles[i].size()));
    }
    out << line << '\n';
  };
  write_row("", [&](std::size_t i) { return titles[i]; });
  for (const topo::Property& row : rows) {
    write_row(row.name, [&](std::size_t i) { return value_of(networks[i].description, row.name); });
  }
}

}  // namespace

void run_topology_describe(const std::vector<std::string>& files,
                           DescriptionFormat format,
                           std::ostream& out) {
  if (files.empty()) throw InputError("found no file; allowed: one or more");
  std::vector<Described> networks;
  for (topo::Imported& imported : topo::import_networks(files)) {
    networks.push_back({std::move(imported.files), topo::describe(imported.topology)});
  }
  switch (format) {
    case DescriptionFormat::table:
      return write_table(networks, out);
    case DescriptionFormat::csv:
      return write_csv(networks, out);
  }
}

void run_topology_generate(const topo::TopologyParams& topology_params,
                           const topo::ChannelParams& channel_params,
                           std::uint64_t seed,
                           const std::string& out_path) {
  topo::Topology topology = topo::make_topology(topology_params, seed);
  topo::endow(topology, channel_params, seed);
  if (std::filesystem::is_directory(out_path)) {
    throw InputError({.file = out_path}, "found a folder; allowed: a file to write");
  }
  std::optional<sim::OutputFile> file;
  try {
    file.emplace(out_path);
  } catch (const sim::OutputError& error) {
    if (error.is_disk_full()) throw;
    throw InputError(error.what());
  }
  std::ostringstream text;
  topo::write_lnd(topology, text);
  file->write(text.view());
  file->commit();
}

}  // namespace ampsim::cli
