#include "sim/cli/slurm_jobs.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "core/check.hpp"
#include "sim/cli/called_program.hpp"
#include "sim/experiment/document.hpp"
#include "sim/experiment/output_file.hpp"

namespace ampsim::cli {
namespace {

/// What it printed on stdout. Slurm's messages are a line or two.
std::string output_of(const std::vector<std::string>& words) {
  const CalledProgram called = call_program(words);
  if (called.code == 0) return called.out;
  std::string message = called.err.empty() ? called.out : called.err;
  while (message.ends_with('\n')) message.pop_back();
  throw std::runtime_error(
      fmt::format("{}: exit code {}: {}", words[0], called.code, sim::one_line(message)));
}

}  // namespace

SlurmJobs::SlurmJobs(std::filesystem::path file) : file_(std::move(file)) {
  std::ifstream stream(file_);
  std::string line;
  for (int number = 1; std::getline(stream, line); ++number) {
    std::istringstream words(line);
    std::string what;
    std::string job;
    words >> what >> job;
    if (what == "array" && !job.empty()) {
      arrays_.push_back(job);
    } else if (what == "merge" && !job.empty()) {
      merge_ = job;
    } else if (!(what == "shards" && std::istringstream(job) >> shards_)) {
      throw InputError(
          {.file = file_.string(), .line = number},
          fmt::format("found \"{}\"; allowed: what ampsim submit wrote", sim::one_line(line)));
    }
  }
}

void SlurmJobs::save() const {
  sim::OutputFile output(file_);
  output.write(fmt::format("shards {}\n", shards_));
  for (const std::string& job : arrays_) output.write(fmt::format("array {}\n", job));
  if (!merge_.empty()) output.write(fmt::format("merge {}\n", merge_));
  output.commit();
  sim::sync_folder(file_.parent_path());
}

SlurmQueue slurm_queue(const SlurmJobs& jobs) {
  SlurmQueue queue;
  if (jobs.arrays().empty() && jobs.merge().empty()) return queue;
  // By user and not by number: it fails for a job that it has forgotten. A task is a line.
  std::istringstream lines(output_of(
      {"squeue", "--noheader", "--array", fmt::format("--user={}", ::getuid()), "--format=%F %K"}));
  std::string job;
  std::string index;
  while (lines >> job >> index) {
    if (job == jobs.merge()) queue.has_merge = true;
    if (std::find(jobs.arrays().begin(), jobs.arrays().end(), job) == jobs.arrays().end()) continue;
    std::uint32_t task = 0;
    if (std::istringstream(index) >> task) {
      queue.tasks.insert(task);
      queue.arrays.insert(job);
    }
  }
  return queue;
}

std::string sbatch(const std::vector<std::string>& arguments) {
  std::vector<std::string> words = {"sbatch", "--parsable"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const std::string printed = output_of(words);
  // "ID", or "ID;CLUSTER".
  std::string job = printed.substr(0, printed.find_first_of(";\n"));
  if (job.empty() || job.find_first_not_of("0123456789") != std::string::npos) {
    throw std::runtime_error("sbatch: found no job number in what it printed: " +
                             sim::one_line(printed));
  }
  return job;
}

std::string task_list(const std::vector<std::uint32_t>& tasks) {
  std::string text;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    std::size_t last = i;
    while (last + 1 < tasks.size() && tasks[last + 1] == tasks[last] + 1) ++last;
    text += fmt::format("{}{}", text.empty() ? "" : ",", tasks[i]);
    if (last > i) text += fmt::format("-{}", tasks[last]);
    i = last;
  }
  return text;
}

}  // namespace ampsim::cli
