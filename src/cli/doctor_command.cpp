#include "src/cli/doctor_command.h"

#include <algorithm>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "src/app/aws_access.h"
#include "src/app/doctor.h"
#include "src/base/try.h"
#include "src/cli/commands.h"
#include "src/cli/options.h"

namespace midwatch::cli {
namespace {

struct Options {
  std::string space;
  std::string format = "text";
  Presentation how;
};

base::Result<std::vector<connectors::aws::Checkup>> examine(const Options& options,
                                                            const base::Clock& clock) {
  MIDWATCH_TRY(const auto space, app::load_space(options.space));
  return app::examine_accounts(space, clock);
}

int doctor(const Options& options) {
  const base::SystemClock clock;
  const auto checkups = examine(options, clock);
  if (!checkups) return tell(checkups.error());
  const auto language = language_of(options.how);
  const int written = write_output(
      options.format == "json" ? base::dump_json_indented(app::checkup_json(*checkups, language)) + "\n"
                               : app::checkup_text(*checkups, clock.now(), language),
      options.how);
  const bool well =
      std::all_of(checkups->begin(), checkups->end(), [](const auto& checkup) { return checkup.is_well(); });
  return written == kReached && !well ? kFailed : written;
}

}  // namespace

void add_doctor(CLI::App& app, int& status) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("doctor", "Say what of an AWS account can be read, what is missing, and what to do");
  command->footer(
      "Finds the credentials, compares the clock, and tries every read that an investigation may need with a "
      "question\nthat changes nothing; under 10 s. It never shows a secret.\n"
      "Exit status: 0 everything can be read, 1 something is missing, 2 wrong usage.\n"
      "Examples:\n"
      "  midwatch doctor\n"
      "  midwatch doctor --space shop.yaml --format json   every account and region of a space");
  command->add_option("--space", options->space, "an agent space file: its accounts and regions");
  command->add_option("--format", options->format, "text or json")->check(CLI::IsMember({"text", "json"}));
  add_presentation(*command, options->how);
  command->callback([options, &status] { status = doctor(*options); });
}

}  // namespace midwatch::cli
