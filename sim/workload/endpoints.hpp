#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/units.hpp"
#include "sim/workload/amounts.hpp"
#include "topologies/node_choice.hpp"
#include "topologies/topology.hpp"

/// Who pays whom. The receiver differs from the sender; nodes without channels take no part.
///
/// - uniform: every node alike. degree, capacity: in proportion to the number of its channels, or
///   to its capacity.
/// - merchants: some nodes are merchants, all others consumers; consumers pay merchants, both drawn
///   alike (O'Connor, Impact of AMP and JIT routing on the Lightning Network, 2020).
/// - hot_spots: a share of the payments has one of a few nodes at one end.
/// - circulation: what goes out comes back. A demand without net flow is a sum of cycles (Sivaraman
///   et al., Spider, NSDI 2020, on the circulation in a payment graph): so a cycle of random nodes
///   n1, n2, ..., nk is drawn, with one amount; n1 pays n2, n2 pays n3, ..., nk pays n1, and after
///   that nobody has more or less than before, fees aside. `open` cycles are under way at a time;
///   each payment is the next step of a random one of them. A node's net position is never more
///   than the amounts of the open cycles, however long the run is, as long as payments succeed.
///   A share `dag_share` of the payments does not come back: nodes have a random rank, and of two
///   random nodes the lower one pays the higher one (there: the DAG component).
///
/// Tested by tests/endpoints_test.cpp.
namespace ampsim::sim {

enum class Endpoints : std::uint8_t {
  uniform,
  capacity,
  degree,
  merchants,
  hot_spots,
  circulation
};

/// `workload.merchants`.
struct MerchantParams {
  double share = 0.67;       ///< of the nodes with channels; at least one, and not all
  std::uint32_t number = 0;  ///< how many; 0 = by the share
  /// Random ones are any with a channel.
  topo::NodeChoice choice = topo::NodeChoice::random;
  std::string listed;
};

enum class HotEnd : std::uint8_t { receiver, sender, either };

/// `workload.hot_spots`.
struct HotSpotParams {
  std::uint32_t number = 10;
  double share = 0.5;  ///< of the payments
  HotEnd end = HotEnd::receiver;
  topo::NodeChoice choice = topo::NodeChoice::degree;
  std::string listed;
};

/// `workload.circulation`.
struct CirculationParams {
  std::uint32_t length = 3;  ///< payments of a cycle, >= 2
  std::uint32_t open = 100;  ///< cycles under way at a time
  double dag_share = 0;
};

/// A payment without its time.
struct Transfer {
  NodeId sender;
  NodeId receiver;
  Msat amount;
};

/// Draws one payment after the other.
class Transfers {
 public:
  virtual ~Transfers() = default;
  virtual Transfer next(Amounts& amounts) = 0;
};

struct EndpointParams {
  Endpoints kind = Endpoints::uniform;
  const MerchantParams& merchants;
  const HotSpotParams& hot_spots;
  const CirculationParams& circulation;
};

/// Stream `endpoints` of the seed; `merchants`, `hot_spots` and `circulation` for what is drawn
/// before the payments. Errors: InputError for nodes that are not there, or too few of them.
std::unique_ptr<Transfers> make_transfers(const EndpointParams& params,
                                          const topo::Topology& topology,
                                          std::uint64_t seed);

}  // namespace ampsim::sim
