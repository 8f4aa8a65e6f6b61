#include "src/app/doctor.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "src/app/aws_investigation.h"
#include "src/app/knowledge_loading.h"
#include "src/app/sandbox_hosting.h"
#include "src/app/testing/aws_incidents.h"
#include "src/clients/aws/api/credentials/open_account.h"

namespace midwatch::app {
namespace {

using connectors::aws::Checkup;
using connectors::aws::ProbeResult;
using connectors::aws::Standing;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::ScriptedApi;

/// An account whose answers a test writes down.
class ScriptedAccount final : public clients::aws::api::Account {
 public:
  base::Result<base::Json> call(const runtime::RequestContext& context,
                                const clients::aws::api::ApiRequest& request) override {
    return api.call(context, request);
  }
  base::Result<clients::aws::api::CodePackage> fetch_code(
      const runtime::RequestContext& context, const clients::aws::api::ApiRequest& request) override {
    return api.fetch_code(context, request);
  }
  base::Result<clients::aws::api::Credentials> credentials(
      const runtime::RequestContext& /*context*/) override {
    return found;
  }
  const std::string& region() const override { return region_of; }
  std::optional<base::Duration> clock_offset() const override { return offset; }

  ScriptedApi api;
  base::Result<clients::aws::api::Credentials> found =
      clients::aws::api::Credentials{.access_key_id = "AKIAEXAMPLE7ABCD",
                                     .secret_access_key = "planted-secret-key",
                                     .session_token = "planted-session-token",
                                     .expires_at = testing::kAlarmTime + std::chrono::minutes(52),
                                     .source = "profile prod"};
  std::string region_of = "eu-west-1";
  std::optional<base::Duration> offset = std::chrono::seconds(-2);
};

Checkup examined(ScriptedAccount& account) {
  account.api.answers("GetCallerIdentity",
                      R"({"Account":"123456789012","Arn":"arn:aws:iam::123456789012:user/reader"})");
  const base::ManualClock clock(testing::kAlarmTime);
  return connectors::aws::check_up(runtime::RequestContext::unlimited(clock), account, "");
}

const ProbeResult& probe_of(const Checkup& checkup, const std::string& operation) {
  return *std::find_if(checkup.probes.begin(), checkup.probes.end(),
                       [&](const ProbeResult& probe) { return probe.operation == operation; });
}

TEST(Doctor, SaysWhoAsksAndThatAllIsWell) {
  ScriptedAccount account;
  account.api.refuses("DescribeStackEvents",
                      base::external_error(base::ErrorCode::kNotFound, "no such stack"));
  account.api.answers("ListFunctions", R"({"Functions":[]})");
  const auto checkup = examined(account);
  EXPECT_TRUE(checkup.is_well());
  EXPECT_TRUE(probe_of(checkup, "ListFunctions").empty);
  const std::string text = checkup_text({checkup}, testing::kAlarmTime, model::Language::kEnglish);
  EXPECT_THAT(
      text,
      HasSubstr("Account: 123456789012\nRegion: eu-west-1\nAsked as: arn:aws:iam::123456789012:user/reader\n"
                "Credentials: profile prod (…ABCD), until 2026-03-03T10:52:00Z\nClock: -2 s off\n"));
  EXPECT_THAT(text, HasSubstr("Nothing there: lambda:ListFunctions"));
  EXPECT_THAT(text, HasSubstr("Everything that an investigation may need can be read."));
  const std::string json = base::dump_json(checkup_json({checkup}, model::Language::kEnglish));
  for (const char* secret : {"planted", "AKIAEXAMPLE7"}) {
    EXPECT_THAT(text, Not(HasSubstr(secret)));
    EXPECT_THAT(json, Not(HasSubstr(secret)));
  }
}

TEST(Doctor, TriesPerformanceInsightsAtADatabaseThatHasItOrSaysWhereItIsOff) {
  struct Row {
    const char* databases;
    bool denied;
    Standing standing;
    const char* says;
  };
  for (
      const Row& row :
      {Row{R"([{"DBInstanceIdentifier":"a","PerformanceInsightsEnabled":false},{"DBInstanceIdentifier":"b","DbiResourceId":"db-1","PerformanceInsightsEnabled":true}])",
           false, Standing::kOk, "Everything that an investigation may need can be read."},
       Row{R"([{"DBInstanceIdentifier":"b","DbiResourceId":"db-1","PerformanceInsightsEnabled":true}])", true,
           Standing::kDenied, "allow the IAM action pi:DescribeDimensionKeys"},
       Row{R"([{"DBInstanceIdentifier":"a","PerformanceInsightsEnabled":false},{"DBInstanceIdentifier":"b"}])",
           false, Standing::kNotUsed, "Performance Insights is off for a, b"}}) {
    ScriptedAccount account;
    account.api.answers("DescribeDBInstances", std::string(R"({"DBInstances":)") + row.databases + "}");
    if (row.denied)
      account.api.refuses("DescribeDimensionKeys", base::external_error(base::ErrorCode::kPermissionDenied,
                                                                        "AccessDeniedException: no"));
    const auto checkup = examined(account);
    EXPECT_EQ(probe_of(checkup, "DescribeDimensionKeys").standing, row.standing) << row.says;
    EXPECT_THAT(checkup_text({checkup}, testing::kAlarmTime, model::Language::kEnglish), HasSubstr(row.says));
  }
}

TEST(Doctor, ReadsAllOfASimulatedAccount) {
  const base::SystemClock clock;
  HostedSandbox sandbox;
  ASSERT_TRUE(sandbox.start({"ecs-memory-leak", 0, {}, 3}, clock));
  const auto context = runtime::RequestContext::unlimited(clock);
  const auto account = clients::aws::api::open_account(
      context, clock, clients::aws::api::Environment(sandbox.environment()), {});
  ASSERT_TRUE(account) << account.error().describe();
  const auto checkup = connectors::aws::check_up(context, **account, "");
  EXPECT_TRUE(checkup.is_well());
  for (const ProbeResult& probe : checkup.probes)
    EXPECT_EQ(probe.standing, Standing::kOk)
        << probe.service << " " << probe.operation << ": " << probe.detail;
}

TEST(Doctor, TellsWhatIsMissingWhyAndWhatToDo) {
  using base::ErrorCode;
  struct Row {
    base::Error error;
    Standing standing;
    const char* en;
    const char* ja;
  };
  for (const Row& row : {
           Row{base::external_error(ErrorCode::kPermissionDenied, "AccessDeniedException: no"),
               Standing::kDenied, "allow the IAM action logs:FilterLogEvents",
               "IAM アクション logs:FilterLogEvents を許可"},
           Row{base::external_error(ErrorCode::kPermissionDenied, "OptInRequired: subscribe"),
               Standing::kNotUsed, "nothing to do where you do not use it", "使用していなければ対応は不要"},
           Row{base::external_error(ErrorCode::kUnauthenticated, "ExpiredToken"), Standing::kNotSignedIn,
               "sign in again", "再度サインイン"},
           Row{base::external_error(ErrorCode::kRateLimited, "slow down"), Standing::kThrottled,
               "try again in a minute", "1 分ほど待って"},
           Row{base::external_error(ErrorCode::kUnavailable, "no such host"), Standing::kUnreachable,
               "check the region's name", "リージョン名"},
           Row{base::external_error(ErrorCode::kTimeout, "slow"), Standing::kUnreachable, "the network",
               "ネットワーク"},
           Row{base::user_error(ErrorCode::kInvalidArgument, "what?"), Standing::kUnclear, "ask again",
               "AWS CLI"},
       }) {
    ScriptedAccount account;
    account.api.refuses("FilterLogEvents", row.error);
    const auto checkup = examined(account);
    EXPECT_EQ(probe_of(checkup, "FilterLogEvents").standing, row.standing) << row.en;
    EXPECT_EQ(checkup.is_well(), row.standing == Standing::kNotUsed) << row.en;
    EXPECT_THAT(checkup_text({checkup}, testing::kAlarmTime, model::Language::kEnglish), HasSubstr(row.en));
    EXPECT_THAT(checkup_text({checkup}, testing::kAlarmTime, model::Language::kJapanese), HasSubstr(row.ja));
    EXPECT_THAT(base::dump_json(checkup_json({checkup}, model::Language::kEnglish)), HasSubstr(row.en));
  }
}

TEST(Doctor, LooksAtCredentialsRegionAccountAndClock) {
  struct Row {
    void (*spoil)(ScriptedAccount&, std::string& wanted);
    const char* says;
    std::size_t probes;  ///< 0: none was worth trying
  };
  for (const Row& row : {
           Row{[](ScriptedAccount&a, std::string&) {
                 a.found = base::user_error(base::ErrorCode::kUnauthenticated, "no AWS credentials: none");
               },
               "! no AWS credentials: none", 0},
           Row{[](ScriptedAccount&a, std::string&) { a.region_of.clear(); }, "! no region is set", 1},
           Row{[](ScriptedAccount&a, std::string&) { a.offset = std::chrono::minutes(17); },
               "the clock of this machine is 17 min wrong", 74},
           Row{[](ScriptedAccount&, std::string&wanted) { wanted = "210987654321"; },
               "the space names account 210987654321, and these credentials are for 123456789012", 74},
       }) {
    ScriptedAccount account;
    std::string wanted;
    row.spoil(account, wanted);
    auto checkup = examined(account);
    checkup.wanted_account = wanted;
    EXPECT_FALSE(checkup.is_well()) << row.says;
    EXPECT_EQ(checkup.probes.size(), row.probes) << row.says;
    EXPECT_THAT(checkup_text({checkup}, testing::kAlarmTime, model::Language::kEnglish), HasSubstr(row.says));
  }
}

TEST(Doctor, TriesWhateverAnInvestigationAsks) {
  ScriptedAccount account;
  const auto checkup = examined(account);
  for (const ProbeResult& probe : checkup.probes)
    EXPECT_NE(probe.action, "") << probe.operation << " is none of the read operations";
  const auto knowledge = load_knowledge("");
  for (const auto write :
       {testing::write_lambda_null, testing::write_ecs_leak, testing::write_ecs_credential}) {
    ScriptedApi api;
    write(api);
    const base::ManualClock clock(testing::kAlarmTime + std::chrono::minutes(10));
    AwsInvestigation what;
    what.wanted.alarm = write == testing::write_lambda_null ? "intake-errors" : "ledger-5xx";
    ASSERT_TRUE(investigate_aws(what, api, *knowledge, clock));
    for (const std::string& call : api.calls()) {
      const bool tried =
          std::any_of(checkup.probes.begin(), checkup.probes.end(), [&](const ProbeResult& probe) {
            return call.starts_with(probe.service + " " + probe.operation + " ");
          });
      EXPECT_TRUE(tried) << call;
    }
  }
}

}  // namespace
}  // namespace midwatch::app
