#include <array>

#include "core/lock_scheme.hpp"
#include "sim/measure/run_result.hpp"
#include "topologies/source.hpp"

/// Stands in for the tables of rooms that are built elsewhere, until they are here.
namespace ampsim {

namespace amp {
std::span<const Scheme> schemes() {
  static const std::array kSchemes = {
      Scheme{.name = "single", .summary = ""}, Scheme{.name = "invoices", .summary = ""},
      Scheme{.name = "mpp", .summary = ""}, Scheme{.name = "amp", .summary = ""}};
  return kSchemes;
}
}  // namespace amp

namespace topo {
const std::vector<Generator>& generators() {
  static const std::vector<Generator> kGenerators = {
      {.name = "lightning", .summary = "", .reads = {"nodes"}},
      {.name = "barabasi_albert", .summary = "", .reads = {"nodes", "channels_per_node"}},
      {.name = "watts_strogatz",
       .summary = "",
       .reads = {"nodes", "neighbours", "rewire_probability"}},
      {.name = "erdos_renyi", .summary = "", .reads = {"nodes", "mean_degree"}},
      {.name = "grid", .summary = "", .reads = {"nodes", "width"}},
      {.name = "two_channels", .summary = "", .reads = {}}};
  return kGenerators;
}
const std::vector<Importer>& importers() {
  static const std::vector<Importer> kImporters = {{.name = "lnd", .summary = ""}};
  return kImporters;
}
}  // namespace topo

namespace sim {
std::string_view name_of(PaymentState state) {
  switch (state) {
    case PaymentState::succeeded:
      return "succeeded";
    case PaymentState::failed:
      return "failed";
    case PaymentState::partial:
      return "partial";
  }
  return "";
}
std::string_view name_of(PaymentFailure failure) {
  return failure == PaymentFailure::none ? "none" : "no_route";
}
std::string_view name_of(AttemptState state) {
  return state == AttemptState::settled ? "settled" : "failed";
}
}  // namespace sim

}  // namespace ampsim
