#include "sim/report/page.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/check.hpp"
#include "sim/experiment/output_file.hpp"
#include "sim/report/page_texts.hpp"

namespace ampsim::report {
namespace {

/// In the order in which they need each other.
constexpr std::array<std::string_view, 11> kScripts = {
    "format.js",  "theme.js",   "choice.js",  "plot.js",  "measures.js", "figures.js",
    "amounts.js", "latency.js", "network.js", "table.js", "main.js"};

std::string html(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

std::string counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

/// "48 runs: 16 points, 3 replicates each".
std::string size_of(const Results& results) {
  const std::size_t points = results.points.size();
  std::string runs = counted(points * results.replicates, "run");
  if (points == 1 && results.replicates == 1) return runs;
  if (points == 1) return fmt::format("{}: {}", runs, counted(results.replicates, "replicate"));
  if (results.replicates == 1) return fmt::format("{}: one a point", runs);
  return fmt::format("{}: {}, {} each", runs, counted(points, "point"),
                     counted(results.replicates, "replicate"));
}

/// What the manifest says about the making, in a line; "" where it says nothing.
std::string origin_of(const Results& results) {
  const nlohmann::json manifest =
      nlohmann::json::parse(results.manifest, nullptr, /*allow_exceptions=*/false);
  if (!manifest.is_object()) return "";
  const auto text = [&](const char* name) -> std::string {
    const auto found = manifest.find(name);
    return found != manifest.end() && found->is_string() ? found->get<std::string>() : "";
  };
  std::string line = fmt::format("ampsim {} ({})", text("version"), text("commit"));
  if (const std::string end = text("end"); !end.empty()) line += ", finished " + end;
  return line;
}

bool is_whole(const std::string& value) {
  return std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// 1000000 as "1,000,000" where one of the values is so large; others as they are.
std::string with_commas(const Key& key, const std::string& value) {
  const bool has_large =
      std::any_of(key.values.begin(), key.values.end(),
                  [](const std::string& other) { return other.size() >= 5 && is_whole(other); });
  if (!has_large || !is_whole(value)) return value;
  std::string text = value;
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

/// The keys that were swept, each with its values.
std::string compared(const Results& results) {
  constexpr std::size_t kMostValues = 12;
  if (results.keys.empty()) return "<p>One point: nothing was swept.</p>\n";
  std::string rows;
  for (const Key& key : results.keys) {
    std::string values;
    for (std::size_t i = 0; i < std::min(key.values.size(), kMostValues); ++i) {
      values +=
          fmt::format("{}<code>{}</code>", i > 0 ? " " : "", html(with_commas(key, key.values[i])));
    }
    if (key.values.size() > kMostValues) {
      values += fmt::format(" and {} more", key.values.size() - kMostValues);
    }
    rows += fmt::format(
        "<dt><code>{}</code></dt><dd>{}{}</dd>\n", html(key.name), values,
        key.help.empty() ? "" : fmt::format("<span class=\"help\">{}</span>", html(key.help)));
  }
  return "<dl class=\"compared\">\n" + rows + "</dl>\n";
}

/// "3.9.1", as the library's first lines say.
std::string chart_js_version() {
  constexpr std::string_view kMark = "Chart.js v";
  const std::string_view text = page_text("chart.min.js");
  const std::size_t at = text.find(kMark);
  if (at == std::string_view::npos) return "3";
  const std::string_view rest = text.substr(at + kMark.size());
  return std::string(rest.substr(0, rest.find_first_not_of("0123456789.")));
}

std::string scripts() {
  std::string text = "(() => {\n\"use strict\";\n";
  for (const std::string_view name : kScripts) text += page_text(name);
  return text + "})();\n";
}

/// `{{name}}` in the template is replaced by the text of that name.
std::string filled(std::string_view page,
                   const std::vector<std::pair<std::string_view, std::string>>& texts) {
  std::string result;
  while (true) {
    const std::size_t open = page.find("{{");
    result += page.substr(0, open);
    if (open == std::string_view::npos) return result;
    const std::size_t close = page.find("}}", open);
    const std::string_view name = page.substr(open + 2, close - open - 2);
    const auto found = std::find_if(texts.begin(), texts.end(),
                                    [&](const auto& each) { return each.first == name; });
    AMPSIM_CHECK(found != texts.end(), "the template asks for what there is");
    result += found->second;
    page.remove_prefix(close + 2);
  }
}

}  // namespace

PageContent read_content(const std::filesystem::path& folder) {
  PageContent content;
  content.results = read_results(folder);
  const std::size_t points = content.results.points.size();
  std::error_code ignored;
  if (std::filesystem::exists(folder / "payments.csv", ignored)) {
    content.payments = read_payments(folder / "payments.csv", points, content.results.replicates);
  }
  if (std::filesystem::exists(folder / "channels.csv", ignored)) {
    content.network = read_channels(folder / "channels.csv", content.results.replicates);
  }
  return content;
}

std::string page_html(const PageContent& content) {
  const Results& results = content.results;
  // A library's own map of its source would be a request as soon as somebody looks at it.
  std::string library(page_text("chart.min.js"));
  if (const std::size_t map = library.find("//# sourceMappingURL"); map != std::string::npos) {
    library.resize(map);
  }
  return filled(page_text("report.html"), {{"name", html(results.name)},
                                           {"size", html(size_of(results))},
                                           {"origin", html(origin_of(results))},
                                           {"compared", compared(results)},
                                           {"settings", html(results.settings)},
                                           {"manifest", html(results.manifest)},
                                           {"style", std::string(page_text("report.css"))},
                                           {"json", page_json(content)},
                                           {"library", library},
                                           {"library-version", chart_js_version()},
                                           {"scripts", scripts()}});
}

void write_page(const std::filesystem::path& folder, const std::filesystem::path& file) {
  sim::write_file(file, page_html(read_content(folder)));
}

}  // namespace ampsim::report
