#include "sim/cli/completion.hpp"

#include <algorithm>
#include <set>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "core/share.hpp"
#include "sim/cli/footer.hpp"
#include "sim/experiment/document.hpp"
#include "sim/experiment/settings.hpp"
#include "sim/measure/trace_format.hpp"

namespace ampsim::cli {
namespace {

constexpr std::string_view kSweep = "sweep.";

/// Where the walk along the words has come to.
struct Position {
  const CLI::App* command;
  std::string path;                      ///< "topology generate"
  std::size_t positionals = 0;           ///< that stand there already
  const CLI::Option* waiting = nullptr;  ///< option whose value comes next
  bool is_over = false;                  ///< behind "--"
};

bool is_shown(const CLI::App* command) { return !command->get_group().empty(); }

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

const CLI::Option* option_named(const CLI::App& command, std::string_view word) {
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      if (word == "--" + name) return option;
    }
    for (const std::string& name : option->get_snames()) {
      if (word == "-" + name) return option;
    }
  }
  return nullptr;
}

void step(Position& at, const std::string& word) {
  if (at.is_over) return;
  if (at.waiting != nullptr) {
    at.waiting = nullptr;
    return;
  }
  if (word == "--") {
    at.is_over = true;
    return;
  }
  if (word.starts_with("-")) {
    const CLI::Option* const option = option_named(*at.command, word);
    if (option != nullptr && takes_value(*option)) at.waiting = option;
    return;
  }
  for (const CLI::App* command :
       at.command->get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_name() != word) continue;
    at = {.command = command, .path = at.path + (at.path.empty() ? "" : " ") + word};
    return;
  }
  ++at.positionals;
}

/// The positional that stands at that place; the last one may take several.
const CLI::Option* positional_at(const CLI::App& command, std::size_t place) {
  const std::vector<const CLI::Option*> all =
      command.get_options([](const CLI::Option* option) { return option->get_positional(); });
  if (place < all.size()) return all[place];
  return !all.empty() && all.back()->get_items_expected_max() > 1 ? all.back() : nullptr;
}

class Finder {
 public:
  Finder(std::string typed, std::string prefix)
      : typed_(std::move(typed)), prefix_(std::move(prefix)) {}

  void add(const std::string& word, std::string_view help = "") {
    if (!word.starts_with(typed_) || !seen_.insert(word).second) return;
    found_.words.push_back({prefix_ + word, sim::one_line(help)});
  }
  void add_paths(Paths paths) { found_.paths = paths; }

  void add_commands(const CLI::App& command);
  void add_options(const CLI::App& command);
  void add_values(const CLI::Option& option, const Position& at);
  void add_settings(bool of_networks);
  Completions take() { return std::move(found_); }

 private:
  void add_keys(const sim::Setting& setting, const std::string& key);

  std::string typed_;
  std::string prefix_;  ///< "--out=", which stands in front of what is typed
  std::set<std::string> seen_;
  Completions found_;
};

void Finder::add_commands(const CLI::App& command) {
  for (const CLI::App* each : command.get_subcommands(is_shown)) {
    add(each->get_name(), each->get_description());
  }
}

void Finder::add_options(const CLI::App& command) {
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      add("--" + name, option->get_description());
    }
  }
}

/// The part of the key up to the next dot, so that a list stays short.
void Finder::add_keys(const sim::Setting& setting, const std::string& key) {
  if (!key.starts_with(typed_)) return;
  const std::size_t dot = key.find('.', typed_.size());
  if (dot == std::string::npos) {
    add(key + "=", setting.help);
  } else {
    add(key.substr(0, dot + 1));
  }
}

void Finder::add_settings(bool of_networks) {
  const std::size_t equals = typed_.find('=');
  if (equals != std::string::npos) {
    const sim::Setting* const setting = sim::find_setting(typed_.substr(0, equals));
    if (setting == nullptr) return;
    std::vector<std::string> values = setting->choices;
    if (setting->kind == sim::ValueKind::boolean) values = {"true", "false"};
    for (const std::string& value : values) add(setting->key + "=" + value);
    const bool is_file =
        setting->kind == sim::ValueKind::file || setting->kind == sim::ValueKind::files;
    if (is_file) add_paths(Paths::files);
    return;
  }
  for (const sim::Setting& setting : sim::setting_table()) {
    const std::string& key = setting.key;
    if (of_networks && !key.starts_with("topology.") && !key.starts_with("channels.") &&
        key != "seed") {
      continue;
    }
    add_keys(setting, key);
    if (!of_networks && setting.can_be_swept) add_keys(setting, std::string(kSweep) + key);
  }
}

/// What options of that name take, where CLI11 does not know it.
std::vector<std::string> names_of_values(const std::string& option, const std::string& path) {
  std::vector<std::string> names;
  if (option == "--derivation") {
    for (const auto derivation : amp::kDerivations) names.emplace_back(name_of(derivation));
  } else if (option == "--format" && path == "trace") {
    for (const sim::TraceFormat& format : sim::trace_formats()) names.emplace_back(format.name);
  }
  return names;
}

/// The names between the braces of "TEXT:{table,csv}", which CLI11 makes of CLI::IsMember.
std::vector<std::string> members_in(const std::string& type) {
  std::vector<std::string> members;
  const std::size_t open = type.find('{');
  const std::size_t close = type.find('}', open);
  if (open == std::string::npos || close == std::string::npos) return members;
  for (std::size_t start = open + 1; start <= close;) {
    const std::size_t end = std::min(type.find(',', start), close);
    members.push_back(type.substr(start, end - start));
    start = end + 1;
  }
  return members;
}

/// "formats" of "one of the formats below": the list in the footer that the description points to.
std::string list_named_in(const std::string& description) {
  constexpr std::string_view kBefore = "one of the ";
  const std::size_t start = description.find(kBefore);
  const std::size_t end = description.find(" below", start);
  if (start == std::string::npos || end == std::string::npos) return "";
  return description.substr(start + kBefore.size(), end - start - kBefore.size());
}

void Finder::add_values(const CLI::Option& option, const Position& at) {
  const std::string name = option.get_name(option.get_positional());
  const std::string type = option.get_type_name();
  const bool is_positional = option.get_positional();
  if (type.starts_with("KEY=VALUE")) return add_settings(at.path.starts_with("topology "));
  if (const std::string list = list_named_in(option.get_description()); !list.empty()) {
    bool is_in_list = false;
    for (const FooterLine& line : footer_lines(*at.command)) {
      if (line.name.empty()) is_in_list = CLI::detail::to_lower(line.text) == list + ":";
      if (is_in_list && !line.name.empty()) add(line.name, line.text);
    }
    return;
  }
  std::vector<std::string> values = members_in(type);
  if (values.empty()) values = names_of_values(name, at.path);
  for (const std::string& value : values) add(value);
  if (!values.empty()) return;
  const std::string& what = is_positional ? name : type;
  if (what.starts_with("DIR")) add_paths(Paths::folders);
  constexpr std::string_view kFiles[] = {"FILE", "PATH", "EXPERIMENT", "PARTS"};
  for (const std::string_view each : kFiles) {
    if (what.starts_with(each)) add_paths(Paths::files);
  }
}

}  // namespace

Completions completions_of(const CLI::App& app, const std::vector<std::string>& words) {
  Position at{.command = &app, .path = ""};
  for (std::size_t i = 0; i + 1 < words.size(); ++i) step(at, words[i]);
  const std::string typed = words.empty() ? "" : words.back();
  if (at.is_over) return {};
  if (at.waiting != nullptr) {
    Finder finder(typed, "");
    finder.add_values(*at.waiting, at);
    return finder.take();
  }
  if (typed.starts_with("-")) {
    const std::size_t equals = typed.find('=');
    const CLI::Option* const option = option_named(*at.command, typed.substr(0, equals));
    if (equals != std::string::npos && option != nullptr && takes_value(*option)) {
      Finder finder(typed.substr(equals + 1), typed.substr(0, equals + 1));
      finder.add_values(*option, at);
      return finder.take();
    }
    Finder finder(typed, "");
    finder.add_options(*at.command);
    return finder.take();
  }
  Finder finder(typed, "");
  finder.add_commands(*at.command);
  if (const CLI::Option* const positional = positional_at(*at.command, at.positionals)) {
    finder.add_values(*positional, at);
  }
  return finder.take();
}

std::string completion_lines(const Completions& completions) {
  std::string text;
  for (const Candidate& candidate : completions.words) {
    text += candidate.word;
    if (!candidate.help.empty()) text += "\t" + candidate.help;
    text += '\n';
  }
  if (completions.paths == Paths::files) text += ":files\n";
  if (completions.paths == Paths::folders) text += ":folders\n";
  return text;
}

}  // namespace ampsim::cli
