#include "sim/experiment/input_files.hpp"

#include <sys/stat.h>

#include "core/check.hpp"
#include "sim/experiment/digest.hpp"
#include "sim/experiment/document.hpp"

namespace ampsim::sim {

InputFiles::InputFiles(const std::vector<std::string>& files) {
  for (const std::string& file : files) {
    // Before the content: what is written in between shows at the next look.
    signatures_.push_back(signature_of(file));
    list_.push_back({file, digest_of_file(file)});
  }
}

InputFiles::Signature InputFiles::signature_of(const std::string& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return {};
  return {static_cast<std::int64_t>(status.st_dev),
          static_cast<std::int64_t>(status.st_ino),
          status.st_size,
          status.st_mtim.tv_sec,
          status.st_mtim.tv_nsec,
          status.st_ctim.tv_sec,
          status.st_ctim.tv_nsec};
}

void InputFiles::check() const {
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < signatures_.size(); ++i) {
    const Signature now = signature_of(list_[i].file);
    if (now == signatures_[i]) continue;
    std::string what = "was changed";
    try {
      if (digest_of_file(list_[i].file) == list_[i].digest) {
        signatures_[i] = now;
        continue;
      }
    } catch (const InputError&) {
      what = "was taken away";
    }
    throw InputChanged(one_line(list_[i].file) + ": " + what +
                       " while the experiment ran; finished runs are kept: put the old content "
                       "back and the same command goes on, or start over with --restart");
  }
}

}  // namespace ampsim::sim
