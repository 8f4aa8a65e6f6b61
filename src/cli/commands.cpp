#include "src/cli/commands.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "src/cli/account_command.h"
#include "src/cli/aws_command.h"
#include "src/cli/completion_command.h"
#include "src/cli/doctor_command.h"
#include "src/cli/evaluate_command.h"
#include "src/cli/incident_command.h"
#include "src/cli/investigate_command.h"
#include "src/cli/knowledge_command.h"
#include "src/cli/logs_command.h"
#include "src/cli/metrics_command.h"
#include "src/cli/sandbox_command.h"
#include "src/cli/serve_command.h"
#include "src/cli/topology_command.h"
#include "src/cli/verify_command.h"
#include "src/cli/version_command.h"

namespace midwatch::cli {
namespace {

/// The command that was being read when the line turned out to be wrong.
const CLI::App* innermost(const CLI::App* app) {
  while (true) {
    const auto called = app->get_subcommands();
    if (called.empty()) return app;
    app = called.back();
  }
}

std::string path_of(const CLI::App* app) {
  std::string path = app->get_name();
  for (app = app->get_parent(); app != nullptr; app = app->get_parent()) path = app->get_name() + " " + path;
  return path;
}

std::string usage_error(const CLI::App* app, const CLI::Error& error) {
  return fmt::format("midwatch: {}\nmidwatch: '{} --help' says how it is used\n", error.what(),
                     path_of(innermost(app)));
}

}  // namespace

int run(int argc, char** argv) {
  CLI::App app{"Midwatch finds the cause of an incident, proves it, and says what to do.", "midwatch"};
  app.require_subcommand(1);
  app.set_help_all_flag("--help-all", "help of every command");
  app.failure_message(usage_error);
  app.footer("'midwatch COMMAND --help' shows the options of a command, with examples.");
  int status = kReached;
  add_investigate(app, status);
  add_verify(app, status);
  add_evaluate(app, status);
  add_knowledge(app, status);
  add_logs(app, status);
  add_metrics(app, status);
  add_serve(app, status);
  add_accounts(app, status);
  add_incident(app, status);
  add_sandbox(app, status);
  add_topology(app, status);
  add_doctor(app, status);
  add_aws(app, status);
  add_completion(app, status);
  add_version(app, status);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kReached : kWrongUsage;
  }
  return status;
}

}  // namespace midwatch::cli
