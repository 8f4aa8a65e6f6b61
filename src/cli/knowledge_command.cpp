#include "src/cli/knowledge_command.h"

#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "src/app/knowledge_loading.h"
#include "src/cli/commands.h"
#include "src/cli/options.h"
#include "src/lint/knowledge_lint.h"

namespace midwatch::cli {
namespace {

struct Options {
  std::string folder;
  std::string id;
  Presentation how;
};

int list(const Options& options) {
  const auto knowledge = app::load_knowledge(options.folder);
  if (!knowledge) return tell(knowledge.error());
  const auto language = language_of(options.how);
  std::size_t widest = 0;
  for (const auto& mode : knowledge->modes) widest = std::max(widest, mode.id.size());
  std::string out;
  for (const auto& mode : knowledge->modes)
    out += fmt::format("{:<{}}  {:<13}  {}\n", mode.id, widest, mode.kind, mode.title.in(language));
  return write_output(out, options.how);
}

int lint(const Options& options) {
  const auto files = app::load_knowledge_files(options.folder);
  if (!files) return tell(files.error());
  const auto result = lint::lint_knowledge(*files);
  const std::string folder = options.folder.empty() ? "knowledge" : options.folder;
  std::string out;
  for (const auto& fault : result.faults)
    out += fmt::format("{}/{}:{}: {}\n", folder, fault.file, fault.line, fault.what);
  if (result.faults.empty()) {
    out = fmt::format("{} failure modes, {} signatures, {} scenarios: all as they should be\n", result.modes,
                      result.signatures, result.scenarios);
  }
  const int written = write_output(out, options.how);
  return result.faults.empty() ? written : kFailed;
}

CLI::App* add(CLI::App& knowledge, const char* name, const char* what, Options& options) {
  CLI::App* command = knowledge.add_subcommand(name, what);
  add_presentation(*command, options.how);
  return command;
}

}  // namespace

void add_knowledge(CLI::App& app, int& status) {
  auto options = std::make_shared<Options>();
  CLI::App* knowledge = app.add_subcommand("knowledge", "What Midwatch knows of faults: list, show, check");
  knowledge->require_subcommand(1);
  const char* folder = "a knowledge folder instead of the built-in knowledge";

  CLI::App* list_command = add(*knowledge, "list", "List the failure modes", *options);
  list_command->add_option("--knowledge", options->folder, folder);
  list_command->callback([options, &status] { status = list(*options); });

  CLI::App* lint_command =
      add(*knowledge, "lint", "Check failure modes and signatures, and play their scenarios", *options);
  lint_command->add_option("FOLDER", options->folder, folder);
  lint_command->footer(
      "Exit status: 0 all is as it should be, 1 something is not.\nExamples:\n  midwatch knowledge lint\n"
      "  midwatch knowledge lint my-knowledge/");
  lint_command->callback([options, &status] { status = lint(*options); });
}

}  // namespace midwatch::cli
