#include "sim/measure/linker.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <sstream>

#include <fmt/format.h>

#include "core/check.hpp"

namespace ampsim::sim {
namespace {

constexpr SimDuration kShortestRun = std::chrono::seconds{40};
constexpr std::int64_t kRetryWindows = 8;
/// A run is cut into bins; records are moved by so many of them.
constexpr std::size_t kBins = 64;
constexpr std::array<std::size_t, 7> kShifts{8, 12, 16, 20, 24, 28, 32};

/// 2 % for fees.
bool are_equal(Msat a, Msat b) {
  return std::abs(std::log2(static_cast<double>(a.count) / static_cast<double>(b.count))) <
         std::log2(1.02);
}

/// 1 : 2^k for a whole k, up to 2 %.
bool are_halves(Msat a, Msat b) {
  const double steps = std::log2(static_cast<double>(a.count) / static_cast<double>(b.count));
  return std::abs(steps - std::round(steps)) < std::log2(1.02);
}

/// 2: within a quarter of the window, 1: within the window, 0: further apart.
unsigned closeness(SimDuration apart, SimDuration window) {
  const SimDuration distance = std::max(apart, -apart);
  if (distance * 4 <= window) return 2;
  return distance <= window ? 1 : 0;
}

/// What a pair shows in each side channel: its levels, as the digits of a number.
class Pattern {
 public:
  static constexpr std::size_t kCount = std::size_t{3} * 3 * 3 * 2 * 4;

  void add(unsigned level, unsigned levels) {
    index_ = index_ * levels + level;
    agreeing_ += level > 0 ? 1 : 0;
  }
  std::size_t index() const { return index_; }
  unsigned agreeing() const { return agreeing_; }

 private:
  std::size_t index_ = 0;
  unsigned agreeing_ = 0;
};

class Comparison {
 public:
  Comparison(const SideChannels& channels, SimDuration window)
      : channels_(channels), window_(window) {}

  /// Of two settled records, the second one moved in time by `shift`.
  Pattern of_settled(const LinkRecord& a, const LinkRecord& b, SimDuration shift) const {
    Pattern pattern;
    if (channels_.settle) pattern.add(closeness(b.settled + shift - a.settled, window_), 3);
    if (channels_.add) pattern.add(closeness(b.came + shift - a.came, window_), 3);
    if (channels_.amounts) {
      pattern.add(are_equal(a.amount, b.amount) ? 2 : are_halves(a.amount, b.amount) ? 1 : 0, 3);
    }
    add_constant(a, b, pattern);
    return pattern;
  }
  Pattern of_retry(const LinkRecord& a, const LinkRecord& b) const {
    Pattern pattern;
    add_constant(a, b, pattern);
    return pattern;
  }
  /// How many side channels two settled records can agree in.
  unsigned channel_count() const {
    unsigned count = 0;
    for (const bool is_on :
         {channels_.settle, channels_.add, channels_.amounts, channels_.expiry, channels_.peers}) {
      count += is_on ? 1 : 0;
    }
    return count;
  }

 private:
  void add_constant(const LinkRecord& a, const LinkRecord& b, Pattern& pattern) const {
    if (channels_.expiry) pattern.add(a.expiry == b.expiry ? 1 : 0, 2);
    if (channels_.peers) {
      pattern.add((a.after == b.after ? 2U : 0U) + (a.before == b.before ? 1U : 0U), 4);
    }
  }

  SideChannels channels_;
  SimDuration window_;
};

/// Records by arrival, and which of them are to be compared.
class Books {
 public:
  Books(const std::vector<LinkRecord>& records, SimDuration window)
      : records_(records), window_(window) {
    for (std::size_t i = 0; i < records.size(); ++i) {
      if (records[i].settled != SimTime::max()) settled_.push_back(i);
      if (records[i].failed != SimTime::max()) failed_.push_back(i);
      all_.push_back(i);
    }
    for (std::vector<std::size_t>* list : {&settled_, &failed_, &all_}) {
      std::stable_sort(list->begin(), list->end(), [&](std::size_t a, std::size_t b) {
        return records[a].came < records[b].came;
      });
    }
  }

  /// From the first to the last arrival.
  SimDuration length() const {
    if (all_.empty()) return SimDuration{};
    return records_[all_.back()].came - records_[all_.front()].came;
  }

  SimDuration shift_of(std::size_t bins) const {
    return length() * static_cast<std::int64_t>(bins) / static_cast<std::int64_t>(kBins);
  }

  /// How many more pairs meet than if one of each were moved, given how busy the bins of the run
  /// are; 0 if none would. At the edges the moved ones meet nobody, and traffic comes and goes.
  double busier_settled(std::size_t shift) const {
    const Histogram settled = histogram(settled_);
    return overlap(settled, settled, 0) / overlap(settled, settled, shift);
  }
  double busier_retries(std::size_t shift) const {
    const Histogram failed = histogram(failed_);
    const Histogram all = histogram(all_);
    return overlap(all, failed, 0) / overlap(all, failed, shift);
  }

  /// Pairs that were in the books together. With a shift the second record is that much later than
  /// it was, and either may be the first to come; without, each pair is visited once.
  template <class Visit>
  void for_each_settled(SimDuration shift, Visit visit) const {
    for (std::size_t i = 0; i < settled_.size(); ++i) {
      const LinkRecord& first = records_[settled_[i]];
      const bool is_moved = shift > SimDuration{};
      // The one that stays comes first, then the one that was moved ...
      visit_from(is_moved ? from(settled_, first.came - shift) : i + 1,
                 first.settled + window_ - shift, settled_,
                 [&](std::size_t other) { visit(settled_[i], other); });
      // ... or the other way round.
      if (!is_moved) continue;
      visit_from(from(settled_, first.came + shift + SimDuration{1}),
                 first.settled + window_ + shift, settled_,
                 [&](std::size_t other) { visit(other, settled_[i]); });
    }
  }

  /// Pairs of a failure and the next arrival of the same amount, if it comes soon.
  template <class Visit>
  void for_each_retry(SimDuration shift, Visit visit) const {
    for (const std::size_t failed : failed_) {
      const SimTime start = records_[failed].failed - shift;
      const SimTime end = start + kRetryWindows * window_;
      for (std::size_t place = from(all_, start);
           place < all_.size() && records_[all_[place]].came <= end; ++place) {
        const std::size_t later = all_[place];
        if (later == failed || !are_equal(records_[failed].amount, records_[later].amount)) {
          continue;
        }
        visit(failed, later);
        break;
      }
    }
  }

 private:
  using Histogram = std::array<double, kBins>;

  Histogram histogram(const std::vector<std::size_t>& list) const {
    Histogram bins{};
    for (const std::size_t i : list) {
      const SimDuration since = records_[i].came - records_[all_.front()].came;
      const double place = to_seconds(since) / (to_seconds(length()) + 1e-9);
      ++bins[std::min(kBins - 1, static_cast<std::size_t>(place * static_cast<double>(kBins)))];
    }
    return bins;
  }
  /// Of `early` with a `late` that stands `shift` bins behind it; infinite where there is none.
  static double overlap(const Histogram& early, const Histogram& late, std::size_t shift) {
    double sum = 0;
    for (std::size_t i = 0; i + shift < kBins; ++i) sum += early[i] * late[i + shift];
    return sum > 0 ? sum : std::numeric_limits<double>::infinity();
  }

  /// The first place in `list` that came at `time` or later.
  std::size_t from(const std::vector<std::size_t>& list, SimTime time) const {
    const auto place =
        std::lower_bound(list.begin(), list.end(), time,
                         [&](std::size_t i, SimTime t) { return records_[i].came < t; });
    return static_cast<std::size_t>(place - list.begin());
  }
  template <class Visit>
  void visit_from(std::size_t place,
                  SimTime end,
                  const std::vector<std::size_t>& list,
                  Visit visit) const {
    for (; place < list.size() && records_[list[place]].came <= end; ++place) visit(list[place]);
  }

  const std::vector<LinkRecord>& records_;
  SimDuration window_;
  std::vector<std::size_t> settled_;
  std::vector<std::size_t> failed_;
  std::vector<std::size_t> all_;
};

/// How many pairs show each pattern, and how many would by chance.
struct Counts {
  std::array<double, Pattern::kCount> seen{};
  std::array<double, Pattern::kCount> chance{};

  bool belongs_together(const Pattern& pattern) const {
    const double n = seen[pattern.index()];
    return n - (chance[pattern.index()] + 0.5) >= 0.5 * n;
  }
};

}  // namespace

SideChannels side_channels_of(const std::string& names) {
  SideChannels channels{false, false, false, false, false, false};
  const std::vector<std::pair<std::string, bool SideChannels::*>> known{
      {"settle", &SideChannels::settle},   {"add", &SideChannels::add},
      {"amounts", &SideChannels::amounts}, {"expiry", &SideChannels::expiry},
      {"peers", &SideChannels::peers},     {"retry", &SideChannels::retry}};
  std::istringstream words(names);
  for (std::string name; words >> name;) {
    const auto found =
        std::find_if(known.begin(), known.end(), [&](const auto& c) { return c.first == name; });
    if (found == known.end()) {
      std::vector<std::string> allowed;
      allowed.reserve(known.size());
      for (const auto& channel : known) allowed.push_back(channel.first);
      throw InputError({.key = "observer.side_channels"},
                       fmt::format("found \"{}\"; allowed: any of {}{}", name,
                                   fmt::join(allowed, " "), did_you_mean(name, allowed)));
    }
    channels.*(found->second) = true;
  }
  return channels;
}

Guesses guess_links(const std::vector<LinkRecord>& records,
                    const SideChannels& channels,
                    SimDuration window) {
  Guesses guesses;
  const Books books(records, window);
  const Comparison comparison(channels, window);
  const unsigned channel_count = comparison.channel_count();
  const bool is_long = books.length() >= kShortestRun;
  const auto is_open = [&](std::size_t a, std::size_t b) {
    return records[a].hash != records[b].hash;
  };
  Counts pairs;
  Counts retries;
  const auto count_pairs = [&](SimDuration shift, double weight, auto Counts::*counts) {
    if (channel_count == 0) return;
    books.for_each_settled(shift, [&](std::size_t a, std::size_t b) {
      if (!is_open(a, b)) return;
      (pairs.*counts)[comparison.of_settled(records[a], records[b], shift).index()] += weight;
    });
  };
  const auto count_retries = [&](SimDuration shift, double weight, auto Counts::*counts) {
    if (!channels.retry) return;
    books.for_each_retry(shift, [&](std::size_t a, std::size_t b) {
      if (!is_open(a, b)) return;
      (retries.*counts)[comparison.of_retry(records[a], records[b]).index()] += weight;
    });
  };
  count_pairs(SimDuration{}, 1, &Counts::seen);
  count_retries(SimDuration{}, 1, &Counts::seen);
  if (is_long) {
    // Moved, every settled pair is met twice: either record is the one that is moved.
    for (const std::size_t bins : kShifts) {
      count_pairs(books.shift_of(bins), books.busier_settled(bins) / 2 / kShifts.size(),
                  &Counts::chance);
      count_retries(books.shift_of(bins), books.busier_retries(bins) / kShifts.size(),
                    &Counts::chance);
    }
  }
  const auto is_guessed = [&](const Counts& counts, const Pattern& pattern) {
    return is_long ? counts.belongs_together(pattern) : 2 * pattern.agreeing() > channel_count;
  };
  if (channel_count > 0) {
    books.for_each_settled(SimDuration{}, [&](std::size_t a, std::size_t b) {
      if (is_open(a, b) &&
          is_guessed(pairs, comparison.of_settled(records[a], records[b], SimDuration{}))) {
        guesses.settled.emplace_back(a, b);
      }
    });
  }
  if (!channels.retry) return guesses;
  books.for_each_retry(SimDuration{}, [&](std::size_t a, std::size_t b) {
    const bool is_likely =
        !is_long || retries.belongs_together(comparison.of_retry(records[a], records[b]));
    if (is_open(a, b) && is_likely) guesses.retries.emplace_back(a, b);
  });
  return guesses;
}

}  // namespace ampsim::sim
