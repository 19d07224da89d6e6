#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "sim/attack/attack.hpp"
#include "sim/attack/own_htlcs.hpp"

namespace ampsim::sim {
namespace {

/// Binary search of balances (Herrera-Joancomarti et al. 2019, On the difficulty of hiding the
/// balance of Lightning Network channels). A probe is an HTLC with a random hash to the far end of
/// the channel: if the far end answers that it knows no such payment, the amount fitted; if the
/// near end answers temporary_channel_failure, it did not. The channels of one near end are
/// searched one after another, those of different ones at the same time.
///
/// The near end can spend its balance less the reserve, so that a probe of amount a tells whether
/// the balance is at least a + reserve. What a probe cannot tell apart it gets wrong: full slots,
/// a full in-flight cap, parallel channels that take the HTLC instead, and payments that move the
/// balance while the search goes on.
class Probing final : public Attack {
 public:
  explicit Probing(const AttackMeans& means) : Attack(means), own_(this->means()) {
    for (const Way& way : means.plan.foothold->ways) {
      const Msat capacity = means.network.channel(way.target.channel()).capacity();
      searches_.push_back({.way = way, .most = capacity, .reserve = reserve_of(capacity)});
    }
  }

 private:
  struct Search {
    Way way;
    Msat least;  ///< what the near end's balance is, as far as known: from here ...
    Msat most;   ///< ... to here
    Msat reserve;
    std::uint32_t probes = 0;
    bool is_refused = false;  ///< for a reason that says nothing about the balance
  };

  /// As the network computes it: floor(capacity * share).
  Msat reserve_of(Msat capacity) const {
    return {static_cast<std::int64_t>(
        std::floor(static_cast<double>(capacity.count) * means().limits.reserve))};
  }

  void begin() override {
    for (std::uint32_t i = 0; i < searches_.size(); ++i) {
      const bool is_first = i == 0 || searches_[i - 1].way.entry != searches_[i].way.entry;
      if (is_first) search_from(i);
    }
  }

  Route route(const Search& search, Msat amount) const {
    return own_.route(std::array{search.way.entry, search.way.target}, amount);
  }

  /// The amount that halves what is not known, or what comes nearest to it within policy and
  /// budget; 0 if that would tell nothing new.
  Msat next_amount(const Search& search) const {
    if (search.most - search.least <= means().params.precision) return Msat{0};
    const topo::ForwardingPolicy& policy = own_.policy(search.way.target);
    const Channel& entry = means().network.channel(search.way.entry.channel());
    const Msat budget = entry.spendable(search.way.entry.direction());
    const Msat reach = std::min(policy.htlc_maximum, budget - route(search, budget).fee());
    const Msat half = search.least + (search.most - search.least + Msat{1}) / 2 - search.reserve;
    const Msat amount = std::min(reach, std::max({half, policy.htlc_minimum, Msat{1}}));
    const Msat tells = amount + search.reserve;
    return tells > search.least && tells <= search.most ? amount : Msat{0};
  }

  /// Goes on with this search, or with the next one of the same near end.
  void search_from(std::uint32_t index) {
    const DirectedChannel entry = searches_[index].way.entry;
    while (!probe(index)) {
      end(searches_[index]);
      if (++index == searches_.size() || searches_[index].way.entry != entry) return;
    }
  }

  /// False if there is nothing more to learn.
  bool probe(std::uint32_t index) {
    Search& search = searches_[index];
    const Msat amount = is_active() && !search.is_refused ? next_amount(search) : Msat{0};
    if (amount <= Msat{0} || !own_.send(route(search, amount), index)) return false;
    ++search.probes;
    means().books.probe_sent();
    return true;
  }

  void end(const Search& search) {
    if (search.probes == 0) return;
    const DirectedChannel target = search.way.target;
    const Channel& channel = means().network.channel(target.channel());
    if (channel.is_closed()) return;  // there is no balance any more
    means().books.balance_probed({.capacity = channel.capacity(),
                                  .least = search.least,
                                  .most = search.most,
                                  .truth = channel.balance(target.direction())});
  }

  /// The far end is honest: it knows no such hash.
  void arrive(AttemptId id) override {
    Attempt& attempt = means().attempts[id];
    const auto hops = static_cast<std::uint32_t>(attempt.route.hops.size());
    attempt.failure = FailureCode::incorrect_or_unknown_payment_details;
    attempt.failed_at = static_cast<std::int32_t>(hops);
    means().flow.fail(id, hops - 1);
  }

  void came_back(AttemptId id) override {
    const Attempt& attempt = means().attempts[id];
    const std::uint32_t index = attempt.part;
    Search& search = searches_[index];
    const Msat told = attempt.amount() + search.reserve;
    const FailureCode answer = attempt.failure;
    own_.close(id);
    if (answer == FailureCode::incorrect_or_unknown_payment_details) {
      search.least = told;
    } else if (answer == FailureCode::temporary_channel_failure) {
      search.most = told - Msat{1};
    } else {
      search.is_refused = true;
    }
    search_from(index);
  }

  OwnHtlcs own_;
  std::vector<Search> searches_;  // by way
};

}  // namespace

std::unique_ptr<Attack> make_probing(const AttackMeans& means) {
  return std::make_unique<Probing>(means);
}

}  // namespace ampsim::sim
