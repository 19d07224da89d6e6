#include "sim/cli/trace_command.hpp"

#include <cstdint>
#include <sstream>
#include <string>

#include <doctest/doctest.h>

#include "core/check.hpp"
#include "tests/temporary_folder.hpp"

using ampsim::InputError;
using ampsim::cli::trace_command;

namespace {

/// The two channels of Alice and Bob, and one payment of 2 BTC.
class Story {
 public:
  Story() {
    folder_.write("payments.csv",
                  "source,destination,amount_msat,start_ms\nalice,bob,200000000000,0\n");
    folder_.write("story.toml",
                  "[topology]\ngenerator = \"two_channels\"\n"
                  "[channels]\nreserve = 0.0\nmax_in_flight = 1.0\n"
                  "[workload]\nfile = \"payments.csv\"\n");
  }
  std::string file() const { return (folder_.path() / "story.toml").string(); }

 private:
  ampsim::test::TemporaryFolder folder_;
};

std::size_t count(const std::string& text, const std::string& word) {
  std::size_t found = 0;
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("trace_command: two parts, one claim, two preimages") {
  const Story story;
  std::ostringstream out;
  CHECK(trace_command({.experiment = story.file()}, out) == 0);
  CHECK(count(out.str(), "update_add_htlc") == 2);
  CHECK(count(out.str(), "completes the set") == 1);
  CHECK(count(out.str(), "update_fulfill_htlc") == 2);
  CHECK(count(out.str(), "invoice") == 0);
  CHECK(out.str().ends_with("the payment ends: succeeded\n"));
}

TEST_CASE("trace_command: settings can be replaced") {
  const Story story;
  std::ostringstream out;
  CHECK(trace_command({.experiment = story.file(), .overrides = {"payment.scheme=single"}}, out) ==
        0);
  CHECK(count(out.str(), "update_add_htlc") == 0);
  CHECK(count(out.str(), "finds no way for 200000000000 msat: no_route") == 1);
}

TEST_CASE("trace_command: a payment or run that is not there is an input error") {
  const Story story;
  std::ostringstream out;
  CHECK_THROWS_WITH_AS(trace_command({.experiment = story.file(), .payment = 1}, out),
                       "--payment: found 1; the run has 1 payments, from 0", InputError);
  CHECK_THROWS_WITH_AS(trace_command({.experiment = story.file(), .run = 1}, out),
                       "--run: found 1; the experiment has 1 runs, from 0", InputError);
  CHECK(out.str().empty());
}

TEST_CASE("trace_command: every format tells of both parts") {
  const Story story;
  const auto told = [&](const std::string& format) {
    std::ostringstream out;
    CHECK(trace_command({.experiment = story.file(), .format = format}, out) == 0);
    return out.str();
  };
  CHECK(count(told("mermaid"), "->>n1: 0.000000 s<br/>add part") == 2);
  CHECK(count(told("json"), "\"kind\": \"htlc_add\"") == 2);
  CHECK(count(told("json"), "\"delivered_msat\": 200000000000") == 1);
}

TEST_CASE("trace_command: the payment's outcome is told though no table of payments is kept") {
  const Story story;
  std::ostringstream out;
  CHECK(trace_command(
            {.experiment = story.file(), .overrides = {"record.payments=false"}, .format = "json"},
            out) == 0);
  CHECK(count(out.str(), "\"state\": \"succeeded\"") == 1);
}

TEST_CASE("trace_command: a format that is not there is an input error, before anything is read") {
  std::ostringstream out;
  CHECK_THROWS_WITH_AS(
      trace_command({.experiment = "absent.toml", .format = "mermiad"}, out),
      "--format: found \"mermiad\"; allowed: text, mermaid, json; did you mean \"mermaid\"?",
      InputError);
  CHECK(out.str().empty());
}

TEST_CASE("trace_command: payments of a warm-up have a story and those after the stop have none") {
  const ampsim::test::TemporaryFolder folder;
  folder.write("payments.csv",
               "source,destination,amount_msat,start_ms\nalice,bob,1000,0\nalice,bob,2000,5000\n"
               "alice,bob,3000,10000\n");
  const auto file = folder.write("story.toml",
                                 "[topology]\ngenerator = \"two_channels\"\n"
                                 "[workload]\nfile = \"payments.csv\"\nwarmup_payments = 1\n"
                                 "[stop]\npayments = 1\n");
  for (const std::uint32_t payment : {0U, 1U}) {
    std::ostringstream out;
    CHECK(trace_command({.experiment = file.string(), .payment = payment}, out) == 0);
    CHECK(count(out.str(), "pays " + std::to_string(payment + 1) + "000 msat") == 1);
    CHECK(out.str().ends_with("the payment ends: succeeded\n"));
  }
  std::ostringstream out;
  CHECK_THROWS_WITH_AS(trace_command({.experiment = file.string(), .payment = 2}, out),
                       "--payment: found 2; the run has 2 payments, from 0", InputError);
}
