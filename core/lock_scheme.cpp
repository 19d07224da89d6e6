#include "core/lock_scheme.hpp"

#include <algorithm>
#include <array>

#include "core/amp_lock.hpp"
#include "core/check.hpp"
#include "core/invoice_lock.hpp"
#include "core/keysend_lock.hpp"
#include "core/og_amp_lock.hpp"
#include "core/point.hpp"
#include "core/ptlc_lock.hpp"
#include "core/sha256.hpp"

namespace ampsim::amp {
namespace {

constexpr std::array kSchemes{
    Scheme{.name = "single",
           .summary = "one invoice, one part: all of the amount over one path",
           .needs_invoice = true,
           .open = open_one_part_invoice},
    Scheme{.name = "invoices",
           .summary = "k invoices paid one after another, each by one part: not atomic",
           .needs_invoice = true,
           .many_sets = true,
           .open = open_one_part_invoice},
    Scheme{.name = "mpp",
           .summary = "one invoice, several parts with the same hash (BOLT 4 basic MPP)",
           .splits = true,
           .needs_invoice = true,
           .open = open_mpp},
    Scheme{.name = "amp",
           .summary = "several parts with hashes of their own, claimed all or none, no invoice",
           .splits = true,
           .open = open_amp},
    Scheme{.name = "og_amp",
           .summary = "AMP as first proposed in 2018: the last part says how many there are",
           .splits = true,
           .open = open_og_amp},
    Scheme{.name = "keysend",
           .summary = "one part that carries its own preimage, no invoice",
           .open = open_keysend},
    Scheme{.name = "mpp_keysend",
           .summary = "several parts with the same hash, each with a share of the preimage",
           .splits = true,
           .open = open_mpp_keysend},
    Scheme{.name = "ptlc",
           .summary = "AMP with points: one invoice, proof of payment, another lock at each hop",
           .splits = true,
           .needs_invoice = true,
           .open = open_ptlc},
};

/// t_1 + ... + t_hops, with t_d = SHA256(path_seed || be32(d)).
Scalar path_sum(const PathSeed& seed, std::size_t hops) {
  std::array<std::byte, 36> message{};
  std::copy(seed.bytes.begin(), seed.bytes.end(), message.begin());
  Scalar sum;
  for (std::size_t d = 1; d <= hops; ++d) {
    for (std::size_t i = 0; i < 4; ++i) {
      message.at(35 - i) = static_cast<std::byte>((d >> (8 * i)) & 0xffU);
    }
    const Scalar t = scalar_of(sha256(message));
    sum = d == 1 ? t : add(sum, t);
  }
  return sum;
}

}  // namespace

bool opens(LockKind kind, const Preimage& preimage, const PaymentHash& hash) {
  if (kind == LockKind::hash) return hash_of(preimage) == hash;
  return !preimage.is_zero() && point_of({preimage.bytes}).bytes == hash.bytes;
}

PaymentHash lock_at(const PartLock& lock, std::size_t hops) {
  if (lock.kind == LockKind::hash || hops == 0) return lock.hash;
  return {add(Point{lock.hash.bytes}, path_sum(lock.path_seed, hops)).bytes};
}

Preimage preimage_at(const PartLock& lock, const Preimage& at_receiver, std::size_t hops) {
  if (lock.kind == LockKind::hash || hops == 0) return at_receiver;
  return {add(even({at_receiver.bytes}), path_sum(lock.path_seed, hops)).bytes};
}

std::string_view name_of(SetFailure failure) {
  switch (failure) {
    case SetFailure::timed_out:
      return "timed_out";
    case SetFailure::total_mismatch:
      return "total_mismatch";
    case SetFailure::total_too_low:
      return "total_too_low";
    case SetFailure::overpaid:
      return "overpaid";
    case SetFailure::wrong_set:
      return "wrong_set";
    case SetFailure::wrong_hash:
      return "wrong_hash";
    case SetFailure::reconstruction:
      return "reconstruction";
    case SetFailure::set_closed:
      return "set_closed";
    case SetFailure::expiry_too_soon:
      return "expiry_too_soon";
  }
  AMPSIM_UNREACHABLE("unknown set failure");
}

std::span<const Scheme> schemes() { return kSchemes; }

const Scheme* find_scheme(std::string_view name) {
  const auto* const found =
      std::find_if(kSchemes.begin(), kSchemes.end(),
                   [name](const Scheme& scheme) { return scheme.name == name; });
  return found == kSchemes.end() ? nullptr : found;
}

}  // namespace ampsim::amp
