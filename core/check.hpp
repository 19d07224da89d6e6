#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// The three kinds of failure, never mixed:
///  - a bug breaks an invariant: AMPSIM_CHECK throws InvariantError, the run stops, exit code 1;
///  - a protocol outcome (no route, a failed HTLC) is a value that is counted, never an exception;
///  - bad input throws InputError with file, line and key; only `main` catches it, exit code 2.
///
/// Tested by tests/check_test.cpp.
namespace ampsim {

/// A broken invariant of the simulator itself. The message ends with the run that shows it, if one
/// was announced with RunLabel.
class InvariantError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

/// What the user gave cannot be used. `what()` is one line:
/// `FILE:LINE: KEY: found ...; allowed: ...; did you mean "..."?`, absent pieces left out.
class InputError : public std::runtime_error {
 public:
  struct Where {
    std::string file;  ///< as the user wrote it; "--set" for the command line
    int line = 0;      ///< from 1; 0 = unknown
    std::string key;   ///< full dotted name; may be empty
  };

  /// `problem` says what was found and what is allowed, without a full stop.
  InputError(const Where& where, std::string_view problem);
  explicit InputError(std::string_view problem) : InputError(Where{}, problem) {}

  const Where& where() const { return where_; }
  const std::string& problem() const { return problem_; }

 private:
  Where where_;
  std::string problem_;
};

/// The name in `known` that is nearest to `found` by edit distance, or "" where none is close
/// enough to be what the user meant (more than a third of the letters differ).
std::string nearest_name(std::string_view found, const std::vector<std::string>& known);

/// `; did you mean "NAME"?` for the nearest name, or "" where there is none.
std::string did_you_mean(std::string_view found, const std::vector<std::string>& known);

/// Names the run of this thread while it lives, for the message of a broken invariant: what to
/// type to see it again.
class RunLabel {
 public:
  explicit RunLabel(std::string label);
  ~RunLabel();
  RunLabel(const RunLabel&) = delete;
  RunLabel& operator=(const RunLabel&) = delete;
};

/// Throws InvariantError. Not called directly: use AMPSIM_CHECK.
[[noreturn]] void fail_check(const char* condition,
                             const char* file,
                             int line,
                             std::string_view message);

}  // namespace ampsim

/// Holds in every build. `message` is evaluated only when the condition is false.
#define AMPSIM_CHECK(condition, message)                               \
  do {                                                                 \
    if (!(condition)) [[unlikely]] {                                   \
      ::ampsim::fail_check(#condition, __FILE__, __LINE__, (message)); \
    }                                                                  \
  } while (false)

/// Where no value of an enum leads.
#define AMPSIM_UNREACHABLE(message) \
  ::ampsim::fail_check("unreachable", __FILE__, __LINE__, (message))
