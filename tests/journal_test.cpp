#include "sim/experiment/journal.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/experiment/output_file.hpp"
#include "tests/experiment_world.hpp"

using namespace ampsim;
using namespace ampsim::sim;
namespace fs = std::filesystem;

namespace {

JournalTitle title_of(const std::string& shard = "") {
  return {.experiment = "e",
          .program = "1.0 (abc, Release)",
          .shard = shard,
          .inputs = {{"/a file\nwith a line end", "12"}, {"/b", "34"}}};
}

JournalRecord record_of(std::size_t run, std::string rows = "r") {
  return {.run = run,
          .cost = {.cpu_us = 5, .payments = 3, .events = 70},
          .blocks = {std::move(rows), "", "x\n"}};
}

std::vector<std::size_t> runs_in(JournalReader& reader, bool thorough = true) {
  std::vector<std::size_t> runs;
  reader.scan(thorough, [&runs](const JournalRecord& record, const RecordPlace&) {
    runs.push_back(record.run);
  });
  return runs;
}

}  // namespace

TEST_CASE("journal: gives back its title and head and records") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "j";
  const std::string big(3'000'000, 'y');
  {
    Journal journal(file);
    journal.start(title_of("3/4"));
    journal.append_head("h1,h2\n");
    journal.append(record_of(7, "seven\n"));
    journal.append(record_of(2, big));
    journal.append(record_of(9));
    journal.sync();
  }
  auto reader = JournalReader::open(file);
  REQUIRE(reader.has_value());
  CHECK(reader->title() == title_of("3/4"));
  std::vector<RecordPlace> places;
  RunCost cost;
  const std::uint64_t end =
      reader->scan(true, [&](const JournalRecord& record, const RecordPlace& place) {
        places.push_back(place);
        cost += record.cost;
      });
  CHECK(end == fs::file_size(file));
  CHECK(reader->head() == "h1,h2\n");
  REQUIRE(places.size() == 3);
  CHECK(cost.cpu_us == 15);
  CHECK(cost.payments == 9);
  CHECK(cost.events == 210);
  CHECK(reader->read(places[1]).blocks == std::vector<std::string>{big, "", "x\n"});
  reader->rest();
  const JournalRecord first = reader->read(places[0]);
  CHECK(first.run == 7);
  CHECK(first.blocks[0] == "seven\n");
  CHECK(first.cost.events == 70);
}

TEST_CASE("journal: cut at any byte it has every record before the cut") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "j";
  std::vector<std::uint64_t> ends;
  {
    Journal journal(file);
    journal.start(title_of());
    journal.append_head("h\n");
    for (std::size_t run = 0; run < 4; ++run) {
      const RecordPlace place = journal.append(record_of(run, std::string(run * 30, 'z')));
      ends.push_back(place.offset + place.size);
    }
  }
  const std::string whole = content_of(file);
  bool had_title = false;
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    std::ofstream(file, std::ios::binary) << whole.substr(0, cut);
    auto reader = JournalReader::open(file);
    REQUIRE(reader.has_value() >= had_title);
    if (!reader) continue;
    had_title = true;
    std::size_t expected = 0;
    while (expected < ends.size() && ends[expected] <= cut) ++expected;
    REQUIRE(runs_in(*reader).size() == expected);
    // The next one is written where the last whole one ends.
    const std::uint64_t end = reader->scan(true, [](const auto&, const auto&) {});
    Journal journal(file);
    journal.go_on(end);
    journal.append(record_of(99));
    auto again = JournalReader::open(file);
    const std::vector<std::size_t> runs = runs_in(*again);
    REQUIRE(runs.size() == expected + 1);
    REQUIRE(runs.back() == 99);
  }
  CHECK(had_title);
}

TEST_CASE("journal: a byte that was turned is found wherever it stands") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "j";
  RecordPlace place;
  {
    Journal journal(file);
    journal.start(title_of());
    journal.append_head("h\n");
    place = journal.append(record_of(0, "the row\n"));
  }
  const std::string whole = content_of(file);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string text = whole;
    text[at] = static_cast<char>(text[at] ^ 1);
    std::ofstream(file, std::ios::binary) << text;
    auto reader = JournalReader::open(file);
    if (!reader) continue;
    CAPTURE(at);
    const std::vector<std::size_t> runs = runs_in(*reader);
    if (at < place.offset) {
      REQUIRE(reader->has_gap());
      REQUIRE(reader->head().empty());
    } else {
      REQUIRE(runs.empty());
      REQUIRE_THROWS_AS(reader->read(place), DamagedJournal);
    }
  }
}

TEST_CASE("journal: a record that went bad costs no other") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "j";
  RecordPlace place;
  {
    Journal journal(file);
    journal.start(title_of());
    journal.append_head("h\n");
    journal.append(record_of(0));
    place = journal.append(record_of(1, "the row\nrun 7 1 1 1 3\nrun \n"));
    journal.append(record_of(2));
    journal.append(record_of(3, std::string(3'000'000, 'x')));
  }
  const std::string whole = content_of(file);
  for (std::size_t at = place.offset; at < place.offset + place.size; ++at) {
    CAPTURE(at);
    std::string text = whole;
    text[at] = static_cast<char>(text[at] ^ 1);
    std::ofstream(file, std::ios::binary) << text;
    auto reader = JournalReader::open(file);
    REQUIRE(runs_in(*reader) == std::vector<std::size_t>{0, 2, 3});
    REQUIRE(reader->has_gap());
    REQUIRE(reader->gap() == place.offset);
    REQUIRE(reader->head() == "h\n");
  }
  // A torn end is no gap.
  std::ofstream(file, std::ios::binary) << whole.substr(0, whole.size() - 1);
  auto reader = JournalReader::open(file);
  CHECK(runs_in(*reader) == std::vector<std::size_t>{0, 1, 2});
  CHECK(!reader->has_gap());
}

TEST_CASE("journal: threads append at the same time") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "j";
  Journal journal(file);
  journal.start(title_of());
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 4; ++t) {
    threads.emplace_back([&journal, t] {
      for (std::size_t i = 0; i < 50; ++i) {
        journal.append(record_of(t * 50 + i, std::string(i * 40, 'a')));
        if (i % 20 == 0) journal.sync();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  auto reader = JournalReader::open(file);
  std::vector<std::size_t> runs = runs_in(*reader);
  std::sort(runs.begin(), runs.end());
  REQUIRE(runs.size() == 200);
  for (std::size_t i = 0; i < runs.size(); ++i) REQUIRE(runs[i] == i);
}

TEST_CASE("journal: a full disk is an error and what was whole before stays whole") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "j";
  // In a process of its own, whose files cannot grow beyond 4096 bytes.
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const rlimit limit{.rlim_cur = 4096, .rlim_max = 4096};
    ::signal(SIGXFSZ, SIG_IGN);
    ::setrlimit(RLIMIT_FSIZE, &limit);
    Journal journal(file);
    journal.start(title_of());
    journal.append(record_of(1));
    int code = 1;
    try {
      journal.append(record_of(2, std::string(9000, 'x')));
    } catch (const OutputError& error) {
      code = error.is_disk_full() ? 0 : 3;
    }
    journal.append(record_of(3));  // small enough
    ::_exit(code);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  auto reader = JournalReader::open(file);
  CHECK(runs_in(*reader) == std::vector<std::size_t>{1, 3});
}

TEST_CASE("journal: one that lost its name cannot be written any more") {
  const TemporaryFolder folder;
  fs::create_directories(folder.path() / "a");
  const fs::path file = folder.path() / "a/j";
  Journal journal(file);
  journal.start(title_of());
  fs::rename(folder.path() / "a", folder.path() / "b");
  CHECK_THROWS_AS(journal.sync(), OutputError);
  fs::rename(folder.path() / "b", folder.path() / "a");
  journal.sync();
  fs::remove_all(folder.path() / "a");
  CHECK_THROWS_AS(journal.sync(), OutputError);
}

TEST_CASE("journal: has one writer") {
  const TemporaryFolder folder;
  const Journal first(folder.path() / "j");
  CHECK_THROWS_AS(Journal(folder.path() / "j"), InputError);
}
