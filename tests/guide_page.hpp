#pragma once

#include <cstddef>
#include <string>
#include <vector>

/// A page of docs/guide/ as a test reads it.
///
/// A block that opens with ```console holds commands, lines that start with "$ ", each followed by
/// what it prints. There a line "..." stands for any lines, or none. A block that opens with
/// ```console unchecked is for people only. A block that opens with ```LANGUAGE NAME is a file that
/// the reader saves under that name. A block that opens with ```python cell is a cell of a
/// notebook, and what it shows stands in the ```text cell behind it; without one it shows nothing.
namespace ampsim::test {

struct GuideStep {
  std::size_t line = 0;           ///< of the command, from 0
  std::string file;               ///< a file to save, or empty
  std::string command;            ///< a command to run or the code of a cell, or empty
  std::vector<std::string> text;  ///< what the file holds or the command prints, line by line
  bool is_cell = false;
};

std::vector<std::string> lines_of(const std::string& text);

/// In the order of the page.
std::vector<GuideStep> steps_of(const std::vector<std::string>& page);

/// Whether `printed` is what `shown` says.
bool matches(const std::vector<std::string>& shown, const std::vector<std::string>& printed);

}  // namespace ampsim::test
