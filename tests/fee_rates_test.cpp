#include "sim/network/fee_rates.hpp"

#include <string>

#include <doctest/doctest.h>

#include "core/check.hpp"
#include "tests/temporary_folder.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

SimTime at_s(double seconds) { return SimTime{from_seconds(seconds)}; }

std::string file_with(const test::TemporaryFolder& folder, const std::string& text) {
  return folder.write("rates.csv", text).string();
}

}  // namespace

TEST_CASE("fee_rates: a quarter of the weight is the size, and part of a satoshi is not paid") {
  const FeeRates rates(10);
  CHECK(rates.fee(kCommitmentWeight, {}) == Msat::from_sat(2810));
  CHECK(rates.fee(kHtlcTimeoutWeight, {}) == Msat::from_sat(1665));
  CHECK(FeeRates(1.5).fee(kHtlcSuccessWeight, {}) == Msat::from_sat(264));  // 264.75
  CHECK(FeeRates(0).fee(kCommitmentWeight, {}) == Msat{0});
}

TEST_CASE("fee_rates: a series holds from each time on, and its first rate before it") {
  const test::TemporaryFolder folder;
  const FeeRates rates =
      FeeRates::from_file(file_with(folder, "at_s,sat_per_vbyte\n100,1\n200,30.5\n"));
  CHECK(rates.sat_per_vbyte(at_s(0)) == 1);
  CHECK(rates.sat_per_vbyte(at_s(199.9)) == 1);
  CHECK(rates.sat_per_vbyte(at_s(200)) == 30.5);
  CHECK(rates.sat_per_vbyte(at_s(1e6)) == 30.5);
}

TEST_CASE("fee_rates: a series that goes back, or is none, is refused by its line") {
  const test::TemporaryFolder folder;
  const auto message = [&](const std::string& text) {
    try {
      FeeRates::from_file(file_with(folder, text));
      return std::string();
    } catch (const InputError& error) {
      return std::string(error.what());
    }
  };
  CHECK(message("at_s,sat_per_vbyte\n5,1\n5,2\n").find("rates.csv:3: at_s: found \"5\"") !=
        std::string::npos);
  CHECK(message("at_s,sat_per_vbyte\n5,-1\n").find("rates.csv:2: sat_per_vbyte") !=
        std::string::npos);
  CHECK(message("at_s,sat_per_vbyte\n").find("at least one") != std::string::npos);
}
