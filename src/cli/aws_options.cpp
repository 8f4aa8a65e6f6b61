#include "src/cli/aws_options.h"

#include <cstdio>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "src/app/aws_access.h"
#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/cli/options.h"
#include "src/cli/terminal.h"

namespace midwatch::cli {
namespace {

base::Result<base::Timestamp> time_of(const std::string& text, const char* option) {
  const auto time = base::parse_rfc3339(text);
  if (time) return *time;
  return base::user_error(base::ErrorCode::kInvalidArgument,
                          fmt::format("{} takes a time like 2026-01-05T02:00:00Z; it is '{}'", option, text));
}

/// A refusal that says that there is no such thing, as the AWS CLI names it.
bool is_absent(const connectors::aws::Answer& answer) {
  return answer.text.find("(NotFound)") != std::string::npos;
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
  auto* deadline = add_deadline(command, options.deadline);
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
  what.options.limits.time = options.deadline;
  what.options.limits.calls = options.calls;
  what.record_folder = options.record;
  return what;
}

void AnswerLines::operator()(const connectors::aws::AskingProgress& progress) {
  constexpr std::size_t kBeforeQuestion = 15;  // the columns to its left
  if (!std::exchange(begun_, true)) {
    const model::Text legend{
        "round, calls so far, answer (ok; none: there is no such thing; refused), question:",
        "ラウンド、累計呼び出し数、応答（ok、none: 該当なし、refused: 拒否）、質問:"};
    fmt::print(stderr, "\r\x1b[K{}\n", legend.in(language_));
  }
  const auto& answer = *progress.answer;
  const std::size_t width = terminal_width();
  fmt::print(
      stderr, "\r\x1b[K{:>5} {:>5} {:<7} {}\n", progress.round, progress.calls,
      answer.answered     ? "ok"
      : is_absent(answer) ? "none"
                          : "refused",
      base::printable(answer.command, width > 2 * kBeforeQuestion ? width - kBeforeQuestion - 1 : width));
}

}  // namespace midwatch::cli
