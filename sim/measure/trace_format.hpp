#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "core/share.hpp"
#include "core/units.hpp"
#include "sim/measure/run_result.hpp"
#include "sim/measure/trace.hpp"
#include "topologies/topology.hpp"

/// How the story of a payment is written down. A new format is one file and one line in
/// trace_format.cpp.
///
///   text     a line an event, for people: messages, holds and decisions, hashes abbreviated
///   mermaid  a sequence diagram (mermaid.js.org): nodes from left to right as they appear,
///            messages as arrows, what happens inside a node as notes. Mermaid's own limit of
///            50,000 characters is reached after some 400 arrows and notes.
///   json     everything in full, one document; its keys are listed at json_trace() below
///
/// Tested by tests/trace_format_test.cpp.
namespace ampsim::sim {

/// Which payment it is. The topology outlives the writer.
struct TracedPayment {
  std::string experiment;
  std::uint64_t run = 0;
  std::uint64_t seed = 0;
  PaymentId payment;
  std::string scheme;
  amp::Derivation derivation = amp::Derivation::lnd;
  const topo::Topology* topology = nullptr;

  const std::string& name(NodeId node) const { return topology->nodes[node.index].name; }
  const std::string& name(ChannelId channel) const { return topology->channels[channel.index].id; }
};

class TraceWriter : public TraceSink {
 public:
  explicit TraceWriter(TracedPayment traced)
      : TraceSink(traced.payment), traced_(std::move(traced)) {}
  /// After the last event. Formats that need the whole story write now.
  virtual void finish(const PaymentRecord& outcome) = 0;

 protected:
  const TracedPayment& traced() const { return traced_; }

 private:
  TracedPayment traced_;
};

struct TraceFormat {
  std::string_view name;
  /// `out` outlives the writer.
  std::unique_ptr<TraceWriter> (*open)(TracedPayment traced, std::ostream& out) = nullptr;
};
/// All formats, the default first.
std::span<const TraceFormat> trace_formats();

/// The formats, one a file.
std::unique_ptr<TraceWriter> text_trace(TracedPayment traced, std::ostream& out);
std::unique_ptr<TraceWriter> mermaid_trace(TracedPayment traced, std::ostream& out);
/// The JSON document is {experiment, run, seed, payment, events}: `run` and `seed` are those of
/// runs.csv; `payment` is the row of payments.csv, times in ns, with `scheme` and `derivation`;
/// `pandas.json_normalize(doc["events"])` is a table with a row an event. What an event does not
/// have is absent:
///
/// | key            | meaning |
/// |----------------|---------|
/// | `at_ns`        | when, from the start of the run |
/// | `kind`         | a name of TraceKind |
/// | `from`         | the node that acts |
/// | `to`           | the node that a message goes to; the receiver, for the whole payment |
/// | `part`         | as in parts.csv; absent for what concerns the whole payment |
/// | `attempt`      | as in parts.csv |
/// | `amount_msat`  | of the HTLC; at sender and receiver of the part; else of the payment |
/// | `fee_msat`     | of the part's route, where its sender tells of it |
/// | `route`        | ids of its channels: as chosen, at the end as taken (a parallel one may be) |
/// | `channel`      | id of the channel: of the HTLC, or the one that failed |
/// | `expiry`       | time lock of the HTLC, in blocks from the height at which it is sent |
/// | `payment_hash` | hexadecimal |
/// | `preimage`     | hexadecimal, where it is released or known |
/// | `set_id`       | hexadecimal, for AMP; goes with child index and share |
/// | `child_index`  | for AMP |
/// | `share`        | hexadecimal; a decimal number for the derivation `toy` |
/// | `root`         | as `share`: the sum of all shares (`set_claimed`) |
/// | `due_ns`       | when the timer rings (`timer_started`) |
/// | `note`         | name of the scheme, reason of a failure, outcome |
///
/// HTLCs leave the commitments after the sender knows their outcome, so `htlc_removed` may follow
/// `payment_ends`.
std::unique_ptr<TraceWriter> json_trace(TracedPayment traced, std::ostream& out);

/// For people: the first letters of a secret or hash, enough to tell two apart on a screen; shares
/// of `toy` in full.
std::string abbreviated(std::span<const std::byte> bytes);
std::string abbreviated(amp::Derivation derivation, const amp::Share& share);

}  // namespace ampsim::sim
