#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/check.hpp"
#include "topologies/importers/file_content.hpp"
#include "topologies/importers/formats.hpp"

namespace ampsim::topo {
namespace {

/// nullptr for "auto".
const Importer* importer_named(const std::string& format) {
  std::vector<std::string> known{"auto"};
  for (const Importer& importer : importers()) {
    if (importer.name == format) return &importer;
    known.emplace_back(importer.name);
  }
  if (format == "auto") return nullptr;
  throw InputError({.key = "topology.format"},
                   fmt::format("found \"{}\"; allowed: {}{}", format, fmt::join(known, ", "),
                               did_you_mean(format, known)));
}

const Importer& importer_of(std::string_view content, const std::string& file) {
  std::string formats;
  for (const Importer& importer : importers()) {
    if (importer.recognises(content)) return importer;
    formats +=
        fmt::format("{}{} ({})", formats.empty() ? "" : ", ", importer.name, importer.summary);
  }
  throw InputError({.file = file, .line = 1},
                   fmt::format("found no known format; allowed: {}, plain or gzip", formats));
}

/// The files of a network that are there so far.
class Collected {
 public:
  bool is_empty() const { return contents_.empty(); }

  void add(const Importer& importer, const std::string& file, Content content) {
    importer_ = &importer;
    files_.push_back(file);
    contents_.push_back(std::move(content));
  }
  /// Whether it is a network that may stand as it is.
  bool is_enough() const { return !is_empty() && contents_.size() >= importer_->least_files; }
  bool is_complete() const { return !is_empty() && contents_.size() == importer_->files; }
  /// Whether the next file may be of the same network.
  bool goes_with(const Importer& importer, std::string_view content) const {
    if (importer_ != &importer) return false;
    // A format that needs all its files says itself which of them is there twice.
    if (importer.least_files == importer.files) return true;
    return std::none_of(contents_.begin(), contents_.end(), [&](const Content& other) {
      return importer.part_of(other) == importer.part_of(content);
    });
  }

  /// The network, and nothing is collected any more.
  Imported take() {
    Imported network;
    if (importer_->read_files == nullptr) {
      network.topology = importer_->read(contents_[0], files_[0]);
    } else {
      std::vector<FileText> texts;
      for (std::size_t i = 0; i < files_.size(); ++i) texts.push_back({contents_[i], files_[i]});
      network.topology = importer_->read_files(texts);
    }
    network.files = std::move(files_);
    files_.clear();
    contents_.clear();
    return network;
  }

  [[noreturn]] void refuse() const {
    throw InputError(
        {.file = files_.back()},
        fmt::format("found {} of the {} files of a network; allowed: all together ({})",
                    contents_.size(), importer_->files, importer_->summary));
  }

 private:
  const Importer* importer_ = nullptr;
  std::vector<std::string> files_;
  std::vector<Content> contents_;
};

}  // namespace

const std::vector<Importer>& importers() {
  // In this order: what a later one would take, too, is recognised before it.
  static const std::vector<Importer> all{ampsim_network(), lnd(),   sim_ln(),   cln(),
                                         graphml(),        cloth(), edge_list()};
  return all;
}

std::vector<Imported> import_networks(const std::vector<std::string>& files,
                                      const std::string& format) {
  const Importer* const named = importer_named(format);
  std::vector<Imported> networks;
  Collected collected;
  for (const std::string& file : files) {
    Content content = file_content(file);
    const Importer& importer = named != nullptr ? *named : importer_of(content, file);
    if (!collected.is_empty() && !collected.goes_with(importer, content)) {
      if (!collected.is_enough()) collected.refuse();
      networks.push_back(collected.take());
    }
    collected.add(importer, file, std::move(content));
    if (collected.is_complete()) networks.push_back(collected.take());
  }
  if (collected.is_enough()) networks.push_back(collected.take());
  if (!collected.is_empty()) collected.refuse();
  return networks;
}

const Importer* importer_of_file(const std::string& file) {
  try {
    const Content head = head_of_file(file);
    for (const Importer& importer : importers()) {
      if (importer.recognises(head)) return &importer;
    }
  } catch (const InputError&) {
    // Whoever reads the whole file says what is wrong with it.
  }
  return nullptr;
}

Topology import_files(const std::vector<std::string>& files, const std::string& format) {
  AMPSIM_CHECK(!files.empty(), "a network from no file");
  std::vector<Imported> networks = import_networks(files, format);
  if (networks.size() > 1) {
    throw InputError({.file = networks[1].files[0]},
                     "found a second network; allowed: the files of one");
  }
  return std::move(networks[0].topology);
}

Topology import_file(const std::string& file, const std::string& format) {
  return import_files({file}, format);
}

}  // namespace ampsim::topo
