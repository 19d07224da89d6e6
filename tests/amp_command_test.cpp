#include "sim/cli/amp_command.hpp"

#include <algorithm>
#include <cstddef>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/check.hpp"
#include "core/csv.hpp"

using ampsim::CsvTable;
using ampsim::InputError;
using namespace ampsim::cli;

namespace {

using Lines = std::vector<std::string>;

Lines lines_of(const std::string& text) {
  std::istringstream stream(text);
  Lines lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}
std::string text_of(const Lines& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

std::string derive(const AmpDeriveArguments& arguments) {
  std::ostringstream out;
  CHECK(run_amp_derive(arguments, out) == 0);
  return out.str();
}
std::string split(const AmpSplitArguments& arguments) {
  std::ostringstream out;
  CHECK(run_amp_split(arguments, out) == 0);
  return out.str();
}

struct ClaimResult {
  int code = 0;
  std::string out;
  std::string err;
};
ClaimResult claim(const std::string& parts, const AmpClaimArguments& arguments) {
  std::istringstream in(parts);
  std::ostringstream out;
  std::ostringstream err;
  ClaimResult result;
  result.code = run_amp_claim(arguments, in, out, err);
  result.out = out.str();
  result.err = err.str();
  return result;
}

/// The table with these columns only, in this order.
std::string project(const std::string& csv, const Lines& columns) {
  const CsvTable table(csv, "");
  std::string text;
  for (const std::string& column : columns) text += (text.empty() ? "" : ",") + column;
  text += '\n';
  for (std::size_t row = 0; row < table.rows(); ++row) {
    std::string line;
    for (const std::string& column : columns) {
      if (!line.empty()) line += ',';
      line += table.at(row, column);
    }
    text += line + "\n";
  }
  return text;
}

template <class Call>
std::string input_error_of(const Call& call) {
  try {
    call();
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

const Lines kShuffledColumns{"amount_msat", "payment_hash", "part", "child_index", "share"};

}  // namespace

TEST_CASE("amp_command: derive prints the worked example") {
  const std::string text = derive({.shares = {"123456", "654321"}, .derivation = "toy"});
  CHECK(text ==
        "part,share,child_index,root,preimage,payment_hash\n"
        "0,123456,1,777777,9e2080ae705c4ae56a8399bf58202fb7af0ecc286851669711a1f8f1de62b05d,"
        "1e77dd814e7424c8ea917fb142af1be8f3bac5cce73179796c284c651f2a7f92\n"
        "1,654321,2,777777,eb52044c7e9749d5f14058bef090f510959588338a2c420542b4017503438435,"
        "7c6554c91a149c7dea8f23b7aa83c153e9c78290b47397e01a21e858136dba06\n");
}

TEST_CASE("amp_command: derive takes the indexes given, and counts where there are none") {
  const std::string share(64, '0');
  const CsvTable counted(derive({.shares = {share, share}}), "");
  CHECK(counted.at(0, "child_index") == "0");
  CHECK(counted.at(1, "child_index") == "1");
  CHECK(counted.at(0, "preimage") != counted.at(1, "preimage"));
  const CsvTable given(derive({.shares = {share}, .indexes = {4'294'967'295}}), "");
  CHECK(given.at(0, "child_index") == "4294967295");
  const CsvTable zero(derive({.shares = {share}}), "");
  CHECK(zero.at(0, "preimage") ==
        "1751ac12e70e15b4f76c16775cd329ae55973b612521dab2de828a5cdb6c8ab3");
}

TEST_CASE("amp_command: what is split, shuffled and arrives as a whole is claimed") {
  for (const std::string derivation : {"lnd", "og2018", "toy"}) {
    CAPTURE(derivation);
    const std::string parts =
        split({.parts = 5, .total_msat = 1'000'003, .derivation = derivation});
    const CsvTable sent(parts, "");
    REQUIRE(sent.rows() == 5);
    CHECK(sent.at(0, "amount_msat") == "200001");
    CHECK(sent.at(2, "amount_msat") == "200001");
    CHECK(sent.at(3, "amount_msat") == "200000");

    Lines rows = lines_of(project(parts, kShuffledColumns));
    std::rotate(rows.begin() + 1, rows.begin() + 3, rows.end());
    std::swap(rows[1], rows[4]);
    for (const bool total_is_given : {false, true}) {
      AmpClaimArguments arguments{.parts_file = "p.csv", .derivation = derivation};
      if (total_is_given) arguments.total_msat = 1'000'003;
      const ClaimResult result = claim(text_of(rows), arguments);
      CHECK(result.code == 0);
      CHECK(result.err.empty());
      const CsvTable claimed(result.out, "");
      REQUIRE(claimed.rows() == 5);
      for (std::size_t row = 0; row < 5; ++row) {
        const auto part = static_cast<std::size_t>(claimed.integer(row, "part", 0, 4));
        CHECK(claimed.at(row, "preimage") == sent.at(part, "preimage"));
      }
    }
  }
}

TEST_CASE("amp_command: the same seed splits the same, another seed does not") {
  CHECK(split({.parts = 3, .total_msat = 10}) == split({.parts = 3, .total_msat = 10, .seed = 1}));
  CHECK(split({.parts = 3, .total_msat = 10}) != split({.parts = 3, .total_msat = 10, .seed = 2}));
}

TEST_CASE("amp_command: toy shares are small numbers that add up to the root") {
  const CsvTable table(split({.parts = 16, .total_msat = 16, .derivation = "toy"}), "");
  std::uint64_t sum = 0;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    sum += std::stoull(std::string(table.at(row, "share")));
  }
  CHECK(std::to_string(sum) == table.at(0, "root"));
}

TEST_CASE("amp_command: a missing part is told as an amount, or found out by the hashes") {
  Lines rows = lines_of(split({.parts = 3, .total_msat = 3000}));
  rows.pop_back();
  const ClaimResult known = claim(text_of(rows), {.parts_file = "p.csv", .total_msat = 3000});
  CHECK(known.code == 1);
  CHECK(known.out.empty());
  CHECK(known.err ==
        "the set cannot be claimed: 2000 of 3000 msat have arrived, 1000 are missing\n");
  const ClaimResult unknown = claim(text_of(rows), {.parts_file = "p.csv"});
  CHECK(unknown.code == 1);
  CHECK(unknown.out.empty());
  CHECK(unknown.err ==
        "the set cannot be claimed: the hashes derived from the shares do not match the payment "
        "hashes\n");
  CHECK(claim(rows.front() + "\n", {.parts_file = "p.csv"}).code == 1);
}

TEST_CASE("amp_command: an altered share, a repeated part and a foreign set are not claimed") {
  const Lines rows = lines_of(split({.parts = 3, .total_msat = 3000}));
  Lines altered = rows;
  char& digit = altered[2][2];
  digit = digit == '0' ? '1' : '0';
  CHECK(claim(text_of(altered), {.parts_file = "p.csv"}).code == 1);

  Lines repeated = rows;
  repeated[3] = repeated[2];
  CHECK(claim(text_of(repeated), {.parts_file = "p.csv"}).code == 1);

  Lines foreign = rows;
  foreign[2] = lines_of(split({.parts = 3, .total_msat = 3000, .seed = 2}))[2];
  const ClaimResult result = claim(text_of(foreign), {.parts_file = "p.csv"});
  CHECK(result.code == 1);
  CHECK(result.err == "the set cannot be claimed: part 1 belongs to another set, or to none\n");

  Lines late = rows;
  late.push_back(rows[1]);
  CHECK(claim(text_of(late), {.parts_file = "p.csv", .total_msat = 3000}).err ==
        "the set cannot be claimed: part 0 arrived after the set was claimed\n");
}

TEST_CASE("amp_command: claim does not look at root and preimage") {
  const std::string parts = split({.parts = 2, .total_msat = 2000});
  const std::string without =
      project(parts, {"part", "share", "child_index", "payment_hash", "amount_msat"});
  CHECK(claim(without, {.parts_file = "p.csv"}).out == claim(parts, {.parts_file = "p.csv"}).out);
}

TEST_CASE("amp_command: bad arguments are input errors that say what is allowed") {
  std::ostringstream out;
  const auto derive_error = [&out](const AmpDeriveArguments& arguments) {
    return input_error_of([&] { run_amp_derive(arguments, out); });
  };
  const auto split_error = [&out](const AmpSplitArguments& arguments) {
    return input_error_of([&] { run_amp_split(arguments, out); });
  };
  const std::string share(64, '1');
  CHECK(derive_error({}) == "--shares: found none; allowed: one or more");
  CHECK(derive_error({.shares = {"12"}}) ==
        "--shares: found \"12\"; allowed: 64 hexadecimal digits");
  CHECK(derive_error({.shares = {"-1"}, .derivation = "toy"}) ==
        "--shares: found \"-1\"; allowed: a decimal integer below 2^256");
  CHECK(derive_error({.shares = {share, share}, .indexes = {1}}) ==
        "--indexes: found 1 for 2 shares; allowed: as many as shares");
  CHECK(derive_error({.shares = {share}, .derivation = "og2081"}) ==
        "--derivation: found \"og2081\"; allowed: lnd, og2018, toy; did you mean \"og2018\"?");
  CHECK(split_error({.parts = 0, .total_msat = 1}) == "--parts: found 0; allowed: 1 to 10000");
  CHECK(split_error({.parts = 3, .total_msat = 2}) ==
        "--total-msat: found 2; allowed: at least 1 msat for each of 3 parts");
  CHECK(split_error({.parts = 1, .total_msat = 1, .derivation = "x"}) ==
        "--derivation: found \"x\"; allowed: lnd, og2018, toy");
  CHECK(out.str().empty());
}

TEST_CASE("amp_command: bad parts are input errors with file and line") {
  const Lines rows = lines_of(project(split({.parts = 2, .total_msat = 2000}), kShuffledColumns));
  const auto error_of = [](const std::string& text) {
    return input_error_of([&] { claim(text, {.parts_file = "p.csv"}); });
  };
  const auto with_row = [&rows](const std::string& row) {
    return text_of({rows[0], rows[1], row});
  };
  const std::string hash(64, 'a');
  CHECK(error_of("") == "p.csv: found no header");
  CHECK(error_of("part,share\n") ==
        "p.csv:1: child_index: found no such column; the header has part,share");
  CHECK(error_of(with_row("0," + hash + ",1,1," + hash)) ==
        "p.csv:3: amount_msat: found \"0\"; allowed: an integer from 1 to 9223372036854775807");
  CHECK(error_of(with_row("1.5," + hash + ",1,1," + hash)) ==
        "p.csv:3: amount_msat: found \"1.5\"; allowed: an integer from 1 to 9223372036854775807");
  CHECK(error_of(with_row("1,xyz,1,1," + hash)) ==
        "p.csv:3: payment_hash: found \"xyz\"; allowed: 64 hexadecimal digits");
  CHECK(error_of(with_row("1," + hash + ",1,4294967296," + hash)) ==
        "p.csv:3: child_index: found \"4294967296\"; allowed: an integer from 0 to 4294967295");
  CHECK(error_of(with_row("1," + hash + ",1,1,12")) ==
        "p.csv:3: share: found \"12\"; allowed: 64 hexadecimal digits");
  CHECK(error_of(with_row("9223372036854775807," + hash + ",1,1," + hash)) ==
        "p.csv: amount_msat: found amounts that add up to more than 9223372036854775807 msat");
  CHECK(input_error_of([&] { claim(text_of(rows), {.parts_file = "p.csv", .total_msat = 0}); }) ==
        "--total-msat: found 0; allowed: 1 or more");
}

TEST_CASE("amp_command: a file that is missing or no file is an input error") {
  std::ostringstream out;
  std::ostringstream err;
  const auto error_of = [&](const std::string& path) {
    return input_error_of([&] { run_amp_claim({.parts_file = path}, out, err); });
  };
  CHECK(error_of("/nowhere/parts.csv") == "/nowhere/parts.csv: cannot be opened for reading");
  CHECK(error_of(AMPSIM_SOURCE_DIR) == std::string(AMPSIM_SOURCE_DIR) + ": cannot be read");
}
