#include "sim/cli/submit_command.hpp"

#include <charconv>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <system_error>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "core/check.hpp"
#include "sim/cli/called_program.hpp"
#include "sim/cli/run_command.hpp"
#include "sim/cli/slurm_jobs.hpp"
#include "sim/experiment/experiment.hpp"
#include "sim/experiment/output_file.hpp"
#include "sim/experiment/results_folder.hpp"

namespace ampsim::cli {
namespace {

namespace fs = std::filesystem;

/// `--array`, read.
struct ArraySize {
  std::uint32_t tasks = 0;
  std::string at_a_time;  ///< "%M" or ""
};

std::optional<std::uint32_t> positive(std::string_view text) {
  std::uint32_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || number == 0) return {};
  return number;
}

ArraySize array_size(const std::string& text, std::size_t runs) {
  const std::size_t percent = text.find('%');
  const std::optional<std::uint32_t> tasks = positive(std::string_view(text).substr(0, percent));
  const bool has_limit = percent != std::string::npos;
  if (!tasks || (has_limit && !positive(std::string_view(text).substr(percent + 1)))) {
    throw InputError({.file = "--array"},
                     fmt::format("found \"{}\"; allowed: the number of tasks, or N%M for M of them "
                                 "at a time",
                                 sim::one_line(text)));
  }
  if (*tasks > runs) {
    throw InputError(
        {.file = "--array"},
        fmt::format("found {} tasks; allowed: up to {}, the number of runs", *tasks, runs));
  }
  return {*tasks, has_limit ? text.substr(percent) : ""};
}

/// Where everything of a submission lies.
struct Places {
  fs::path out;

  fs::path settings() const { return out / sim::kSettingsFile; }
  fs::path shards() const { return out / "shards"; }
  fs::path slurm() const { return out / "slurm"; }
  fs::path task_script() const { return slurm() / "task.sh"; }
  fs::path merge_script() const { return slurm() / "merge.sh"; }
  fs::path shard(std::uint32_t index, std::uint32_t count) const {
    return shards() / fmt::format("{}-of-{}", index, count);
  }
};

std::string task_script(const Places& places, const std::string& program, std::uint32_t tasks) {
  return fmt::format(
      "#!/bin/sh\n"
      "# A task of the array does one shard. Called again, it goes on, or has nothing to do.\n"
      "#SBATCH --requeue\n"
      "#SBATCH --open-mode=append\n"
      "exec {} run {} \\\n"
      "  --shard \"$SLURM_ARRAY_TASK_ID/{}\" --out {}/\"$SLURM_ARRAY_TASK_ID\"-of-{} \\\n"
      "  --jobs \"${{SLURM_CPUS_PER_TASK:-1}}\"\n",
      shell_word(program), shell_word(places.settings().string()), tasks,
      shell_word(places.shards().string()), tasks);
}

std::string merge_script(const Places& places, const std::string& program, std::uint32_t tasks) {
  const std::string shards = shell_word(places.shards().string());
  return fmt::format(
      "#!/bin/sh\n"
      "# Waits for the array, and stops where a shard is not finished. The shards are needed no\n"
      "# more when their runs are in the tables.\n"
      "#SBATCH --requeue\n"
      "#SBATCH --open-mode=append\n"
      "set -e\n"
      "if [ ! -e {} ]; then\n"
      "  {} merge {}/*-of-{} --out {}\n"
      "fi\n"
      "rm -rf {}\n",
      shell_word((places.out / sim::kManifestFile).string()), shell_word(program), shards, tasks,
      shell_word(places.out.string()), shards);
}

/// The experiment as it is now: whoever changes its file meanwhile changes no task.
void freeze(const Places& places, const sim::Experiment& experiment, std::uint32_t tasks) {
  std::error_code status;
  fs::create_directories(places.slurm(), status);
  if (!status) fs::create_directories(places.shards(), status);
  if (status) {
    throw InputError({.file = places.out.string()}, "cannot be written: " + status.message());
  }
  const std::string program = fs::read_symlink("/proc/self/exe").string();
  if (!fs::exists(places.settings())) sim::write_file(places.settings(), experiment.resolved);
  sim::write_file(places.task_script(), task_script(places, program, tasks));
  sim::write_file(places.merge_script(), merge_script(places, program, tasks));
}

/// For --output, where Slurm takes "%" for the start of a pattern.
std::string log_file(const Places& places, const std::string& pattern) {
  std::string text;
  for (const char c : places.slurm().string())
    text += c == '%' ? std::string("%%") : std::string(1, c);
  return fmt::format("--output={}/{}", text, pattern);
}

class Submission {
 public:
  Submission(const SubmitOptions& options, const sim::Experiment& experiment, Places places)
      : options_(options),
        places_(std::move(places)),
        array_(array_size(options.array, experiment.run_count())),
        name_(experiment.name),
        jobs_(places_.slurm() / "jobs") {
    if (jobs_.shards() == 0 || jobs_.shards() == array_.tasks) return;
    throw InputError({.file = "--array"},
                     fmt::format("found {}, and {} was submitted with {}; allowed: the same, or "
                                 "another --out",
                                 array_.tasks, places_.out.string(), jobs_.shards()));
  }

  std::uint32_t tasks() const { return array_.tasks; }
  void submit();
  void print_commands() const;

 private:
  std::vector<std::uint32_t> unfinished() const;
  std::vector<std::string> array_arguments(const std::vector<std::uint32_t>& tasks) const;
  std::vector<std::string> merge_arguments(const std::vector<std::string>& after) const;
  void submit_merge(const SlurmQueue& queue);

  const SubmitOptions& options_;
  Places places_;
  ArraySize array_;
  std::string name_;
  SlurmJobs jobs_;
};

std::vector<std::uint32_t> Submission::unfinished() const {
  std::vector<std::uint32_t> tasks;
  for (std::uint32_t task = 1; task <= array_.tasks; ++task) {
    if (!fs::exists(places_.shard(task, array_.tasks) / sim::kManifestFile)) tasks.push_back(task);
  }
  return tasks;
}

std::vector<std::string> Submission::array_arguments(
    const std::vector<std::uint32_t>& tasks) const {
  std::vector<std::string> words = {"--job-name=" + name_, log_file(places_, "%A_%a.log")};
  words.insert(words.end(), options_.sbatch.begin(), options_.sbatch.end());
  words.push_back("--chdir=" + places_.out.string());
  words.push_back(fmt::format("--array={}{}", task_list(tasks), array_.at_a_time));
  words.push_back(places_.task_script().string());
  return words;
}

/// After any end of the tasks: a merge that waits for success would wait for ever where a task has
/// failed, and this one says which runs are missing.
std::vector<std::string> Submission::merge_arguments(const std::vector<std::string>& after) const {
  std::vector<std::string> words = {"--job-name=" + name_ + ".merge",
                                    log_file(places_, "merge_%j.log")};
  words.insert(words.end(), options_.sbatch.begin(), options_.sbatch.end());
  words.push_back("--chdir=" + places_.out.string());
  if (!after.empty())
    words.push_back(fmt::format("--dependency=afterany:{}", fmt::join(after, ":")));
  words.push_back(places_.merge_script().string());
  return words;
}

void Submission::submit_merge(const SlurmQueue& queue) {
  if (queue.has_merge) call_program({"scancel", jobs_.merge()});
  jobs_.set_merge(sbatch(merge_arguments({queue.arrays.begin(), queue.arrays.end()})));
  jobs_.save();
  fmt::print("the merge is job {}\n", jobs_.merge());
}

void Submission::submit() {
  SlurmQueue queue = slurm_queue(jobs_);
  const std::vector<std::uint32_t> missing = unfinished();
  std::vector<std::uint32_t> tasks;
  for (const std::uint32_t task : missing) {
    if (queue.tasks.count(task) == 0) tasks.push_back(task);
  }
  const std::size_t finished = array_.tasks - missing.size();
  const std::size_t waiting = missing.size() - tasks.size();
  if (finished > 0 || waiting > 0) {
    fmt::print("of {} shards {} are finished, {} in the queue\n", array_.tasks, finished, waiting);
  }
  if (!tasks.empty()) {
    const std::string job = sbatch(array_arguments(tasks));
    jobs_.begin(array_.tasks);
    jobs_.add_array(job);
    jobs_.save();
    queue.arrays.insert(job);
    fmt::print("job {} has {} task{}\n", job, tasks.size(), tasks.size() == 1 ? "" : "s");
  }
  if (!tasks.empty() || !queue.has_merge) submit_merge(queue);
  fmt::print(
      "watch: squeue --user=$USER; logs: {}\n"
      "a task that failed or was pre-empted: the same command again submits it once more\n",
      places_.slurm().string());
}

void Submission::print_commands() const {
  const auto shown = [](const std::vector<std::string>& words) {
    std::string line = "sbatch --parsable";
    for (const std::string& word : words) line += " " + shell_word(word);
    return line;
  };
  const std::vector<std::uint32_t> tasks = unfinished();
  if (!tasks.empty()) fmt::print("{}\n", shown(array_arguments(tasks)));
  fmt::print("{}\n", shown(merge_arguments(tasks.empty() ? std::vector<std::string>{}
                                                         : std::vector<std::string>{"JOB"})));
}

}  // namespace

int submit_command(const SubmitOptions& options) {
  const sim::Experiment experiment = sim::load_experiment(options.experiment, options.overrides);
  for (const std::string& warning : experiment.warnings) spdlog::warn("{}", warning);
  const fs::path out =
      options.out.empty() ? fs::path("results") / experiment.name : fs::path(options.out);
  const Places places{fs::weakly_canonical(fs::absolute(out))};
  const sim::ResultsFolder folder(places.out, experiment, {});
  Submission submission(options, experiment, places);
  if (folder.is_complete()) {
    fmt::print("{}/ was complete already: nothing was done\n", out.string());
    return 0;
  }
  // What is wrong is better said now than after a night in the queue.
  sim::with_places(experiment, [&] { try_inputs(experiment); });
  freeze(places, experiment, submission.tasks());
  if (options.dry_run) {
    submission.print_commands();
  } else {
    submission.submit();
  }
  return 0;
}

}  // namespace ampsim::cli
