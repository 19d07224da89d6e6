#pragma once

#include <string>

/// `ampsim init [NAME]`: an experiment to start from, with every key that has an effect in it and
/// what each may be. It is written from the table of the settings, so that it says what this
/// program can do, and it runs in seconds.
///
/// Tested by tests/init_command_test.cpp.
namespace ampsim::cli {

/// Writes NAME.toml (or NAME, if it ends so) and says what to type next. Errors: InputError for a
/// file that is there already or cannot be written.
int init_command(const std::string& name);

/// The text of it; `file` is what it calls itself.
std::string starting_experiment(const std::string& file);

}  // namespace ampsim::cli
