#pragma once

#include <string>

#include "src/app/aws_investigation.h"
#include "src/base/result.h"
#include "src/model/text.h"

namespace CLI {
class App;
}  // namespace CLI

namespace midwatch::cli {

/// How an AWS account is asked, as a command line says it.
struct AwsOptions {
  connectors::aws::Wanted wanted;
  std::string space;
  std::string from;
  std::string to;
  std::string record;
  base::Duration deadline = std::chrono::seconds(60);
  std::size_t calls = 80;
};

/// Adds --alarm, --latest-alarm, --entity, --from, --to, --question, --space, --record, --region, --deadline
/// and
/// --calls.
void add_aws_options(CLI::App& command, AwsOptions& options);

/// True where the line asks for an account.
bool asks_account(const AwsOptions& options);

/// What the options mean. Errors: a time that is none, --from without --to, a space file that is wrong.
base::Result<app::AwsInvestigation> aws_investigation(const AwsOptions& options);

/// Shows one line an answer on standard error, as it comes, under a line that explains them: what was asked,
/// and whether it was answered, refused, or about something that is not there.
class AnswerLines {
 public:
  explicit AnswerLines(model::Language language) : language_(language) {}
  void operator()(const connectors::aws::AskingProgress& progress);

 private:
  model::Language language_;
  bool begun_ = false;
};

}  // namespace midwatch::cli
