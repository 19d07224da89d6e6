#include "core/check.hpp"

#include <string>

#include <doctest/doctest.h>

using ampsim::InputError;
using ampsim::InvariantError;

TEST_CASE("check: a broken invariant names the condition and the run that shows it") {
  const ampsim::RunLabel label("ampsim run x.toml, replicate 3, seed 42");
  std::string message;
  try {
    AMPSIM_CHECK(1 + 1 == 3, "arithmetic");
  } catch (const InvariantError& error) {
    message = error.what();
  }
  CHECK(message.find("arithmetic (1 + 1 == 3)") != std::string::npos);
  CHECK(message.find("replicate 3, seed 42") != std::string::npos);
}

TEST_CASE("check: an input error is one line with file, line and key") {
  CHECK(std::string(
            InputError({.file = "e.toml", .line = 7, .key = "payment.scheme"}, "bad").what()) ==
        "e.toml:7: payment.scheme: bad");
  CHECK(std::string(InputError({.file = "e.toml"}, "not found").what()) == "e.toml: not found");
  const InputError error({.file = "e.toml", .line = 7}, "bad");
  CHECK(error.where().line == 7);
  CHECK(error.problem() == "bad");
}

TEST_CASE("check: the nearest name is suggested only when it is near") {
  CHECK(ampsim::nearest_name("shceme", {"timeout_s", "scheme"}) == "scheme");
  CHECK(ampsim::nearest_name("am", {"mpp", "amp", "single"}) == "amp");
  CHECK(ampsim::nearest_name("ampp", {"mpp", "amp"}) == "amp");
  CHECK(ampsim::nearest_name("MPP", {"single", "mpp"}) == "mpp");
  CHECK(ampsim::nearest_name("rnu", {"trace", "run"}) == "run");
  CHECK(ampsim::nearest_name("zzz", {"mpp", "amp"}).empty());
  CHECK(ampsim::did_you_mean("invoces", {"invoices"}) == "; did you mean \"invoices\"?");
}
