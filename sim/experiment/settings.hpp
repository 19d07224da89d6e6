#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/attack/params.hpp"
#include "sim/experiment/document.hpp"
#include "sim/measure/observer.hpp"
#include "sim/measure/run_result.hpp"
#include "sim/measure/stopping.hpp"
#include "sim/network/params.hpp"
#include "sim/payment/params.hpp"
#include "sim/routing/params.hpp"
#include "sim/workload/workload.hpp"
#include "topologies/endowment.hpp"
#include "topologies/source.hpp"

/// Everything that an experiment file can say, and the one table in which each key is declared:
/// name, type, range or choices, default and one line of help. Reading, the resolved file, the
/// suggestions, `--set` and `[sweep]` all come from this table.
///
/// A new key is a field in the Params struct of its room and one line in the file of
/// its section (sim/experiment/sections/).
///
/// Tested by tests/settings_test.cpp.
namespace ampsim::sim {

/// The settings of one point, complete.
struct Settings {
  std::string name = "experiment";
  std::uint64_t seed = 1;
  std::uint32_t replicates = 1;
  topo::TopologyParams topology;
  topo::ChannelParams channels;
  NetworkParams network;
  WorkloadParams workload;
  PaymentParams payment;
  ReceiverParams receiver;
  RoutingParams routing;
  ChainParams chain;
  FaultParams faults;
  RecordParams record;
  ObserverParams observer;
  AttackParams attack;
  StopParams stop;
};

enum class ValueKind : std::uint8_t {
  boolean,
  integer,
  number,  ///< an integer or a float in the file
  text,
  file,   ///< text; relative to the experiment file, absolute once read
  files,  ///< a list of those; in `--set` also with commas between them
};

/// The declaration of one key.
struct Setting {
  std::string key;
  ValueKind kind = ValueKind::text;
  std::string help;
  double minimum = 0;
  double maximum = 0;
  bool excludes_minimum = false;
  bool excludes_maximum = false;
  std::vector<std::string> choices;  ///< empty = any
  bool can_be_swept = true;

  std::function<Value(const Settings&)> get;
  std::function<void(Settings&, const Value&)> set;
  /// The key because of which this one has no effect, "" where it has; null = it always has.
  std::function<std::string(const Settings&)> blocked_by;
  /// Where every network of these settings has its own, what that is: "capacities", "balances" or
  /// "policies"; "" where the value is used. null = it always is.
  std::function<std::string(const Settings&)> brought;
  /// What "auto" stands for with these settings; "" where it is not the value. null = never.
  std::function<std::string(const Settings&)> resolved;
  /// What the resolved file says behind the value, "" for nothing; null = nothing ever.
  std::function<std::string(const Settings&)> note;
  /// Has an effect but no default: zero stands for absent.
  bool is_required = false;

  bool applies(const Settings& settings) const {
    return !blocked_by || blocked_by(settings).empty();
  }
};

/// All keys, in the order in which the resolved file lists them.
const std::vector<Setting>& setting_table();
/// The choices of all keys are what the rooms list now: after a router has been added to a program
/// that has read an experiment before.
void renew_choices();
/// nullptr if there is none of that name.
const Setting* find_setting(std::string_view key);
/// "payment" for payment.scheme, "workload.amount" for workload.amount.sigma: keys with keys
/// inside.
bool is_section(std::string_view key);
/// Every key and every section.
std::vector<std::string> known_names();

/// "an integer from 1 to 483", "single, invoices, mpp, amp", ...
std::string allowed_values(const Setting& setting);

/// Checks type, range and choices; returns the value as `set` wants it (numbers as double, files
/// absolute). Errors: InputError at the entry's place.
Value checked_value(const Setting& setting, const Entry& entry, const FoundValue& found);

/// The same of a setting that is a list of files.
Value checked_files(const Setting& setting, const Entry& entry);

/// Throws for an entry whose key is not known: what it is not, and the nearest name.
[[noreturn]] void fail_unknown(const Entry& entry);

}  // namespace ampsim::sim
