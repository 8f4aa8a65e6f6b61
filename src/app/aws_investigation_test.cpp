#include "src/app/aws_investigation.h"

#include <algorithm>
#include <mutex>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "src/app/bundle_investigation.h"
#include "src/app/knowledge_loading.h"
#include "src/app/testing/aws_incidents.h"
#include "src/connectors/bundle/testing/bundle_fixture.h"
#include "src/report/json_report.h"
#include "src/report/text_report.h"

namespace midwatch::app {
namespace {

using clients::aws::api::testing::ScriptedApi;
using connectors::bundle::testing::TemporaryFolder;
using ::testing::HasSubstr;

const knowledge::KnowledgeBase& known() {
  static const auto kKnowledge = load_knowledge("");
  return *kKnowledge;
}

base::Result<model::InvestigationRecord> investigate(ScriptedApi& api, const AwsInvestigation& what) {
  const base::ManualClock clock(testing::kAlarmTime + std::chrono::minutes(10));
  return investigate_aws(what, api, known(), clock);
}

AwsInvestigation about_alarm(const std::string& name) {
  AwsInvestigation what;
  what.wanted.alarm = name;
  return what;
}

TEST(AwsInvestigation, NamesTheCause) {
  struct Row {
    void (*write)(ScriptedApi&);
    const char* alarm;
    const char* mode;
    const char* entity;
  };
  for (const Row& row : {
           Row{testing::write_lambda_null, "intake-errors", "unhandled-null", testing::kIntake},
           Row{testing::write_lambda_memory, "intake-errors", "lambda-memory-exhaustion", testing::kIntake},
           Row{testing::write_lambda_timeout, "intake-errors", "lambda-timeout", testing::kIntake},
           Row{testing::write_ecs_leak, "ledger-5xx", "task-memory-leak", testing::kLedger},
           Row{testing::write_ecs_credential, "ledger-5xx", "database-credential-missing", testing::kLedger},
       }) {
    ScriptedApi api;
    row.write(api);
    const auto record = investigate(api, about_alarm(row.alarm));
    ASSERT_TRUE(record) << row.mode << ": " << record.error().describe();
    ASSERT_FALSE(record->root_causes.empty()) << row.mode;
    EXPECT_EQ(record->root_causes.front().mode, row.mode);
    EXPECT_EQ(record->root_causes.front().entity, row.entity);
    EXPECT_LE(api.calls().size(), 80U);
  }
}

/// The report without what differs from run to run, and without how often the source was asked: a recording
/// is files.
std::string comparable(model::InvestigationRecord record) {
  record.id.clear();
  record.started = {};
  record.stats.wall = {};
  record.stats.cpu = {};
  record.stats.queries = 0;
  base::Json json = report::json_report(record, model::Language::kEnglish);
  return base::dump_json_indented(json);
}

TEST(AwsInvestigation, ARecordingReplaysToTheSameReport) {
  for (const auto write :
       {testing::write_lambda_null, testing::write_ecs_leak, testing::write_ecs_credential}) {
    ScriptedApi api;
    write(api);
    api.refuses(
        "ListVersionsByFunction",
        base::external_error(base::ErrorCode::kPermissionDenied,
                             "User: arn:aws:sts::123456789012:assumed-role/reader/m is not authorized to "
                             "perform: lambda:ListVersionsByFunction on resource: x"));
    const TemporaryFolder folder;
    AwsInvestigation what = about_alarm(write == testing::write_lambda_null ? "intake-errors" : "ledger-5xx");
    what.record_folder = folder.path() + "/recording";
    const auto live = investigate(api, what);
    ASSERT_TRUE(live) << live.error().describe();
    const base::ManualClock clock(testing::kAlarmTime + std::chrono::days(400));
    const auto replayed = investigate_bundle({what.record_folder, "", 1, {}}, known(), clock);
    ASSERT_TRUE(replayed) << replayed.error().describe();
    EXPECT_EQ(comparable(*replayed), comparable(*live));
  }
}

bool has_gap(const model::InvestigationRecord& record, const std::string& part) {
  return std::any_of(record.gaps.begin(), record.gaps.end(),
                     [&](const model::Gap& gap) { return gap.what.en.find(part) != std::string::npos; });
}

TEST(AwsInvestigation, ARefusalIsAGapThatNamesThePermissionAndTheCall) {
  struct Row {
    base::Error error;
    const char* says;
  };
  for (const Row& row : {
           Row{base::external_error(
                   base::ErrorCode::kPermissionDenied,
                   "User: u is not authorized to perform: logs:FilterLogEvents on resource: r"),
               "the permission logs:FilterLogEvents is missing"},
           Row{base::external_error(base::ErrorCode::kPermissionDenied, "no"),
               "the permission logs:FilterLogEvents is missing"},
           Row{base::external_error(base::ErrorCode::kUnauthenticated, "the security token expired"),
               "there are no valid credentials (the security token expired)"},
           Row{base::external_error(base::ErrorCode::kRateLimited, "rate exceeded"),
               "AWS throttled the question"},
           Row{base::external_error(base::ErrorCode::kTimeout, "slow"), "no answer came before the deadline"},
           Row{base::external_error(base::ErrorCode::kUnavailable, "no route"),
               "the service could not be reached (no route)"},
       }) {
    ScriptedApi api;
    testing::write_lambda_timeout(api);
    api.refuses("FilterLogEvents", row.error);
    const auto record = investigate(api, about_alarm("intake-errors"));
    ASSERT_TRUE(record) << record.error().describe();
    EXPECT_TRUE(has_gap(*record, row.says)) << row.says;
    EXPECT_TRUE(
        has_gap(*record, "aws logs filter-log-events --region us-east-1 --log-group-name /aws/lambda/intake"))
        << row.says;
  }
}

TEST(AwsInvestigation, KeepsToItsCallsAndTellsWhatItDidNotAsk) {
  ScriptedApi api;
  testing::write_ecs_leak(api);
  AwsInvestigation what = about_alarm("ledger-5xx");
  what.options.limits.calls = 9;
  const auto record = investigate(api, what);
  ASSERT_TRUE(record) << record.error().describe();
  EXPECT_EQ(api.calls().size(), 9U);
  EXPECT_TRUE(has_gap(*record, "the 9 calls of this investigation were used up"));
}

TEST(AwsInvestigation, GivesTheBestAnswerSoFarAtItsDeadline) {
  ScriptedApi api;
  testing::write_lambda_null(api);
  base::ManualClock clock(testing::kAlarmTime + std::chrono::minutes(10));
  // Each call takes four seconds: the deadline comes after a few.
  api.before_each([&](const auto&) { clock.advance(std::chrono::seconds(4)); });
  AwsInvestigation what = about_alarm("intake-errors");
  what.options.limits.time = std::chrono::seconds(20);
  what.options.limits.parallel = 1;
  const auto record = investigate_aws(what, api, known(), clock);
  ASSERT_TRUE(record) << record.error().describe();
  EXPECT_LE(api.calls().size(), 6U);
  EXPECT_TRUE(has_gap(*record, "no answer came before the deadline"));
}

TEST(AwsInvestigation, ASlowAccountHasItsCauseNamedByTheDeadline) {
  struct Row {
    void (*write)(ScriptedApi&);
    const char* alarm;
    const char* mode;
  };
  for (const Row& row : {Row{testing::write_lambda_null, "intake-errors", "unhandled-null"},
                         Row{testing::write_lambda_memory, "intake-errors", "lambda-memory-exhaustion"},
                         Row{testing::write_ecs_leak, "ledger-5xx", "oom-kill"}}) {
    ScriptedApi api;
    row.write(api);
    base::ManualClock clock(testing::kAlarmTime + std::chrono::minutes(10));
    api.before_each([&](const auto&) { clock.advance(std::chrono::seconds(4)); });
    AwsInvestigation what = about_alarm(row.alarm);
    what.options.limits.parallel = 1;
    const auto record = investigate_aws(what, api, known(), clock);
    ASSERT_TRUE(record) << record.error().describe();
    EXPECT_LE(api.calls().size(), 16U);
    ASSERT_FALSE(record->root_causes.empty()) << row.mode;
    EXPECT_EQ(record->root_causes.front().mode, row.mode);
    EXPECT_TRUE(api.calls().size() < 16 || has_gap(*record, "the deadline")) << "what was not asked is told";
  }
}

TEST(AwsInvestigation, WeighsWhatIsKnownAfterEachRound) {
  ScriptedApi api;
  testing::write_ecs_leak(api);
  AwsInvestigation what = about_alarm("ledger-5xx");
  std::vector<std::size_t> observations;
  std::string last;
  what.on_weighed = [&](const model::InvestigationRecord& record) {
    observations.push_back(record.observations.size());
    last = record.hypotheses.empty() ? "" : record.hypotheses.front().mode;
  };
  ASSERT_TRUE(investigate(api, what));
  ASSERT_GE(observations.size(), 2U);
  EXPECT_GT(observations.back(), observations.front());
  EXPECT_EQ(last, "task-memory-leak");
}

TEST(AwsInvestigation, AsksFirstWhatSeparatesTheHypotheses) {
  // How many calls it takes until the changes of the service are looked up.
  const auto calls_until = [](const std::vector<connectors::aws::Leaning>& leanings) {
    for (std::size_t calls = 1; calls < 80; ++calls) {
      ScriptedApi api;
      testing::write_ecs_leak(api);
      connectors::aws::CollectorOptions options;
      options.limits.calls = calls;
      options.weigh = [&](const auto&) { return leanings; };
      connectors::aws::Wanted wanted;
      wanted.alarm = "ledger-5xx";
      const base::ManualClock clock(testing::kAlarmTime + std::chrono::minutes(10));
      EXPECT_TRUE(connectors::aws::collect(runtime::RequestContext::unlimited(clock), api, wanted, options));
      if (api.count("LookupEvents") > 0) return calls;
    }
    return std::size_t{80};
  };
  EXPECT_LT(calls_until({{testing::kLedger, "changes", 9}}), calls_until({}));
}

TEST(AwsInvestigation, ReadsNothingOutsideItsSpace) {
  ScriptedApi api;
  testing::write_ecs_credential(api);
  AwsInvestigation what = about_alarm("ledger-5xx");
  what.options.space.exclude = {"rds/*"};
  const auto record = investigate(api, what);
  ASSERT_TRUE(record) << record.error().describe();
  EXPECT_EQ(api.count("DescribeDBClusters"), 0U);
  EXPECT_TRUE(has_gap(*record, "it lies outside the agent space ('rds/*' excludes rds/"));

  what.options.space.exclude = {"elasticloadbalancing/*"};
  const auto refused = investigate(api, what);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::kPermissionDenied);
}

TEST(AwsInvestigation, AsksForWhatVanishesFirst) {
  ScriptedApi api;
  testing::write_ecs_leak(api);
  AwsInvestigation what;
  what.wanted.entity = testing::kLedger;
  what.options.limits.calls = 1;
  ASSERT_TRUE(investigate(api, what));
  EXPECT_THAT(api.calls().at(0), HasSubstr("STOPPED")) << "a stopped task is told for an hour only";
}

TEST(AwsInvestigation, AsksAgainForWhatIsToldLate) {
  for (const bool later : {false, true}) {
    ScriptedApi api;
    testing::write_lambda_timeout(api);
    base::ManualClock clock(testing::kAlarmTime + std::chrono::minutes(later ? 200 : 10));
    // The change is told only when somebody asks for the second time.
    std::size_t asked = 0;
    api.before_each([&](const auto& request) {
      clock.advance(std::chrono::milliseconds(700));
      if (request.operation != "LookupEvents" || ++asked != 2) return;
      api.answers("LookupEvents",
                  R"({"Events":[{"EventId":"7d1f","EventName":"UpdateFunctionConfiguration20150331v2",
          "EventTime":"2026-03-03T09:50:00Z","Username":"deployer","CloudTrailEvent":"{\"eventSource\":\"lambda.amazonaws.com\"}",
          "Resources":[{"ResourceType":"AWS::Lambda::Function","ResourceName":"intake"}]}]})");
    });
    AwsInvestigation what = about_alarm("intake-errors");
    what.options.limits.parallel = 1;
    const auto record = investigate_aws(what, api, known(), clock);
    ASSERT_TRUE(record) << record.error().describe();
    EXPECT_EQ(api.count("LookupEvents"), later ? 1U : 2U);
    EXPECT_EQ(has_gap(*record, "the last ones may be missing; ask again at 2026-03-03T10:25:00Z"), !later);
    const auto& timeline = record->timeline;
    EXPECT_EQ(std::any_of(timeline.begin(), timeline.end(),
                          [](const auto& entry) {
                            return entry.what.en.find("UpdateFunctionConfiguration") != std::string::npos;
                          }),
              !later);
  }
}

TEST(AwsInvestigation, ReadsTroubleOnlyWhereALogIsTooLong) {
  ScriptedApi api;
  testing::write_lambda_null(api);
  api.answers(
      "FilterLogEvents",
      R"({"events":[{"timestamp":1772531000000,"message":"ok","logStreamName":"s"}],"nextToken":"more"})");
  api.answers(
      "FilterLogEvents",
      R"({"events":[{"timestamp":1772531990000,"message":"TypeError: nothing there","logStreamName":"s"}]})",
      "filterPattern");
  const auto record = investigate(api, about_alarm("intake-errors"));
  ASSERT_TRUE(record) << record.error().describe();
  EXPECT_TRUE(
      has_gap(*record, "there are more log lines than were read: 1 lines, until 2026-03-03T09:43:20Z"));
  EXPECT_EQ(api.count("FilterLogEvents"), 2U);
  const auto calls = api.calls();
  EXPECT_TRUE(std::any_of(calls.begin(), calls.end(), [](const std::string& call) {
    return call.find(R"("startTime":1772531000001)") != std::string::npos &&
           call.find("?Exception") != std::string::npos;
  })) << "the trouble after the last line that was read";
}

TEST(AwsInvestigation, FindsTheAccountOfTheAlarmInASpaceOfSeveral) {
  ScriptedApi api;
  testing::write_lambda_null(api);
  std::set<std::string> accounts;
  std::mutex mutex;
  api.before_each([&](const auto& request) {
    const std::lock_guard lock(mutex);
    if (request.operation != "DescribeAlarms") accounts.insert(request.account);
  });
  AwsInvestigation what = about_alarm("intake-errors");
  what.options.space.accounts = {{"123456789012", "", {}}, {"210987654321", "", {}}};
  ASSERT_TRUE(investigate(api, what));
  EXPECT_EQ(accounts, std::set<std::string>{"123456789012"});
}

TEST(AwsInvestigation, TellsThePlannedMaintenanceThatItLiesIn) {
  struct Row {
    const char* resources;
    bool told;
  };
  for (const Row& row : {Row{"lambda/*", true}, Row{"rds/*", false}}) {
    ScriptedApi api;
    testing::write_lambda_null(api);
    AwsInvestigation what = about_alarm("intake-errors");
    what.options.space.maintenance = {
        {{testing::kAlarmTime - std::chrono::hours(1), testing::kAlarmTime + std::chrono::hours(1)},
         "database upgrade",
         {row.resources}}};
    const auto record = investigate(api, what);
    ASSERT_TRUE(record);
    const std::string text = report::markdown_report(*record, model::Language::kEnglish);
    EXPECT_EQ(text.find("planned maintenance from 2026-03-03T09:00:00Z") != std::string::npos, row.told);
  }
}

TEST(AwsInvestigation, SaysWhyItCannotBegin) {
  ScriptedApi api;
  const auto unknown = investigate(api, about_alarm("nobody"));
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().message, HasSubstr("there is no alarm named 'nobody'"));
  AwsInvestigation latest;
  latest.wanted.latest = true;
  const auto none = investigate(api, latest);
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message, HasSubstr("no alarm is in ALARM"));
}

TEST(AwsInvestigation, BeginsFromASentenceInEitherLanguage) {
  for (const char* sentence :
       {"why does intake fail since this morning?", "intake が失敗しています。原因は？"}) {
    ScriptedApi api;
    testing::write_lambda_null(api);
    AwsInvestigation what;
    what.wanted.question = sentence;
    const auto record = investigate(api, what);
    ASSERT_TRUE(record) << record.error().describe();
    ASSERT_FALSE(record->root_causes.empty());
    EXPECT_EQ(record->root_causes.front().mode, "unhandled-null");
    EXPECT_EQ(record->scope.alarm.question, sentence);
  }
}

}  // namespace
}  // namespace midwatch::app
