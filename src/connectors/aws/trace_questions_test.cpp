#include "src/connectors/aws/trace_questions.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"

namespace midwatch::connectors::aws {
namespace {

using base::Json;
using base::text_at;

const base::Timestamp kNoon = *base::parse_rfc3339("2026-03-03T12:00:00Z");
const AskedTimes kTimes{{kNoon - std::chrono::minutes(30), kNoon + std::chrono::minutes(10)},
                        {kNoon - std::chrono::hours(3), kNoon - std::chrono::minutes(30)}};

std::optional<double> slow_of(const char* name_space, const char* metric, double threshold) {
  telemetry::Alarm alarm;
  alarm.metric = metric;
  alarm.threshold = threshold;
  return slow_requests_of(alarm, WantedSeries{name_space, metric, "p90", {}});
}

TEST(TraceQuestions, TheThresholdOfAnAlarmSaysWhatIsSlow) {
  EXPECT_EQ(slow_of("AWS/Lambda", "Duration", 1500), 1.5);
  EXPECT_EQ(slow_of("AWS/ApiGateway", "IntegrationLatency", 2000), 2.0);
  EXPECT_EQ(slow_of("AWS/ApplicationELB", "TargetResponseTime", 0.4), 0.4);
  EXPECT_EQ(slow_of("AWS/Lambda", "Errors", 1), std::nullopt);
  EXPECT_EQ(slow_of("AWS/RDS", "ReadLatency", 1), std::nullopt) << "no time of requests that are traced";
  EXPECT_EQ(slow_requests_of({}, std::nullopt), 0.0) << "nobody says what it is about";
}

TEST(TraceQuestions, OnlyWhatCanBeANameGetsIntoAFilter) {
  EXPECT_TRUE(is_function_name("orders-api_2"));
  for (const char* name : {"", "a\") OR service(\"b", "a b", "\xE3\x81\x82", "a\nb"})
    EXPECT_FALSE(is_function_name(name)) << name;
  EXPECT_FALSE(is_function_name(std::string(141, 'a')));
}

std::vector<std::string> filters_of(const std::vector<Question>& questions) {
  std::vector<std::string> filters;
  for (const Question& question : questions) {
    if (question.request.operation == "GetTraceSummaries")
      filters.push_back(text_at(question.request.input, "FilterExpression"));
  }
  return filters;
}

TEST(TraceQuestions, SlowRequestsAndOrdinaryOnesAreAskedForWhereTimeIsTheMatter) {
  const auto questions = questions_about_slow_requests({{"orders"}, 1.5}, kTimes, "eu-west-1");
  EXPECT_EQ(filters_of(questions), (std::vector<std::string>{R"(service("orders") { responsetime >= 1.35 })",
                                                             R"(service("orders"))"}));
  const Json& calm = questions[1].request.input;
  EXPECT_EQ(text_at(calm, "StartTime"), "2026-03-03T11:00:00Z");
  EXPECT_EQ(text_at(calm, "EndTime"), "2026-03-03T11:30:00Z") << "before the window";
  EXPECT_EQ(questions.back().request.operation, "DescribeLogGroups");
  EXPECT_TRUE(questions_about_slow_requests({{"orders"}, std::nullopt}, kTimes, "eu-west-1").empty());
}

TEST(TraceQuestions, WithoutANameAnybodysRequestsAreMeant) {
  EXPECT_EQ(filters_of(questions_about_slow_requests({{}, 2.0}, kTimes, "eu-west-1")),
            (std::vector<std::string>{"responsetime >= 1.8", ""}));
  EXPECT_EQ(filters_of(questions_about_slow_requests({{"a", "b"}, 0.0}, kTimes, "eu-west-1")).back(),
            R"(service("a") OR service("b"))");
}

Json summaries_of(int count) {
  Json list = Json::array();
  for (int i = 0; i < count; ++i) list.push_back({{"Id", "1-" + std::to_string(i)}, {"ResponseTime", i % 7}});
  return {{"TraceSummaries", list}};
}

TEST(TraceQuestions, SomeOfTheWholeAnswerAreLookedAtInCallsOfFive) {
  const auto asked = questions_about_slow_requests({{"orders"}, 1.5}, kTimes, "eu-west-1")[0];
  const auto questions = questions_about_requests(asked, summaries_of(40));
  ASSERT_EQ(questions.size(), 3U);
  EXPECT_TRUE(asks_for_traces(questions[0]));
  EXPECT_EQ(base::dump_json(questions[0].request.input), R"({"TraceIds":["1-0","1-4","1-8","1-12","1-16"]})");
  EXPECT_EQ(questions[1].request.input["TraceIds"].size(), 5U);
  EXPECT_EQ(questions[2].request.operation, "DescribeLogGroups") << "where X-Ray keeps them";
  EXPECT_TRUE(questions_about_requests(asked, summaries_of(0)).empty());
}

TEST(TraceQuestions, OfFailedRequestsTheFirstFiveAreLookedAt) {
  const auto asked = questions_about_traces(kTimes, "eu-west-1")[1];
  const auto questions = questions_about_requests(asked, summaries_of(40));
  EXPECT_EQ(base::dump_json(questions[0].request.input), R"({"TraceIds":["1-0","1-1","1-2","1-3","1-4"]})");
  EXPECT_FALSE(asks_for_traces(questions[1]));
}

TEST(TraceQuestions, TracesThatAreLinesAreAskedForByTheirIds) {
  Question traces;
  traces.request = {
      "xray",
      "BatchGetTraces",
      "eu-west-1",
      {{"TraceIds", {"1-5f84c7a1-e2f90123456789abcdef0123", "5f84c7a2e2f90123456789abcdef0123"}}}};
  const auto question = question_about_span_lines(traces, kTimes);
  EXPECT_EQ(question.request.operation, "FilterLogEvents");
  EXPECT_EQ(text_at(question.request.input, "logGroupName"), "aws/spans");
  EXPECT_EQ(text_at(question.request.input, "filterPattern"),
            R"(?"5f84c7a1e2f90123456789abcdef0123" ?"5f84c7a2e2f90123456789abcdef0123")");
  EXPECT_EQ(question.request.input["startTime"], 1772535600000) << "from the ordinary time on";
}

TEST(TraceQuestions, WithoutATraceLinesAreAskedForByName) {
  telemetry::Alarm alarm;
  alarm.time = kNoon;
  const auto questions = questions_about_span_lines({{"orders"}, 1.5}, alarm, kTimes, "eu-west-1");
  ASSERT_EQ(questions.size(), 2U);
  EXPECT_EQ(text_at(questions[0].request.input, "filterPattern"), R"(?"orders")");
  EXPECT_EQ(questions[0].request.input["startTime"], 1772538600000) << "ten minutes before the alarm";
  EXPECT_EQ(questions[1].request.input["endTime"], 1772537400000) << "before the window";
  EXPECT_TRUE(questions_about_span_lines({{}, 1.5}, alarm, kTimes, "eu-west-1").empty());
}

TEST(TraceQuestions, KnowsTheGroupOfSpans) {
  const auto asked = questions_about_slow_requests({{}, 1.0}, kTimes, "eu-west-1").back();
  EXPECT_TRUE(tells_of_span_lines(asked, Json::parse(R"({"logGroups":[{"logGroupName":"aws/spans"}]})")));
  EXPECT_FALSE(tells_of_span_lines(asked, Json::parse(R"({"logGroups":[]})")));
}

}  // namespace
}  // namespace midwatch::connectors::aws
