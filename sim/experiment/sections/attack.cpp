#include <algorithm>

#include "sim/experiment/sections/sections.hpp"

namespace ampsim::sim {
namespace {

using Kind = AttackKind;

/// For keys that only these kinds read.
std::function<std::string(const Settings&)> unless_one_of(const std::vector<Kind>& kinds) {
  return [kinds](const Settings& s) -> std::string {
    const bool reads = std::find(kinds.begin(), kinds.end(), s.attack.kind) != kinds.end();
    return reads ? "" : "attack.kind";
  };
}

const std::vector<Kind> kJamming = {Kind::slot_jamming, Kind::liquidity_jamming,
                                    Kind::fast_jamming};

std::vector<Kind> jamming_and(std::vector<Kind> more) {
  more.insert(more.begin(), kJamming.begin(), kJamming.end());
  return more;
}

void add_targets(SettingBuilder& table) {
  using Choice = TargetChoice;
  const auto attack = &Settings::attack;
  const auto unless_attacked = [](const Settings& s) -> std::string {
    return s.attack.kind == Kind::none ? "attack.kind" : "";
  };
  table
      .add("attack.targets", "how many nodes are attacked, or are the attacker's",
           between(1, 10'000'000), attack, &AttackParams::targets)
      .blocked_by = [unless_attacked](const Settings& s) {
    const std::string blocking = unless_attacked(s);
    return blocking.empty() && s.attack.choice == Choice::listed ? "attack.choice" : blocking;
  };
  table
      .add_choice("attack.choice", "which ones",
                  Choices<Choice>{{"degree", Choice::degree},
                                  {"betweenness", Choice::betweenness},
                                  {"capacity", Choice::capacity},
                                  {"random", Choice::random},
                                  {"listed", Choice::listed}},
                  attack, &AttackParams::choice)
      .blocked_by = unless_attacked;
  table.add("attack.listed", "their names, separated by spaces", attack, &AttackParams::listed)
      .blocked_by = [unless_attacked](const Settings& s) {
    const std::string blocking = unless_attacked(s);
    return blocking.empty() && s.attack.choice != Choice::listed ? "attack.choice" : blocking;
  };
  for (const bool is_start : {true, false}) {
    table
        .add(is_start ? "attack.start_s" : "attack.stop_s",
             is_start ? "when it begins"
                      : "when it ends; 0 = when no payment can be tried any "
                        "more",
             between(0, kMostSeconds), attack,
             is_start ? &AttackParams::start : &AttackParams::stop)
        .blocked_by = unless_attacked;
  }
}

}  // namespace

void add_attack(SettingBuilder& table) {
  const auto attack = &Settings::attack;
  table.add_choice("attack.kind", "what an attacker does",
                   Choices<Kind>{{"none", Kind::none},
                                 {"slot_jamming", Kind::slot_jamming},
                                 {"liquidity_jamming", Kind::liquidity_jamming},
                                 {"fast_jamming", Kind::fast_jamming},
                                 {"withheld_share", Kind::withheld_share},
                                 {"probing", Kind::probing},
                                 {"wormhole", Kind::wormhole},
                                 {"keep_part", Kind::keep_part}},
                   attack, &AttackParams::kind);
  add_targets(table);
  table
      .add("attack.budget_sat", "what the attacker's own channels hold, altogether",
           between(1, kMostSat), attack, &AttackParams::budget)
      .blocked_by = unless_one_of(jamming_and({Kind::withheld_share, Kind::probing}));
  table
      .add("attack.htlc_sat",
           "amount of an attack HTLC, for liquidity_jamming the smallest, for withheld_share half "
           "of "
           "a set; 0 = as little as policies take, for withheld_share as much as the budget gives",
           between(0, kMostSat), attack, &AttackParams::htlc)
      .blocked_by = unless_one_of(jamming_and({Kind::withheld_share}));
  table
      .add("attack.hold_s",
           "an HTLC is held this long; 0 = 7 for fast_jamming, 3600 for the others",
           between(0, kMostSeconds), attack, &AttackParams::hold)
      .blocked_by = unless_one_of(jamming_and({Kind::keep_part}));
  table
      .add("attack.probability", "an HTLC is kept with this probability", kProbability, attack,
           &AttackParams::probability)
      .blocked_by = unless_one_of({Kind::keep_part});
  table
      .add("attack.precision_sat", "a balance that is known this well is probed no further",
           between(0, kMostSat), attack, &AttackParams::precision)
      .blocked_by = unless_one_of({Kind::probing});
}

}  // namespace ampsim::sim
