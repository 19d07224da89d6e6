#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

/// What was submitted to Slurm from one folder, and what of it is still in the queue.
///
/// Tested by tests/submit_test.cpp and, with Slurm itself, by tests/slurm_test.sh.
namespace ampsim::cli {

/// The file `jobs` of a folder: `shards N`, then `array ID` or `merge ID`, in the order of their
/// submission.
class SlurmJobs {
 public:
  /// An empty list where there is no file. Errors: InputError for a file that is something else.
  explicit SlurmJobs(std::filesystem::path file);

  std::uint32_t shards() const { return shards_; }  ///< 0 = nothing submitted yet
  const std::vector<std::string>& arrays() const { return arrays_; }
  const std::string& merge() const { return merge_; }  ///< the last one; "" = none

  void begin(std::uint32_t shards) { shards_ = shards; }
  void add_array(const std::string& job) { arrays_.push_back(job); }
  void set_merge(const std::string& job) { merge_ = job; }
  /// Whole or not at all. Errors: OutputError.
  void save() const;

 private:
  std::filesystem::path file_;
  std::uint32_t shards_ = 0;
  std::vector<std::string> arrays_;
  std::string merge_;
};

/// Of these jobs, what is waiting or running.
struct SlurmQueue {
  std::set<std::uint32_t> tasks;  ///< of any of the arrays
  std::set<std::string> arrays;   ///< with a task there
  bool has_merge = false;
};
/// Asks squeue. Errors: std::runtime_error with what it says.
SlurmQueue slurm_queue(const SlurmJobs& jobs);

/// Submits and returns the number of the job. Errors: std::runtime_error with what sbatch says.
std::string sbatch(const std::vector<std::string>& arguments);

/// "1-3,7" for 1, 2, 3, 7.
std::string task_list(const std::vector<std::uint32_t>& tasks);

}  // namespace ampsim::cli
