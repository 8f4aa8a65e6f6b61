#include "src/cli/commands.h"

#include <CLI/CLI.hpp>

#include "src/cli/investigate_command.h"
#include "src/cli/knowledge_command.h"
#include "src/cli/logs_command.h"
#include "src/cli/verify_command.h"

namespace midwatch::cli {

int run(int argc, char** argv) {
  CLI::App app{"Midwatch finds the cause of an incident, proves it, and says what to do.", "midwatch"};
  app.require_subcommand(1);
  app.set_help_all_flag("--help-all", "help of every command");
  int status = kReached;
  add_investigate(app, status);
  add_verify(app, status);
  add_knowledge(app, status);
  add_logs(app, status);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kReached : kWrongUsage;
  }
  return status;
}

}  // namespace midwatch::cli
