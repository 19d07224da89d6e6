#include "sim/measure/csv_writer.hpp"

#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace ampsim;
using namespace ampsim::sim;

TEST_CASE("csv_writer: cells are quoted only where RFC 4180 asks for it") {
  std::string text;
  CsvWriter row(text);
  row.cell("plain").cell("a,b").cell("say \"hi\"").cell("two\nlines").cell("").end_row();
  row.cell(std::int64_t{-7}).cell(Msat{1500}).cell(0.1).empty().end_row();
  CHECK(text == "plain,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\n-7,1500,0.1,\n");
}

TEST_CASE("csv_writer: what is written is read back") {
  const std::vector<std::string> cells = {"a,b", "\"", "", "x\ny", "z", ""};
  std::string text;
  CsvWriter row(text);
  for (int i = 0; i < 2; ++i) {
    for (const std::string& cell : cells) row.cell(cell);
    row.end_row();
  }
  std::string_view rest = text;
  CHECK(take_row(rest) == cells);
  CHECK(take_row(rest) == cells);
  CHECK(rest.empty());
}

TEST_CASE("csv_writer: numbers are as short as they can be and read back the same") {
  CHECK(shortest(1.0) == "1");
  CHECK(shortest(0.1 + 0.2) == "0.30000000000000004");
  CHECK(shortest(1e300) == "1e+300");
  CHECK(shortest(std::numeric_limits<double>::quiet_NaN()).empty());
}

TEST_CASE("csv_writer: milliseconds keep every nanosecond") {
  CHECK(milliseconds(SimDuration{0}) == "0");
  CHECK(milliseconds(SimDuration{1}) == "0.000001");
  CHECK(milliseconds(SimDuration{1'500'000}) == "1.5");
  CHECK(milliseconds(SimDuration{9'007'199'254'740'993}) == "9007199254.740993");
  CHECK(milliseconds(SimDuration{-250'000}) == "-0.25");
}
