#include "core/bad_share.hpp"

#include <optional>
#include <utility>

namespace ampsim::amp {
namespace {

class BadShareLocks final : public PartLocks {
 public:
  explicit BadShareLocks(std::unique_ptr<PartLocks> honest) : honest_(std::move(honest)) {}

  PartLock next(AttemptId attempt, bool completes) override {
    PartLock lock = honest_->next(attempt, completes);
    if (spoilt_.is_none()) {
      lock.payload.share.bytes.front() ^= std::byte{1};
      spoilt_ = attempt;
    }
    return lock;
  }
  PartLock surplus(AttemptId attempt) override { return honest_->surplus(attempt); }
  std::optional<Answer> answer(const Ask& ask) override { return honest_->answer(ask); }
  void cancel(AttemptId attempt) override {
    honest_->cancel(attempt);
    if (attempt == spoilt_) spoilt_ = AttemptId::none();
  }

 private:
  std::unique_ptr<PartLocks> honest_;
  AttemptId spoilt_ = AttemptId::none();
};

}  // namespace

std::unique_ptr<PartLocks> with_bad_share(std::unique_ptr<PartLocks> honest) {
  return std::make_unique<BadShareLocks>(std::move(honest));
}

}  // namespace ampsim::amp
