#include "topologies/importers/number_table.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "core/check.hpp"
#include "core/random.hpp"

using namespace ampsim;
using topo::NumberTable;

namespace {

std::string error_of(const std::string& text) {
  try {
    const NumberTable table(text, "x.csv", {"a", "b"});
    table.at(table.rows() - 1, 1, 0, 9);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("number_table: numbers of any length between columns that are skipped") {
  Rng rng(3, "number_table_test");
  // From one digit to nineteen, some below zero.
  const auto draw = [&rng] {
    const auto number = static_cast<std::int64_t>(rng.below(std::uint64_t{1} << rng.below(64)));
    return rng.below(10) == 0 ? -number : number;
  };
  for (const std::string end : {"\n", "\r\n"}) {
    std::string text = "b,text,a" + end;
    std::vector<std::int64_t> expected{std::numeric_limits<std::int64_t>::max(),
                                       std::numeric_limits<std::int64_t>::min()};
    while (expected.size() < 1000) expected.push_back(draw());
    for (std::size_t i = 0; i < expected.size(); i += 2) {
      const std::string zeros(expected[i + 1] >= 0 && rng.below(9) == 0 ? rng.below(30) : 0, '0');
      text += fmt::format("{}{},{},{}{}{}", zeros, expected[i + 1], std::string(rng.below(20), 'x'),
                          expected[i], end, rng.below(9) == 0 ? end : "");
    }
    text += "7,,8";
    expected.insert(expected.end(), {8, 7});
    for (const std::string& last_end : {std::string(), end}) {
      text += last_end;
      const NumberTable table(text, "x.csv", {"a", "b"});
      REQUIRE(2 * table.rows() == expected.size());
      for (std::size_t i = 0; i < expected.size(); ++i) {
        CHECK(table.at(i / 2, i % 2) == expected[i]);
      }
    }
  }
}

TEST_CASE("number_table: a wrong line is named and so is a last one without an end") {
  for (const std::string end : {"", "\n", "\r\n", "\n3,4\n"}) {
    CAPTURE(end);
    CHECK(error_of("a,b\n\n1,x" + end) == "x.csv:3: b: found \"x\"; allowed: a whole number");
    CHECK(error_of("a,b\n1," + end) == "x.csv:2: b: found \"\"; allowed: a whole number");
    CHECK(error_of("a,b\n1,2.0" + end) == "x.csv:2: b: found \"2.0\"; allowed: a whole number");
    CHECK(error_of("a,b\n-,2" + end) == "x.csv:2: a: found \"-\"; allowed: a whole number");
    CHECK(error_of("a,b\n+1,2" + end) == "x.csv:2: a: found \"+1\"; allowed: a whole number");
    CHECK(error_of("a,b\n1,9223372036854775808" + end) ==
          "x.csv:2: b: found \"9223372036854775808\"; allowed: a whole number");
    CHECK(error_of("a,b\n1" + end) ==
          "x.csv:2: found 1 fields; allowed: 2, as many as the header has");
    CHECK(error_of("a,b\n1,2,x" + end) ==
          "x.csv:2: found 3 fields; allowed: 2, as many as the header has");
    CHECK(error_of("a,b\n1,2\r3" + end) ==
          "x.csv:2: found a carriage return inside a line; allowed: before a newline");
  }
  CHECK(error_of("a,b\n1,2\r") ==
        "x.csv:2: found a carriage return inside a line; allowed: before a newline");
  CHECK(error_of("a,b\n\n\r\n1,2\n\n3,44") ==
        "x.csv:6: b: found \"44\"; allowed: an integer from 0 to 9");
  CHECK(error_of("a,b\n1,2\n") == "accepted");
}

TEST_CASE("number_table: a table may have no row") {
  CHECK(NumberTable("a,b", "x.csv", {"a"}).rows() == 0);
  CHECK(NumberTable("a,b\r\n\n", "x.csv", {"b"}).rows() == 0);
}
