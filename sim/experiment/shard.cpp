#include "sim/experiment/shard.hpp"

#include <charconv>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "core/check.hpp"
#include "sim/experiment/document.hpp"

namespace ampsim::sim {
namespace {

/// Multiples of the golden section spread evenly for any number of them.
std::size_t scattering_stride(std::size_t points) {
  auto stride = static_cast<std::size_t>(static_cast<double>(points) * 0.618033988749895);
  if (stride == 0) return 1;
  while (std::gcd(stride, points) != 1) ++stride;
  return stride;
}

std::optional<std::uint32_t> number_in(std::string_view text) {
  std::uint32_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::string to_text(const std::optional<Shard>& shard) {
  return shard ? fmt::format("{}/{}", shard->index, shard->count) : "";
}

Shard shard_of_text(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash != std::string_view::npos) {
    const auto index = number_in(text.substr(0, slash));
    const auto count = number_in(text.substr(slash + 1));
    if (index && count && *index >= 1 && *index <= *count) return {*index, *count};
  }
  throw InputError({.file = "--shard"},
                   fmt::format("found \"{}\"; allowed: I/N with I from 1 to N", one_line(text)));
}

ShardPlan::ShardPlan(std::size_t points, std::uint32_t replicates, std::optional<Shard> shard)
    : points_(points),
      replicates_(replicates),
      shard_(shard),
      stride_(scattering_stride(points)),
      run_count_(points * replicates) {
  if (!shard) return;
  const std::size_t runs = run_count_;
  if (shard->count > runs) {
    throw InputError(
        {.file = "--shard"},
        fmt::format("found {} shards; allowed: up to {}, the number of runs", shard->count, runs));
  }
  // Positions q with floor(q * count / runs) == index - 1.
  const auto first = [&](std::size_t index) {
    return (index * runs + shard->count - 1) / shard->count;
  };
  run_count_ = first(shard->index) - first(shard->index - 1);
}

std::uint32_t ShardPlan::index_of(std::size_t run) const {
  const std::size_t point = run / replicates_;
  const std::size_t replicate = run % replicates_;
  const std::size_t position = replicate * points_ + point * stride_ % points_;
  const std::size_t block = position * shard_->count / (points_ * replicates_);
  return static_cast<std::uint32_t>(block) + 1;
}

}  // namespace ampsim::sim
