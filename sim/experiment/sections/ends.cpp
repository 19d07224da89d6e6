#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/experiment/sections/sections.hpp"

namespace ampsim::sim {
namespace {

/// The keys that an implementation decides.
constexpr const char* kImplemented[] = {"receiver.timeout_s", "receiver.timer",
                                        "receiver.completion", "receiver.final_cltv_delta_blocks"};

std::string by_implementation(const Settings& settings) {
  return settings.receiver.implementation == ReceiverImplementation::custom
             ? ""
             : "receiver.implementation";
}

/// "timeout_s = 70, timer = "set", ...": what the implementation decides.
std::string implemented_text(const Settings& settings) {
  if (by_implementation(settings).empty()) return "";
  Settings shown = settings;
  shown.receiver = as_implemented(settings.receiver);
  std::vector<std::string> values;
  for (const std::string key : kImplemented) {
    values.push_back(fmt::format("{} = {}", key.substr(key.find('.') + 1),
                                 to_toml(find_setting(key)->get(shown))));
  }
  return fmt::format("{}", fmt::join(values, ", "));
}

/// Only where an invoice may be paid again and again.
std::string by_reusable_scheme(const Settings& settings) {
  return scheme_of(settings.payment).is_reusable ? "" : "payment.scheme";
}

void add_waiting(SettingBuilder& table) {
  const auto receiver = &Settings::receiver;
  using Implementation = ReceiverImplementation;
  table
      .add_choice("receiver.implementation",
                  "whose timer, completion and final time lock it has; custom: those below",
                  Choices<Implementation>{{"custom", Implementation::custom},
                                          {"lnd", Implementation::lnd},
                                          {"cln", Implementation::cln},
                                          {"eclair", Implementation::eclair},
                                          {"ldk", Implementation::ldk}},
                  receiver, &ReceiverParams::implementation)
      .note = implemented_text;
  table
      .add("receiver.timeout_s", "parts of an incomplete set are failed after this",
           between(kShortest, kMostSeconds), receiver, &ReceiverParams::timeout)
      .blocked_by = by_implementation;
  table
      .add_choice(
          "receiver.timer", "it counts from each part's arrival, or from the first part's",
          Choices<ReceiverTimer>{{"htlc", ReceiverTimer::htlc}, {"set", ReceiverTimer::set}},
          receiver, &ReceiverParams::timer)
      .blocked_by = by_implementation;
  table
      .add_choice(
          "receiver.completion", "complete at the total or above it, or exactly at it",
          Choices<amp::Completion>{{"ge", amp::Completion::ge}, {"eq", amp::Completion::eq}},
          receiver, &ReceiverParams::completion)
      .blocked_by = by_implementation;
  table.add_choice("receiver.behaviour", "claims when it should, or as soon as it can",
                   Choices<amp::ReceiverBehaviour>{{"honest", amp::ReceiverBehaviour::honest},
                                                   {"greedy", amp::ReceiverBehaviour::greedy}},
                   receiver, &ReceiverParams::behaviour);
  table
      .add("receiver.final_cltv_delta_blocks", "time lock of the last hop", between(0, 65'535),
           receiver, &ReceiverParams::final_cltv_delta)
      .blocked_by = by_implementation;
  table.add("receiver.hold_s", "a complete set is held this long before it is claimed",
            between(0, kMostSeconds), receiver, &ReceiverParams::hold);
  table.add("receiver.settle_jitter_ms", "after a claim each part's preimage starts within this",
            between(0, 1e9), receiver, &ReceiverParams::settle_jitter);
}

void add_invoices(SettingBuilder& table) {
  const auto receiver = &Settings::receiver;
  table
      .add_choice(
          "receiver.late_part",
          "a part that comes after its set was claimed or failed is failed or held for the timer",
          Choices<amp::LatePart>{{"reject", amp::LatePart::reject}, {"hold", amp::LatePart::hold}},
          receiver, &ReceiverParams::late_part)
      .blocked_by = by_reusable_scheme;
  table
      .add_choice("receiver.amp_invoice",
                  "every payment makes up an invoice, or each receiver has one for all",
                  Choices<AmpInvoice>{{"spontaneous", AmpInvoice::spontaneous},
                                      {"static", AmpInvoice::reusable}},
                  receiver, &ReceiverParams::amp_invoice)
      .blocked_by = by_reusable_scheme;
  table
      .add_choice("receiver.bad_set",
                  "a set that does not open fails, or it cancels its invoice for good",
                  Choices<amp::BadSet>{{"fail_set", amp::BadSet::fail_set},
                                       {"cancel_invoice", amp::BadSet::cancel_invoice}},
                  receiver, &ReceiverParams::bad_set)
      .blocked_by = [](const Settings& s) -> std::string {
    if (!scheme_of(s.payment).is_reusable) return "payment.scheme";
    return s.receiver.amp_invoice == AmpInvoice::reusable ? "" : "receiver.amp_invoice";
  };
}

void add_sender(SettingBuilder& table) {
  using Behaviour = SenderBehaviour;
  table.add_choice("sender.behaviour",
                   "or withholds the last part, sends one wrong share, one part twice, or a part "
                   "more than the total",
                   Choices<Behaviour>{{"honest", Behaviour::honest},
                                      {"withhold_last", Behaviour::withhold_last},
                                      {"bad_share", Behaviour::bad_share},
                                      {"duplicate_part", Behaviour::duplicate_part},
                                      {"overpay", Behaviour::overpay}},
                   &Settings::payment, &PaymentParams::behaviour);
  table
      .add("sender.misbehaving_share", "share of the payments that are sent so", kProbability,
           &Settings::payment, &PaymentParams::misbehaving_share)
      .blocked_by = [](const Settings& s) -> std::string {
    return s.payment.behaviour == Behaviour::honest ? "sender.behaviour" : "";
  };
}

}  // namespace

void add_ends(SettingBuilder& table) {
  add_waiting(table);
  add_invoices(table);
  add_sender(table);
}

}  // namespace ampsim::sim
