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

std::string place_word(knowledge::Place place) {
  switch (place) {
    case knowledge::Place::kSelf:
      return "";
    case knowledge::Place::kDependents:
      return " at its dependents";
    case knowledge::Place::kAffected:
      return " at it or its dependents";
    case knowledge::Place::kDependencies:
      return " at its dependencies";
    case knowledge::Place::kHosts:
      return " at its host";
    case knowledge::Place::kPeers:
      return " at its peers";
    case knowledge::Place::kAnywhere:
      break;
  }
  return " anywhere";
}

std::string described(const knowledge::FailureMode& mode, model::Language language) {
  std::string out =
      fmt::format("{} ({}{}), knowledge/{}\n{}\n\n{}\n", mode.id, mode.kind, mode.generic ? ", generic" : "",
                  mode.source_file, mode.title.in(language), mode.why.in(language));
  if (!mode.applies_to.empty()) out += fmt::format("\napplies to: {}\n", fmt::join(mode.applies_to, ", "));
  out += "\nsigns (seen with this mode / seen without it)\n";
  for (const auto& sign : mode.signs) {
    out += fmt::format("  {:>5.3g} / {:<6.3g} {}{}{}\n", sign.likely, sign.otherwise, sign.see,
                       place_word(sign.place), sign.needed ? "  (needed)" : "");
  }
  out += "\nruled out by\n";
  for (const auto& refuter : mode.refuted_by)
    out += fmt::format("  {}{}: {}\n", refuter.see, place_word(refuter.place), refuter.because.in(language));
  out += "\nask\n";
  for (const auto& question : mode.questions)
    out += fmt::format("  {}: {}\n", question.signal, question.what.in(language));
  const knowledge::Advice advice = knowledge::advice_of(mode);
  out += fmt::format("\nnow: {}\n", advice.mitigation.in(language));
  for (const auto& step : advice.steps) out += fmt::format("  {}: {}\n", to_string(step.phase), step.command);
  return out + fmt::format("for good: {}\n", advice.permanent_fix.in(language));
}

int show(const Options& options) {
  const auto knowledge = app::load_knowledge(options.folder);
  if (!knowledge) return tell(knowledge.error());
  const auto* mode = knowledge->mode(options.id);
  if (mode == nullptr) {
    return tell(base::user_error(
        base::ErrorCode::kNotFound,
        fmt::format("there is no failure mode '{}'; 'midwatch knowledge list' shows them all", options.id)));
  }
  return write_output(described(*mode, language_of(options.how)), options.how);
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

  CLI::App* show_command =
      add(*knowledge, "show", "Show one failure mode: its signs, refuters, questions and steps", *options);
  show_command->add_option("ID", options->id, "its id, as 'midwatch knowledge list' prints it")->required();
  show_command->add_option("--knowledge", options->folder, folder);
  show_command->footer("Example:\n  midwatch knowledge show memory-exhaustion --lang ja");
  show_command->callback([options, &status] { status = show(*options); });

  CLI::App* lint_command =
      add(*knowledge, "lint", "Check failure modes and signatures, and play their scenarios", *options);
  lint_command->add_option("FOLDER", options->folder, folder);
  lint_command->footer(
      "Exit status: 0 all is as it should be, 1 something is not.\nExamples:\n  midwatch knowledge lint\n"
      "  midwatch knowledge lint my-knowledge/");
  lint_command->callback([options, &status] { status = lint(*options); });
}

}  // namespace midwatch::cli
