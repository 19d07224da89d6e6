#include "sim/cli/merge_command.hpp"

#include <filesystem>

#include <fmt/format.h>

#include "sim/cli/report_command.hpp"
#include "sim/experiment/merge.hpp"

namespace ampsim::cli {

int merge_command(const MergeOptions& options) {
  const std::vector<std::filesystem::path> shards(options.shards.begin(), options.shards.end());
  const sim::MergeOutcome outcome = sim::merge_shards(shards, options.out);
  const bool has_page = keep_report_page(options.out, !outcome.was_complete);
  if (outcome.was_complete) {
    fmt::print("{}/ was complete already: nothing was done\n", options.out);
  } else {
    fmt::print("{} runs of {} shard{} merged into {}/{}\n", outcome.runs, shards.size(),
               shards.size() == 1 ? "" : "s", options.out,
               has_page ? ", pictures in its report.html" : "");
  }
  return 0;
}

}  // namespace ampsim::cli
