#include "sim/measure/stopping.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/check.hpp"
#include "core/random.hpp"
#include "sim/payment/timetable.hpp"
#include "tests/printing.hpp"
#include "tests/world.hpp"

using namespace ampsim;
using namespace ampsim::sim;
using test::World;

namespace {

/// Autoregressive of order one, mean 0, variance 1: correlation phi between neighbours.
class Series {
 public:
  Series(double phi, std::uint64_t seed) : phi_(phi), rng_(seed, "series") {
    value_ = rng_.normal(0, 1);
  }
  double next() {
    value_ = phi_ * value_ + std::sqrt(1 - phi_ * phi_) * rng_.normal(0, 1);
    return value_;
  }

 private:
  double phi_;
  Rng rng_;
  double value_ = 0;
};

struct Stop {
  std::uint64_t count = 0;
  double half_width = 0;
  double mean = 0;
};
Stop stop_of(Series series, double half_width) {
  BatchMeans batches;
  double sum = 0;
  for (std::uint64_t count = 1;; ++count) {
    const double value = series.next();
    sum += value;
    if (batches.add(value, half_width, false)) {
      return {count, batches.half_width(), sum / static_cast<double>(count)};
    }
  }
}

PaymentRecord payment(bool is_success, std::uint32_t index = 0) {
  return {.payment = PaymentId{index},
          .amount = Msat{1000},
          .end = SimTime{std::chrono::milliseconds{is_success ? 50 : 9000}},
          .state = is_success ? PaymentState::succeeded : PaymentState::failed,
          .attempts = 2,
          .fee = Msat{3}};
}

std::string stopped_by(const RunResult& result) { return std::string(result.words.at(0).word); }

/// alice pays bob `count` times, one a second; succeeds as long as her 100 sat last.
World payments_of_ten(int count) {
  World world("alice 100 -- 0 bob");
  for (int i = 0; i < count; ++i) world.pay("alice", "bob", 10, 1000.0 * i);
  world.params.record.stops = true;
  return world;
}

}  // namespace

TEST_CASE("stopping: the lag-1 correlation of series whose correlation is known") {
  for (const double phi : {-0.5, 0.0, 0.3, 0.8}) {
    CAPTURE(phi);
    Series source(phi, 3);
    std::vector<double> series(20'000);
    for (double& value : series) value = source.next();
    // Its standard error is about sqrt((1 - phi^2) / n) = 0.007.
    CHECK(std::abs(lag_one_correlation(series) - phi) < 0.03);
  }
  CHECK(lag_one_correlation(std::vector<double>(400, 7.0)) == 0);
}

TEST_CASE("stopping: it looks after 800 values, 1200, 1600, 2400, each twice the last but one") {
  std::set<std::uint64_t> looks;
  for (std::uint64_t look = 800; look < 1'000'000; look *= 2) {
    looks.insert(look);
    looks.insert(look * 3 / 2);
  }
  std::set<std::uint64_t> seen;
  for (const double half_width : {0.2, 0.06, 0.05, 0.04, 0.03}) {
    const Stop stop = stop_of(Series(0, 4), half_width);
    CHECK(looks.count(stop.count) == 1);
    CHECK(stop.half_width <= half_width);
    // Independent values: t(0.975, 39) / sqrt(n), with the spread of a variance of 40 values, 11 %.
    CHECK(stop.half_width ==
          doctest::Approx(2.0227 / std::sqrt(static_cast<double>(stop.count))).epsilon(0.45));
    seen.insert(stop.count);
  }
  CHECK(*seen.begin() == 800);
  CHECK(seen.size() >= 4);
}

TEST_CASE("stopping: the half width is Student's over 40 batches") {
  // Single large values, so that neighbours of the 400 batches do not depend on each other; the 40
  // batches of 20 have the means 0, 1, 0, 1, ...
  BatchMeans batches;
  for (int i = 0; i < 799; ++i) {
    const bool is_large = i % 40 == 20;
    REQUIRE(!batches.add(is_large ? 20 : 0, 9, false));
  }
  CHECK(std::isnan(batches.half_width()));
  CHECK(batches.add(0, 9, false));
  const double sd = std::sqrt(40 * 0.25 / 39);
  CHECK(batches.half_width() == doctest::Approx(2.0226909 * sd / std::sqrt(40.0)));
}

TEST_CASE("stopping: a relative half width is a share of the mean") {
  const auto count_of = [](double mean, bool is_relative) {
    Series series(0, 4);
    BatchMeans batches;
    std::uint64_t count = 1;
    while (!batches.add(mean + series.next(), 0.05, is_relative)) ++count;
    return count;
  };
  CHECK(count_of(10, true) == 800);
  CHECK(count_of(-10, true) == 800);
  CHECK(count_of(0.5, true) > 4000);
  CHECK(count_of(10, false) == count_of(0.5, false));
}

TEST_CASE("stopping: values that depend on each other need longer runs and are covered") {
  constexpr int kSeries = 200;
  int covered = 0;
  double values = 0;
  for (std::uint64_t seed = 0; seed < kSeries; ++seed) {
    const Stop stop = stop_of(Series(0.8, seed), 0.12);
    covered += std::abs(stop.mean) <= stop.half_width ? 1 : 0;
    values += static_cast<double>(stop.count) / kSeries;
  }
  // The variance of the mean is (1 + phi) / (1 - phi) = 9 times that of independent values:
  // n = 9 (1.96 / 0.12)^2 = 2400. The paper reports coverages a little below the nominal 95 %.
  CHECK(values > 2000);
  CHECK(values < 4000);
  CHECK(covered >= 0.85 * kSeries);
}

TEST_CASE("stopping: the rule stops by the level of the last payments alone") {
  StopRule rule({.success_below = 0.5, .window = 10});
  for (int i = 0; i < 9; ++i) rule.payment_ended(payment(false));
  CHECK(!rule.is_fulfilled());  // the window is not full
  StopRule other({.success_below = 0.5, .window = 10});
  for (int i = 0; i < 100; ++i) other.payment_ended(payment(true));
  for (int i = 0; i < 5; ++i) other.payment_ended(payment(false));
  CHECK(!other.is_fulfilled());  // 5 of 10 is not below
  other.payment_ended(payment(false));
  CHECK(other.reason() == StopReason::success);
}

TEST_CASE("stopping: each measure takes the payments that it is about") {
  for (const auto& [measure, looks_after] : {std::pair{IntervalMeasure::success_rate, 800},
                                             std::pair{IntervalMeasure::attempts_mean, 800},
                                             std::pair{IntervalMeasure::latency_mean_ms, 1600},
                                             std::pair{IntervalMeasure::fee_ppm_mean, 1600}}) {
    // Every other payment succeeds, with equal latencies and fees: no spread at all.
    StopRule rule({.measure = measure, .half_width = 1e-9});
    int ended = 0;
    while (!rule.is_fulfilled() && ended < 10'000) rule.payment_ended(payment(++ended % 2 == 0));
    CHECK(rule.reason() == StopReason::interval);
    CHECK(ended == looks_after);
    CHECK(rule.half_width() == 0);
  }
}

TEST_CASE("stopping: the limits of payments and time decide which payments start") {
  std::vector<PaymentSpec> workload(100);
  for (int i = 0; i < 100; ++i) {
    workload[static_cast<std::size_t>(i)].at = SimTime{std::chrono::seconds{i}};
  }
  using std::chrono::seconds;
  const auto end_of = [&](const WarmUpParams& warm_up, const StopParams& stop) {
    const Timetable timetable(workload, warm_up, stop);
    return std::pair(timetable.end(), std::string(timetable.words({.stops = true})[0].word));
  };
  CHECK(end_of({}, {}) == std::pair(std::size_t{100}, std::string("workload")));
  CHECK(end_of({}, {.payments = 40}) == std::pair(std::size_t{40}, std::string("payments")));
  CHECK(end_of({.payments = 10}, {.payments = 40}) ==
        std::pair(std::size_t{50}, std::string("payments")));
  CHECK(end_of({.payments = 90}, {.payments = 40}) ==
        std::pair(std::size_t{100}, std::string("workload")));
  CHECK(end_of({}, {.time = seconds{30}}) == std::pair(std::size_t{30}, std::string("time")));
  CHECK(end_of({}, {.time = seconds{500}}) == std::pair(std::size_t{100}, std::string("workload")));
  CHECK(end_of({}, {.payments = 40, .time = seconds{30}}) ==
        std::pair(std::size_t{30}, std::string("time")));
  CHECK(Timetable(workload, {.length = seconds{20}}, {}).measured().first == PaymentId{20});
  CHECK(Timetable(workload, {.payments = 25, .length = seconds{20}}, {}).measured().since ==
        SimTime{seconds{25}});
}

TEST_CASE("stopping: the warm-up is simulated and not measured") {
  World world = payments_of_ten(12);
  world.params.warm_up.payments = 4;
  const RunResult& result = world.run();
  CHECK(world.measure("payments") == 8);
  CHECK(world.measure("succeeded") == 6);  // 10 of 12, and 4 of them in the warm-up
  CHECK(world.measure("warmup_payments") == 4);
  CHECK(world.measure("htlcs_added") == 6);
  CHECK(world.measure("htlcs_settled") == 6);
  CHECK(world.measure("sets_claimed") == 6);
  CHECK(world.measure("latency_mean_ms") == doctest::Approx(world.measure("latency_p50_ms")));
  CHECK(world.measure("measured_s") >= 7);
  CHECK(world.measure("measured_s") < 68);
  CHECK(stopped_by(result) == "workload");
  REQUIRE(result.payments.size() == 8);
  CHECK(result.payments[0].payment == PaymentId{4});
  CHECK(result.parts[0].payment == PaymentId{4});
  world.expect_conserved();
  CHECK(world.balance("bob") == Msat::from_sat(100));
}

TEST_CASE("stopping: a run that would end in its warm-up is refused") {
  const auto at = [](int second) {
    return PaymentSpec{{}, {}, Msat{1}, SimTime{std::chrono::seconds{second}}};
  };
  const std::vector<PaymentSpec> workload = {at(1), at(2), at(3), at(4)};
  SimulationParams params;
  params.warm_up.payments = 2;
  CHECK_NOTHROW(check_inputs({}, workload, params));
  params.stop.time = std::chrono::seconds{4};
  CHECK_NOTHROW(check_inputs({}, workload, params));
  params.stop.time = std::chrono::seconds{3};
  CHECK_THROWS_WITH_AS(check_inputs({}, workload, params),
                       doctest::Contains("stop.time_s: found 3, when the warm-up has not ended"),
                       InputError);
}

TEST_CASE("stopping: time integrals begin with the first measured payment") {
  const auto locked = [](std::vector<double> starts_ms, std::uint64_t warm_up) {
    World world("alice 100 -- 0 bob");
    for (const double at : starts_ms) world.pay("alice", "bob", 10, at);
    world.params.warm_up.payments = warm_up;
    world.run();
    return world.measure("locked_msat_s");
  };
  const double one = locked({0}, 0);
  CHECK(one > 0);
  CHECK(locked({0, 1000}, 1) == doctest::Approx(one));
  // The HTLC of the warm-up is 5 ms old when the measuring begins, and then counts, too.
  CHECK(locked({0, 5}, 1) == doctest::Approx(2 * one - 10'000 * 0.005));
}

TEST_CASE("stopping: a run stops when success falls and what is under way still counts") {
  World world = payments_of_ten(500);
  world.params.stop = {.success_below = 0.75, .window = 4};
  const RunResult& result = world.run();
  CHECK(stopped_by(result) == "success");
  // Ten succeed, then two of the last four have failed.
  CHECK(world.measure("payments") == 12);
  CHECK(world.measure("succeeded") == 10);
  world.expect_conserved();

  // Payments that are under way when the rule is fulfilled come to their end.
  World busy("alice 100 -- 0 bob");
  for (int i = 0; i < 100; ++i) busy.pay("alice", "bob", 10, i);
  busy.params.record.stops = true;
  busy.params.stop = {.success_below = 0.75, .window = 4};
  busy.run();
  CHECK(stopped_by(busy.result()) == "success");
  CHECK(busy.measure("payments") > 12);
  CHECK(busy.measure("succeeded") == 10);
}

TEST_CASE("stopping: a run stops when its interval is narrow enough") {
  World world("alice 100000 -- 100000 bob");
  for (int i = 0; i < 3000; ++i) {
    world.pay(i % 2 == 0 ? "alice" : "bob", i % 2 == 0 ? "bob" : "alice", 10, 10.0 * i);
  }
  world.params.record = {.payments = false, .stops = true, .interval = true};
  world.params.warm_up.payments = 100;
  world.params.stop = {.measure = IntervalMeasure::success_rate, .half_width = 0.01};
  world.run();
  CHECK(stopped_by(world.result()) == "interval");
  CHECK(world.measure("interval_half_width") == 0);
  // 800 have ended; those under way then end, too: 10 ms apart, a payment takes a tenth of a
  // second.
  CHECK(world.measure("payments") >= 800);
  CHECK(world.measure("payments") < 820);
  CHECK(world.measure("warmup_payments") == 100);
}

TEST_CASE("stopping: without warm-up and rules a run is what it was") {
  World plain = payments_of_ten(12);
  plain.params.record.stops = false;
  const RunResult& result = plain.run();
  CHECK(result.words.empty());
  CHECK(plain.measure("payments") == 12);
  CHECK_THROWS(plain.measure("warmup_payments"));
}
