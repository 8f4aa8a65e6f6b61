#include "src/cli/evaluate_command.h"

#include <cstdio>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/app/evaluation.h"
#include "src/app/world_evaluation.h"
#include "src/base/json.h"
#include "src/cli/commands.h"
#include "src/cli/options.h"
#include "src/cli/terminal.h"
#include "src/evaluate/scorecard_report.h"

namespace midwatch::cli {
namespace {

struct Options {
  app::Evaluation what;
  bool asks_worlds = false;
  app::WorldEvaluation worlds;
  std::string format = "text";
  bool misses = false;
  Presentation how;
};

std::string render(const evaluate::Scorecard& card, const Options& options) {
  if (options.format == "json") return base::dump_json_indented(evaluate::scorecard_json(card)) + "\n";
  if (options.format == "markdown") return evaluate::scorecard_markdown(card, options.misses);
  return evaluate::scorecard_text(card, options.misses);
}

std::string render(const std::vector<evaluate::WorldRun>& runs, const Options& options) {
  if (options.format == "json") return base::dump_json_indented(evaluate::worlds_json(runs)) + "\n";
  if (options.format == "markdown") return evaluate::worlds_markdown(runs, options.misses);
  return evaluate::worlds_text(runs, options.misses);
}

void show_progress(std::size_t done, std::size_t all) {
  fmt::print(stderr, "\r\x1b[K{} of {} incidents", done, all);
  std::fflush(stderr);
}

int evaluate_worlds(Options& options, const base::Clock& clock) {
  options.worlds.jobs = options.what.jobs;
  options.worlds.knowledge_folder = options.what.knowledge_folder;
  options.worlds.on_progress = options.what.on_progress;
  const auto runs = app::evaluate_worlds(options.worlds, clock);
  if (options.what.on_progress) fmt::print(stderr, "\r\x1b[K");
  if (!runs) return tell(runs.error());
  return write_output(render(*runs, options), options.how);
}

int evaluate_bundles(Options& options, const base::Clock& clock) {
  const auto result = app::evaluate_bundles(options.what, clock);
  if (options.what.on_progress) fmt::print(stderr, "\r\x1b[K");
  if (!result) return tell(result.error());
  for (const auto& notice : result->notices) fmt::print(stderr, "midwatch: {}\n", notice);
  return write_output(render(result->card, options), options.how);
}

int evaluate(Options& options) {
  if (shows_progress()) options.what.on_progress = show_progress;
  const base::SystemClock clock;
  if (options.asks_worlds == !options.what.folders.empty()) {
    tell(base::user_error(base::ErrorCode::kInvalidArgument,
                          "name either folders with bundles, or simulated accounts with --worlds"));
    return kWrongUsage;
  }
  return options.asks_worlds ? evaluate_worlds(options, clock) : evaluate_bundles(options, clock);
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
      "  midwatch evaluate 2024/ 2025/ --truth answers.jsonl -j 4 --format json\n"
      "  midwatch evaluate --worlds --seeds 20 --latency 80ms    simulated accounts, asked over HTTP\n"
      "  midwatch evaluate --worlds sandbox/worlds/lambda-timeout.yaml --misses");
  command->add_option("FOLDER", options->what.folders, "where the bundles lie, at any depth");
  auto* worlds = command
                     ->add_option("--worlds", options->worlds.worlds,
                                  "a world file, or a folder of them; without a path those of the program")
                     ->expected(0, 1);
  command
      ->add_option("--seeds", options->worlds.seeds, "each world is tried with so many seeds (default: 20)")
      ->check(CLI::Range(1, 10'000))
      ->needs(worlds);
  command
      ->add_option("--first-seed", options->worlds.first_seed,
                   "the first of them (default: 1); others than those before show what was fitted to them")
      ->check(CLI::Range(1, 1'000'000))
      ->needs(worlds);
  add_latency(*command, options->worlds.latency)->needs(worlds);
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
  command->callback([options, worlds, &status] {
    options->asks_worlds = worlds->count() > 0;
    status = evaluate(*options);
  });
}

}  // namespace midwatch::cli
