#include "sim/measure/trace_format.hpp"

#include <array>

#include "core/hex.hpp"

namespace ampsim::sim {

std::span<const TraceFormat> trace_formats() {
  static constexpr std::array<TraceFormat, 3> kFormats = {{
      {"text", text_trace},
      {"mermaid", mermaid_trace},
      {"json", json_trace},
  }};
  return kFormats;
}

std::string abbreviated(std::span<const std::byte> bytes) {
  return to_hex(bytes).substr(0, 12) + "...";
}

std::string abbreviated(amp::Derivation derivation, const amp::Share& share) {
  return derivation == amp::Derivation::toy ? amp::to_text(derivation, share)
                                            : abbreviated(share.bytes);
}

}  // namespace ampsim::sim
