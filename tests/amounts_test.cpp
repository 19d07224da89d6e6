#include "sim/workload/amounts.hpp"

#include <cmath>
#include <map>
#include <string>

#include <doctest/doctest.h>

#include "core/check.hpp"
#include "tests/printing.hpp"
#include "tests/temporary_folder.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

constexpr Distribution kEmpirical{.kind = DistributionKind::empirical};

std::map<std::int64_t, int> counts_of(const std::string& csv, int draws) {
  const test::TemporaryFolder folder;
  Amounts amounts(kEmpirical, folder.write("amounts.csv", csv).string(), 3);
  std::map<std::int64_t, int> counts;
  for (int i = 0; i < draws; ++i) ++counts[amounts.next().count];
  return counts;
}

std::string refusal(const std::string& csv) {
  const test::TemporaryFolder folder;
  const std::string file = folder.write("amounts.csv", csv).string();
  try {
    Amounts(kEmpirical, file, 3);
    return "";
  } catch (const InputError& error) {
    return std::string(error.what()).substr(file.size());
  }
}

/// `count` of `draws` with this chance, within 4 standard deviations.
void check_share(int count, int draws, double chance) {
  CAPTURE(chance);
  CHECK(std::abs(count - draws * chance) < 4 * std::sqrt(draws * chance * (1 - chance)));
}

}  // namespace

TEST_CASE("amounts: Pareto has its least value, its mean and its tail") {
  // least = mean (shape - 1) / shape = 4000 sat.
  Amounts amounts({.kind = DistributionKind::pareto, .mean = 6000, .shape = 3}, "", 3);
  constexpr int kDraws = 100'000;
  int above_double = 0;
  int above_ten = 0;
  double sum = 0;
  for (int i = 0; i < kDraws; ++i) {
    const std::int64_t sat = amounts.next().count / 1000;
    REQUIRE(sat >= 4000);
    sum += static_cast<double>(sat);
    above_double += sat > 8000 ? 1 : 0;
    above_ten += sat > 40'000 ? 1 : 0;
  }
  check_share(above_double, kDraws, 1.0 / 8);
  check_share(above_ten, kDraws, 1.0 / 1000);
  // Variance least^2 shape / ((shape - 1)^2 (shape - 2)) = 12e6: a standard error of 11 sat.
  CHECK(std::abs(sum / kDraws - 6000) < 44);
}

TEST_CASE("amounts: an empirical file is drawn from in proportion to its weights") {
  const auto counts =
      counts_of("weight,amount_msat,else\n1,5,x\n0,6,x\n2.5,7,x\n0.5,8,x\n", 40'000);
  CHECK(counts.size() == 3);
  check_share(counts.at(5), 40'000, 0.25);
  check_share(counts.at(7), 40'000, 0.625);
  check_share(counts.at(8), 40'000, 0.125);
}

TEST_CASE("amounts: without weights every row counts, and sat are sat") {
  const auto counts = counts_of("amount_sat\n5\n7\n5\n", 40'000);
  check_share(counts.at(5'000), 40'000, 2.0 / 3);
  check_share(counts.at(7'000), 40'000, 1.0 / 3);
}

TEST_CASE("amounts: files that cannot be used are refused with line and column") {
  CHECK(refusal("amount\n5\n") == ":1: amount_msat: found no such column; the header has amount");
  CHECK(refusal("amount_msat\n") == ": found no amount; allowed: at least one row");
  CHECK(refusal("amount_msat,weight\n5,0\n") == ": every weight is 0; allowed: at least one above");
  CHECK(refusal("amount_msat\n5\n0\n").starts_with(":3: amount_msat: found \"0\"; allowed: "));
  CHECK(refusal("amount_msat,weight\n5,-1\n").starts_with(":2: weight: found \"-1\"; allowed: "));
  CHECK_THROWS_WITH_AS(Amounts(kEmpirical, "/no/such", 1),
                       "/no/such: cannot be read: No such file or directory", InputError);
}
