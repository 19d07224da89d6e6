#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

/// `ampsim amp derive|split|claim`: the AMP core by itself, CSV in and out. Shares and roots are 64
/// hexadecimal digits, decimal integers with `--derivation toy`; parts are numbered from 0.
///
/// Each function returns the exit code: 0, or 1 if a set cannot be claimed. Bad input is an
/// InputError, thrown before anything is written.
///
/// Tested by tests/amp_command_test.cpp.
namespace ampsim::cli {

/// `ampsim amp derive --shares HEX,HEX[,...] [--indexes 0,1,...] [--derivation lnd|og2018|toy]`
struct AmpDeriveArguments {
  std::vector<std::string> shares;     ///< --shares, separated by commas; at least one
  std::vector<std::uint32_t> indexes;  ///< --indexes, one a share; default: counted from 0 for
                                       ///< lnd, from 1 for og2018 and toy
  std::string derivation = "lnd";      ///< --derivation
};
/// Prints part,share,child_index,root,preimage,payment_hash.
int run_amp_derive(const AmpDeriveArguments& arguments, std::ostream& out);

/// `ampsim amp split --parts N --total-msat V [--seed S] [--derivation ...]`
struct AmpSplitArguments {
  std::int64_t parts = 0;          ///< --parts, 1 to 10,000
  std::int64_t total_msat = 0;     ///< --total-msat, at least 1 a part
  std::uint64_t seed = 1;          ///< --seed: the same seed, the same secrets
  std::string derivation = "lnd";  ///< --derivation
};
/// Prints the columns of derive and amount_msat,set_id. The amounts are equal, but for what is left
/// over: 1 msat more on the first parts.
int run_amp_split(const AmpSplitArguments& arguments, std::ostream& out);

/// `ampsim amp claim PARTS.csv [--total-msat V] [--derivation ...]`
struct AmpClaimArguments {
  std::string parts_file;                  ///< PARTS.csv
  std::optional<std::int64_t> total_msat;  ///< --total-msat; default: what the parts add up to
  std::string derivation = "lnd";          ///< --derivation
};
/// Lets the parts arrive at a receiver in the order of the rows. Reads the columns
/// part,share,child_index,payment_hash,amount_msat in any order, set_id where there is one, and
/// never root or preimage. Prints part,preimage to `out` if the set can be claimed, else the reason
/// to `err`.
int run_amp_claim(const AmpClaimArguments& arguments, std::ostream& out, std::ostream& err);
/// The same with the content of the file in `parts`; its name is for messages only.
int run_amp_claim(const AmpClaimArguments& arguments,
                  std::istream& parts,
                  std::ostream& out,
                  std::ostream& err);

}  // namespace ampsim::cli
