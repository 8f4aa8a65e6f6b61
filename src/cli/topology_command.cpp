#include "src/cli/topology_command.h"

#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "src/app/aws_access.h"
#include "src/app/topology_discovery.h"
#include "src/base/try.h"
#include "src/cli/aws_options.h"
#include "src/cli/commands.h"
#include "src/cli/options.h"

namespace midwatch::cli {
namespace {

struct Options {
  app::TopologyWanted wanted;
  std::string bundle;
  std::string space;
  std::string region;
  std::string format = "text";
  base::Duration deadline = std::chrono::seconds(60);
  std::size_t calls = connectors::aws::SurveyOptions{}.limits.calls;
  Presentation how;
};

base::Result<report::TopologyView> find_topology(const Options& options) {
  const base::SystemClock clock;
  if (!options.bundle.empty()) return app::topology_of_bundle(options.wanted, options.bundle, clock);
  connectors::aws::SurveyOptions survey;
  MIDWATCH_TRY(survey.space, app::load_space(options.space));
  survey.region = options.region;
  survey.limits.calls = options.calls;
  survey.limits.time = options.deadline;
  if (shows_progress()) survey.on_answer = AnswerLines(language_of(options.how));
  MIDWATCH_TRY(const auto api, app::open_aws(survey.space, clock));
  return app::discover_account(options.wanted, std::move(survey), *api, clock);
}

int topology(const Options& options) {
  const auto view = find_topology(options);
  if (!view) return tell(view.error());
  const auto language = language_of(options.how);
  if (options.format == "json")
    return write_output(base::dump_json_indented(report::json_topology(*view, language)) + "\n", options.how);
  if (options.format == "mermaid")
    return write_output(report::mermaid_topology(*view, language), options.how);
  return write_output(report::text_topology(*view, language), options.how);
}

}  // namespace

void add_topology(CLI::App& app, int& status) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "topology", "Show what exists in an AWS account, or in a bundle, and who depends on whom");
  command->footer(
      "It reads configuration and the call graph of traces, no log line and no metric. What was refused, or "
      "not asked\nwithin the limits, is listed.\n"
      "Examples:\n"
      "  midwatch topology                                      everything that the credentials' account "
      "holds\n"
      "  midwatch topology --entity lambda/orders               what is around a function\n"
      "  midwatch topology --space shop.yaml --format mermaid   a picture of what the space holds\n"
      "  midwatch topology --bundle incident/ --format json     what a bundle tells, for programs");
  auto* bundle = command->add_option("--bundle", options->bundle, "an incident bundle instead of an account");
  auto* space = command->add_option("--space", options->space, "an agent space file: what may be read");
  auto* region = command->add_option("--region", options->region, "the AWS region to ask");
  command->add_option("--entity", options->wanted.entity,
                      "only what is around this resource: its ARN, or service/name (lambda/orders)");
  command->add_option("--steps", options->wanted.steps, "how many relations away from it (default: 3)")
      ->check(CLI::Range(1, 100));
  command->add_option("--format", options->format, "text, mermaid or json")
      ->check(CLI::IsMember({"text", "mermaid", "json"}));
  auto* deadline = add_deadline(*command, options->deadline);
  auto* calls = command->add_option("--calls", options->calls, "calls to the account at most (default: 300)")
                    ->check(CLI::Range(5, 10000));
  for (CLI::Option* of_account : {space, region, deadline, calls}) of_account->excludes(bundle);
  add_presentation(*command, options->how);
  command->callback([options, &status] { status = topology(*options); });
}

}  // namespace midwatch::cli
