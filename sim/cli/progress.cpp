#include "sim/cli/progress.hpp"

#include <cmath>

#include <fmt/format.h>
#include <unistd.h>

namespace ampsim::cli {
namespace {

constexpr int kBarWidth = 30;
constexpr std::chrono::seconds kPlainInterval{10};
constexpr const char* kClearLine = "\r\x1b[K";

/// Share of this call's work that is done, 0 to 1: by payments where their number is known, because
/// runs may be few and long.
double share_done(const sim::RunnerProgress& progress) {
  if (progress.payments > 0) {
    const double share =
        static_cast<double>(progress.payments_done) / static_cast<double>(progress.payments);
    return std::min(share, 1.0);
  }
  const std::size_t to_do = progress.runs - progress.runs_kept;
  const std::size_t done = progress.runs_done - progress.runs_kept;
  return to_do == 0 ? 1.0 : static_cast<double>(done) / static_cast<double>(to_do);
}

}  // namespace

std::string duration_text(double seconds) {
  const auto s = static_cast<long long>(std::llround(seconds));
  if (s < 60) return fmt::format("{} s", s);
  if (s < 3600) return fmt::format("{} min {:02} s", s / 60, s % 60);
  return fmt::format("{} h {:02} min", s / 3600, s / 60 % 60);
}

std::string progress_line(const sim::RunnerProgress& progress, double elapsed_s, int bar_width) {
  const double share = share_done(progress);
  const int filled = static_cast<int>(share * bar_width);
  std::string bar(static_cast<std::size_t>(filled), '=');
  if (filled < bar_width) bar += '>';
  bar.resize(static_cast<std::size_t>(bar_width), ' ');
  std::string line = fmt::format("[{}] {}/{} runs", bar, progress.runs_done, progress.runs);
  if (elapsed_s > 0 && progress.payments_done > 0) {
    line +=
        fmt::format(", {:.0f} payments/s", static_cast<double>(progress.payments_done) / elapsed_s);
  }
  if (share > 0 && share < 1) {
    line += ", " + duration_text(elapsed_s * (1 - share) / share) + " left";
  }
  return line;
}

ProgressLine::ProgressLine(std::FILE* stream, bool is_quiet)
    : stream_(stream), is_quiet_(is_quiet), is_terminal_(::isatty(::fileno(stream)) != 0) {}

ProgressLine::~ProgressLine() {
  if (is_drawn_) std::fputs(kClearLine, stream_);
}

void ProgressLine::show(const sim::RunnerProgress& progress) {
  if (is_quiet_) return;
  const Clock::time_point now = Clock::now();
  if (!is_terminal_ && now - shown_ < kPlainInterval) return;
  shown_ = now;
  const double elapsed_s = std::chrono::duration<double>(now - start_).count();
  const std::string line = progress_line(progress, elapsed_s, kBarWidth);
  std::fputs(is_terminal_ ? (kClearLine + line).c_str() : (line + "\n").c_str(), stream_);
  std::fflush(stream_);
  is_drawn_ = is_terminal_;
}

}  // namespace ampsim::cli
