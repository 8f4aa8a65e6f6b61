#include "src/cli/version_command.h"

#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/app/knowledge_loading.h"
#include "src/base/json.h"
#include "src/cli/commands.h"
#include "src/cli/terminal.h"

namespace midwatch::cli {
namespace {

int version(const std::string& format) {
  const auto knowledge = app::load_knowledge("");
  if (!knowledge) return tell(knowledge.error());
  if (format == "json") {
    const base::Json json{{"version", MIDWATCH_VERSION},
                          {"bundle_format", "midwatch.bundle/v1"},
                          {"report_format", "midwatch.report/v1"},
                          {"failure_modes", knowledge->modes.size()},
                          {"signatures", knowledge->signatures.size()}};
    return write_output(base::dump_json(json) + "\n", {});
  }
  return write_output(
      fmt::format("midwatch {} (midwatch.bundle/v1, midwatch.report/v1; {} failure modes, {} signatures)\n",
                  MIDWATCH_VERSION, knowledge->modes.size(), knowledge->signatures.size()),
      {});
}

}  // namespace

void add_version(CLI::App& app, int& status) {
  auto format = std::make_shared<std::string>("text");
  CLI::App* command = app.add_subcommand("version", "Say which version this is, and what it reads and knows");
  command->add_option("--format", *format, "text or json")->check(CLI::IsMember({"text", "json"}));
  command->callback([format, &status] { status = version(*format); });
}

}  // namespace midwatch::cli
