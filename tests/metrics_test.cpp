#include "sim/measure/metrics.hpp"

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace ampsim;
using namespace ampsim::sim;

namespace {
std::map<std::string, double> as_map(const std::vector<Measure>& measures) {
  std::map<std::string, double> values;
  for (const Measure& measure : measures) {
    values[std::string(measure.name)] =
        std::visit([](auto value) { return static_cast<double>(value); }, measure.value);
  }
  return values;
}

PaymentRecord payment(PaymentState state, std::int64_t amount, std::int64_t delivered, int end_ms) {
  return {.amount = Msat{amount},
          .start = SimTime{},
          .end = SimTime{std::chrono::milliseconds{end_ms}},
          .state = state,
          .parts = 2,
          .attempts = 3,
          .fee = Msat{amount / 100},
          .delivered = Msat{delivered}};
}
}  // namespace

TEST_CASE("metrics: quantiles are linear between neighbours") {
  std::vector<double> values{4, 1, 3, 2};
  CHECK(quantile(values, 0.5) == doctest::Approx(2.5));
  CHECK(quantile(values, 0.0) == doctest::Approx(1));
  CHECK(quantile(values, 0.99) == doctest::Approx(3.97));
  std::vector<double> none;
  CHECK(std::isnan(quantile(none, 0.5)));
}

TEST_CASE("metrics: a partial payment is neither a success nor a failure") {
  Metrics metrics({});
  metrics.payment_ended(payment(PaymentState::succeeded, 1000, 1000, 200));
  metrics.payment_ended(payment(PaymentState::partial, 2000, 500, 300));
  metrics.payment_ended(payment(PaymentState::failed, 1000, 0, 100));
  auto values = as_map(metrics.measures({.events = 77}));
  CHECK(values["payments"] == 3);
  CHECK(values["succeeded"] == 1);
  CHECK(values["success_rate"] == doctest::Approx(1.0 / 3));
  CHECK(values["volume_msat"] == 4000);
  CHECK(values["delivered_msat"] == 1500);
  CHECK(values["volume_success_rate"] == doctest::Approx(0.25));
  CHECK(values["partial_payments"] == 1);
  CHECK(values["partial_msat"] == 500);
  CHECK(values["attempts_mean"] == doctest::Approx(3));
  CHECK(values["fee_ppm_mean"] == doctest::Approx(10'000));
  CHECK(values["latency_p50_ms"] == doctest::Approx(200));
  CHECK(values["events"] == 77);
}

TEST_CASE("metrics: latency quantiles are those of the successes") {
  Metrics metrics({});
  for (int i = 1; i <= 101; ++i) {
    metrics.payment_ended(payment(PaymentState::succeeded, 1000, 1000, i));
    metrics.payment_ended(payment(PaymentState::failed, 1000, 0, 10'000));
  }
  auto values = as_map(metrics.measures({}));
  CHECK(values["latency_p50_ms"] == doctest::Approx(51));
  CHECK(values["latency_p95_ms"] == doctest::Approx(96));
  CHECK(values["latency_p99_ms"] == doctest::Approx(100));
}

TEST_CASE("metrics: locked money is amount times time, exact in msat nanoseconds") {
  Metrics metrics({});
  metrics.htlc_settled(Msat{3'000}, std::chrono::seconds{2});
  metrics.htlc_failed(Msat{500}, std::chrono::milliseconds{500});
  auto values = as_map(metrics.measures({}));
  CHECK(values["locked_msat_s"] == doctest::Approx(6'250));
  CHECK(values["htlcs_settled"] == 1);
  CHECK(values["htlcs_failed"] == 1);
}

TEST_CASE("metrics: with nothing to average a measure is not a number, not zero") {
  auto values = as_map(Metrics({}).measures({}));
  CHECK(std::isnan(values["success_rate"]));
  CHECK(std::isnan(values["latency_p99_ms"]));
  CHECK(values["payments"] == 0);
}
