#include "src/connectors/aws/start.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace midwatch::connectors::aws {
namespace {

using base::Json;

Json alarm(const std::string& name, const std::string& function, bool firing) {
  return {{"AlarmName", name},
          {"AlarmArn", "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:" + name},
          {"StateValue", firing ? "ALARM" : "OK"},
          {"StateTransitionedTimestamp", "2026-03-03T10:00:00Z"},
          {"Namespace", "AWS/Lambda"},
          {"MetricName", "Errors"},
          {"Dimensions", Json::array({{{"Name", "FunctionName"}, {"Value", function}}})},
          {"Period", 60},
          {"EvaluationPeriods", 3}};
}

/// The alarm that a sentence means; empty where it means none.
std::string meant_by(const std::string& sentence, const Json& alarms) {
  Wanted wanted;
  wanted.question = sentence;
  const auto start = find_start(wanted, *base::parse_rfc3339("2026-03-03T10:05:00Z"),
                                [&](const Question& question) -> base::Result<Json> {
                                  if (question.request.operation == "DescribeAlarms")
                                    return Json{{"MetricAlarms", alarms}};
                                  if (question.request.operation == "DescribeAlarmHistory")
                                    return Json{{"AlarmHistoryItems", Json::array()}};
                                  return base::external_error(base::ErrorCode::kPermissionDenied, "no");
                                });
  return start ? start->alarm.name : std::string();
}

TEST(Start, ASentenceMeansAnAlarmByItsNameOrByWordsOfIt) {
  const Json alarms = Json::array(
      {alarm("checkout-api-errors", "checkout-api", true), alarm("ledger-errors", "ledger", false),
       alarm("ledger-export-latency", "ledger-export", true), alarm("mailer-a-errors", "mailer-a", true),
       alarm("mailer-b-errors", "mailer-b", true)});
  struct Row {
    const char* sentence;
    const char* alarm;
  };
  for (const Row& row :
       {Row{"why is ledger-errors ringing?", "ledger-errors"},
        Row{"checkout-api が失敗しています", "checkout-api-errors"},
        Row{"Why can nobody use checkout since this morning?", "checkout-api-errors"},
        Row{"checkoutが遅い。原因は？", "checkout-api-errors"},
        Row{"the export is late", "ledger-export-latency"}, Row{"what about the mailer?", ""},  // two of them
        Row{"errors are high, latency too", ""},  // words that any alarm may have
        Row{"recheckouts are slow", ""}}) {       // no whole word
    EXPECT_EQ(meant_by(row.sentence, alarms), row.alarm) << row.sentence;
  }
}

TEST(Start, ASentenceMeansAResourceOfAnyKindThatItNames) {
  for (const auto& [name, entity] :
       {std::pair{"orders-jobs", "sqs/orders-jobs"},
        std::pair{"settle-day", "arn:aws:states:eu-west-1:123456789012:stateMachine:settle-day"},
        std::pair{"shop-front", "apigateway/shop-front"}, std::pair{"cart-items", "dynamodb/cart-items"}}) {
    Wanted wanted;
    wanted.question = fmt::format("{}の様子がおかしい", name);
    const auto start = find_start(
        wanted, *base::parse_rfc3339("2026-03-03T10:05:00Z"),
        [](const Question& question) -> base::Result<Json> {
          const std::string& operation = question.request.operation;
          if (operation == "ListQueues")
            return Json{{"QueueUrls", {"https://sqs.eu-west-1.amazonaws.com/123456789012/orders-jobs"}}};
          if (operation == "ListStateMachines")
            return Json{{"stateMachines",
                         Json::array({{{"name", "settle-day"},
                                       {"stateMachineArn",
                                        "arn:aws:states:eu-west-1:123456789012:stateMachine:settle-day"}}})}};
          if (operation == "GetRestApis")
            return Json{{"items", Json::array({{{"name", "shop-front"}, {"id", "a1b2c3"}}})}};
          if (operation == "ListTables") return Json{{"TableNames", {"cart-items"}}};
          return Json::object();
        });
    ASSERT_TRUE(start) << name << ": " << start.error().describe();
    EXPECT_EQ(start->alarm.entity, entity);
  }
}

}  // namespace
}  // namespace midwatch::connectors::aws
