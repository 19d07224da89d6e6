#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sim/report/results.hpp"

/// Figures for papers, drawn by gnuplot: a measure against a swept key with its 95 % intervals, a
/// line for each value of another key. Every figure is a script of gnuplot that holds its numbers,
/// as they are in summary.csv, so that authors can change it and draw it again.
///
/// Errors: InputError for a measure or key that is not there, and for more figures than anybody
/// wants.
/// Tested by tests/figures_test.cpp.
namespace ampsim::report {

struct FigureChoice {
  std::vector<std::string> measures;  ///< empty = those that people look at first
  std::string along;                  ///< key along the axis; "" = as usual_axes() says
  std::string lines;                  ///< key with a line for each value; "" = as usual, or none
  std::string format = "svg";         ///< svg or png
};

/// A script and the picture that it draws, in the folder in which gnuplot is called.
struct Figure {
  std::string name;    ///< of both files, without their endings
  std::string script;  ///< ends with ".gp"
};

/// One a measure for every combination of the values of the keys that are neither along the axis
/// nor lines. Measures without a value are left out.
std::vector<Figure> figures_of(const Results& results, const FigureChoice& choice);

}  // namespace ampsim::report
