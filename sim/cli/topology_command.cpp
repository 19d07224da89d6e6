#include "sim/cli/topology_command.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "core/check.hpp"
#include "core/csv.hpp"
#include "sim/cli/network_file.hpp"
#include "topologies/describe.hpp"
#include "topologies/target.hpp"

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

/// What was lost on the way into the file, in the words of a warning.
void add_losses(const topo::Topology& topology,
                const topo::Exporter& exporter,
                const std::string& out,
                std::vector<std::string>& warnings) {
  for (const std::string& loss : topo::losses(topology, exporter)) {
    warnings.push_back(fmt::format("{}: {} has no place for {}", out, exporter.name, loss));
  }
}

}  // namespace

void describe_networks(const DescribeOptions& options, std::ostream& out) {
  if (options.files.empty()) throw InputError("found no file; allowed: one or more");
  std::vector<Described> networks;
  const auto describe = [&](const NetworkSettings& settings) {
    for (topo::Imported& imported : topo::import_networks(options.files)) {
      const topo::Topology part = topo::subnetwork(std::move(imported.topology),
                                                   settings.topology.subnetwork, settings.seed);
      networks.push_back({std::move(imported.files), topo::describe(part)});
    }
  };
  with_network_settings(options.network, NetworkKeys::of_files_that_are_read_only, describe);
  options.format == "csv" ? write_csv(networks, out) : write_table(networks, out);
}

std::vector<std::string> convert_network(const ConvertOptions& options) {
  const topo::Exporter& exporter = topo::exporter_named(options.to, "--to");
  std::vector<std::string> warnings;
  for (const std::string& file : options.files) {
    std::error_code ignored;
    if (!exporter.files.empty()) break;  // a folder's files have names of their own
    if (!std::filesystem::equivalent(file, options.out, ignored)) continue;
    throw InputError({.file = options.out}, "is what is read; allowed: another file to write");
  }
  const auto convert = [&](const NetworkSettings& settings) {
    topo::Topology topology = topo::subnetwork(topo::import_files(options.files),
                                               settings.topology.subnetwork, settings.seed);
    add_losses(topology, exporter, options.out, warnings);
    const std::vector<std::string> gaps = topo::gaps(topology, exporter);
    for (const std::string& gap : gaps) {
      warnings.push_back(fmt::format(
          "{}: {} needs {}, which {} not say: drawn as [channels] has it", options.out,
          exporter.name, gap, options.files.size() == 1 ? "the file does" : "the files do"));
    }
    if (!gaps.empty()) topo::endow(topology, settings.channels, settings.seed);
    write_network(topology, exporter, options.out);
  };
  with_network_settings(options.network, NetworkKeys::of_files, convert);
  return warnings;
}

std::vector<std::string> generate_network(const GenerateOptions& options) {
  const topo::Exporter& exporter = topo::exporter_named(options.to, "--to");
  std::vector<std::string> warnings;
  const auto generate = [&](const NetworkSettings& settings) {
    warnings = settings.warnings;
    const topo::Topology topology =
        topo::make_network(settings.topology, settings.channels, settings.seed);
    add_losses(topology, exporter, options.out, warnings);
    write_network(topology, exporter, options.out);
  };
  with_network_settings(options.network, NetworkKeys::of_generator, generate);
  return warnings;
}

}  // namespace ampsim::cli
