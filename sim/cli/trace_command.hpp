#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

/// `ampsim trace`: the story of one payment of one run, message by message, in one of the formats
/// of sim/measure/trace_format.hpp. The whole run is simulated, so the payment meets the same
/// network as it did in the experiment.
///
/// Errors: InputError for a payment or run that the experiment does not have, or no such format.
/// Tested by tests/trace_command_test.cpp.
namespace ampsim::cli {

struct TraceOptions {
  std::string experiment;
  std::vector<std::string> overrides;  ///< KEY=VALUE
  std::uint32_t payment = 0;           ///< as numbered in payments.csv
  std::uint64_t run = 0;               ///< row of runs.csv, from 0
  std::string format = "text";         ///< a name of sim::trace_formats()
};
int trace_command(const TraceOptions& options, std::ostream& out);

}  // namespace ampsim::cli
