#include "sim/experiment/manifest.hpp"

#include <array>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/resource.h>
#include <unistd.h>

#include "sim/experiment/version.hpp"

namespace ampsim::sim {
namespace {

std::string utc(std::chrono::system_clock::time_point time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "unknown";
  return name.data();
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

}  // namespace

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::string manifest_text(const ManifestFacts& facts) {
  const double wall_s = std::chrono::duration<double>(facts.end - facts.start).count();
  const auto per_second = [wall_s](std::int64_t count) {
    return wall_s > 0 ? static_cast<double>(count) / wall_s : 0.0;
  };
  nlohmann::ordered_json manifest;
  manifest["program"] = "ampsim";
  manifest["version"] = version().number;
  manifest["commit"] = version().commit;
  manifest["compiler"] = version().compiler;
  manifest["build_type"] = version().build_type;
  manifest["host"] = host_name();
  manifest["experiment"] = facts.experiment;
  manifest["points"] = facts.points;
  manifest["runs"] = facts.runs;
  manifest["runs_kept"] = facts.runs_kept;
  manifest["inputs"] = nlohmann::ordered_json::array();
  for (const InputFile& input : facts.inputs) {
    manifest["inputs"].push_back({{"file", input.file}, {"sha256", input.digest}});
  }
  manifest["start"] = utc(facts.start);
  manifest["end"] = utc(facts.end);
  manifest["wall_s"] = wall_s;
  manifest["cpu_s"] = facts.cpu_s;
  manifest["jobs"] = facts.jobs;
  manifest["payments"] = facts.payments;
  manifest["events"] = facts.events;
  manifest["payments_per_s"] = per_second(facts.payments);
  manifest["events_per_s"] = per_second(facts.events);
  using Handler = nlohmann::ordered_json::error_handler_t;
  return manifest.dump(2, ' ', false, Handler::replace) + "\n";
}

}  // namespace ampsim::sim
