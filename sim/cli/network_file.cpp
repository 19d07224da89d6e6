#include "sim/cli/network_file.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <ostream>
#include <streambuf>
#include <system_error>

#include <fmt/format.h>

#include "core/check.hpp"
#include "sim/experiment/output_file.hpp"
#include "topologies/exporters/gzip.hpp"

namespace ampsim::cli {
namespace {

namespace fs = std::filesystem;

/// A stream into an OutputFile.
class FileBuffer : public std::streambuf {
 public:
  explicit FileBuffer(const fs::path& path) : file_(path) {}
  void commit() { file_.commit(); }

 protected:
  std::streamsize xsputn(const char* bytes, std::streamsize count) override {
    file_.write({bytes, static_cast<std::size_t>(count)});
    return count;
  }
  int_type overflow(int_type byte) override {
    if (!traits_type::eq_int_type(byte, traits_type::eof())) {
      const char c = traits_type::to_char_type(byte);
      file_.write({&c, 1});
    }
    return traits_type::not_eof(byte);
  }

 private:
  sim::OutputFile file_;
};

/// What one file of a network is written to.
class Target {
 public:
  explicit Target(const fs::path& path) : file_(path), plain_(&file_) {
    // What the file throws goes through the streams.
    plain_.exceptions(std::ios::badbit);
    if (path.extension() != ".gz") return;
    gzip_.emplace(plain_);
    compressed_.emplace(&*gzip_);
    compressed_->exceptions(std::ios::badbit);
  }
  std::ostream* stream() { return compressed_ ? &*compressed_ : &plain_; }
  void commit() {
    if (gzip_) gzip_->finish();
    file_.commit();
  }

 private:
  FileBuffer file_;
  std::ostream plain_;
  std::optional<topo::GzipBuffer> gzip_;
  std::optional<std::ostream> compressed_;
};

std::unique_ptr<Target> open_target(const fs::path& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    throw InputError({.file = path.string()}, "found a folder; allowed: a file to write");
  }
  try {
    return std::make_unique<Target>(path);
  } catch (const sim::OutputError& error) {
    if (error.is_disk_full()) throw;
    throw InputError(error.what());
  }
}

/// The folder for the files of a format; nothing is made yet.
void check_folder(const fs::path& folder, const topo::Exporter& exporter) {
  const std::string files = fmt::format("{}", fmt::join(exporter.files, ", "));
  std::error_code ignored;
  const fs::path extension = folder.extension();
  const bool looks_like_file =
      extension == ".json" || extension == ".csv" || extension == ".gz" || extension == ".graphml";
  if (looks_like_file || (fs::exists(folder, ignored) && !fs::is_directory(folder, ignored))) {
    throw InputError({.file = folder.string()},
                     fmt::format("found the name of a file; allowed: a folder, for {} of {}", files,
                                 exporter.name));
  }
}

}  // namespace

void write_network(const topo::Topology& topology,
                   const topo::Exporter& exporter,
                   const std::string& out) {
  std::vector<std::unique_ptr<Target>> targets;
  bool has_made_folder = false;
  if (exporter.files.empty()) {
    targets.push_back(open_target(out));
  } else {
    check_folder(out, exporter);
    std::error_code error;
    has_made_folder = fs::create_directory(out, error);
    if (error) {
      throw InputError({.file = out}, fmt::format("cannot be written: {}", error.message()));
    }
  }
  try {
    for (const std::string_view name : exporter.files) {
      targets.push_back(open_target(fs::path(out) / name));
    }
    std::vector<std::ostream*> streams;
    streams.reserve(targets.size());
    for (const auto& target : targets) streams.push_back(target->stream());
    exporter.write(topology, streams);
    for (const auto& target : targets) target->commit();
  } catch (...) {
    targets.clear();
    std::error_code ignored;
    if (has_made_folder) fs::remove(out, ignored);
    throw;
  }
}

}  // namespace ampsim::cli
