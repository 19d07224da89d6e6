#include "core/lock_scheme.hpp"
#include "sim/experiment/sections/sections.hpp"
#include "sim/routing/registry.hpp"

namespace ampsim::sim {

void add_payment(SettingBuilder& table) {
  const auto payment = &Settings::payment;
  std::vector<std::string> schemes;
  for (const amp::Scheme& scheme : amp::schemes()) schemes.emplace_back(scheme.name);
  table.add("payment.scheme", "how the parts of a payment are locked", schemes, payment,
            &PaymentParams::scheme);
  table.add("payment.timeout_s", "no new attempt this long after the start",
            between(kShortest, kMostSeconds), payment, &PaymentParams::timeout);
  table
      .add("payment.max_parts", "most parts in flight at once", between(1, 10'000), payment,
           &PaymentParams::max_parts)
      .blocked_by = unless_many_parts;
  table
      .add("payment.min_part_sat", "smaller parts are not made", between(0, kMostSat), payment,
           &PaymentParams::min_part)
      .blocked_by = [](const Settings& s) -> std::string {
    // Equal parts are not smaller either, nor the first one of who withholds the last.
    if (scheme_of(s.payment).has_spares) return "";
    return s.payment.behaviour == SenderBehaviour::withhold_last ? unless_splitter(s)
                                                                 : unless_many_parts(s);
  };
  table.add("payment.max_attempts", "most attempts of one payment; 0 = no limit but the timeout",
            between(0, 1'000'000), payment, &PaymentParams::max_attempts);
  table.add("payment.invoices", "invoices of one payment in the scheme invoices",
            between(1, 10'000), payment, &PaymentParams::invoices);
  const auto unless_spares = [](const Settings& s) -> std::string {
    return scheme_of(s.payment).has_spares ? "" : "payment.scheme";
  };
  table
      .add("payment.parts", "parts of a payment; fewer if they were below min_part_sat",
           between(1, 100), payment, &PaymentParams::parts)
      .blocked_by = [](const Settings& s) -> std::string {
    if (scheme_of(s.payment).has_spares) return "";
    std::string scheme = unless_splitter(s);
    if (!scheme.empty()) return scheme;
    return splitter_of(s.routing).reads_parts ? "" : "routing.splitter";
  };
  table
      .add("payment.spare_parts", "this many more are sent, any payment.parts of them will do",
           between(0, 100), payment, &PaymentParams::spare_parts)
      .blocked_by = unless_spares;
  table.add("payment.fee_limit", "largest fee, as a share of the amount", between(0, 1000), payment,
            &PaymentParams::fee_limit);
  table.add("payment.fee_limit_full_below_sat", "amounts up to this may cost as much again in fees",
            between(0, kMostSat), payment, &PaymentParams::fee_limit_full_below);
  table
      .add("payment.random_amounts", "cut parts have random sizes, 20 to 100 % of the half",
           payment, &PaymentParams::random_amounts)
      .blocked_by = [](const Settings& s) -> std::string {
    std::string scheme = unless_splitter(s);
    if (!scheme.empty()) return scheme;
    return splitter_of(s.routing).name == "halving" ? "" : "routing.splitter";
  };
  table.add("payment.random_expiry_blocks", "each part's expiries are later by up to this",
            between(0, 2016), payment, &PaymentParams::random_expiry);
  table.add("payment.disjoint_paths", "a part keeps off the channels of the others if it can",
            payment, &PaymentParams::disjoint_paths);
  table.add_choice("amp.derivation", "how child preimages are derived",
                   Choices<amp::Derivation>{{"lnd", amp::Derivation::lnd},
                                            {"og2018", amp::Derivation::og2018},
                                            {"toy", amp::Derivation::toy}},
                   payment, &PaymentParams::derivation);
}

}  // namespace ampsim::sim
