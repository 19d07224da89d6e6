#include "sim/cli/manual.hpp"

#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "sim/cli/footer.hpp"
#include "sim/experiment/version.hpp"

namespace ampsim::cli {
namespace {

/// Text as it is meant, whatever signs man(7) reads as its own. A hyphen that is typed must stay
/// one.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if (c == '`') {
      out += "\\`";
    } else if (c == '\'') {
      out += "\\(aq";
    } else if ((c == '.') && (out.empty() || out.back() == '\n')) {
      out += "\\&.";
    } else {
      out += c;
    }
  }
  return out;
}

/// "N:UINT in [1 - 1024]" is N; a text is what it is without saying so.
std::string type_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const std::size_t open = type.find('{');
  if (open != std::string::npos) return "NAME";
  const std::string name = type.substr(0, type.find(':'));
  return name == "TEXT" ? "" : name;
}

std::vector<const CLI::Option*> options_of(const CLI::App& command) {
  return command.get_options([&command](const CLI::Option* option) {
    return !option->get_positional() && option != command.get_help_ptr();
  });
}
std::vector<const CLI::Option*> positionals_of(const CLI::App& command) {
  return command.get_options([](const CLI::Option* option) { return option->get_positional(); });
}
std::vector<const CLI::App*> commands_of(const CLI::App& command) {
  return command.get_subcommands([](const CLI::App* each) { return !each->get_group().empty(); });
}

/// `ampsim trace EXPERIMENT --payment N [OPTIONS]`
std::string synopsis_of(const CLI::App& command, const std::string& path) {
  std::string line = fmt::format("\\fB{}\\fR", escaped(path));
  for (const CLI::Option* option : positionals_of(command)) {
    std::string name = escaped(option->get_name(true));
    if (option->get_items_expected_max() > 1) name += "...";
    line += option->get_required() ? fmt::format(" \\fI{}\\fR", name)
                                   : fmt::format(" [\\fI{}\\fR]", name);
  }
  bool has_others = false;
  for (const CLI::Option* option : options_of(command)) {
    has_others = has_others || !option->get_required();
    if (!option->get_required()) continue;
    line += fmt::format(" \\fB{}\\fR \\fI{}\\fR", escaped(option->get_name()),
                        escaped(type_of(*option)));
  }
  return line + (has_others ? " [\\fIOPTIONS\\fR]" : "");
}

void add_argument(std::string& page, const std::string& title, const std::string& text) {
  page += ".TP\n" + title + "\n" + escaped(text) + "\n";
}

void add_arguments(std::string& page, const CLI::App& command) {
  for (const CLI::Option* option : positionals_of(command)) {
    add_argument(page, fmt::format("\\fI{}\\fR", escaped(option->get_name(true))),
                 option->get_description());
  }
  for (const CLI::Option* option : options_of(command)) {
    const std::string type = type_of(*option);
    add_argument(page,
                 fmt::format("\\fB{}\\fR{}", escaped(option->get_name(false, true)),
                             type.empty() ? "" : " \\fI" + escaped(type) + "\\fR"),
                 option->get_description());
  }
}

void add_footer(std::string& page, const CLI::App& command) {
  for (const FooterLine& line : footer_lines(command)) {
    if (line.name.empty()) {
      page += ".PP\n" + escaped(line.text) + "\n";
    } else {
      add_argument(page, fmt::format("\\fB{}\\fR", escaped(line.name)), line.text);
    }
  }
}

void add_command(std::string& page, const CLI::App& command, const std::string& path) {
  const std::vector<const CLI::App*> inner = commands_of(command);
  if (inner.empty()) {
    page += fmt::format(".SS {}\n{}\n.PP\n", escaped(path), synopsis_of(command, path));
    page += escaped(command.get_description()) + ".\n";
    add_arguments(page, command);
    add_footer(page, command);
  }
  for (const CLI::App* each : inner) add_command(page, *each, path + " " + each->get_name());
}

constexpr std::string_view kAfterCommands = R"(.SH EXIT STATUS
.TP
.B 0
done
.TP
.B 1
the run failed
.TP
.B 2
the command line or an input is wrong; nothing was written
.TP
.B 130
interrupted; what is finished is kept, and the same command goes on from there
.SH FILES
.TP
.I results/NAME/
what
.B ampsim run
writes: runs.csv, summary.csv, payments.csv and more tables if the experiment asks for them,
experiment.toml with every default filled in, and manifest.json with version, inputs and times.
.SH EXAMPLES
An experiment to start from, and its results:
.PP
.EX
ampsim init first
ampsim run first.toml
.EE
.PP
The same on a real network, and for one scheme only:
.PP
.EX
ampsim run first.toml \-\-set topology.file=graph.json.gz \-\-set payment.scheme=amp \-\-out real
.EE
)";

}  // namespace

std::string manual_page(const CLI::App& app, const std::string& date) {
  std::string page = fmt::format(".TH AMPSIM 1 \"{}\" \"ampsim {}\" \"User Commands\"\n", date,
                                 escaped(sim::version().number));
  page +=
      ".SH NAME\nampsim \\- simulates atomic multi\\-path payments on payment channel networks\n";
  page += ".SH SYNOPSIS\n\\fBampsim\\fR \\fICOMMAND\\fR [\\fIARGUMENTS\\fR]\n";
  page +=
      ".SH DESCRIPTION\n"
      "An experiment file (TOML) says which network, which payments and which ways to pay; its\n"
      "runs are spread over the cores, and tables (CSV) come out, the same bytes every time.\n"
      "The keys of the file, with their defaults and ranges, are in\n.I docs/settings.md\n"
      "of the source, and in what\n.B ampsim init\nand\n.B ampsim check\nwrite.\n";
  page += ".SH OPTIONS\n";
  add_arguments(page, app);
  add_argument(page, "\\fB\\-h\\fR, \\fB\\-\\-help\\fR", "also behind a command: its help");
  page += ".SH COMMANDS\n";
  for (const CLI::App* command : commands_of(app)) {
    add_command(page, *command, "ampsim " + command->get_name());
  }
  return page.append(kAfterCommands);
}

}  // namespace ampsim::cli
