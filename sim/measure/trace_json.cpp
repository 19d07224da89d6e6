#include <ostream>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/hex.hpp"
#include "sim/measure/trace_format.hpp"

namespace ampsim::sim {
namespace {

using Json = nlohmann::ordered_json;

std::int64_t ns(SimTime time) { return time.time_since_epoch().count(); }

class JsonTrace final : public TraceWriter {
 public:
  JsonTrace(TracedPayment traced, std::ostream& out) : TraceWriter(std::move(traced)), out_(out) {}

  void tell(const TraceEvent& event) override {
    Json json{{"at_ns", ns(event.at)}, {"kind", name_of(event.kind)}};
    json["from"] = traced().name(event.from);
    if (!event.to.is_none()) json["to"] = traced().name(event.to);
    if (event.part) json["part"] = *event.part;
    if (event.attempt) json["attempt"] = *event.attempt;
    json["amount_msat"] = event.amount.count;
    if (event.fee) json["fee_msat"] = event.fee->count;
    for (const ChannelId channel : event.route) json["route"].push_back(traced().name(channel));
    if (event.channel) json["channel"] = traced().name(*event.channel);
    if (event.expiry) json["expiry"] = event.expiry->count;
    if (event.hash) json["payment_hash"] = to_hex(event.hash->bytes);
    if (event.preimage) json["preimage"] = to_hex(event.preimage->bytes);
    if (event.set_id) json["set_id"] = to_hex(event.set_id->bytes);
    if (event.child_index) json["child_index"] = *event.child_index;
    if (event.share) json["share"] = amp::to_text(traced().derivation, *event.share);
    if (event.root) json["root"] = amp::to_text(traced().derivation, *event.root);
    if (event.due) json["due_ns"] = ns(*event.due);
    if (!event.note.empty()) json["note"] = event.note;
    events_.push_back(std::move(json));
  }

  void finish(const PaymentRecord& outcome) override {
    Json payment{{"payment", outcome.payment.index},
                 {"scheme", traced().scheme},
                 {"derivation", amp::name_of(traced().derivation)},
                 {"source", traced().name(outcome.sender)},
                 {"destination", traced().name(outcome.receiver)},
                 {"amount_msat", outcome.amount.count},
                 {"start_ns", ns(outcome.start)},
                 {"end_ns", ns(outcome.end)},
                 {"state", name_of(outcome.state)}};
    if (outcome.failure != PaymentFailure::none) payment["failure"] = name_of(outcome.failure);
    payment["parts"] = outcome.parts;
    payment["attempts"] = outcome.attempts;
    payment["fee_msat"] = outcome.fee.count;
    payment["delivered_msat"] = outcome.delivered.count;
    const Json document{{"experiment", traced().experiment},
                        {"run", traced().run},
                        {"seed", traced().seed},
                        {"payment", std::move(payment)},
                        {"events", std::move(events_)}};
    // Names come from files and need not be UTF-8.
    out_ << document.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
  }

 private:
  std::ostream& out_;
  Json events_ = Json::array();
};

}  // namespace

std::unique_ptr<TraceWriter> json_trace(TracedPayment traced, std::ostream& out) {
  return std::make_unique<JsonTrace>(std::move(traced), out);
}

}  // namespace ampsim::sim
