#include "topologies/importers/channel_fields.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "core/check.hpp"
#include "topologies/importers/policies.hpp"

namespace ampsim::topo {
namespace {

struct Name {
  std::string_view name;
  ChannelField field;
};
constexpr Name kNames[] = {
    {"id", ChannelField::id},
    {"channel_id", ChannelField::id},
    {"short_channel_id", ChannelField::id},
    {"scid", ChannelField::id},
    {"capacity_msat", ChannelField::capacity_msat},
    {"capacity_sat", ChannelField::capacity_sat},
    {"capacity", ChannelField::capacity_sat},
    {"satoshis", ChannelField::capacity_sat},
    {"fee_base_msat", ChannelField::fee_base},
    {"base_fee_msat", ChannelField::fee_base},
    {"base_fee_millisatoshi", ChannelField::fee_base},
    {"fee_base", ChannelField::fee_base},
    {"base_fee", ChannelField::fee_base},
    {"fee_proportional_ppm", ChannelField::fee_proportional},
    {"fee_rate_ppm", ChannelField::fee_proportional},
    {"fee_ppm", ChannelField::fee_proportional},
    {"fee_rate_milli_msat", ChannelField::fee_proportional},
    {"fee_per_millionth", ChannelField::fee_proportional},
    {"fee_rate", ChannelField::fee_proportional},
    {"fee_proportional", ChannelField::fee_proportional},
    {"cltv_expiry_delta_blocks", ChannelField::cltv_expiry_delta},
    {"cltv_expiry_delta", ChannelField::cltv_expiry_delta},
    {"cltv_delta", ChannelField::cltv_expiry_delta},
    {"time_lock_delta", ChannelField::cltv_expiry_delta},
    {"timelock", ChannelField::cltv_expiry_delta},
    {"delay", ChannelField::cltv_expiry_delta},
    {"htlc_minimum_msat", ChannelField::htlc_minimum},
    {"min_htlc_msat", ChannelField::htlc_minimum},
    {"htlc_minimum", ChannelField::htlc_minimum},
    {"min_htlc", ChannelField::htlc_minimum},
    {"htlc_maximum_msat", ChannelField::htlc_maximum},
    {"max_htlc_msat", ChannelField::htlc_maximum},
    {"htlc_maximum", ChannelField::htlc_maximum},
    {"max_htlc", ChannelField::htlc_maximum},
    {"is_disabled", ChannelField::is_disabled},
    {"disabled", ChannelField::is_disabled},
    {"balance_msat", ChannelField::balance},
    {"balance", ChannelField::balance},
    {"balance_sat", ChannelField::balance_sat},
    {"alias", ChannelField::alias},
};

/// Takes the side off the front of a name.
Side take_side(std::string_view& name) {
  for (const auto& [prefix, side] : {std::pair{std::string_view("node1_"), Side::node1},
                                     {"source_", Side::node1},
                                     {"node2_", Side::node2},
                                     {"target_", Side::node2}}) {
    if (!name.starts_with(prefix)) continue;
    name.remove_prefix(prefix.size());
    return side;
  }
  return Side::both;
}

/// A whole number, also as a float that is one: "5000.0" is how pandas writes a column with gaps.
std::optional<std::int64_t> whole_number(std::string_view text) {
  const char* const end = text.data() + text.size();
  std::int64_t whole = 0;
  const auto as_whole = std::from_chars(text.data(), end, whole);
  if (as_whole.ec == std::errc{} && as_whole.ptr == end) return whole;
  double number = 0;
  const auto as_float = std::from_chars(text.data(), end, number);
  constexpr double kExact = 9007199254740992;  // 2^53
  const bool is_whole = as_float.ec == std::errc{} && as_float.ptr == end &&
                        std::abs(number) <= kExact && std::floor(number) == number;
  return is_whole ? std::optional(static_cast<std::int64_t>(number)) : std::nullopt;
}

std::optional<bool> truth_value(std::string_view text) {
  const std::string word = lower_case(text);
  if (word == "true" || word == "1" || word == "1.0") return true;
  if (word == "false" || word == "0" || word == "0.0") return false;
  return std::nullopt;
}

/// In msat where `unit` is 1000, in our unit where it is 1.
std::string set_number(std::optional<std::int64_t>& value,
                       std::string_view text,
                       std::int64_t least,
                       std::int64_t most,
                       std::int64_t unit = 1) {
  const std::optional<std::int64_t> number = whole_number(text);
  if (!number || *number < least || *number > most) {
    return fmt::format("an integer from {} to {}", least, most);
  }
  value = *number * unit;
  return "";
}

/// `; did you mean "NAME"?` for what is nearly one of our names, otherwise "".
std::string nearest_field(std::string_view name) {
  static const std::vector<std::string> known = [] {
    std::vector<std::string> names;
    for (const Name& each : kNames) {
      names.emplace_back(each.name);
      if (each.field < ChannelField::fee_base) continue;
      names.push_back(fmt::format("node1_{}", each.name));
      names.push_back(fmt::format("node2_{}", each.name));
    }
    return names;
  }();
  return did_you_mean(lower_case(name), known);
}

bool is_balance_without_unit(std::string_view name, ChannelField field) {
  return field == ChannelField::balance && lower_case(name).ends_with("balance");
}

}  // namespace

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::optional<FieldName> field_named(std::string_view name) {
  const std::string lower = lower_case(name);
  std::string_view rest = lower;
  const Side side = take_side(rest);
  for (const Name& known : kNames) {
    if (known.name != rest) continue;
    // What both ends share has no side.
    if (side != Side::both && known.field < ChannelField::fee_base) return std::nullopt;
    return FieldName{known.field, side};
  }
  return std::nullopt;
}

std::string FieldColumns::add(const std::string& name, Side side) {
  std::optional<FieldName> holds = field_named(name);
  if (!holds) {
    const std::string nearest = nearest_field(name);
    return nearest.empty() ? "" : "found no part of a channel" + nearest;
  }
  const bool has_side = holds->side != Side::both;
  const bool is_of_end = holds->field >= ChannelField::fee_base;
  if (!has_side && is_of_end) holds->side = side;
  if (holds->side == Side::both && holds->field >= ChannelField::balance) {
    return fmt::format("found without its node; allowed: node1_{0}, node2_{0}", lower_case(name));
  }
  std::string problem = unit_problem(name, holds->field);
  if (!problem.empty()) return problem;
  for (const Column& other : columns_) {
    if (other.holds.field != holds->field || other.holds.side != holds->side) continue;
    if (other.has_side != has_side) continue;
    return fmt::format("found beside {}, which says the same; allowed: one of them", other.name);
  }
  columns_.push_back({name, *holds, has_side});
  return "";
}

std::string FieldColumns::unit_problem(const std::string& name, ChannelField field) const {
  for (const Column& other : columns_) {
    if (is_balance_without_unit(name, field) && other.holds.field == ChannelField::capacity_sat) {
      return fmt::format(
          "found without a unit beside {0}, which is in sat; allowed: {1}_sat, {1}_msat",
          other.name, name);
    }
    if (field == ChannelField::capacity_sat &&
        is_balance_without_unit(other.name, other.holds.field)) {
      return fmt::format("found, in sat, beside {0}, which has no unit; allowed: {0}_sat, {0}_msat",
                         other.name);
    }
  }
  return "";
}

void FieldColumns::sort() {
  std::stable_partition(columns_.begin(), columns_.end(),
                        [](const Column& column) { return !column.has_side; });
}

std::string ChannelDraft::set_end(End& end, ChannelField field, std::string_view text) {
  const auto set = [&](std::int64_t most) {
    return set_number(end.values[static_cast<std::size_t>(field) -
                                 static_cast<std::size_t>(ChannelField::fee_base)],
                      text, 0, most);
  };
  constexpr auto kBalance = static_cast<std::size_t>(ChannelField::balance) -
                            static_cast<std::size_t>(ChannelField::fee_base);
  switch (field) {
    case ChannelField::fee_base:
    case ChannelField::fee_proportional:
      return set(kMostFee);
    case ChannelField::cltv_expiry_delta:
      return set(kMostDelta);
    case ChannelField::htlc_minimum:
    case ChannelField::htlc_maximum:
    case ChannelField::balance:
      return set(kAllBitcoinMsat);
    case ChannelField::balance_sat:
      return set_number(end.values[kBalance], text, 0, kAllBitcoinSat, 1000);
    case ChannelField::is_disabled: {
      const std::optional<bool> is_disabled = truth_value(text);
      if (!is_disabled) return "true or false";
      return set_number(end.values[kBalance - 1], *is_disabled ? "1" : "0", 0, 1);
    }
    case ChannelField::alias:
      end.alias = text;
      return "";
    case ChannelField::id:
    case ChannelField::capacity_msat:
    case ChannelField::capacity_sat:
      break;
  }
  AMPSIM_UNREACHABLE("not of an end");
}

std::string ChannelDraft::set(FieldName name, std::string_view text) {
  if (name.field != ChannelField::alias && (text.empty() || lower_case(text) == "nan")) return "";
  if (name.field == ChannelField::id) {
    id_ = text;
    return "";
  }
  if (name.field == ChannelField::capacity_msat) {
    return set_number(capacity_, text, 1, kAllBitcoinMsat);
  }
  if (name.field == ChannelField::capacity_sat) {
    return set_number(capacity_, text, 1, kAllBitcoinSat, 1000);
  }
  std::string allowed;
  if (name.side != Side::node2) allowed = set_end(ends_[0], name.field, text);
  if (name.side != Side::node1) allowed = set_end(ends_[1], name.field, text);
  return allowed;
}

std::string ChannelDraft::join_second_end(const ChannelDraft& other) {
  ends_[1] = other.ends_[1];
  if (capacity_ && other.capacity_ && capacity_ != other.capacity_) {
    return fmt::format("{} msat, as in the other direction", *capacity_);
  }
  if (!capacity_) capacity_ = other.capacity_;
  return "";
}

std::optional<ChannelDraft::Misfit> ChannelDraft::add_money(Channel& channel) const {
  const std::optional<std::int64_t> first = ends_[0].value(ChannelField::balance);
  const std::optional<std::int64_t> second = ends_[1].value(ChannelField::balance);
  std::optional<std::int64_t> capacity = capacity_;
  if (!capacity && first && second && *first + *second > 0) capacity = *first + *second;
  if (capacity) channel.capacity = Msat{*capacity};
  if (!first && !second) return std::nullopt;
  const std::string column = first ? "node1_balance_msat" : "node2_balance_msat";
  const std::int64_t found = first ? *first : *second;
  if (!capacity) {
    return Misfit{column, fmt::format("found {} without a capacity; allowed: both", found)};
  }
  if (found > *capacity) {
    return Misfit{
        column, fmt::format("found {}; allowed: up to the capacity of {} msat", found, *capacity)};
  }
  if (first && second && *first + *second != *capacity) {
    return Misfit{"node2_balance_msat",
                  fmt::format("found {}; allowed: {}, which is what the other balance leaves of "
                              "the capacity of {} msat",
                              *second, *capacity - *first, *capacity)};
  }
  channel.balance_0 = Msat{first ? *first : *capacity - *second};
  return std::nullopt;
}

void ChannelDraft::add_policy(Channel& channel, std::size_t side) const {
  const End& end = ends_[side];
  bool says_something = false;
  std::uint8_t missing = 0;
  const auto value = [&](ChannelField field, std::uint8_t bit) {
    const std::optional<std::int64_t> found = end.value(field);
    if (found) says_something = true;
    if (!found) missing = static_cast<std::uint8_t>(missing | bit);
    return found.value_or(0);
  };
  ForwardingPolicy policy{.fee_base = {value(ChannelField::fee_base, kFeeBase)},
                          .fee_proportional = {static_cast<std::uint32_t>(
                              value(ChannelField::fee_proportional, kFeeProportional))},
                          .cltv_expiry_delta = {static_cast<std::int32_t>(
                              value(ChannelField::cltv_expiry_delta, kCltvExpiryDelta))},
                          .htlc_minimum = {value(ChannelField::htlc_minimum, kHtlcMinimum)},
                          .htlc_maximum = {value(ChannelField::htlc_maximum, 0)},
                          .is_disabled = value(ChannelField::is_disabled, 0) != 0};
  if (!says_something) return;
  settle_limits(policy, channel.capacity);
  channel.policy[side] = policy;
  channel.missing[side] = missing;
}

std::optional<ChannelDraft::Misfit> ChannelDraft::finish(std::array<NodeId, 2> ends,
                                                         Channel& channel) const {
  channel.ends = ends;
  if (std::optional<Misfit> misfit = add_money(channel)) return misfit;
  add_policy(channel, 0);
  add_policy(channel, 1);
  return std::nullopt;
}

}  // namespace ampsim::topo
