#pragma once

#include <map>

#include "sim/routing/flow/min_cost_flow.hpp"
#include "sim/routing/incoming_channels.hpp"

/// Costs that a test writes down, by directed channel; the others are not used.
class ListedCosts final : public ampsim::sim::FlowCosts {
 public:
  std::map<ampsim::DirectedChannel, ampsim::sim::CostPieces> listed;

  ampsim::sim::CostPieces pieces(const ampsim::sim::AnnouncedChannel& channel) override {
    const auto found = listed.find(channel.channel);
    return found == listed.end() ? ampsim::sim::CostPieces{} : found->second;
  }
};
