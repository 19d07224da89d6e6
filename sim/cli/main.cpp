#include <algorithm>
#include <cstdio>
#include <exception>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "core/check.hpp"
#include "sim/cli/run_command.hpp"
#include "sim/experiment/document.hpp"
#include "sim/experiment/version.hpp"

/// The program: command line in, exit code out. The one place where exceptions end.
///
/// Exit codes: 0 done; 1 the run failed; 2 the command line or an input is wrong; 130 interrupted.
/// A new command is an add_..._command() below, which says what to call when it was chosen, and a
/// function of its own file.
namespace ampsim::cli {
namespace {

constexpr int kFailed = 1;
constexpr int kWrongInput = 2;

/// What the chosen command does, returning the exit code.
using Action = std::function<int()>;

void add_experiment_arguments(CLI::App& command,
                              std::string& experiment,
                              std::vector<std::string>& overrides) {
  command.add_option("EXPERIMENT", experiment, "the experiment file (TOML)")->required();
  command
      .add_option("--set", overrides, "KEY=VALUE in place of what the file says; may be repeated")
      ->allow_extra_args(false)
      ->type_name("KEY=VALUE");
}

void add_run_command(CLI::App& app, Action& chosen) {
  CLI::App* command = app.add_subcommand("run", "run an experiment, or go on with it");
  auto options = std::make_shared<RunOptions>();
  add_experiment_arguments(*command, options->experiment, options->overrides);
  command->add_option("--out", options->out, "results folder (default: results/NAME)")
      ->type_name("DIR");
  command->add_option("--jobs", options->jobs, "runs at a time (default: one a core)")
      ->check(CLI::Range(1U, 1024U))
      ->type_name("N");
  command->add_flag("--restart", options->restart, "start the results folder over");
  command->add_flag("--check", options->check, "verify every invariant after every event");
  command->add_flag("--quiet", options->quiet, "neither progress nor table");
  command->callback([options, &chosen] { chosen = [options] { return run_command(*options); }; });
}

void add_check_command(CLI::App& app, Action& chosen) {
  CLI::App* command = app.add_subcommand(
      "check", "validate an experiment and print its points and settings; run nothing");
  auto options = std::make_shared<RunOptions>();
  add_experiment_arguments(*command, options->experiment, options->overrides);
  command->callback([options, &chosen] {
    chosen = [options] { return check_command(options->experiment, options->overrides); };
  });
}

/// Names that could have been meant where CLI11 says that something is not expected.
std::vector<std::string> known_words(const CLI::App& app) {
  std::vector<std::string> words;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
  }
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    words.push_back(command->get_name());
  }
  return words;
}

/// The innermost command that was chosen.
const CLI::App& chosen_command(const CLI::App& app) {
  const std::vector<CLI::App*> commands = app.get_subcommands();
  return commands.empty() ? app : chosen_command(*commands.back());
}

/// What CLI11 did not expect, named with the nearest word that it would have: CLI11 itself says
/// only that something is missing or too much.
std::string unexpected_word(const CLI::App& command) {
  const std::vector<std::string> words = command.remaining();
  if (words.empty()) return "";
  const auto option = std::find_if(words.begin(), words.end(), [](const std::string& word) {
    return !word.empty() && word[0] == '-';
  });
  const std::string& word = option == words.end() ? words.front() : *option;
  return fmt::format("found \"{}\"; allowed: {}{}", word, fmt::join(known_words(command), ", "),
                     did_you_mean(word, known_words(command)));
}

int report_wrong_arguments(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& command = chosen_command(app);
  std::string problem = unexpected_word(command);
  if (problem.empty()) {
    const std::string name = &command == &app ? "" : " " + command.get_name();
    problem = fmt::format("{}; see ampsim{} --help", error.what(), name);
  }
  fmt::print(stderr, "ampsim: {}\n", sim::one_line(problem));
  return kWrongInput;
}

int run_program(int argc, char** argv) {
  CLI::App app("Simulates atomic multi-path payments on payment channel networks.", "ampsim");
  app.set_version_flag("--version",
                       fmt::format("ampsim {} ({})", sim::version().number, sim::version().commit));
  app.require_subcommand(1);
  Action chosen;
  add_run_command(app, chosen);
  add_check_command(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    return report_wrong_arguments(app, error);
  }
  const int code = chosen();
  if (std::fflush(stdout) != 0) throw std::runtime_error("standard output cannot be written");
  return code;
}

}  // namespace
}  // namespace ampsim::cli

int main(int argc, char** argv) {
  using namespace ampsim;
  spdlog::set_default_logger(spdlog::stderr_color_mt("ampsim"));
  spdlog::set_pattern("%n: %^%l%$: %v");
  try {
    return cli::run_program(argc, argv);
  } catch (const InputError& error) {
    fmt::print(stderr, "ampsim: {}\n", sim::one_line(error.what()));
    return cli::kWrongInput;
  } catch (const std::exception& error) {
    fmt::print(stderr, "ampsim: {}\n", sim::one_line(error.what()));
    return cli::kFailed;
  }
}
