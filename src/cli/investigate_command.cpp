#include "src/cli/investigate_command.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/app/aws_access.h"
#include "src/app/bundle_investigation.h"
#include "src/app/knowledge_loading.h"
#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/cli/aws_options.h"
#include "src/cli/commands.h"
#include "src/cli/options.h"
#include "src/report/html_report.h"
#include "src/report/json_report.h"
#include "src/report/text_report.h"

namespace midwatch::cli {
namespace {

struct Options {
  app::BundleInvestigation what;
  AwsOptions aws;
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

/// One line a round: what the answers say until now, the likeliest first.
void show_weighed(const model::InvestigationRecord& record, model::Language language) {
  constexpr std::size_t kShown = 3;
  constexpr std::size_t kShownBytes = 100;
  std::string line;
  for (std::size_t i = 0; i < std::min(kShown, record.hypotheses.size()); ++i) {
    const auto& hypothesis = record.hypotheses[i];
    line += fmt::format("{}{} ({:.0f} %)", i > 0 ? " | " : "",
                        base::printable(hypothesis.title.in(language), kShownBytes),
                        hypothesis.probability * 100);
  }
  constexpr std::size_t kBeforeLine = 30;  // what stands to its left
  const std::size_t width = std::max(terminal_width(), 2 * kBeforeLine);
  line = base::printable(line, width - kBeforeLine);
  if (language == model::Language::kJapanese) {
    fmt::print(stderr, "\r\x1b[K       観測 {} 件 → {}\n", record.observations.size(),
               line.empty() ? "仮説なし" : line);
  } else {
    fmt::print(stderr, "\r\x1b[K       {} observations → {}\n", record.observations.size(),
               line.empty() ? "no hypothesis yet" : line);
  }
}

base::Result<model::InvestigationRecord> ask_account(const Options& options, const base::Clock& clock) {
  MIDWATCH_TRY(auto what, aws_investigation(options.aws));
  what.threads = options.what.threads;
  what.on_progress = options.what.on_progress;
  if (what.on_progress) {
    what.options.on_answer = AnswerLines(language_of(options.how));
    what.on_weighed = [language = language_of(options.how)](const auto& record) {
      show_weighed(record, language);
    };
  }
  MIDWATCH_TRY(const auto api, app::open_aws(what.options.space, clock));
  MIDWATCH_TRY(const auto knowledge, app::load_knowledge(options.what.knowledge_folder));
  return app::investigate_aws(what, *api, knowledge, clock);
}

/// A sentence stands where a bundle could: it has a space, or is no ASCII, and no such file exists.
bool is_sentence(const std::string& text) {
  std::error_code error;
  const bool words = std::any_of(text.begin(), text.end(),
                                 [](char c) { return c == ' ' || static_cast<unsigned char>(c) > 127; });
  return words && !std::filesystem::exists(text, error);
}

int investigate(Options& options) {
  const bool progress = shows_progress();
  if (progress) options.what.on_progress = show;
  const base::SystemClock clock;
  if (is_sentence(options.what.bundle)) options.aws.wanted.question = std::exchange(options.what.bundle, {});
  const bool account = asks_account(options.aws);
  if (account != options.what.bundle.empty()) {
    tell(base::user_error(base::ErrorCode::kInvalidArgument,
                          account
                              ? "a bundle and a live account cannot be investigated at once"
                              : "name a bundle, or ask an account with --alarm, --latest-alarm, --entity or "
                                "a sentence"));
    return kWrongUsage;
  }
  const auto record = account ? ask_account(options, clock) : app::investigate_bundle(options.what, clock);
  if (progress) fmt::print(stderr, "\r\x1b[K");
  if (!record) return tell(record.error());
  return write_output(render(*record, options), options.how);
}

}  // namespace

void add_investigate(CLI::App& app, int& status) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("investigate", "Find the cause of an incident, from a bundle or a live account");
  command->footer(
      "A bundle is one incident as a folder, .tar, .tar.gz or .tar.zst; docs/incident-bundle.md says which "
      "files.\n"
      "Exit status: 0 an outcome was reached (root_cause, nothing_wrong or inconclusive), 1 it failed, 2 "
      "wrong usage.\n"
      "Examples:\n"
      "  midwatch investigate incident/                         the report as text\n"
      "  midwatch investigate incident/ --brief                 only the first screen\n"
      "  midwatch investigate incident.tar.zst --format json    the report for programs\n"
      "  midwatch investigate incident/ --format html --output report.html --lang ja\n"
      "  midwatch investigate --alarm orders-errors             ask the AWS account of the credentials\n"
      "  midwatch investigate --latest-alarm --record incident/ the same, and keep all that was read\n"
      "  midwatch investigate \"orders が 5xx を返しています\"     a sentence that names a resource");
  command->add_option("BUNDLE", options->what.bundle,
                      "an incident bundle (a folder or an archive), or a sentence about a live account");
  add_aws_options(*command, options->aws);
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
