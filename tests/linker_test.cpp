#include "sim/measure/linker.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "core/check.hpp"
#include "core/random.hpp"
#include "tests/printing.hpp"

using namespace ampsim;
using namespace ampsim::sim;

namespace {

constexpr SimDuration kWindow = std::chrono::milliseconds{250};
constexpr SideChannels kNone{false, false, false, false, false, false};

/// Records with hashes of their own.
class Book {
 public:
  explicit Book(std::uint64_t seed) : rng_(seed, "book") {}

  LinkRecord& add(double came_s, double settled_s) {
    LinkRecord& record = records.emplace_back();
    const std::size_t number = records.size();
    for (std::size_t i = 0; i < 4; ++i) {
      record.hash.bytes[i] = static_cast<std::byte>((number >> (8 * i)) & 255U);
    }
    record.came = SimTime{from_seconds(came_s)};
    record.settled = SimTime{from_seconds(settled_s)};
    record.amount = Msat{static_cast<std::int64_t>(1e6 + rng_.exponential(1e8))};
    record.expiry = BlockHeight{static_cast<std::int32_t>(rng_.below(20))};
    record.before = NodeId{static_cast<std::uint32_t>(rng_.below(20))};
    record.after = NodeId{static_cast<std::uint32_t>(rng_.below(20))};
    return record;
  }
  /// Payments of one record each; they take a second or so.
  void add_others(std::size_t count, double length_s) {
    for (std::size_t i = 0; i < count; ++i) {
      const double came = rng_.unit() * length_s;
      add(came, came + 0.2 + rng_.exponential(1));
    }
  }
  /// Payments of two records each, told by the side channels that are on; the first of the two
  /// stands at an even place behind all the others.
  void add_pairs(std::size_t count, double length_s, const SideChannels& tell) {
    pairs_begin = records.size();
    for (std::size_t i = 0; i < count; ++i) {
      const double came = rng_.unit() * length_s;
      const double settled = came + 2 + rng_.exponential(1);
      const LinkRecord first = add(came, settled);
      LinkRecord& second = add(came + (tell.add ? 0.01 : 2 * rng_.unit()),
                               settled + (tell.settle ? 0.02 : 2 * rng_.unit()));
      if (tell.amounts) second.amount = first.amount / 2;
      if (tell.expiry) second.expiry = first.expiry;
      if (tell.peers) second.after = first.after;
    }
  }
  bool is_right(const std::pair<std::size_t, std::size_t>& pair) const {
    const auto [first, second] = std::minmax(pair.first, pair.second);
    return first >= pairs_begin && (first - pairs_begin) % 2 == 0 && second == first + 1;
  }

  std::vector<LinkRecord> records;
  std::size_t pairs_begin = 0;

 private:
  Rng rng_;
};

struct Score {
  double precision = 0;
  double recall = 0;
  std::size_t guessed = 0;
};
Score score(const Book& book, const SideChannels& channels, double pairs) {
  const Guesses guesses = guess_links(book.records, channels, kWindow);
  const auto right =
      static_cast<double>(std::count_if(guesses.settled.begin(), guesses.settled.end(),
                                        [&](const auto& pair) { return book.is_right(pair); }));
  return {.precision = right / static_cast<double>(guesses.settled.size()),
          .recall = right / pairs,
          .guessed = guesses.settled.size()};
}

}  // namespace

TEST_CASE("linker: little traffic and every side channel tell nearly all") {
  Book book(1);
  book.add_others(500, 1000);
  book.add_pairs(200, 1000, {});
  const Score all = score(book, {}, 200);
  CHECK(all.precision > 0.9);
  CHECK(all.recall > 0.9);
}

TEST_CASE("linker: each side channel is looked at where it is on, and only there") {
  const std::vector<bool SideChannels::*> fields{&SideChannels::settle, &SideChannels::add,
                                                 &SideChannels::amounts, &SideChannels::expiry,
                                                 &SideChannels::peers};
  for (std::size_t i = 0; i < fields.size(); ++i) {
    CAPTURE(i);
    // Only one side channel tells anything of the pairs.
    SideChannels only = kNone;
    only.*fields[i] = true;
    Book book(2 + i);
    book.add_others(500, 2000);
    book.add_pairs(500, 2000, only);
    const Score with = score(book, only, 500);
    CHECK(with.recall > 0.8);
    CHECK(with.precision > 0.5);
    // Those that tell of nothing but that the records met: at most what meeting alone tells.
    SideChannels others{.retry = false};
    others.*fields[i] = false;
    CHECK(score(book, others, 500).recall < 0.5 * with.recall);
  }
}

TEST_CASE("linker: what it guesses belongs together at least half of the time, in any traffic") {
  for (const std::size_t others : {1000UL, 4000UL, 16'000UL}) {
    CAPTURE(others);
    Book book(others);
    book.add_others(others, 400);
    book.add_pairs(400, 400, {.expiry = false, .peers = false});
    const Score all = score(book, {}, 400);
    CHECK(all.precision > 0.5);
    CHECK(all.recall > 0.2);
    // In the thickest traffic time alone tells nothing.
    SideChannels settle = kNone;
    settle.settle = true;
    const Score time = score(book, settle, 400);
    CHECK((time.guessed == 0 || time.precision > 0.4));
    if (others == 16'000) CHECK(time.guessed == 0);
  }
}

TEST_CASE("linker: traffic that comes and goes is no link") {
  // 90 % of the records in the first tenth: moved in time, few would meet.
  Book book(11);
  book.add_others(3600, 40);
  book.add_others(400, 400);
  CHECK(guess_links(book.records, {}, kWindow).settled.size() < 400);
}

TEST_CASE("linker: where nothing belongs together, next to nothing is guessed") {
  Book book(7);
  book.add_others(4000, 400);
  const Guesses guesses = guess_links(book.records, {}, kWindow);
  // Some 20,000 pairs met.
  CHECK(guesses.settled.size() < 200);
  CHECK(guesses.retries.empty());
}

TEST_CASE("linker: a failure is followed by the same amount once more") {
  Book book(8);
  book.add_others(1000, 1000);
  const SideChannels retry{false, false, false, false, false, true};
  std::size_t failures = 0;
  for (int second = 5; second < 900; second += 10) {
    const double at = second;
    LinkRecord& failed = book.add(at, at);
    failed.settled = SimTime::max();
    failed.failed = SimTime{from_seconds(at + 0.5)};
    const Msat amount = failed.amount;
    book.add(at + 1, at + 2).amount = amount;
    ++failures;
  }
  const Guesses guesses = guess_links(book.records, retry, kWindow);
  CHECK(guesses.settled.empty());
  const auto right = std::count_if(
      guesses.retries.begin(), guesses.retries.end(),
      [](const auto& pair) { return pair.first >= 1000 && pair.second == pair.first + 1; });
  CHECK(static_cast<std::size_t>(right) + 2 >= failures);
  CHECK(guesses.retries.size() < failures + 30);
  CHECK(guess_links(book.records, {.retry = false}, kWindow).retries.empty());
}

TEST_CASE("linker: in a short run most of the side channels must agree") {
  Book book(9);
  LinkRecord first = book.add(0, 1);
  for (int agreeing = 0; agreeing <= 5; ++agreeing) {
    CAPTURE(agreeing);
    Book pair(9);
    pair.add(0, 1) = first;
    LinkRecord& second = pair.add(agreeing >= 1 ? 0.1 : 0.6, agreeing >= 2 ? 1.1 : 2);
    second.amount = agreeing >= 3 ? first.amount / 4 : first.amount / 3;
    second.expiry = first.expiry + BlockDelta{agreeing >= 4 ? 0 : 1};
    second.before = NodeId{agreeing >= 5 ? first.before.index : 100};
    second.after = NodeId{200};
    CHECK(guess_links(pair.records, {}, kWindow).settled.size() == (agreeing >= 3 ? 1 : 0));
  }
}

TEST_CASE("linker: one hash needs no guess, and who was gone before the other came is no match") {
  Book book(10);
  const LinkRecord first = book.add(0, 1);
  LinkRecord twin = book.add(0, 1);
  twin.hash = first.hash;
  CHECK(guess_links({first, twin}, {}, kWindow).settled.empty());
  LinkRecord later = first;
  later.hash = book.records[1].hash;
  CHECK(guess_links({first, later}, {}, kWindow).settled.size() == 1);
  later.came = first.settled + kWindow + SimDuration{1};
  later.settled = later.came;
  CHECK(guess_links({first, later}, {}, kWindow).settled.empty());
  CHECK(guess_links({}, {}, kWindow).settled.empty());
}

TEST_CASE("linker: side channels are named in a text") {
  const SideChannels some = side_channels_of(" amounts  settle");
  CHECK((some.amounts && some.settle && !some.add && !some.expiry && !some.peers && !some.retry));
  const SideChannels all = side_channels_of(kAllSideChannels);
  CHECK((all.amounts && all.settle && all.add && all.expiry && all.peers && all.retry));
  CHECK_THROWS_WITH_AS(side_channels_of("settle amount"),
                       "observer.side_channels: found \"amount\"; allowed: any of settle add "
                       "amounts expiry peers retry; did you mean \"amounts\"?",
                       InputError);
}
