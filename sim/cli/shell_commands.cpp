#include "sim/cli/shell_commands.hpp"

#include <iostream>
#include <memory>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include "sim/cli/completion.hpp"
#include "sim/cli/manual.hpp"

namespace ampsim::cli {
namespace {

/// Answers at once; what is printed is the data of the command.
void print(const std::string& text) { std::cout << text; }

}  // namespace

void add_shell_commands(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* completion = app.add_subcommand(
      "completion", "print the script that makes a shell complete ampsim's commands");
  auto shell = std::make_shared<std::string>();
  completion->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember(completion_shells()));
  completion->footer("For this shell alone: source <(ampsim completion bash)");
  completion->callback([shell, &chosen] {
    chosen = [shell] {
      print(completion_script(*shell));
      return 0;
    };
  });

  // No list shows it.
  CLI::App* manual = app.add_subcommand("manual", "print ampsim(1)")->group("");
  auto date = std::make_shared<std::string>();
  manual->add_option("--date", *date, "of the source, YYYY-MM-DD");
  manual->callback([&app, date, &chosen] {
    chosen = [&app, date] {
      print(manual_page(app, *date));
      return 0;
    };
  });
}

bool answer_shell(const CLI::App& app, int argc, char** argv) {
  if (argc < 3 || std::string_view(argv[1]) != "complete" || std::string_view(argv[2]) != "--") {
    return false;
  }
  print(completion_lines(completions_of(app, {argv + 3, argv + argc})));
  return true;
}

}  // namespace ampsim::cli
