#include "src/cli/evaluate_command.h"

#include <cstdio>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/app/evaluation.h"
#include "src/base/json.h"
#include "src/cli/commands.h"
#include "src/cli/terminal.h"
#include "src/evaluate/scorecard_report.h"

namespace midwatch::cli {
namespace {

struct Options {
  app::Evaluation what;
  std::string format = "text";
  bool misses = false;
  Presentation how;
};

std::string render(const evaluate::Scorecard& card, const Options& options) {
  if (options.format == "json") return base::dump_json_indented(evaluate::scorecard_json(card)) + "\n";
  if (options.format == "markdown") return evaluate::scorecard_markdown(card, options.misses);
  return evaluate::scorecard_text(card, options.misses);
}

int evaluate(Options& options) {
  const bool progress = shows_progress();
  if (progress) {
    options.what.on_progress = [](std::size_t done, std::size_t all) {
      fmt::print(stderr, "\r\x1b[K{} of {} incidents", done, all);
      std::fflush(stderr);
    };
  }
  const base::SystemClock clock;
  const auto result = app::evaluate_bundles(options.what, clock);
  if (progress) fmt::print(stderr, "\r\x1b[K");
  if (!result) return tell(result.error());
  for (const auto& notice : result->notices) fmt::print(stderr, "midwatch: {}\n", notice);
  return write_output(render(result->card, options), options.how);
}

}  // namespace

void add_evaluate(CLI::App& app, int& status) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("evaluate", "Investigate past incidents with known causes and score the answers");
  command->footer(
      "Each FOLDER holds bundles and a truth.jsonl with one line an incident; docs/evaluating.md describes "
      "it.\n"
      "Examples:\n"
      "  midwatch evaluate past-incidents/\n"
      "  midwatch evaluate past-incidents/ --misses --format markdown --output scorecard.md\n"
      "  midwatch evaluate 2024/ 2025/ --truth answers.jsonl -j 4 --format json");
  command->add_option("FOLDER", options->what.folders, "where the bundles lie, at any depth")->required();
  command
      ->add_option("--truth", options->what.truths,
                   "a truth file instead of truth.jsonl in each folder; may be given more than once")
      ->allow_extra_args(false);
  command->add_option("--format", options->format, "text, markdown or json")
      ->check(CLI::IsMember({"text", "markdown", "json"}));
  command
      ->add_option("-j,--jobs", options->what.jobs,
                   "incidents investigated side by side (default: one a core)")
      ->check(CLI::Range(1, 1024));
  command->add_flag("--misses", options->misses, "list what was not answered right (json always does)");
  command->add_option("--knowledge", options->what.knowledge_folder,
                      "a knowledge folder instead of the built-in knowledge");
  command->add_option("--output,-o", options->how.output, "write to this file instead of to standard output");
  command->callback([options, &status] { status = evaluate(*options); });
}

}  // namespace midwatch::cli
