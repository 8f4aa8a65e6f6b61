#include "src/cli/aws_options.h"

#include <cstdio>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "src/app/aws_access.h"
#include "src/base/try.h"
#include "src/base/utf8.h"

namespace midwatch::cli {
namespace {

base::Result<base::Timestamp> time_of(const std::string& text, const char* option) {
  const auto time = base::parse_rfc3339(text);
  if (time) return *time;
  return base::user_error(base::ErrorCode::kInvalidArgument,
                          fmt::format("{} takes a time like 2026-01-05T02:00:00Z; it is '{}'", option, text));
}

}  // namespace

void add_aws_options(CLI::App& command, AwsOptions& options) {
  static constexpr const char* kGroup = "A live AWS account";
  auto* alarm = command.add_option("--alarm", options.wanted.alarm, "a CloudWatch alarm by its name");
  auto* latest = command.add_flag("--latest-alarm", options.wanted.latest, "the alarm that went off last");
  auto* entity = command.add_option("--entity", options.wanted.entity,
                                    "a resource: its ARN, or service/name (lambda/orders)");
  auto* question = command.add_option("--question", options.wanted.question,
                                      "a sentence, English or Japanese, that names an alarm or a resource");
  auto* from = command.add_option("--from", options.from, "begin of the incident (2026-01-05T02:00:00Z)");
  auto* to = command.add_option("--to", options.to, "end of the incident");
  auto* space = command.add_option("--space", options.space, "an agent space file: what may be read");
  auto* record = command.add_option("--record", options.record,
                                    "write everything that was read as a bundle into this new folder");
  auto* region = command.add_option("--region", options.wanted.region, "the AWS region to ask");
  auto* deadline = command
                       .add_option("--deadline", options.deadline_s,
                                   "seconds after which nothing is asked any more (default: 60)")
                       ->check(CLI::Range(1.0, 3600.0));
  auto* calls = command.add_option("--calls", options.calls, "calls to the account at most (default: 80)")
                    ->check(CLI::Range(5, 1000));
  alarm->excludes(latest)->excludes(entity)->excludes(question);
  latest->excludes(entity)->excludes(question);
  entity->excludes(question);
  for (CLI::Option* option :
       {alarm, latest, entity, question, from, to, space, record, region, deadline, calls})
    option->group(kGroup);
}

bool asks_account(const AwsOptions& options) {
  const auto& wanted = options.wanted;
  return wanted.latest || !wanted.alarm.empty() || !wanted.entity.empty() || !wanted.question.empty();
}

base::Result<app::AwsInvestigation> aws_investigation(const AwsOptions& options) {
  app::AwsInvestigation what;
  what.wanted = options.wanted;
  if (options.from.empty() != options.to.empty()) {
    return base::user_error(base::ErrorCode::kInvalidArgument, "--from and --to go together");
  }
  if (!options.from.empty()) {
    MIDWATCH_TRY(const auto from, time_of(options.from, "--from"));
    MIDWATCH_TRY(const auto to, time_of(options.to, "--to"));
    if (to <= from) return base::user_error(base::ErrorCode::kInvalidArgument, "--to must be after --from");
    what.wanted.window = base::TimeRange{from, to};
  }
  MIDWATCH_TRY(what.options.space, app::load_space(options.space));
  what.options.limits.time = base::duration_from_seconds(options.deadline_s);
  what.options.limits.calls = options.calls;
  what.record_folder = options.record;
  return what;
}

void show_answer(const connectors::aws::AskingProgress& progress) {
  constexpr std::size_t kShownBytes = 150;
  const auto& answer = *progress.answer;
  fmt::print(stderr, "\r\x1b[K{:>2} {:>3}  {} {}\n", progress.round, progress.calls,
             answer.answered ? "ok     " : "refused", base::printable(answer.command, kShownBytes));
}

}  // namespace midwatch::cli
