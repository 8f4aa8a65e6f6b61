#include "src/cli/sandbox_command.h"

#include <cstdint>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "src/app/sandbox_export.h"
#include "src/cli/commands.h"
#include "src/cli/terminal.h"

namespace midwatch::cli {
namespace {

int write_bundle(const app::SandboxExport& what) {
  const auto done = app::export_world(what);
  if (!done) return tell(done.error());
  fmt::print("{}\n", what.folder);
  return kReached;
}

}  // namespace

void add_sandbox(CLI::App& app, int& status) {
  CLI::App* sandbox = app.add_subcommand("sandbox", "A simulated AWS account made from a world file");
  sandbox->require_subcommand(1);
  auto what = std::make_shared<app::SandboxExport>();
  CLI::App* command =
      sandbox->add_subcommand("export", "Write what a simulated account says of its incident as a bundle");
  command->footer(
      "docs/writing-a-world.md describes the file.\n"
      "Example:\n"
      "  midwatch sandbox export --world sandbox/worlds/lambda-timeout.yaml --seed 7 out\n"
      "  midwatch investigate out");
  command->add_option("--world", what->world, "the world file")->required();
  command->add_option("--seed", what->seed, "which names, times and noise the world has");
  command->add_option("OUT", what->folder, "the folder to write; it must be empty or absent")->required();
  command->callback([what, &status] { status = write_bundle(*what); });
}

}  // namespace midwatch::cli
