#include "sim/experiment/piece.hpp"

#include <algorithm>
#include <cerrno>
#include <sstream>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "sim/experiment/output_file.hpp"

namespace ampsim::sim {
namespace {

constexpr std::string_view kMagic = "ampsim-piece";

}  // namespace

void write_piece(const std::filesystem::path& file,
                 const PieceName& name,
                 const std::vector<std::string>& blocks) {
  OutputFile output(file);
  output.write(fmt::format("{} {} {}", kMagic, name.identity, name.run));
  for (const std::string& block : blocks) output.write(fmt::format(" {}", block.size()));
  output.write("\n");
  for (const std::string& block : blocks) output.write(block);
  output.commit();
}

std::optional<PieceReader> PieceReader::open(const std::filesystem::path& file,
                                             const PieceName& name) {
  PieceReader reader;
  reader.file_ = file;
  reader.stream_.open(file, std::ios::binary);
  std::string line;
  if (!reader.stream_ || !std::getline(reader.stream_, line)) return std::nullopt;
  std::istringstream words(line);
  std::string magic;
  PieceName found;
  words >> magic >> found.identity >> found.run;
  if (!words || magic != kMagic || found.identity != name.identity || found.run != name.run) {
    return std::nullopt;
  }
  std::uint64_t total = line.size() + 1;
  reader.start_ = total;
  for (std::uint64_t size = 0; words >> size; total += size) reader.sizes_.push_back(size);
  std::error_code status;
  if (std::filesystem::file_size(file, status) != total || status) return std::nullopt;
  return reader;
}

void PieceReader::read(std::size_t block, const std::function<void(std::string_view)>& take) {
  std::uint64_t offset = start_;
  for (std::size_t i = 0; i < block; ++i) offset += sizes_.at(i);
  stream_.clear();
  stream_.seekg(static_cast<std::streamoff>(offset));
  std::vector<char> portion(1U << 18U);
  for (std::uint64_t left = sizes_.at(block); left > 0;) {
    const std::uint64_t count = std::min<std::uint64_t>(left, portion.size());
    stream_.read(portion.data(), static_cast<std::streamsize>(count));
    if (!stream_) throw OutputError(file_, EIO);
    take({portion.data(), count});
    left -= count;
  }
}

std::string PieceReader::read(std::size_t block) {
  std::string text;
  read(block, [&text](std::string_view portion) { text += portion; });
  return text;
}

}  // namespace ampsim::sim
