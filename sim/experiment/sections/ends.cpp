#include "sim/experiment/sections/sections.hpp"

namespace ampsim::sim {

void add_ends(SettingBuilder& table) {
  const auto receiver = &Settings::receiver;
  table.add("receiver.timeout_s", "parts of an incomplete set are failed after this",
            between(kShortest, kMostSeconds), receiver, &ReceiverParams::timeout);
  table.add_choice(
      "receiver.timer", "it counts from each part's arrival, or from the first part's",
      Choices<ReceiverTimer>{{"htlc", ReceiverTimer::htlc}, {"set", ReceiverTimer::set}}, receiver,
      &ReceiverParams::timer);
  table.add_choice(
      "receiver.completion", "complete at the total or above it, or exactly at it",
      Choices<amp::Completion>{{"ge", amp::Completion::ge}, {"eq", amp::Completion::eq}}, receiver,
      &ReceiverParams::completion);
  table.add_choice("receiver.behaviour", "claims when it should, or as soon as it can",
                   Choices<amp::ReceiverBehaviour>{{"honest", amp::ReceiverBehaviour::honest},
                                                   {"greedy", amp::ReceiverBehaviour::greedy}},
                   receiver, &ReceiverParams::behaviour);
  table.add("receiver.final_cltv_delta_blocks", "time lock of the last hop", between(0, 65'535),
            receiver, &ReceiverParams::final_cltv_delta);
  table.add("receiver.settle_jitter_ms", "after a claim each part's preimage starts within this",
            between(0, 1e9), receiver, &ReceiverParams::settle_jitter);

  table.add_choice("sender.behaviour", "or withholds the last part, or sends one wrong share",
                   Choices<SenderBehaviour>{{"honest", SenderBehaviour::honest},
                                            {"withhold_last", SenderBehaviour::withhold_last},
                                            {"bad_share", SenderBehaviour::bad_share}},
                   &Settings::payment, &PaymentParams::behaviour);
}

}  // namespace ampsim::sim
