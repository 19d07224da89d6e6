#include "topologies/short_channel_id.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <numeric>

#include <fmt/format.h>

namespace ampsim::topo {
namespace {

/// As it is written without leading zeros, and up to `most`.
std::optional<std::uint64_t> plain_number(std::string_view text, std::uint64_t most) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  const bool has_zeros = text.size() > 1 && text.front() == '0';
  if (read.ec != std::errc{} || read.ptr != end || has_zeros || number > most) return std::nullopt;
  return number;
}

}  // namespace

std::optional<std::uint64_t> short_channel_id(std::string_view id) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
  if (id.find('x') == std::string_view::npos) return plain_number(id, kMost);
  constexpr std::array<unsigned, 3> kBits{23, 24, 16};  // 23, so that it has no sign
  std::uint64_t number = 0;
  for (std::size_t part = 0; part < kBits.size(); ++part) {
    const bool is_last = part + 1 == kBits.size();
    const std::size_t end = is_last ? id.size() : id.find('x');
    if (end == std::string_view::npos) return std::nullopt;
    const auto value = plain_number(id.substr(0, end), (std::uint64_t{1} << kBits[part]) - 1);
    if (!value) return std::nullopt;
    number = (number << kBits[part]) | *value;
    id.remove_prefix(is_last ? end : end + 1);
  }
  return number;
}

std::string in_three_parts(std::uint64_t short_channel_id) {
  return fmt::format("{}x{}x{}", short_channel_id >> 40U, (short_channel_id >> 16U) & 0xFFFFFFU,
                     short_channel_id & 0xFFFFU);
}

ShortChannelIds short_channel_ids(const Topology& topology) {
  ShortChannelIds all;
  all.ids.reserve(topology.channels.size());
  for (const Channel& channel : topology.channels) {
    const std::optional<std::uint64_t> id = short_channel_id(channel.id);
    if (!id) break;
    all.ids.push_back(*id);
  }
  std::vector<std::uint64_t> sorted = all.ids;
  std::sort(sorted.begin(), sorted.end());
  all.are_numbered = sorted.size() < topology.channels.size() ||
                     std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end();
  if (all.are_numbered) {
    all.ids.resize(topology.channels.size());
    std::iota(all.ids.begin(), all.ids.end(), 0U);
  }
  return all;
}

}  // namespace ampsim::topo
