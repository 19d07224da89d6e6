#include "sim/cli/program.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <functional>
#include <iostream>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "core/check.hpp"
#include "sim/cli/amp_command.hpp"
#include "sim/cli/init_command.hpp"
#include "sim/cli/merge_command.hpp"
#include "sim/cli/report_command.hpp"
#include "sim/cli/run_command.hpp"
#include "sim/cli/shell_commands.hpp"
#include "sim/cli/submit_command.hpp"
#include "sim/cli/topology_command.hpp"
#include "sim/cli/trace_command.hpp"
#include "sim/experiment/document.hpp"
#include "sim/experiment/version.hpp"
#include "topologies/source.hpp"
#include "topologies/target.hpp"

// A new command is an add_..._command() below, which says what to call when it was chosen, and a
// function of its own file.
namespace ampsim::cli {
namespace {

constexpr int kFailed = 1;
constexpr int kWrongInput = 2;

/// Refuses what is no whole number of the range: CLI11 alone would take the nearest one.
template <class Integer>
CLI::Validator integer_from(Integer least) {
  return CLI::Validator(
      [least](const std::string& text) {
        Integer value = 0;
        const char* const end = text.data() + text.size();
        const auto read = std::from_chars(text.data(), end, value);
        if (read.ec == std::errc{} && read.ptr == end && value >= least) return std::string();
        return fmt::format("found \"{}\"; allowed: an integer from {} to {}", text, least,
                           std::numeric_limits<Integer>::max());
      },
      "");
}

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
  command
      ->add_option("--shard", options->shard,
                   "only the I-th of N equal parts of the runs, for `ampsim merge`")
      ->type_name("I/N");
  command->add_flag("--restart", options->restart, "start the results folder over");
  command->add_flag("--check", options->check, "verify every invariant after every event");
  command->add_flag("--quiet", options->quiet, "neither progress nor table");
  command->callback([options, &chosen] { chosen = [options] { return run_command(*options); }; });
}

void add_merge_command(CLI::App& app, Action& chosen) {
  CLI::App* command =
      app.add_subcommand("merge", "join the results of shards into one results folder");
  auto options = std::make_shared<MergeOptions>();
  command->add_option("DIR", options->shards, "the folders of all shards")->required();
  command->add_option("--out", options->out, "results folder")->required()->type_name("DIR");
  command->callback([options, &chosen] { chosen = [options] { return merge_command(*options); }; });
}

void add_submit_command(CLI::App& app, Action& chosen) {
  CLI::App* command = app.add_subcommand(
      "submit", "run an experiment as a Slurm array and a merge, or go on with it");
  auto options = std::make_shared<SubmitOptions>();
  add_experiment_arguments(*command, options->experiment, options->overrides);
  command->add_option("--array", options->array, "tasks; N%M: at most M of them at a time")
      ->required()
      ->type_name("N");
  command->add_option("--out", options->out, "results folder (default: results/NAME)")
      ->type_name("DIR");
  command->add_flag("--dry-run", options->dry_run,
                    "write the scripts and print the commands; submit nothing");
  command->add_option("SBATCH", options->sbatch, "behind --: arguments for sbatch");
  command->callback(
      [options, &chosen] { chosen = [options] { return submit_command(*options); }; });
}

void add_init_command(CLI::App& app, Action& chosen) {
  CLI::App* command = app.add_subcommand("init", "write a commented experiment to start from");
  auto name = std::make_shared<std::string>("experiment");
  command->add_option("NAME", *name,
                      "of the file, which gets the ending .toml (default: experiment)");
  command->callback([name, &chosen] { chosen = [name] { return init_command(*name); }; });
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

void add_report_command(CLI::App& app, Action& chosen) {
  CLI::App* command =
      app.add_subcommand("report", "pictures of a results folder: a page, or figures for papers");
  auto options = std::make_shared<ReportOptions>();
  command->add_option("DIR", options->folder, "the results folder")->required();
  command
      ->add_option("--out", options->out,
                   "the page (default: DIR/report.html), or the folder of the figures (default: "
                   "DIR/figures)")
      ->type_name("PATH");
  command
      ->add_option("--format", options->format,
                   "html (default), one page; svg or png, figures for papers (needs gnuplot)")
      ->check(CLI::IsMember({"html", "svg", "png"}));
  command
      ->add_option("--measure", options->measures,
                   "figures: a measure of runs.csv; may be repeated (default: the usual ones)")
      ->allow_extra_args(false)
      ->type_name("NAME");
  command->add_option("--x", options->along, "figures: the swept key along the axis")
      ->type_name("KEY");
  command->add_option("--by", options->lines, "figures: the swept key with a line for each value")
      ->type_name("KEY");
  command->callback(
      [options, &chosen] { chosen = [options] { return report_command(*options); }; });
}

void add_trace_command(CLI::App& app, Action& chosen) {
  CLI::App* command =
      app.add_subcommand("trace", "tell the story of one payment, message by message");
  auto options = std::make_shared<TraceOptions>();
  add_experiment_arguments(*command, options->experiment, options->overrides);
  command->add_option("--payment", options->payment, "its number in payments.csv")
      ->required()
      ->check(integer_from<std::uint32_t>(0))
      ->type_name("N");
  command->add_option("--run", options->run, "row of runs.csv, from 0 (default: 0)")
      ->check(integer_from<std::uint64_t>(0))
      ->type_name("I");
  command
      ->add_option("--format", options->format,
                   "text (default), mermaid (a sequence diagram) or json (everything in full)")
      ->type_name("NAME");
  command->callback(
      [options, &chosen] { chosen = [options] { return trace_command(*options, std::cout); }; });
}

/// --subnetwork and --set of a command about networks; `keys` is what can be set.
void add_network_options(CLI::App& command, NetworkOptions& options, const std::string& keys) {
  command
      .add_option("--subnetwork", options.subnetwork,
                  "all (default), largest_component, core, top or snowball: the same as --set "
                  "topology.subnetwork=NAME")
      ->type_name("NAME");
  command
      .add_option("--set", options.overrides,
                  fmt::format("KEY=VALUE of {}, as in an experiment file", keys))
      ->allow_extra_args(false)
      ->type_name("KEY=VALUE");
}

std::string list_of_formats() {
  std::string formats = "Formats:";
  for (const topo::Exporter& exporter : topo::exporters()) {
    formats += fmt::format("\n  {:<16}{}", exporter.name, exporter.summary);
    if (exporter.files.empty()) continue;
    formats += fmt::format("; --out is a folder for {}", fmt::join(exporter.files, ", "));
  }
  return formats + "\nA file whose name ends in .gz is compressed.";
}

int warn(const std::vector<std::string>& warnings) {
  for (const std::string& warning : warnings) spdlog::warn("{}", sim::one_line(warning));
  return 0;
}

void add_generate_command(CLI::App& topology, Action& chosen) {
  std::string generators;
  for (const topo::Generator& generator : topo::generators()) {
    generators += fmt::format("\n  {:<16}{}", generator.name, generator.summary);
  }
  CLI::App* command = topology.add_subcommand("generate", "write a generated network to a file");
  command->footer("Generators:" + generators + "\n\n" + list_of_formats());
  auto options = std::make_shared<GenerateOptions>();
  command->add_option("GENERATOR", options->network.generator, "one of the generators below")
      ->required();
  command->add_option("--nodes", options->network.nodes, "the same as --set topology.nodes=N")
      ->check(integer_from<std::uint32_t>(2))
      ->type_name("N");
  add_network_options(*command, options->network, "[topology], [channels] or seed");
  command->add_option("--to", options->to, "one of the formats below (default: ampsim)")
      ->type_name("FORMAT");
  command->add_option("--out", options->out, "the file to write")->required()->type_name("FILE");
  command->callback(
      [options, &chosen] { chosen = [options] { return warn(generate_network(*options)); }; });
}

constexpr const char* kFileHelp =
    "a network in any of the formats, plain or gzip; formats of several files: all of them";

void add_convert_command(CLI::App& topology, Action& chosen) {
  CLI::App* command =
      topology.add_subcommand("convert", "write a network, or a part of it, in another format");
  command->footer(list_of_formats());
  auto options = std::make_shared<ConvertOptions>();
  command->add_option("FILE", options->files, kFileHelp)->required();
  command->add_option("--to", options->to, "one of the formats below")
      ->required()
      ->type_name("FORMAT");
  add_network_options(*command, options->network,
                      "topology.subnetwork and its numbers, [channels] (for what the format needs "
                      "and the file does not say) or seed");
  command->add_option("--out", options->out, "the file to write")->required()->type_name("FILE");
  command->callback(
      [options, &chosen] { chosen = [options] { return warn(convert_network(*options)); }; });
}

void add_topology_command(CLI::App& app, Action& chosen) {
  CLI::App* topology = app.add_subcommand("topology", "networks as files and in numbers");
  topology->require_subcommand(1);
  add_generate_command(*topology, chosen);
  add_convert_command(*topology, chosen);
  CLI::App* command = topology->add_subcommand("describe", "print what networks look like");
  auto options = std::make_shared<DescribeOptions>();
  command->add_option("FILE", options->files, kFileHelp)->required();
  command->add_option("--format", options->format, "table (default) or csv")
      ->check(CLI::IsMember({"table", "csv"}));
  add_network_options(*command, options->network, "topology.subnetwork and its numbers, or seed");
  command->callback([options, &chosen] {
    chosen = [options] {
      describe_networks(*options, std::cout);
      return 0;
    };
  });
}

void add_derivation(CLI::App& command, std::string& derivation) {
  command.add_option("--derivation", derivation, "lnd (default), og2018 or toy")->type_name("NAME");
}

void add_amp_command(CLI::App& app, Action& chosen) {
  CLI::App* amp = app.add_subcommand("amp", "the AMP core by itself, CSV in and out");
  amp->require_subcommand(1);

  CLI::App* derive = amp->add_subcommand("derive", "root, preimages and hashes of given shares");
  auto shares = std::make_shared<AmpDeriveArguments>();
  derive->add_option("--shares", shares->shares, "hexadecimal; decimal for toy")
      ->required()
      ->delimiter(',')
      ->type_name("SHARE,...");
  derive->add_option("--indexes", shares->indexes, "child indexes (default: counted)")
      ->check(integer_from<std::uint32_t>(0))
      ->delimiter(',')
      ->type_name("N,...");
  add_derivation(*derive, shares->derivation);
  derive->callback(
      [shares, &chosen] { chosen = [shares] { return run_amp_derive(*shares, std::cout); }; });

  CLI::App* split = amp->add_subcommand("split", "cut an amount into parts with fresh secrets");
  auto parts = std::make_shared<AmpSplitArguments>();
  split->add_option("--parts", parts->parts, "how many")
      ->required()
      ->check(integer_from<std::int64_t>(1))
      ->type_name("N");
  split->add_option("--total-msat", parts->total_msat, "the amount")
      ->required()
      ->check(integer_from<std::int64_t>(1))
      ->type_name("V");
  split->add_option("--seed", parts->seed, "the same seed, the same secrets (default: 1)")
      ->check(integer_from<std::uint64_t>(0))
      ->type_name("S");
  add_derivation(*split, parts->derivation);
  split->callback(
      [parts, &chosen] { chosen = [parts] { return run_amp_split(*parts, std::cout); }; });

  CLI::App* claim = amp->add_subcommand("claim", "let parts arrive at a receiver");
  auto set = std::make_shared<AmpClaimArguments>();
  claim->add_option("PARTS", set->parts_file, "CSV with the columns of split")->required();
  claim->add_option("--total-msat", set->total_msat, "what the set must reach (default: the sum)")
      ->check(integer_from<std::int64_t>(1))
      ->type_name("V");
  add_derivation(*claim, set->derivation);
  claim->callback(
      [set, &chosen] { chosen = [set] { return run_amp_claim(*set, std::cout, std::cerr); }; });
}

/// Names that could have been meant where CLI11 says that something is not expected.
std::vector<std::string> known_words(const CLI::App& app) {
  std::vector<std::string> words;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
  }
  for (const CLI::App* command :
       app.get_subcommands([](const CLI::App* each) { return !each->get_group().empty(); })) {
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
    std::string name;  // "amp split": its parents, too
    for (const CLI::App* at = &command; at != &app; at = at->get_parent()) {
      name.insert(0, " " + at->get_name());
    }
    problem = fmt::format("{}; see ampsim{} --help", error.what(), name);
  }
  fmt::print(stderr, "ampsim: {}\n", sim::one_line(problem));
  return kWrongInput;
}

int run_command_line(int argc, char** argv) {
  CLI::App app("Simulates atomic multi-path payments on payment channel networks.", "ampsim");
  app.set_version_flag("--version",
                       fmt::format("ampsim {} ({})", sim::version().number, sim::version().commit));
  app.require_subcommand(1);
  Action chosen;
  add_init_command(app, chosen);
  add_run_command(app, chosen);
  add_merge_command(app, chosen);
  add_submit_command(app, chosen);
  add_check_command(app, chosen);
  add_report_command(app, chosen);
  add_trace_command(app, chosen);
  add_topology_command(app, chosen);
  add_amp_command(app, chosen);
  add_shell_commands(app, chosen);
  if (answer_shell(app, argc, argv)) return 0;
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    return report_wrong_arguments(app, error);
  }
  const int code = chosen();
  if (!std::cout.flush() || std::fflush(stdout) != 0)
    throw std::runtime_error("standard output cannot be written");
  return code;
}

}  // namespace

int run_program(int argc, char** argv) {
  spdlog::set_default_logger(spdlog::stderr_color_mt("ampsim"));
  spdlog::set_pattern("%n: %^%l%$: %v");
  try {
    return run_command_line(argc, argv);
  } catch (const InputError& error) {
    fmt::print(stderr, "ampsim: {}\n", sim::one_line(error.what()));
    return kWrongInput;
  } catch (const std::exception& error) {
    fmt::print(stderr, "ampsim: {}\n", sim::one_line(error.what()));
    return kFailed;
  }
}

}  // namespace ampsim::cli
