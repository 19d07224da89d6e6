#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/units.hpp"
#include "sim/measure/run_result.hpp"
#include "sim/workload/workload.hpp"
#include "topologies/topology.hpp"

/// The same network, balances and payments in CLoTH (github.com/marcono/cloth) and here, payment by
/// payment: what CLoTH's `payments_output.csv` says beside a run of experiments/cloth.toml, and why
/// they differ where they do. For tests/cloth_test.cpp and bench/peers/cloth_compare.cpp.
///
/// Tested by tests/cloth_test.cpp.
namespace ampsim::test {

/// What CLoTH made of a payment.
struct ClothPayment {
  bool has_succeeded = false;
  bool was_split = false;  ///< into two halves
  std::uint32_t attempts = 0;
  Msat fee;                            ///< of the last attempt; of both halves
  std::vector<DirectedChannel> route;  ///< of the last attempt; of the longer half; empty if none
};

/// Both sides of the comparison; payments in the order of their start.
struct ClothRun {
  topo::Topology topology;
  std::vector<sim::PaymentSpec> workload;
  sim::RunResult ours;
  std::vector<ClothPayment> theirs;
};

struct ClothFiles {
  std::string experiment;             ///< experiments/cloth.toml
  std::vector<std::string> topology;  ///< nodes, channels and edges
  std::string payments;
  std::string output;  ///< CLoTH's payments_output.csv, plain or gzip
};
/// Of the workload `small` or `mpp` in a folder as docs/validation.md describes it.
ClothFiles cloth_files(const std::string& experiment,
                       const std::string& data,
                       const std::string& workload);

/// Runs the experiment on the files with KEY=VALUE in place of its own settings. Errors: InputError
/// for files that cannot be used, and for an output that is not of these payments.
ClothRun run_as_cloth(const ClothFiles& files, const std::vector<std::string>& overrides);

/// Payments that succeed where each is alone, at the balances of the start.
std::size_t count_alone(const ClothFiles& files, const std::vector<std::string>& overrides);

struct ClothMeasures {
  std::size_t payments = 0;
  std::size_t succeeded = 0;
  std::size_t partial = 0;  ///< ended half paid; of CLoTH's its output does not say
  double volume_rate = 0;   ///< of the msat
  double hops = 0;          ///< mean over successes of the longest route
  double attempts = 0;      ///< mean over successes
  double fee_median = 0;    ///< of successes, msat

  double success_rate() const {
    return static_cast<double>(succeeded) / static_cast<double>(payments);
  }
};
ClothMeasures our_measures(const ClothRun& run);
ClothMeasures their_measures(const ClothRun& run);

/// A payment is in the first of these whose condition holds: a likely cause, not a proof, because
/// CLoTH's table has the last route of a payment alone.
enum class ClothCase : std::uint8_t {
  // Both succeed.
  same_route,
  parallel_channel,  ///< the same nodes, over another channel between two of them
  equal_cost,        ///< fees and time locks of both routes cost the same
  several_parts,     ///< one of them split it
  learnt_before,     ///< the sender had paid before: CLoTH's first path does not know of it
  parallel_policy,   ///< a route has parallel channels, which are not priced alike
  other_attempts,    ///< another number of them: other routes failed before
  other_route,
  // Only ours succeeds.
  only_ours_later,     ///< CLoTH searched only before time 0, and the sender had too little then
  only_ours_parallel,  ///< CLoTH's last attempt was over the same nodes, by another channel
  only_ours_split,     ///< it went in several parts
  only_ours,
  only_theirs,
  neither,
};
constexpr std::size_t kClothCases = static_cast<std::size_t>(ClothCase::neither) + 1;

/// One sentence.
std::string_view name_of(ClothCase which);
/// By payment.
std::vector<ClothCase> classify(const ClothRun& run);

/// Of the payments, how many have an outcome of which no cause is known.
std::size_t unexplained_outcomes(const std::vector<ClothCase>& cases);
/// And how many succeed, or fail, in both.
std::size_t same_outcomes(const std::vector<ClothCase>& cases);

/// Payments that must fail whatever is done, in the order of their starts and each in no time: what
/// the sender has, or what the receiver has room for, is less than its payments take even if all
/// that go the other way arrive. The fewest that one end must refuse come from refusing the largest
/// so far whenever there is too little; the larger of both sums is the bound.
std::size_t must_fail(const ClothRun& run);

/// Payments that succeed, likewise, if every one does for which its own two ends have enough: in a
/// network without limits inside.
std::size_t ends_allow(const ClothRun& run);

}  // namespace ampsim::test
