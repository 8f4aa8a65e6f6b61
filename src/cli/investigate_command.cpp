#include "src/cli/investigate_command.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "src/app/bundle_investigation.h"
#include "src/cli/commands.h"
#include "src/report/html_report.h"
#include "src/report/json_report.h"
#include "src/report/text_report.h"

namespace midwatch::cli {
namespace {

struct Options {
  std::string bundle;
  std::string format = "text";
  std::string language = "en";
  std::string output;
  std::string knowledge;
  unsigned threads = 0;
  bool brief = false;
};

bool is_terminal(int descriptor) {
  return isatty(descriptor) == 1;
}

bool wants_colour() {
  const char* no_colour = std::getenv("NO_COLOR");
  return is_terminal(STDOUT_FILENO) && (no_colour == nullptr || *no_colour == '\0');
}

std::string render(const model::InvestigationRecord& record, const Options& options) {
  const auto language = options.language == "ja" ? model::Language::kJapanese : model::Language::kEnglish;
  if (options.format == "json") return base::dump_json_indented(report::json_report(record, language)) + "\n";
  if (options.format == "markdown") return report::markdown_report(record, language);
  if (options.format == "html") return report::html_report(record, language);
  return report::text_report(record, {language, options.output.empty() && wants_colour(), !options.brief});
}

int write(const std::string& text, const std::string& path) {
  if (path.empty() || path == "-") {
    const bool done =
        std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
    return done ? kReached : kFailed;
  }
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  if (out) return kReached;
  fmt::print(stderr, "midwatch: {} could not be written; check that its folder exists and is writable\n",
             path);
  return kFailed;
}

void show_progress(const investigation::Progress& progress) {
  fmt::print(stderr, "\r\x1b[K{} … {} records{}", progress.phase, progress.records,
             progress.hypotheses > 0 ? fmt::format(", {} hypotheses", progress.hypotheses) : std::string());
  std::fflush(stderr);
}

int investigate(const Options& options) {
  app::BundleInvestigation what;
  what.bundle = options.bundle;
  what.knowledge_folder = options.knowledge;
  what.threads = options.threads;
  const bool progress = is_terminal(STDERR_FILENO);
  if (progress) what.on_progress = show_progress;
  const base::SystemClock clock;
  const auto record = app::investigate_bundle(what, clock);
  if (progress) fmt::print(stderr, "\r\x1b[K");
  if (!record) {
    fmt::print(stderr, "midwatch: {}\n", record.error().describe());
    return kFailed;
  }
  return write(render(*record, options), options.output);
}

}  // namespace

void add_investigate(CLI::App& app, int& status) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("investigate", "Find the cause of the incident in a bundle");
  command->footer(
      "Examples:\n"
      "  midwatch investigate incident/                         the report as text\n"
      "  midwatch investigate incident.tar.zst --format json    the report for programs\n"
      "  midwatch investigate incident/ --format html --output report.html --lang ja");
  command->add_option("BUNDLE", options->bundle, "an incident bundle: a folder, .tar.gz or .tar.zst")
      ->required();
  command->add_option("--format", options->format, "text, markdown, json or html")
      ->check(CLI::IsMember({"text", "markdown", "json", "html"}));
  command->add_option("--lang", options->language, "en or ja")->check(CLI::IsMember({"en", "ja"}));
  command->add_option("--output,-o", options->output, "write there instead of to standard output");
  command->add_option("--knowledge", options->knowledge,
                      "use the knowledge of this folder instead of the built-in");
  command->add_option("--threads", options->threads, "threads to use; the report does not depend on it");
  command->add_flag("--brief", options->brief, "only the first screen (text)");
  command->callback([options, &status] { status = investigate(*options); });
}

}  // namespace midwatch::cli
