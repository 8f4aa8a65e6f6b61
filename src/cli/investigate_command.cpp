#include "src/cli/investigate_command.h"

#include <cstdio>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/app/bundle_investigation.h"
#include "src/cli/commands.h"
#include "src/cli/options.h"
#include "src/report/html_report.h"
#include "src/report/json_report.h"
#include "src/report/text_report.h"

namespace midwatch::cli {
namespace {

struct Options {
  app::BundleInvestigation what;
  std::string format = "text";
  bool brief = false;
  Presentation how;
};

std::string render(const model::InvestigationRecord& record, const Options& options) {
  const auto language = language_of(options.how);
  if (options.format == "json") return base::dump_json_indented(report::json_report(record, language)) + "\n";
  if (options.format == "markdown") return report::markdown_report(record, language);
  if (options.format == "html") return report::html_report(record, language);
  return report::text_report(record, {language, uses_colour(options.how), !options.brief});
}

void show(const investigation::Progress& progress) {
  fmt::print(stderr, "\r\x1b[K{} … {} records{}", progress.phase, progress.records,
             progress.hypotheses > 0 ? fmt::format(", {} hypotheses", progress.hypotheses) : std::string());
  std::fflush(stderr);
}

int investigate(Options& options) {
  const bool progress = shows_progress();
  if (progress) options.what.on_progress = show;
  const base::SystemClock clock;
  const auto record = app::investigate_bundle(options.what, clock);
  if (progress) fmt::print(stderr, "\r\x1b[K");
  if (!record) return tell(record.error());
  return write_output(render(*record, options), options.how);
}

}  // namespace

void add_investigate(CLI::App& app, int& status) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("investigate", "Find the cause of the incident in a bundle");
  command->footer(
      "A bundle is one incident as a folder, .tar, .tar.gz or .tar.zst; docs/incident-bundle.md says which "
      "files.\n"
      "Exit status: 0 an outcome was reached (root_cause, nothing_wrong or inconclusive), 1 it failed, 2 "
      "wrong usage.\n"
      "Examples:\n"
      "  midwatch investigate incident/                         the report as text\n"
      "  midwatch investigate incident/ --brief                 only the first screen\n"
      "  midwatch investigate incident.tar.zst --format json    the report for programs\n"
      "  midwatch investigate incident/ --format html --output report.html --lang ja");
  command->add_option("BUNDLE", options->what.bundle, "an incident bundle: a folder or an archive")
      ->required();
  command->add_option("--format", options->format, "text, markdown, json or html")
      ->check(CLI::IsMember({"text", "markdown", "json", "html"}));
  command->add_flag("--brief", options->brief, "only the first screen (text)");
  command->add_option("--knowledge", options->what.knowledge_folder,
                      "a knowledge folder instead of the built-in knowledge");
  command
      ->add_option("--threads", options->what.threads,
                   "threads to use (default: one a core); the report does not depend on it")
      ->check(CLI::Range(1, 1024));
  add_presentation(*command, options->how);
  command->callback([options, &status] { status = investigate(*options); });
}

}  // namespace midwatch::cli
