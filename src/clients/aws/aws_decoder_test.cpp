#include "src/clients/aws/aws_decoder.h"

#include <gtest/gtest.h>

#include "src/clients/aws/testing/decode_text.h"

namespace midwatch::clients::aws {
namespace {

TEST(AwsDecoder, WhatIsNotUnderstoodIsTold) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "printed nothing"},
      {"# aws s3api list-buckets\n{\"Buckets\":[]}", "nothing reads the answer of aws s3api list-buckets"},
      {"{\"Unheard\":1}", "nothing reads"},
      {"[1,2]", "nothing reads"},
      {"# aws ecs describe-services\n{\"services\": [", "no JSON"},
      {"# aws ecs describe-services\n\nAn error occurred (AccessDeniedException) when calling the "
       "DescribeServices operation: User: arn:aws:iam::1:user/x is not authorized",
       "the permission ecs:DescribeServices is missing"},
  };
  for (const auto& [text, wanted] : cases) {
    const auto batch = decode_text(text);
    ASSERT_EQ(batch.notices.size(), 1U) << text;
    EXPECT_NE(batch.notices[0].message.find(wanted), std::string::npos) << batch.notices[0].message;
    EXPECT_TRUE(batch.entities.empty());
  }
}

TEST(AwsDecoder, AnEmptyListSaysNothingAndIsNoProblem) {
  for (const char* text :
       {"{\"services\":[]}", "{\"Events\":[]}", "{\"events\":[]}", "{\"tasks\":[],\"failures\":[]}"}) {
    const auto batch = decode_text(text);
    EXPECT_TRUE(batch.notices.empty()) << text;
    EXPECT_TRUE(batch.entities.empty()) << text;
  }
}

TEST(AwsDecoder, ACommandDecidesBetweenAnswersOfOneShape) {
  const auto batch = decode_text(
      "# aws elasticache describe-events --source-type cache-cluster\n"
      R"({"Events":[{"SourceIdentifier":"s","SourceType":"cache-cluster","Message":"m","Date":"2026-02-03T04:00:00Z"}]})");
  EXPECT_EQ(batch.events.at(0).entity, "elasticache/s");
}

TEST(AwsDecoder, WrongTypesAreLeftOut) {
  for (const char* text :
       {R"({"services":[1,"x",null,{"serviceArn":7,"events":{},"deployments":[{"createdAt":"never"}]}]})",
        R"({"tasks":{"taskArn":"x"}})", R"({"Events":[{"CloudTrailEvent":"not json","EventName":5}]})",
        R"({"MetricDataResults":[{"Label":"a b","Timestamps":["x",1],"Values":[null]}]})",
        R"({"Traces":[{"Segments":[{"Document":"[]"}]}]})", R"({"results":[[{"field":1}],7]})"}) {
    const auto batch = decode_text(text);
    EXPECT_TRUE(batch.metrics.empty() && batch.spans.empty() && batch.logs.empty()) << text;
  }
}

}  // namespace
}  // namespace midwatch::clients::aws
