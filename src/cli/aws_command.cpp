#include "src/cli/aws_command.h"

#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "src/base/json.h"
#include "src/cli/commands.h"
#include "src/cli/terminal.h"
#include "src/clients/aws/api/read_policy.h"

namespace midwatch::cli {
namespace {

struct Options {
  clients::aws::api::PolicyOptions policy;
  Presentation how;
};

int policy(const Options& options) {
  const auto document = clients::aws::api::read_policy(options.policy);
  if (!document) return tell(document.error());
  return write_output(base::dump_json_indented(*document) + "\n", options.how);
}

}  // namespace

void add_aws(CLI::App& app, int& status) {
  auto options = std::make_shared<Options>();
  CLI::App* aws = app.add_subcommand("aws", "What Midwatch needs of an AWS account");
  aws->require_subcommand(1);
  CLI::App* command =
      aws->add_subcommand("policy", "Print the IAM policy of every read that Midwatch may ask");
  command->add_option("--log-group", options->policy.log_groups,
                      "ARN of a log group whose text may be read, * allowed in it (default: all)");
  command->add_option("--service", options->policy.services,
                      "only this service, as the AWS CLI calls it (default: all)");
  command->add_option("-o,--output", options->how.output, "write to this file instead of standard output");
  command->footer(
      "The whole policy fits into a role as an inline policy; a managed policy holds less: pick services.\n"
      "Examples:\n"
      "  midwatch aws policy > read.json\n"
      "  aws iam put-role-policy --role-name midwatch --policy-name read --policy-document file://read.json\n"
      "  midwatch aws policy --service logs --log-group 'arn:aws:logs:*:*:log-group:/aws/lambda/*'");
  command->callback([options, &status] { status = policy(*options); });
}

}  // namespace midwatch::cli
