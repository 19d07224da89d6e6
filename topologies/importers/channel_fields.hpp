#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "topologies/topology.hpp"

/// Channels in tables and graphs whose columns, or attributes, have names: the edge list and
/// GraphML. Our own names, and those that others use:
///
///   id                         channel_id, short_channel_id, scid
///   capacity_msat
///   capacity_sat               capacity, satoshis
///   fee_base_msat              base_fee_msat, base_fee_millisatoshi, fee_base, base_fee
///   fee_proportional_ppm       fee_rate_ppm, fee_rate_milli_msat, fee_per_millionth, fee_rate,
///                              fee_proportional
///   cltv_expiry_delta_blocks   cltv_expiry_delta, cltv_delta, time_lock_delta, timelock, delay
///   htlc_minimum_msat          min_htlc_msat, htlc_minimum, min_htlc
///   htlc_maximum_msat          max_htlc_msat, htlc_maximum, max_htlc
///   is_disabled                disabled
///   balance_msat               balance
///   balance_sat
///
/// From fee_base on they are of one end where they begin with node1_ (or source_) or node2_
/// (target_), such as node1_fee_base_msat, and of both ends otherwise. A balance is always of one;
/// without a unit it is in msat, and not allowed beside a capacity in sat, for whose unit a reader
/// would take it. Letters may be small or capital.
///
/// Tested by tests/edge_list_test.cpp.
namespace ampsim::topo {

enum class ChannelField : std::uint8_t {
  id,
  capacity_msat,
  capacity_sat,
  fee_base,
  fee_proportional,
  cltv_expiry_delta,
  htlc_minimum,
  htlc_maximum,
  is_disabled,
  balance,      ///< in msat
  balance_sat,  ///< the same in sat
  alias,        ///< of one end
};
enum class Side : std::uint8_t { node1, node2, both };

struct FieldName {
  ChannelField field{};
  Side side = Side::both;
};

/// What a column holds; nothing for a name that is none of these.
std::optional<FieldName> field_named(std::string_view name);
std::string lower_case(std::string_view text);

/// The columns of a table, or the attributes of a graph's edges, that hold parts of a channel.
class FieldColumns {
 public:
  struct Column {
    std::string name;  ///< as the file has it
    FieldName holds;
    bool has_side = false;  ///< in its name
  };
  /// `side` is the end that a name without one is of. Other columns are left out. Returns what is
  /// wrong, otherwise "": a name that is nearly one of ours, a balance or an alias of no end, a
  /// part that another column has already, and a balance without a unit beside a capacity in sat.
  std::string add(const std::string& name, Side side);
  /// Names with a side come behind the others: what they say of one end holds there.
  void sort();
  const std::vector<Column>& all() const { return columns_; }

 private:
  std::string unit_problem(const std::string& name, ChannelField field) const;

  std::vector<Column> columns_;
};

/// A channel of which the parts are found one by one.
class ChannelDraft {
 public:
  /// Takes what a column says; an empty field and "nan" say nothing. Returns what is allowed there
  /// in case of error, otherwise "".
  std::string set(FieldName name, std::string_view text);
  /// The channel between `ends` but for its id. Returns the column and the problem where the parts
  /// do not fit together.
  struct Misfit {
    std::string column;
    std::string problem;  ///< "found ...; allowed: ..."
  };
  std::optional<Misfit> finish(std::array<NodeId, 2> ends, Channel& channel) const;

  const std::string& id() const { return id_; }
  /// Of ends[i]; may be empty.
  const std::string& alias(std::size_t end) const { return ends_[end].alias; }
  void swap_ends() { std::swap(ends_[0], ends_[1]); }
  /// Takes over what `other` says of its second end, and its capacity. Returns what is allowed
  /// where both have a capacity and they differ, otherwise "".
  std::string join_second_end(const ChannelDraft& other);

 private:
  /// By field, from fee_base on.
  static constexpr std::size_t kEndFields = 7;
  struct End {
    std::array<std::optional<std::int64_t>, kEndFields> values;
    std::string alias;

    std::optional<std::int64_t> value(ChannelField field) const {
      return values[static_cast<std::size_t>(field) -
                    static_cast<std::size_t>(ChannelField::fee_base)];
    }
  };
  static std::string set_end(End& end, ChannelField field, std::string_view text);
  std::optional<Misfit> add_money(Channel& channel) const;
  void add_policy(Channel& channel, std::size_t side) const;

  std::string id_;
  std::optional<std::int64_t> capacity_;  ///< in msat
  std::array<End, 2> ends_;
};

}  // namespace ampsim::topo
