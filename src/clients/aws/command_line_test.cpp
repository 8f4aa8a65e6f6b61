#include "src/clients/aws/command_line.h"

#include <gtest/gtest.h>

#include "src/clients/aws/arn.h"
#include "src/clients/aws/secret_reference.h"

namespace midwatch::clients::aws {
namespace {

TEST(AwsCommandLine, ServiceOperationAndOptions) {
  const CommandLine c = parse_command_line(
      "# /usr/local/bin/aws --region eu-west-1 ecs describe-services --cluster web --services api worker "
      "--query 'services[0].{td: taskDefinition}' --output=json | jq .");
  EXPECT_EQ(c.service, "ecs");
  EXPECT_EQ(c.operation, "describe-services");
  EXPECT_EQ(c.option("cluster"), "web");
  EXPECT_EQ(c.options.at("services"), (std::vector<std::string>{"api", "worker"}));
  EXPECT_EQ(c.option("query"), "services[0].{td: taskDefinition}");
  EXPECT_EQ(c.option("output"), "json");
  EXPECT_EQ(c.option("region"), "eu-west-1");
  EXPECT_EQ(c.option("none"), "");
}

TEST(AwsCommandLine, OtherLinesNameNoCommand) {
  for (const char* line : {"", "#", "# kubectl get pods", "awslogs get", "'unclosed"})
    EXPECT_TRUE(parse_command_line(line).service.empty()) << line;
}

TEST(AwsCommandLine, QuotesAndShorthand) {
  const CommandLine c =
      parse_command_line(R"(aws cloudwatch x --dimensions Name=A,Value="b c" Name=D,Value=e\ f)");
  ASSERT_EQ(c.options.at("dimensions").size(), 2U);
  EXPECT_EQ(parse_shorthand(c.options.at("dimensions")[0]).at("Value"), "b c");
  EXPECT_EQ(parse_shorthand(c.options.at("dimensions")[1]).at("Value"), "e f");
  EXPECT_TRUE(parse_shorthand("").empty());
}

TEST(Arn, Parts) {
  const auto arn = parse_arn("arn:aws:ecs:eu-west-1:123456789012:service/web/api");
  ASSERT_TRUE(arn);
  EXPECT_EQ(arn->name(), "api");
  EXPECT_EQ(arn->sibling("logs", "log-group:/x").text(), "arn:aws:logs:eu-west-1:123456789012:log-group:/x");
  EXPECT_EQ(parse_arn("arn:aws:s3:::bucket")->name(), "bucket");
  for (const char* text : {"", "arn:", "arn:aws:ecs", "service/web", "arn:aws:ecs:r:a:"})
    EXPECT_FALSE(parse_arn(text)) << text;
}

TEST(Arn, AFunctionIsNotItsVersion) {
  EXPECT_EQ(unqualified_function("arn:aws:lambda:r:1:function:orders:live"),
            "arn:aws:lambda:r:1:function:orders");
  EXPECT_EQ(unqualified_function("arn:aws:lambda:r:1:function:orders"), "arn:aws:lambda:r:1:function:orders");
  EXPECT_EQ(unqualified_function("arn:aws:sqs:r:1:orders"), "arn:aws:sqs:r:1:orders");
}

TEST(SecretReference, KeyBehindTheArn) {
  const auto keyed = parse_secret_reference("arn:aws:secretsmanager:r:1:secret:db-AbCdEf:password::");
  EXPECT_EQ(keyed.entity, "arn:aws:secretsmanager:r:1:secret:db-AbCdEf");
  EXPECT_EQ(keyed.key, "password");
  EXPECT_EQ(parse_secret_reference("arn:aws:secretsmanager:r:1:secret:db-AbCdEf").key, "");
  EXPECT_EQ(parse_secret_reference("/prod/db").entity, "ssm//prod/db");
}

}  // namespace
}  // namespace midwatch::clients::aws
