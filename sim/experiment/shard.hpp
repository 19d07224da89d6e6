#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Which runs of an experiment one process does, where several share it: `--shard I/N`.
///
/// The runs, ordered by replicate and within one by point, are cut into N blocks that differ by one
/// run at most: so a shard makes few networks. Within a replicate the points are scattered, so that
/// slow points, which as a rule stand side by side, come to different shards.
///
/// Tested by tests/shard_test.cpp.
namespace ampsim::sim {

struct Shard {
  std::uint32_t index = 1;  ///< from 1
  std::uint32_t count = 1;

  friend bool operator==(const Shard&, const Shard&) = default;
};

/// "3/4"; "" for none, which is the whole experiment.
std::string to_text(const std::optional<Shard>& shard);
/// Errors: InputError for what is no I/N with I from 1 to N.
Shard shard_of_text(std::string_view text);

class ShardPlan {
 public:
  /// Errors: InputError for more shards than runs.
  ShardPlan(std::size_t points, std::uint32_t replicates, std::optional<Shard> shard);

  /// Whether the run is this shard's; without a shard all are.
  bool has(std::size_t run) const { return !shard_ || index_of(run) == shard_->index; }
  /// How many are.
  std::size_t run_count() const { return run_count_; }

 private:
  std::uint32_t index_of(std::size_t run) const;

  std::size_t points_;
  std::uint32_t replicates_;
  std::optional<Shard> shard_;
  std::size_t stride_ = 1;  ///< between neighbouring points; no factor in common with their number
  std::size_t run_count_ = 0;
};

}  // namespace ampsim::sim
