#include "core/boomerang_lock.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/check.hpp"
#include "core/htlc_set.hpp"

namespace ampsim::amp {
namespace {

/// What the sender is told: P(0) G, and P(i) G for each i from 1.
struct Invoice {
  Point secret;
  std::vector<Point> parts;
};

/// The secret that the values give away, if they do.
std::optional<Scalar> given_away(const Invoice& invoice, std::span<const PolynomialValue> values) {
  if (values.empty()) return std::nullopt;
  const Scalar secret = value_at_zero(values);
  if (point_of(secret) != invoice.secret) return std::nullopt;
  return secret;
}

class Polynomial {
 public:
  Polynomial(std::uint32_t degree, Rng& rng) {
    for (std::uint32_t i = 0; i <= degree; ++i) {
      Digest drawn;
      rng.fill(drawn);
      coefficients_.push_back(scalar_of(drawn));
    }
  }
  const Scalar& secret() const { return coefficients_.front(); }
  /// P(x) = a_0 + x (a_1 + x (a_2 + ...)).
  Scalar operator()(std::uint32_t x) const {
    Scalar value = coefficients_.back();
    for (std::size_t i = coefficients_.size() - 1; i > 0; --i) {
      value = add(multiply(value, scalar_of(x)), coefficients_[i - 1]);
    }
    return value;
  }

 private:
  std::vector<Scalar> coefficients_;
};

class BoomerangLocks final : public PartLocks {
 public:
  BoomerangLocks(const SetTerms& terms, Invoice invoice, Rng& rng)
      : total_(terms.total), needed_(terms.parts), invoice_(std::move(invoice)), rng_(&rng) {}

  PartLock next(AttemptId attempt, bool /*completes*/) override {
    std::uint32_t at = 1;
    while (is_taken(at)) ++at;
    AMPSIM_CHECK(at <= invoice_.parts.size(), "more parts than the invoice has points");
    live_.push_back({attempt, at, std::nullopt});
    PartLock lock{PaymentHash{invoice_.parts[at - 1].bytes}, {.total = total_, .child_index = at}};
    lock.kind = LockKind::point;
    rng_->fill(lock.path_seed.bytes);
    return lock;
  }
  void cancel(AttemptId attempt) override {
    const auto part = find(attempt);
    AMPSIM_CHECK(part != live_.end(), "only a live part can be cancelled");
    live_.erase(part);
  }
  /// Nothing while less than n values are known; P(0) if they give it away.
  std::optional<Answer> answer(const Ask& ask) override {
    for (const ClaimedPart& claimed : ask.parts) {
      const auto part = find(claimed.attempt);
      if (part != live_.end()) part->value = Scalar{claimed.preimage.bytes};
    }
    std::vector<PolynomialValue> known;
    for (const LivePart& part : live_) {
      if (part.value) known.push_back({part.at, *part.value});
    }
    if (known.size() < needed_) return std::nullopt;
    const std::optional<Scalar> secret = given_away(invoice_, known);
    return secret ? Answer{{AttemptId::none(), Preimage{secret->bytes}}} : Answer{};
  }

 private:
  struct LivePart {
    AttemptId attempt;
    std::uint32_t at = 0;
    std::optional<Scalar> value;  ///< once the receiver claims it
  };

  bool is_taken(std::uint32_t at) const {
    return std::any_of(live_.begin(), live_.end(),
                       [at](const LivePart& part) { return part.at == at; });
  }
  std::vector<LivePart>::iterator find(AttemptId attempt) {
    return std::find_if(live_.begin(), live_.end(),
                        [attempt](const LivePart& part) { return part.attempt == attempt; });
  }

  Msat total_;
  std::size_t needed_;
  Invoice invoice_;
  Rng* rng_;
  std::vector<LivePart> live_;
};

class BoomerangSet final : public CollectingSet {
 public:
  BoomerangSet(const SetTerms& terms, Polynomial polynomial, Invoice invoice)
      : CollectingSet(terms.completion, terms.behaviour),
        amount_(terms.total),
        polynomial_(std::move(polynomial)),
        invoice_(std::move(invoice)) {}

 private:
  LockKind lock_kind() const override { return LockKind::point; }
  std::optional<SetFailure> refuse(const ArrivedPart& part) const override {
    if (!part.payload.set_id.is_zero()) return SetFailure::wrong_set;
    const std::uint32_t at = part.payload.child_index;
    if (at == 0 || at > invoice_.parts.size()) return SetFailure::wrong_hash;
    if (part.hash.bytes != invoice_.parts[at - 1].bytes) return SetFailure::wrong_hash;
    const bool is_double =
        std::any_of(held_parts().begin(), held_parts().end(),
                    [at](const ArrivedPart& held) { return held.payload.child_index == at; });
    if (is_double) return SetFailure::wrong_hash;
    return std::nullopt;
  }
  std::optional<Msat> asked_amount() const override { return amount_; }
  bool needs_word() const override { return true; }

  bool is_shown(AttemptId attempt) const {
    return std::find(shown_.begin(), shown_.end(), attempt) != shown_.end();
  }
  Scalar value(const ArrivedPart& part) const { return polynomial_(part.payload.child_index); }

  /// Honest: once, what is held when the total is reached. Greedy: whatever it has not claimed yet.
  std::vector<ClaimedPart> question(bool is_whole) override {
    std::vector<ClaimedPart> parts;
    if (!is_greedy() && (!is_whole || has_asked_)) return parts;
    has_asked_ = is_whole;
    for (const ArrivedPart& part : held_parts()) {
      if (is_shown(part.attempt)) continue;
      shown_.push_back(part.attempt);
      parts.push_back({part.attempt, Preimage{value(part).bytes}});
    }
    return parts;
  }
  /// The sender has P(0), or will have it from values that are on their way to it.
  void ask_again() override { has_asked_ = false; }
  std::optional<SetFailure> learn(const Answer& answer) override {
    const bool is_told = std::any_of(answer.begin(), answer.end(), [&](const ClaimedPart& part) {
      return point_of(Scalar{part.preimage.bytes}) == invoice_.secret;
    });
    std::vector<PolynomialValue> shown;
    for (const ArrivedPart& part : held_parts()) {
      if (is_shown(part.attempt)) shown.push_back({part.payload.child_index, value(part)});
    }
    if (is_told || given_away(invoice_, shown)) return SetFailure::reversed;
    may_claim_ = true;
    return std::nullopt;
  }
  /// P(i) of the parts that it told the sender of.
  std::vector<Preimage> candidates() const override {
    std::vector<Preimage> secrets;
    for (const ArrivedPart& part : held_parts()) {
      const bool is_claimed = may_claim_ && is_shown(part.attempt);
      secrets.push_back(is_claimed ? Preimage{value(part).bytes} : Preimage{});
    }
    return secrets;
  }

  Msat amount_;
  Polynomial polynomial_;
  Invoice invoice_;
  std::vector<AttemptId> shown_;  ///< whose values the sender was told
  bool has_asked_ = false;
  bool may_claim_ = false;
};

}  // namespace

// sum over i of P(x_i) L_i with L_i = product over j != i of x_j / (x_j - x_i).
Scalar value_at_zero(std::span<const PolynomialValue> values) {
  AMPSIM_CHECK(!values.empty(), "no value of a polynomial");
  std::optional<Scalar> sum;
  for (const PolynomialValue& each : values) {
    Scalar term = each.value;
    for (const PolynomialValue& other : values) {
      if (&other == &each) continue;
      AMPSIM_CHECK(other.at != each.at, "two values of a polynomial at one place");
      const bool is_above = other.at > each.at;
      const Scalar distance = scalar_of(is_above ? other.at - each.at : each.at - other.at);
      const Scalar factor = multiply(scalar_of(other.at), inverse(distance));
      term = multiply(term, is_above ? factor : negate(factor));
    }
    sum = sum ? add(*sum, term) : term;
  }
  return *sum;
}

SetEnds open_boomerang(const SetTerms& terms, Rng& rng) {
  Polynomial polynomial(terms.parts, rng);
  Invoice invoice{point_of(polynomial.secret()), {}};
  for (std::uint32_t i = 1; i <= terms.parts + terms.spares; ++i) {
    invoice.parts.push_back(point_of(polynomial(i)));
  }
  return {std::make_unique<BoomerangLocks>(terms, invoice, rng),
          std::make_unique<BoomerangSet>(terms, std::move(polynomial), std::move(invoice))};
}

}  // namespace ampsim::amp
