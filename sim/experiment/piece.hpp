#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// One finished run on the disk: a first line `ampsim-piece IDENTITY RUN SIZE...` and then its
/// blocks of those sizes, the header of runs.csv first and then the rows of each table.
///
/// Tested by tests/results_test.cpp.
namespace ampsim::sim {

struct PieceName {
  std::string identity;
  std::size_t run = 0;
};

void write_piece(const std::filesystem::path& file,
                 const PieceName& name,
                 const std::vector<std::string>& blocks);

/// A whole piece of that name, open for reading, or nothing where there is none.
class PieceReader {
 public:
  static std::optional<PieceReader> open(const std::filesystem::path& file, const PieceName& name);

  std::size_t block_count() const { return sizes_.size(); }
  /// Passes one block on in portions.
  void read(std::size_t block, const std::function<void(std::string_view)>& take);
  std::string read(std::size_t block);

 private:
  std::filesystem::path file_;
  std::ifstream stream_;
  std::uint64_t start_ = 0;
  std::vector<std::uint64_t> sizes_;
};

}  // namespace ampsim::sim
