#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/base/json_access.h"
#include "src/sandbox/world/log_filter.h"
#include "src/sandbox/world/world_account.h"
#include "src/sandbox/world/world_reader.h"

namespace midwatch::sandbox::world {
namespace {

using base::Json;
using base::list_at;
using base::text_at;
using testing::HasSubstr;

std::string world_text(const std::string& name) {
  std::ifstream in(std::string(MIDWATCH_SOURCE_DIR) + "/sandbox/worlds/" + name + ".yaml", std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

WorldAccount account_of(const std::string& name, std::uint64_t seed) {
  auto world = read_world(world_text(name), name, seed);
  if (!world) throw std::runtime_error(world.error().describe());
  return {*std::move(world), seed};
}

Json ask(WorldAccount& account, const char* service, const char* operation, Json input = Json::object()) {
  const auto answer = account.answer({service, operation, "", std::move(input), account.asked_at()});
  if (!answer) throw std::runtime_error(answer.error().message);
  return *answer;
}

Json logs_of(WorldAccount& account, const std::string& function) {
  return ask(account, "logs", "FilterLogEvents",
             {{"logGroupName", "/aws/lambda/" + function}, {"filterPattern", "REPORT"}});
}

TEST(World, FaultsSayLineAndColumn) {
  struct Row {
    const char* text;
    const char* wanted;
  };
  for (const Row& row :
       {Row{"world: a\ntitle: t\ncolour: red\n", "w:3:1: world: unknown key 'colour'"},
        Row{"world: a\ntitle: t\nloads:\n  x: { rate: many }\n", "w:4:14: 'rate' must be a number"},
        Row{"world: a\nworld: b\n", "w:2:1: 'world' occurs twice"},
        Row{"world: ${who}\ntitle: t\n", "w:1:8: nothing is named 'who'"},
        Row{"world: [\n", "not valid YAML"}, Row{"world: a\n", "'title' is missing"}}) {
    const auto world = read_world(row.text, "w", 1);
    ASSERT_FALSE(world.has_value()) << row.text;
    EXPECT_THAT(world.error().describe(), HasSubstr(row.wanted));
  }
}

TEST(World, EveryWorldCanBeReadAndAlarms) {
  std::size_t worlds = 0;
  for (const auto& file :
       std::filesystem::directory_iterator(std::string(MIDWATCH_SOURCE_DIR) + "/sandbox/worlds")) {
    ++worlds;
    // Other seeds are tried where each world is investigated.
    WorldAccount account = account_of(file.path().stem().string(), 3);
    EXPECT_GT(account.alarm_time(), account.world().zero - std::chrono::hours(1)) << file.path();
    EXPECT_LT(account.alarm_time(), account.asked_at()) << file.path();
    const Json alarms =
        ask(account, "cloudwatch", "DescribeAlarms", {{"AlarmNames", Json::array({account.world().alarm})}});
    ASSERT_EQ(list_at(alarms, "MetricAlarms").size(), 1U) << file.path();
  }
  EXPECT_GE(worlds, 4U);
}

TEST(World, SameSeedSameAnswersOtherSeedOtherNames) {
  WorldAccount one = account_of("lambda-timeout", 5);
  WorldAccount same = account_of("lambda-timeout", 5);
  WorldAccount other = account_of("lambda-timeout", 6);
  const std::string name = one.world().functions.front().first;
  EXPECT_EQ(logs_of(one, name).dump(), logs_of(same, name).dump());
  EXPECT_NE(one.world().account, other.world().account);
}

TEST(World, AWaitBeyondTheLimitEndsEveryRunAtTheLimit) {
  WorldAccount account = account_of("lambda-timeout", 3);
  const Json reports = logs_of(account, account.world().functions.front().first);
  ASSERT_GT(list_at(reports, "events").size(), 3U);
  for (const Json& event : list_at(reports, "events")) {
    EXPECT_THAT(text_at(event, "message"), HasSubstr("\tDuration: 5000.00 ms\t"));
    EXPECT_THAT(text_at(event, "message"), HasSubstr("\tStatus: timeout"));
  }
}

TEST(World, WhoAsksForMoreRunsThanTheAccountHasLeavesOthersRefused) {
  WorldAccount account = account_of("lambda-concurrency-taken", 2);
  const std::string victim = account.world().functions[0].first;
  const std::string holder = account.world().functions[1].first;
  EXPECT_EQ(ask(account, "lambda", "GetAccountSettings").at("AccountLimit").at("ConcurrentExecutions"), 100);
  const auto asked = [&](const std::string& expression) {
    return account.answer({"cloudwatch",
                           "GetMetricData",
                           "",
                           {{"MetricDataQueries", Json::array({{{"Id", "q"}, {"Expression", expression}}})},
                            {"StartTime", base::format_rfc3339(account.world().zero)}},
                           account.asked_at()});
  };
  const auto largest = asked(
      R"(SELECT MAX(ConcurrentExecutions) FROM SCHEMA("AWS/Lambda", FunctionName) GROUP BY FunctionName ORDER BY MAX() DESC LIMIT 2)");
  ASSERT_TRUE(largest.has_value());
  const Json& results = list_at(*largest, "MetricDataResults");
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(text_at(results[0], "Label"), holder);
  const auto* refused =
      account.history().metrics.find({"AWS/Lambda", "Throttles", {{"FunctionName", victim}}});
  ASSERT_NE(refused, nullptr);
  EXPECT_GE(refused->begin()->first, account.world().zero);
  for (const char* other : {"m1 + m2", "SELECT AVG(CPUUtilization) FROM \"AWS/EC2\"", ""})
    EXPECT_FALSE(asked(other).has_value()) << other;
}

TEST(World, NothingOfTheTruthOrTheFutureCanBeAsked) {
  WorldAccount account = account_of("ecs-memory-leak", 2);
  const AccountCall early{"cloudtrail", "LookupEvents", "", Json::object(),
                          account.world().zero - std::chrono::minutes(14)};
  EXPECT_THAT(list_at(*account.answer(early), "Events"), testing::IsEmpty());  // told after five minutes
  const auto unknown = account.answer({"ecs", "DeleteService", "", Json::object(), account.asked_at()});
  ASSERT_FALSE(unknown.has_value());
  EXPECT_EQ(unknown.error().code, "UnknownOperationException");
}

TEST(World, ABrokenReleaseIsRolledBackByItsCircuitBreaker) {
  WorldAccount account = account_of("ecs-circuit-breaker", 2);
  const std::string name = account.world().services.front().first;
  const std::string cluster = account.world().services.front().second.last().cluster;
  const auto service_at = [&](std::chrono::minutes after) {
    return list_at(*account.answer({"ecs",
                                    "DescribeServices",
                                    "",
                                    {{"cluster", cluster}, {"services", Json::array({name})}},
                                    account.world().zero + after}),
                   "services")
        .front();
  };
  const Json before = service_at(std::chrono::minutes(-1));
  const Json after = service_at(std::chrono::minutes(20));
  EXPECT_EQ(text_at(after, "taskDefinition"), text_at(before, "taskDefinition"));
  EXPECT_THAT(text_at(list_at(after, "deployments").front(), "rolloutStateReason"),
              HasSubstr("ECS deployment circuit breaker: rolling back to deploymentId"));
  EXPECT_THAT(list_at(after, "events").dump(), HasSubstr("deployment failed: tasks failed to start."));
  EXPECT_EQ(after.at("runningCount"), before.at("runningCount"));
}

TEST(World, AnExecutionEndsAsTheFunctionThatItCalls) {
  WorldAccount account = account_of("workflow-task-failure", 2);
  const Json machines = ask(account, "stepfunctions", "ListStateMachines");
  const std::string machine = text_at(list_at(machines, "stateMachines").front(), "stateMachineArn");
  const auto listed = [&](const char* status) {
    return list_at(ask(account, "stepfunctions", "ListExecutions",
                       {{"stateMachineArn", machine}, {"statusFilter", status}}),
                   "executions");
  };
  EXPECT_GT(listed("SUCCEEDED").size(), 100U);
  const Json failed = listed("FAILED");
  ASSERT_GT(failed.size(), 10U);
  const Json course =
      ask(account, "stepfunctions", "GetExecutionHistory",
          {{"executionArn", text_at(failed.front(), "executionArn")}, {"reverseOrder", true}});
  const Json& events = list_at(course, "events");
  ASSERT_EQ(events.size(), 5U);
  EXPECT_EQ(text_at(events[0], "type"), "ExecutionFailed");
  EXPECT_EQ(text_at(events[1], "taskFailedEventDetails", "error"), "TypeError");
  EXPECT_EQ(text_at(events[3], "stateEnteredEventDetails", "name"), "Pay");
}

TEST(World, WhoOpensTooManyConnectionsTakesTheLastPort) {
  WorldAccount account = account_of("nat-port-exhaustion", 2);
  const auto& [nat, spec] = account.world().nats.front();
  const auto* refused =
      account.history().metrics.find({"AWS/NATGateway", "ErrorPortAllocation", {{"NatGatewayId", nat}}});
  ASSERT_NE(refused, nullptr);
  EXPECT_EQ(refused->at(account.world().zero - std::chrono::minutes(10)).sum, 0);
  EXPECT_GT(refused->at(account.world().zero + std::chrono::minutes(10)).sum, 0);
}

TEST(World, ATraceIsASegmentOrWithTransactionSearchLines) {
  for (const bool search : {false, true}) {
    WorldAccount account = account_of(search ? "spans-slow-partner" : "traced-slow-partner", 2);
    const std::string host = account.world().hosts.front().first;
    const Json when{{"StartTime", base::format_rfc3339(account.world().zero)},
                    {"EndTime", base::format_rfc3339(account.asked_at())}};
    Json asked = when;
    asked["FilterExpression"] = "responsetime >= 3 AND !fault";
    const Json slow = ask(account, "xray", "GetTraceSummaries", asked);
    ASSERT_THAT(list_at(slow, "TraceSummaries"), testing::Not(testing::IsEmpty()));
    const std::string id = text_at(list_at(slow, "TraceSummaries").front(), "Id");
    const Json traces = ask(account, "xray", "BatchGetTraces", {{"TraceIds", {id}}});
    EXPECT_EQ(list_at(traces, "Traces").size(), search ? 0U : 1U);
    EXPECT_EQ(list_at(traces, "UnprocessedTraceIds").size(), search ? 1U : 0U);
    const Json groups = ask(account, "logs", "DescribeLogGroups", {{"logGroupNamePrefix", "aws/spans"}});
    EXPECT_EQ(list_at(groups, "logGroups").size(), search ? 1U : 0U);
    if (!search) {
      EXPECT_THAT(base::dump_json(traces), HasSubstr(host));
      continue;
    }
    std::string word = id.substr(2);
    word.erase(word.find('-'), 1);
    const Json lines = ask(account, "logs", "FilterLogEvents",
                           {{"logGroupName", "aws/spans"}, {"filterPattern", "?\"" + word + "\""}});
    ASSERT_EQ(list_at(lines, "events").size(), 3U) << "the function, its table and its partner";
    EXPECT_THAT(base::dump_json(lines), HasSubstr(host));
  }
}

TEST(World, AFilterThatXRayDoesNotKnowIsRefused) {
  WorldAccount account = account_of("traced-slow-partner", 2);
  const auto refused =
      account.answer({"xray", "GetTraceSummaries", "", {{"FilterExpression", "slow"}}, account.asked_at()});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, "InvalidRequestException");
}

TEST(World, WhatAWorldStatesIsThereInItsTimeAndForWhomItIsAsked) {
  WorldAccount account = account_of("event-rule-disabled", 2);
  const auto state_at = [&](std::chrono::minutes when) {
    const std::string name = account.world().measurements.front().dimensions.front().second;
    const AccountCall call{"events", "ListRules", "", {{"NamePrefix", name}}, account.world().zero + when};
    const Json rules = *account.answer(call);
    EXPECT_EQ(list_at(rules, "Rules").size(), 1U);
    EXPECT_FALSE(list_at(rules, "Rules").front().contains("$from"));
    return text_at(list_at(rules, "Rules").front(), "State");
  };
  EXPECT_EQ(state_at(std::chrono::minutes(-1)), "ENABLED");
  EXPECT_EQ(state_at(std::chrono::minutes(1)), "DISABLED");
}

TEST(World, LinesOfAJournalHaveTheirMomentAndAreFoundByTheirMembers) {
  struct Row {
    const char* pattern;
    bool found;
  };
  const std::string line = R"({"verb":"patch","object":{"kind":"pods","name":"cart-1"}})";
  for (const Row& row :
       {Row{R"({ $.verb = "patch" })", true},
        Row{R"({ ($.object.name = "cart-*") && ($.verb != "get") })", true},
        Row{R"({ ($.verb = "get" || $.verb = "patch") && ($.object.kind = "nodes") })", false},
        Row{R"({ $.missing = "x" })", false}, Row{R"({ $.verb })", false}, Row{"patch cart-1", true}}) {
    EXPECT_EQ(LogFilter(row.pattern).matches(line), row.found) << row.pattern;
  }
  EXPECT_FALSE(LogFilter(R"({ $.verb = "patch" })").matches("no JSON"));
}

TEST(World, ABucketIsAnsweredForInItsOwnRegionAlone) {
  std::string text = world_text("s3-policy-denies");
  text.insert(text.find("    policy:"), "    region: ap-northeast-1\n");
  auto world = read_world(text, "w", 3);
  ASSERT_TRUE(world) << world.error().describe();
  WorldAccount account(*std::move(world), 3);
  const Json bucket{{"Bucket", account.world().buckets.front().first}};
  const auto elsewhere = account.answer({"s3", "GetBucketPolicy", "eu-west-1", bucket, account.asked_at()});
  ASSERT_FALSE(elsewhere);
  EXPECT_EQ(elsewhere.error().code, "PermanentRedirect");
  EXPECT_EQ(elsewhere.error().region, "ap-northeast-1");
  const auto there = account.answer({"s3", "GetBucketPolicy", "ap-northeast-1", bucket, account.asked_at()});
  ASSERT_TRUE(there);
  EXPECT_THAT(text_at(*there, "Policy"), HasSubstr("OnlyAdministrators"));
}

TEST(World, ATaskThatStartsSlowerThanItsGracePeriodNeverServes) {
  WorldAccount account = account_of("ecs-grace-period", 3);
  const std::string app = account.world().services.front().first;
  const std::string cluster = account.world().services.front().second.last().cluster;
  const Json arns = ask(account, "ecs", "ListTasks",
                        {{"cluster", cluster}, {"serviceName", app}, {"desiredStatus", "STOPPED"}});
  ASSERT_GE(arns.at("taskArns").size(), 3U);
  const Json tasks =
      ask(account, "ecs", "DescribeTasks", {{"cluster", cluster}, {"tasks", arns.at("taskArns")}});
  for (const Json& task : list_at(tasks, "tasks")) {
    EXPECT_THAT(text_at(task, "stoppedReason"), HasSubstr("Task failed ELB health checks"));
    const auto started = base::parse_timestamp(text_at(task, "startedAt"));
    const auto stopped = base::parse_timestamp(text_at(task, "stoppedAt"));
    ASSERT_TRUE(started && stopped);
    EXPECT_GE(*stopped - *started, std::chrono::seconds(60));
    EXPECT_LE(*stopped - *started, std::chrono::seconds(110));
  }
  const Json lines = ask(account, "logs", "FilterLogEvents",
                         {{"logGroupName", "/ecs/" + app}, {"filterPattern", "catalogue"}});
  EXPECT_FALSE(list_at(lines, "events").empty()) << "it is at work when it is ended";
  for (const Json& event : list_at(lines, "events"))
    EXPECT_EQ(text_at(event, "message").find("61000 of 61000"), std::string::npos);
}

TEST(World, ADeadlockIsToldByTheDatabaseAndByWhoseTransactionItEnds) {
  WorldAccount account = account_of("database-deadlock", 3);
  const std::string app = account.world().services.front().first;
  const std::string database = account.world().databases.front().first;
  const Json own =
      ask(account, "logs", "FilterLogEvents",
          {{"logGroupName", "/aws/rds/instance/" + database + "/postgresql"}, {"filterPattern", "DETAIL"}});
  ASSERT_FALSE(list_at(own, "events").empty());
  EXPECT_THAT(text_at(list_at(own, "events").front(), "message"), HasSubstr("\n\tProcess "));
  const Json theirs = ask(account, "logs", "FilterLogEvents",
                          {{"logGroupName", "/ecs/" + app}, {"filterPattern", "deadlock"}});
  EXPECT_FALSE(list_at(theirs, "events").empty());
}

TEST(World, ALeakEndsTasksWhichAreForgottenAfterAnHour) {
  WorldAccount account = account_of("ecs-memory-leak", 2);
  const auto stopped = [&](base::Timestamp now) {
    const std::string cluster = account.world().services.front().second.last().cluster;
    return list_at(
        *account.answer({"ecs", "ListTasks", "", {{"cluster", cluster}, {"desiredStatus", "STOPPED"}}, now}),
        "taskArns");
  };
  const std::string cluster = account.world().services.front().second.last().cluster;
  const Json tasks =
      ask(account, "ecs", "DescribeTasks", {{"cluster", cluster}, {"tasks", stopped(account.asked_at())}});
  bool killed = false;
  for (const Json& task : list_at(tasks, "tasks")) {
    const Json& container = list_at(task, "containers").front();
    killed = killed || (text_at(container, "exitCode") == "137" &&
                        text_at(container, "reason").starts_with("OutOfMemory"));
  }
  EXPECT_TRUE(killed);
  EXPECT_THAT(stopped(account.asked_at() + std::chrono::hours(30)), testing::IsEmpty());
}

}  // namespace
}  // namespace midwatch::sandbox::world
