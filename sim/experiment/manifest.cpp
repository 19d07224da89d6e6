#include "sim/experiment/manifest.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <set>

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

using Json = nlohmann::ordered_json;

/// What every manifest begins with.
Json origin_of(const ManifestFacts& facts) {
  Json manifest;
  manifest["program"] = "ampsim";
  manifest["version"] = version().number;
  manifest["commit"] = version().commit;
  manifest["compiler"] = version().compiler;
  manifest["build_type"] = version().build_type;
  manifest["host"] = host_name();
  manifest["experiment"] = facts.experiment;
  if (!facts.shard.empty()) manifest["shard"] = facts.shard;
  manifest["points"] = facts.points;
  manifest["runs"] = facts.runs;
  return manifest;
}

Json inputs_of(const ManifestFacts& facts) {
  Json inputs = Json::array();
  for (const InputFile& input : facts.inputs) {
    inputs.push_back({{"file", input.file}, {"sha256", input.digest}});
  }
  return inputs;
}

std::string text_of(const Json& manifest) {
  return manifest.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
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
  Json manifest = origin_of(facts);
  manifest["runs_kept"] = facts.runs_kept;
  manifest["inputs"] = inputs_of(facts);
  manifest["start"] = utc(facts.start);
  manifest["end"] = utc(facts.end);
  manifest["wall_s"] = wall_s;
  manifest["cpu_s"] = facts.cpu_s + static_cast<double>(facts.kept_cost.cpu_us) * 1e-6;
  manifest["jobs"] = facts.jobs;
  manifest["payments"] = facts.cost.payments + facts.kept_cost.payments;
  manifest["events"] = facts.cost.events + facts.kept_cost.events;
  manifest["payments_per_s"] = per_second(facts.cost.payments);
  manifest["events_per_s"] = per_second(facts.cost.events);
  return text_of(manifest);
}

std::string merged_manifest_text(const ManifestFacts& facts,
                                 const std::vector<std::string>& shards) {
  std::size_t kept = 0;
  std::string start = utc(facts.start);
  double cpu_s = facts.cpu_s;
  std::int64_t payments = 0;
  std::int64_t events = 0;
  std::set<std::string> hosts;
  Json list = Json::array();
  for (const std::string& text : shards) {
    const Json shard = Json::parse(text);
    kept += shard.at("runs_kept").get<std::size_t>();
    start = std::min(start, shard.at("start").get<std::string>());
    cpu_s += shard.at("cpu_s").get<double>();
    payments += shard.at("payments").get<std::int64_t>();
    events += shard.at("events").get<std::int64_t>();
    hosts.insert(shard.at("host").get<std::string>());
    Json& entry = list.emplace_back();
    for (const char* key : {"shard", "host", "runs", "start", "end", "wall_s", "cpu_s", "jobs"}) {
      entry[key] = shard.at(key);
    }
  }
  Json manifest = origin_of(facts);
  manifest["runs_kept"] = kept;
  manifest["inputs"] = inputs_of(facts);
  manifest["start"] = start;
  manifest["end"] = utc(facts.end);
  manifest["merge_wall_s"] = std::chrono::duration<double>(facts.end - facts.start).count();
  manifest["cpu_s"] = cpu_s;
  manifest["payments"] = payments;
  manifest["events"] = events;
  manifest["hosts"] = hosts;
  manifest["shards"] = list;
  return text_of(manifest);
}

}  // namespace ampsim::sim
