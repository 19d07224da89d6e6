#include "sim/payment/params.hpp"

#include "core/check.hpp"

namespace ampsim::sim {
namespace {

ReceiverParams with(const ReceiverParams& given,
                    std::chrono::seconds timeout,
                    ReceiverTimer timer,
                    BlockDelta final_cltv_delta) {
  ReceiverParams params = given;
  params.timeout = timeout;
  params.timer = timer;
  params.completion = amp::Completion::ge;
  params.final_cltv_delta = final_cltv_delta;
  return params;
}

}  // namespace

const amp::Scheme& scheme_of(const PaymentParams& params) {
  const amp::Scheme* scheme = amp::find_scheme(params.scheme);
  AMPSIM_CHECK(scheme != nullptr, "unknown scheme " + params.scheme);
  return *scheme;
}

ReceiverParams as_implemented(const ReceiverParams& given) {
  using std::chrono::seconds;
  switch (given.implementation) {
    case ReceiverImplementation::custom:
      return given;
    case ReceiverImplementation::lnd:
      return with(given, seconds{120}, ReceiverTimer::htlc, BlockDelta{80});
    case ReceiverImplementation::cln:
      return with(given, seconds{70}, ReceiverTimer::set, BlockDelta{18});
    case ReceiverImplementation::eclair:
      return with(given, seconds{60}, ReceiverTimer::set, BlockDelta{30});
    case ReceiverImplementation::ldk:
      return with(given, seconds{180}, ReceiverTimer::htlc, BlockDelta{42});
  }
  AMPSIM_UNREACHABLE("unknown implementation");
}

}  // namespace ampsim::sim
