#include "sim/cli/amp_command.hpp"

#include <array>
#include <charconv>
#include <fstream>
#include <istream>
#include <ostream>
#include <string_view>

#include <fmt/format.h>

#include "core/amp_lock.hpp"
#include "core/check.hpp"
#include "core/csv.hpp"
#include "core/hex.hpp"
#include "core/shard_tracker.hpp"
#include "core/share.hpp"

namespace ampsim::cli {
namespace {

using amp::Derivation;

constexpr std::int64_t kMostParts = 10'000;
constexpr std::string_view kChildColumns = "part,share,child_index,root,preimage,payment_hash";

Derivation parse_derivation(const std::string& name) {
  if (const auto derivation = amp::find_derivation(name)) return *derivation;
  std::vector<std::string> names;
  names.reserve(amp::kDerivations.size());
  for (const Derivation derivation : amp::kDerivations) names.emplace_back(name_of(derivation));
  throw InputError({.key = "--derivation"},
                   fmt::format("found \"{}\"; allowed: {}{}", name, fmt::join(names, ", "),
                               did_you_mean(name, names)));
}

std::string_view share_form(Derivation derivation) {
  return derivation == Derivation::toy ? "a decimal integer below 2^256" : "64 hexadecimal digits";
}

std::string child_row(Derivation derivation,
                      std::size_t part,
                      const amp::Share& root,
                      const amp::Child& child) {
  return fmt::format("{},{},{},{},{},{}", part, to_text(derivation, child.share), child.index,
                     to_text(derivation, root), to_hex(child.preimage.bytes),
                     to_hex(child.hash.bytes));
}

std::string read_all(std::istream& file, const std::string& name) {
  std::string text;
  std::array<char, 65'536> block{};
  do {
    file.read(block.data(), block.size());
    text.append(block.data(), static_cast<std::size_t>(file.gcount()));
  } while (file);
  if (file.bad()) throw InputError({.file = name}, "cannot be read");
  return text;
}

template <class Bytes>
Bytes hex_at(const CsvTable& table, std::size_t row, std::string_view column) {
  const auto bytes = parse_hex32(table.at(row, column));
  if (!bytes) throw table.bad_field(row, column, "64 hexadecimal digits");
  return {*bytes};
}

/// The rows as the receiver gets them; the payloads' total is still open.
std::vector<amp::ArrivedPart> read_parts(const CsvTable& table, Derivation derivation) {
  table.require_columns({"part", "share", "child_index", "payment_hash", "amount_msat"});
  // Where the file does not name the set, all of it is one.
  constexpr amp::SetId kOnlySet{{std::byte{1}}};
  const bool names_set = table.has_column("set_id");
  std::vector<amp::ArrivedPart> parts;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto share = amp::parse_share(derivation, table.at(row, "share"));
    if (!share) throw table.bad_field(row, "share", share_form(derivation));
    amp::ArrivedPart part;
    part.attempt = {static_cast<std::uint32_t>(row)};
    part.amount = {table.integer(row, "amount_msat", 1, Msat::max().count)};
    part.hash = hex_at<amp::PaymentHash>(table, row, "payment_hash");
    part.payload.set_id = names_set ? hex_at<amp::SetId>(table, row, "set_id") : kOnlySet;
    part.payload.share = *share;
    part.payload.child_index =
        static_cast<std::uint32_t>(table.integer(row, "child_index", 0, 0xffff'ffff));
    parts.push_back(part);
  }
  return parts;
}

Msat sum_of_amounts(const std::vector<amp::ArrivedPart>& parts, const std::string& file) {
  Int128 sum = 0;
  for (const amp::ArrivedPart& part : parts) sum += part.amount.count;
  if (sum > Msat::max().count) {
    throw InputError(
        {.file = file, .key = "amount_msat"},
        fmt::format("found amounts that add up to more than {} msat", Msat::max().count));
  }
  return {static_cast<std::int64_t>(sum)};
}

std::string why_not(amp::SetFailure failure, std::string_view part) {
  switch (failure) {
    case amp::SetFailure::wrong_set:
      return fmt::format("part {} belongs to another set, or to none", part);
    case amp::SetFailure::set_closed:
      return fmt::format("part {} arrived after the set was claimed", part);
    case amp::SetFailure::reconstruction:
      return "the hashes derived from the shares do not match the payment hashes";
    case amp::SetFailure::timed_out:
    case amp::SetFailure::total_mismatch:
    case amp::SetFailure::total_too_low:
    case amp::SetFailure::total_too_high:
    case amp::SetFailure::overpaid:
    case amp::SetFailure::unknown_invoice:
    case amp::SetFailure::invoice_closed:
    case amp::SetFailure::not_needed:
    case amp::SetFailure::reversed:
    case amp::SetFailure::wrong_hash:
    case amp::SetFailure::expiry_too_soon:
      break;
  }
  return fmt::format("part {}: {}", part, name_of(failure));
}

/// Row i of the table is part i. The exit code.
int claim_parts(const CsvTable& table,
                const std::vector<amp::ArrivedPart>& parts,
                Derivation derivation,
                std::ostream& out,
                std::ostream& err) {
  constexpr std::string_view kCannot = "the set cannot be claimed: ";
  if (parts.empty()) {
    err << kCannot << "no part has arrived\n";
    return 1;
  }
  amp::AmpSet set(derivation, amp::Completion::ge);
  std::string claimed = "part,preimage\n";
  Msat received{0};
  for (const amp::ArrivedPart& part : parts) {
    const amp::Decision decision = set.arrive(part);
    if (const auto* const fail = std::get_if<amp::Fail>(&decision)) {
      err << kCannot << why_not(fail->reason, table.at(part.attempt.index, "part")) << '\n';
      return 1;
    }
    received += part.amount;
    if (const auto* const claim = std::get_if<amp::Claim>(&decision)) {
      for (const amp::ClaimedPart& opened : claim->parts) {
        claimed += csv_field(table.at(opened.attempt.index, "part")) + ',' +
                   to_hex(opened.preimage.bytes) + '\n';
      }
    }
  }
  if (!set.is_claimed()) {
    const Msat total = parts.front().payload.total;
    err << kCannot
        << fmt::format("{} of {} msat have arrived, {} are missing\n", received.count, total.count,
                       (total - received).count);
    return 1;
  }
  out << claimed;
  return 0;
}

}  // namespace

int run_amp_derive(const AmpDeriveArguments& arguments, std::ostream& out) {
  const Derivation derivation = parse_derivation(arguments.derivation);
  if (arguments.shares.empty()) {
    throw InputError({.key = "--shares"}, "found none; allowed: one or more");
  }
  if (!arguments.indexes.empty() && arguments.indexes.size() != arguments.shares.size()) {
    throw InputError({.key = "--indexes"},
                     fmt::format("found {} for {} shares; allowed: as many as shares",
                                 arguments.indexes.size(), arguments.shares.size()));
  }
  std::vector<amp::ShareAndIndex> parts;
  for (const std::string& text : arguments.shares) {
    const auto share = amp::parse_share(derivation, text);
    if (!share) {
      throw InputError({.key = "--shares"},
                       fmt::format("found \"{}\"; allowed: {}", text, share_form(derivation)));
    }
    const std::size_t i = parts.size();
    const std::uint32_t counted = amp::first_index(derivation) + static_cast<std::uint32_t>(i);
    parts.push_back({*share, arguments.indexes.empty() ? counted : arguments.indexes[i]});
  }
  const amp::Share root = root_of(derivation, parts);
  out << kChildColumns << '\n';
  const auto children = reconstruct_children(derivation, parts);
  for (std::size_t i = 0; i < children.size(); ++i) {
    out << child_row(derivation, i, root, children[i]) << '\n';
  }
  return 0;
}

int run_amp_split(const AmpSplitArguments& arguments, std::ostream& out) {
  const Derivation derivation = parse_derivation(arguments.derivation);
  const std::int64_t count = arguments.parts;
  if (count < 1 || count > kMostParts) {
    throw InputError({.key = "--parts"},
                     fmt::format("found {}; allowed: 1 to {}", count, kMostParts));
  }
  if (arguments.total_msat < count) {
    throw InputError({.key = "--total-msat"},
                     fmt::format("found {}; allowed: at least 1 msat for each of {} parts",
                                 arguments.total_msat, count));
  }
  Rng rng(arguments.seed, "amp_shares");
  amp::ShardTracker tracker(derivation, rng);
  const std::string set_id = to_hex(tracker.set_id().bytes);
  out << kChildColumns << ",amount_msat,set_id\n";
  for (std::int64_t i = 0; i < count; ++i) {
    const bool has_one_more = i < arguments.total_msat % count;
    const std::int64_t amount = arguments.total_msat / count + (has_one_more ? 1 : 0);
    const amp::Child child = tracker.new_shard({static_cast<std::uint32_t>(i)}, i + 1 == count);
    const amp::Share& root = tracker.sharer().root();
    out << child_row(derivation, static_cast<std::size_t>(i), root, child) << ',' << amount << ','
        << set_id << '\n';
  }
  return 0;
}

int run_amp_claim(const AmpClaimArguments& arguments, std::ostream& out, std::ostream& err) {
  std::ifstream file(arguments.parts_file, std::ios::binary);
  if (!file) throw InputError({.file = arguments.parts_file}, "cannot be opened for reading");
  return run_amp_claim(arguments, file, out, err);
}

int run_amp_claim(const AmpClaimArguments& arguments,
                  std::istream& parts,
                  std::ostream& out,
                  std::ostream& err) {
  const Derivation derivation = parse_derivation(arguments.derivation);
  const CsvTable table(read_all(parts, arguments.parts_file), arguments.parts_file);
  std::vector<amp::ArrivedPart> arriving = read_parts(table, derivation);
  const Msat sum = sum_of_amounts(arriving, arguments.parts_file);
  const Msat total{arguments.total_msat.value_or(sum.count)};
  if (arguments.total_msat && total.count < 1) {
    throw InputError({.key = "--total-msat"},
                     fmt::format("found {}; allowed: 1 or more", total.count));
  }

  for (amp::ArrivedPart& part : arriving) part.payload.total = total;
  return claim_parts(table, arriving, derivation, out, err);
}

}  // namespace ampsim::cli
