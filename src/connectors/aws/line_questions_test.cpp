#include "src/connectors/aws/line_questions.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace midwatch::connectors::aws {
namespace {

using base::Json;

std::vector<std::string> commands(const std::vector<Question>& questions) {
  std::vector<std::string> texts;
  for (const Question& question : questions) texts.push_back(command_text(question.request));
  return texts;
}

class LineQuestions : public testing::Test {
 protected:
  std::vector<Question> from(const std::string& message) {
    return questions_from_lines(asked_, {{"events", {{{"message", message}}}}}, times_);
  }

  Question asked_ = [] {
    Question question;
    question.request = {"logs", "FilterLogEvents", "eu-west-1", Json::object()};
    question.subject = "lambda/reader";
    return question;
  }();
  AskedTimes times_ = [] {
    const auto at = *base::parse_rfc3339("2026-01-05T12:00:00Z");
    return AskedTimes{{at, at + std::chrono::hours(1)}, {at - std::chrono::hours(3), at}};
  }();
};

TEST_F(LineQuestions, ADeniedBucketIsAskedForItsPolicy) {
  const auto questions = from(
      R"(AccessDenied: User: arn:aws:sts::1:assumed-role/r/f is not authorized to perform: s3:GetObject )"
      R"(on resource: \"arn:aws:s3:::acme-receipts/2026/a.json\" with an explicit deny)");
  const auto texts = commands(questions);
  ASSERT_EQ(texts.size(), 3U);
  EXPECT_EQ(texts[0], "aws s3api get-bucket-policy --region eu-west-1 --bucket acme-receipts");
  EXPECT_EQ(texts[1], "aws s3api get-public-access-block --region eu-west-1 --bucket acme-receipts");
  EXPECT_NE(texts[2].find("AttributeValue\":\"acme-receipts\""), std::string::npos) << texts[2];
  EXPECT_EQ(questions[0].subject, "s3/acme-receipts");
  EXPECT_TRUE(
      from("not authorized to perform: dynamodb:GetItem on resource: arn:aws:dynamodb:r:1:table/t").empty());
}

TEST_F(LineQuestions, ALostNameIsLookedForInTheZoneThatAnswersIt) {
  for (const char* message : {"Error: getaddrinfo ENOTFOUND stock.core.example",
                              "dial tcp: lookup stock.core.example on 10.0.0.2:53: no such host",
                              "{\"code\":\"ENOTFOUND\",\"hostname\":\"stock.core.example\"}"}) {
    const auto questions = from(message);
    ASSERT_EQ(questions.size(), 2U) << message;
    EXPECT_EQ(questions[0].request.operation, "LookupEvents");
    EXPECT_EQ(questions[1].request.operation, "ListHostedZones");
    const Json zones{{"HostedZones",
                      {{{"Id", "/hostedzone/Z0"}, {"Name", "example."}},
                       {{"Id", "/hostedzone/Z1"}, {"Name", "core.example."}},
                       {{"Id", "/hostedzone/Z2"}, {"Name", "ore.example."}}}}};
    const auto texts = commands(questions_about_names(questions[1], zones));
    ASSERT_EQ(texts.size(), 1U) << message;
    EXPECT_EQ(texts[0],
              "aws route53 list-resource-record-sets --region eu-west-1 --hosted-zone-id Z1 "
              "--start-record-name stock.core.example --max-items 1");
  }
  EXPECT_EQ(from("ENOTFOUND").size(), 1U) << "who changed names is asked for without one as well";
  EXPECT_TRUE(questions_about_names(asked_, {{"HostedZones", Json::array()}}).empty());
}

TEST_F(LineQuestions, ARecordWithAHealthCheckAsksForIt) {
  const Json sets{{"ResourceRecordSets", {{{"Name", "a."}, {"HealthCheckId", "h"}}, {{"Name", "b."}}}}};
  EXPECT_EQ(
      commands(questions_about_checks(asked_, sets)),
      std::vector<std::string>{"aws route53 get-health-check-status --region eu-west-1 --health-check-id h"});
}

}  // namespace
}  // namespace midwatch::connectors::aws
