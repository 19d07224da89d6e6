#include "sim/report/figures.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "core/check.hpp"
#include "sim/measure/csv_writer.hpp"

namespace ampsim::report {
namespace {

constexpr std::size_t kMostFigures = 200;

std::size_t key_named(const Results& results, const std::string& name, const char* option) {
  std::vector<std::string> known;
  for (std::size_t i = 0; i < results.keys.size(); ++i) {
    const Key& key = results.keys[i];
    if (key.name == name || key.title == name) return i;
    known.push_back(key.name);
  }
  throw InputError({.file = option},
                   fmt::format("found \"{}\"; allowed: {}{}", name, fmt::join(known, ", "),
                               did_you_mean(name, known)));
}

Axes chosen_axes(const Results& results, const FigureChoice& choice) {
  Axes axes = usual_axes(results);
  if (!choice.along.empty()) {
    const std::size_t along = key_named(results, choice.along, "--x");
    if (axes.lines == along) axes.lines = axes.along;
    axes.along = along;
  }
  if (!choice.lines.empty()) {
    axes.lines = key_named(results, choice.lines, "--by");
    if (axes.lines == axes.along) {
      if (!choice.along.empty()) {
        throw InputError({.file = "--by"}, fmt::format("found {}, which is --x; allowed: another",
                                                       results.keys[axes.lines].name));
      }
      axes.along = usual_axes(results).lines;
    }
  }
  if (axes.along == Axes::kNone) {
    throw InputError({.file = results.folder.string()},
                     "nothing was swept, so that there is nothing to draw");
  }
  return axes;
}

std::vector<const MeasureColumn*> chosen_measures(const Results& results,
                                                  const FigureChoice& choice) {
  std::vector<const MeasureColumn*> chosen;
  std::vector<std::string> known;
  for (const MeasureColumn& measure : results.measures) known.push_back(measure.name);
  for (const std::string& name : choice.measures) {
    const MeasureColumn* measure = results.find_measure(name);
    if (measure == nullptr) {
      throw InputError({.file = "--measure"},
                       fmt::format("found \"{}\"; allowed: {}{}", name, fmt::join(known, ", "),
                                   did_you_mean(name, known)));
    }
    chosen.push_back(measure);
  }
  if (choice.measures.empty()) {
    for (const std::size_t i : key_measures(results)) chosen.push_back(&results.measures[i]);
  }
  return chosen;
}

/// Without what would end a line.
std::string in_one_line(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x20) result += c;
  }
  return result;
}

/// Text between gnuplot's double quotes, where backquotes would call a program.
std::string in_quotes(std::string_view text) {
  std::string result = "\"";
  for (const char c : in_one_line(text)) {
    if (c == '"' || c == '\\') result += '\\';
    result += c == '`' ? '\'' : c;
  }
  return result + "\"";
}

/// A value as a piece of a file's name.
std::string in_name(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool is_plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-';
    result += is_plain ? c : '_';
  }
  return result;
}

/// The points of one figure: of each line, the place of their value along the axis, and the point.
using Points = std::vector<std::pair<std::size_t, std::size_t>>;
using Lines = std::map<std::size_t, Points>;

/// One combination of the values of the other keys.
struct Panel {
  std::string file;   ///< "-nodes_500", "" where there is no other key
  std::string title;  ///< "topology.nodes = 500"
  Lines lines;
};

/// In the order of the sweep.
std::vector<Panel> panels_of(const Results& results, const Axes& axes) {
  std::vector<Panel> panels;
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < results.points.size(); ++i) {
    std::string file;
    std::string title;
    for (std::size_t key = 0; key < results.keys.size(); ++key) {
      const Key& other = results.keys[key];
      if (key == axes.along || key == axes.lines || other.values.size() < 2) continue;
      // Of sampled points hardly two have a value in common: all are in one figure.
      if (results.is_sampled()) continue;
      const std::string& value = other.values[results.points[i][key]];
      file += fmt::format("-{}_{}", in_name(other.title), in_name(value));
      title += fmt::format("{}{} = {}", title.empty() ? "" : ", ", other.name, value);
    }
    const auto [place, is_new] = places.emplace(title, panels.size());
    if (is_new) panels.push_back({.file = file, .title = title});
    const std::size_t line = axes.lines == Axes::kNone ? 0 : results.points[i][axes.lines];
    panels[place->second].lines[line].emplace_back(results.points[i][axes.along], i);
  }
  for (Panel& panel : panels) {
    for (auto& [line, points] : panel.lines) std::sort(points.begin(), points.end());
  }
  return panels;
}

std::string terminal_of(const std::string& format) {
  return format == "png" ? "set terminal pngcairo size 1400,900 fontscale 1.6 linewidth 2\n"
                         : "set terminal svg size 700,450 dynamic font \"Arial,14\"\n";
}

/// Okabe and Ito's colours, told apart with any colour vision; dashes and marks differ, too.
std::string line_styles(std::size_t count) {
  constexpr const char* kColours[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                      "#e69f00", "#000000", "#56b4e9"};
  constexpr int kMarks[] = {7, 5, 9, 13, 11, 4, 6, 8};
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text += fmt::format(
        "set linetype {} linecolor rgb \"{}\" dashtype {} pointtype {} linewidth 2\n", i + 1,
        kColours[i % std::size(kColours)], i % 5 + 1, kMarks[i % std::size(kMarks)]);
  }
  return text;
}

/// The numbers of a line: where it lies along the axis, mean, half width; as in summary.csv.
std::string numbers_of(const MeasureColumn& measure, const Key& along, const Points& points) {
  std::string text;
  for (const auto& [place, point] : points) {
    const double mean = measure.mean[point];
    const double half = measure.ci95[point];
    text +=
        fmt::format("{} {} {}\n", along.is_number() ? along.values[place] : std::to_string(place),
                    sim::shortest(mean), std::isnan(half) ? "0" : sim::shortest(half));
  }
  return text;
}

/// Without the points, and then lines, that have no value of the measure.
Lines with_values(const Lines& lines, const MeasureColumn& measure) {
  Lines kept = lines;
  for (auto& [line, points] : kept) {
    std::erase_if(points,
                  [&](const auto& point) { return std::isnan(measure.mean[point.second]); });
  }
  std::erase_if(kept, [](const auto& line) { return line.second.empty(); });
  return kept;
}

/// With room beside the first and the last value, also where they are one.
std::string numbers_along(const Key& along) {
  const double first = along.numbers.front();
  const double last = along.numbers.back();
  if (along.spans_decades) {
    const double room = std::pow(last / first, 0.04);
    return fmt::format("set logscale x\nset format x \"%.0s%c\"\nset xrange [{:.6g}:{:.6g}]\n",
                       first / room, last * room);
  }
  const double room = last > first ? 0.04 * (last - first) : 1;
  return fmt::format("set xrange [{:.6g}:{:.6g}]\n", first - room, last + room);
}

/// From zero on, but for measures that fall below it; no share above one.
std::string values_along(const MeasureColumn& measure, const Lines& lines) {
  double least = 0;
  double most = 0;
  double highest = 0;
  for (const auto& [line, points] : lines) {
    for (const auto& [place, point] : points) {
      const double mean = measure.mean[point];
      least = std::min(least, mean);
      most = std::max(most, mean);
      if (!std::isnan(measure.ci95[point])) highest = std::max(highest, mean + measure.ci95[point]);
    }
  }
  if (least < 0) return "set yrange [*:*]\n";
  if (measure.unit == sim::MeasureUnit::share && most <= 1 && highest > 1) {
    return "set yrange [0:100]\n";
  }
  return most > 0 ? "set yrange [0:*]\n" : "set yrange [0:1]\n";
}

/// Lines that meet are drawn beside each other, so that none covers another's interval: what
/// gnuplot does to a number along the axis, "+0.12" or "*1.02".
std::string beside_each_other(const Key& along, std::size_t line, std::size_t count) {
  const double place = static_cast<double>(line) - (static_cast<double>(count) - 1) / 2;
  if (!along.is_number()) {
    return fmt::format("{:+.3g}", place * std::min(0.12, 0.7 / static_cast<double>(count)));
  }
  const double share = place * std::min(0.008, 0.05 / static_cast<double>(count));
  const double first = along.numbers.front();
  const double last = along.numbers.back();
  if (along.spans_decades) return fmt::format("*{:.6g}", std::pow(last / first, share));
  return fmt::format("{:+.6g}", (last - first) * share);
}

std::string names_along(const Key& along) {
  std::string names;
  for (std::size_t i = 0; i < along.values.size(); ++i) {
    names += fmt::format("{}{} {}", i > 0 ? ", " : "", in_quotes(along.values[i]), i);
  }
  return fmt::format("set xtics ({}) rotate by -35\nset xrange [-0.5:{}]\n", names,
                     static_cast<double>(along.values.size()) - 0.5);
}

/// What people read is what the page shows: per cent, and satoshis.
struct Shown {
  const char* unit;
  const char* factor;
};
Shown shown_as(sim::MeasureUnit unit) {
  switch (unit) {
    case sim::MeasureUnit::share:
      return {" (%)", "100"};
    case sim::MeasureUnit::msat:
      return {" (sat)", "1e-3"};
    case sim::MeasureUnit::msat_s:
      return {" (sat s)", "1e-3"};
    case sim::MeasureUnit::sat:
      return {" (sat)", "1"};
    case sim::MeasureUnit::ppm:
      return {" (ppm)", "1"};
    case sim::MeasureUnit::ms:
      return {" (ms)", "1"};
    case sim::MeasureUnit::s:
      return {" (s)", "1"};
    case sim::MeasureUnit::count:
    case sim::MeasureUnit::number:
      break;
  }
  return {"", "1"};
}

std::string script_of(const Results& results,
                      const MeasureColumn& measure,
                      const Axes& axes,
                      const Panel& panel,
                      const Figure& figure,
                      const std::string& format) {
  const Key& along = results.keys[axes.along];
  const Shown shown = shown_as(measure.unit);
  std::string text = fmt::format(
      "# {} of the experiment {}{}{}.\n# gnuplot {}.gp draws {}.{}.\n# Each block: {}, mean and "
      "half "
      "width of the 95 % interval of {}.\n\n",
      measure.title, in_name(results.name), panel.title.empty() ? "" : ", at ",
      in_one_line(panel.title), figure.name, figure.name, format,
      along.is_number() ? along.name : "place of the value of " + along.name, measure.name);
  std::size_t block = 0;
  for (const auto& [line, points] : panel.lines) {
    text += fmt::format("$line{} << END\n{}END\n", ++block, numbers_of(measure, along, points));
  }
  text += "\nset encoding utf8\n" + terminal_of(format);
  text += fmt::format("set output \"{}.{}\"\n\n", figure.name, format);
  text += line_styles(panel.lines.size());
  text +=
      "set termoption noenhanced\nset border 3\nset tics nomirror\nset grid ytics linetype -1 "
      "linecolor rgb \"#dddddd\" linewidth 1\nset bars 0.6\nset pointsize 0.9\n";
  text += fmt::format("set xlabel {}\nset ylabel {}\n", in_quotes(along.name),
                      in_quotes(std::string(measure.title) + shown.unit));
  if (!panel.title.empty()) text += fmt::format("set title {}\n", in_quotes(panel.title));
  text += values_along(measure, panel.lines);
  text += along.is_number() ? numbers_along(along) : names_along(along);
  if (axes.lines == Axes::kNone) {
    text += "unset key\n";
  } else {
    text += fmt::format("set key outside right top title {}\n",
                        in_quotes(results.keys[axes.lines].title));
  }
  text += "\nplot ";
  block = 0;
  for (const auto& [line, points] : panel.lines) {
    const std::string title =
        axes.lines == Axes::kNone ? measure.title : results.keys[axes.lines].values[line];
    const std::string numbers =
        fmt::format("$line{} using ($1{}):($2*{})", block + 1,
                    beside_each_other(along, block, panel.lines.size()), shown.factor);
    text += fmt::format(
        "{}{}:($3*{}) with yerrorbars linetype {} dashtype 1 pointsize 0 notitle, \\\n     "
        "{} with {} linetype {} title {}",
        block > 0 ? ", \\\n     " : "", numbers, shown.factor, block + 1, numbers,
        along.is_number() && !results.is_sampled() ? "linespoints" : "points", block + 1,
        in_quotes(title));
    ++block;
  }
  return text + "\n";
}

}  // namespace

std::vector<Figure> figures_of(const Results& results, const FigureChoice& choice) {
  const Axes axes = chosen_axes(results, choice);
  const std::vector<const MeasureColumn*> measures = chosen_measures(results, choice);
  const std::vector<Panel> panels = panels_of(results, axes);
  if (panels.size() * measures.size() > kMostFigures) {
    throw InputError(
        {.file = results.folder.string()},
        fmt::format("there would be {} figures, {} measures at {} combinations of the other swept "
                    "keys; allowed: {}; choose with --measure, --x and --by",
                    panels.size() * measures.size(), measures.size(), panels.size(), kMostFigures));
  }
  std::vector<Figure> figures;
  for (const MeasureColumn* measure : measures) {
    for (const Panel& panel : panels) {
      const Panel drawn = {panel.file, panel.title, with_values(panel.lines, *measure)};
      if (drawn.lines.empty()) continue;
      Figure& figure = figures.emplace_back();
      figure.name = measure->name + panel.file;
      figure.script = script_of(results, *measure, axes, drawn, figure, choice.format);
    }
  }
  return figures;
}

}  // namespace ampsim::report
