#include "src/cli/verify_command.h"

#include <cstdio>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "src/app/report_verification.h"
#include "src/cli/commands.h"
#include "src/cli/terminal.h"

namespace midwatch::cli {
namespace {

int verify(const app::ReportVerification& what) {
  const base::SystemClock clock;
  const auto verdict = app::verify_bundle_report(what, clock);
  if (!verdict) return tell(verdict.error());
  if (verdict->failure) {
    fmt::print("does not hold: {}: {}\n", verdict->failure->claim, verdict->failure->what);
    return kFailed;
  }
  fmt::print("holds: {} claims, held against {} records read again\n", verdict->claims, verdict->records);
  return kReached;
}

}  // namespace

void add_verify(CLI::App& app, int& status) {
  auto what = std::make_shared<app::ReportVerification>();
  CLI::App* command =
      app.add_subcommand("verify", "Hold every claim of a report against the bundle's records");
  command->footer(
      "Reads the records behind every claim again and stops at the first that does not hold.\n"
      "Exit status: 0 every claim holds, 1 one does not (or nothing could be read).\n"
      "Examples:\n"
      "  midwatch investigate incident/ --format json --output report.json\n"
      "  midwatch verify report.json incident/");
  command->add_option("REPORT", what->report, "a report as JSON")->required();
  command->add_option("BUNDLE", what->bundle, "the bundle that it is about")->required();
  command->add_option("--knowledge", what->knowledge_folder,
                      "the knowledge that the report was made with, if not the built-in");
  command->callback([what, &status] { status = verify(*what); });
}

}  // namespace midwatch::cli
