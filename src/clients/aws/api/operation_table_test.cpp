#include "src/clients/aws/api/table/operation_table.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "src/base/ascii.h"

namespace midwatch::clients::aws::api {
namespace {

template <class Check>
void for_each_operation(Check check) {
  for (const auto& getter : service_getters())
    for (const Operation& operation : getter().operations) check(getter(), operation);
}

/// What an action must begin with to change nothing. StartQuery and StopQuery are those of CloudWatch Logs,
/// which only read.
bool is_read(std::string_view verb) {
  static constexpr std::array<std::string_view, 6> kPrefixes = {"Get",    "List",   "Describe",
                                                                "Lookup", "Filter", "BatchGet"};
  return verb == "StartQuery" || verb == "StopQuery" ||
         std::any_of(kPrefixes.begin(), kPrefixes.end(),
                     [verb](auto prefix) { return verb.starts_with(prefix); });
}

TEST(OperationTableTest, HoldsReadsOnly) {
  for_each_operation([](const Service& service, const Operation& operation) {
    const auto where = std::string(service.name) + " " + std::string(operation.name);
    EXPECT_TRUE(is_read(operation.name)) << where;
    const auto colon = operation.action.find(':');
    ASSERT_NE(colon, std::string_view::npos) << where;
    const auto verb = operation.action.substr(colon + 1);
    EXPECT_TRUE(is_read(verb) || operation.action == "apigateway:GET") << where;
    const bool may_post = operation.action != "apigateway:GET";
    EXPECT_TRUE(operation.method == "GET" || (may_post && operation.method == "POST")) << where;
  });
}

TEST(OperationTableTest, HoldsNothingThatGivesASecret) {
  static constexpr std::array<std::string_view, 14> kForbidden = {
      "GetSecretValue",      "BatchGetSecretValue",   "GetParameter", "GetParameters", "GetParametersByPath",
      "GetParameterHistory", "GetAuthorizationToken", "GetApiKey",    "GetApiKeys",    "GetPasswordData",
      "GetSessionToken",     "GetFederationToken",    "GetItem",      "GetRecords"};
  for_each_operation([](const Service& service, const Operation& operation) {
    EXPECT_EQ(std::find(kForbidden.begin(), kForbidden.end(), operation.name), kForbidden.end())
        << service.name << " " << operation.name;
  });
}

TEST(OperationTableTest, HoldsWhatADiagnosisAsks) {
  const std::pair<const char*, const char*> needed[] = {
      {"cloudwatch", "GetMetricData"},
      {"cloudwatch", "DescribeAlarms"},
      {"logs", "FilterLogEvents"},
      {"logs", "StartQuery"},
      {"xray", "BatchGetTraces"},
      {"lambda", "GetFunctionConfiguration"},
      {"lambda", "GetFunction"},
      {"ecs", "DescribeTasks"},
      {"ecr", "DescribeImages"},
      {"cloudformation", "DescribeStackEvents"},
      {"cloudtrail", "LookupEvents"},
      {"secretsmanager", "DescribeSecret"},
      {"rds", "DescribeDBInstances"},
      {"pi", "GetResourceMetrics"},
      {"elbv2", "DescribeTargetHealth"},
      {"autoscaling", "DescribeScalingActivities"},
      {"application-autoscaling", "DescribeScalingActivities"},
      {"apigateway", "GetDeployments"},
      {"apigatewayv2", "GetApis"},
      {"dynamodb", "DescribeTable"},
      {"sqs", "GetQueueAttributes"},
      {"sns", "GetTopicAttributes"},
      {"kinesis", "DescribeStreamSummary"},
      {"events", "ListRules"},
      {"stepfunctions", "GetExecutionHistory"},
      {"iam", "GetRolePolicy"},
      {"sts", "GetCallerIdentity"},
      {"ec2", "DescribeSecurityGroups"},
      {"elasticache", "DescribeEvents"},
      {"service-quotas", "ListServiceQuotas"},
      {"health", "DescribeEvents"},
      {"resourcegroupstaggingapi", "GetResources"},
      {"configservice", "GetResourceConfigHistory"},
      {"deploy", "ListDeployments"},
      {"s3api", "GetBucketPolicy"},
      {"s3api", "GetBucketNotificationConfiguration"},
      {"route53", "ListResourceRecordSets"},
  };
  for (const auto& [service, operation] : needed) {
    const Service* found = find_service(service);
    ASSERT_NE(found, nullptr) << service;
    EXPECT_NE(find_operation(*found, operation), nullptr) << service << " " << operation;
  }
}

TEST(OperationTableTest, IsConsistent) {
  std::set<std::string_view> services;
  for (const auto& getter : service_getters()) {
    const Service& service = getter();
    EXPECT_TRUE(services.insert(service.name).second) << service.name;
    EXPECT_FALSE(service.id.empty() || service.endpoint_prefix.empty() || service.signing_name.empty());
    const bool json = service.protocol == Protocol::kJson10 || service.protocol == Protocol::kJson11;
    const bool form = service.protocol == Protocol::kQuery || service.protocol == Protocol::kEc2;
    EXPECT_EQ(json, !service.target_prefix.empty()) << service.name;
    EXPECT_EQ(form, !service.version.empty()) << service.name;
  }
  for_each_operation([](const Service& service, const Operation& operation) {
    EXPECT_EQ(operation.paging.input_token.empty(), operation.paging.output_token.empty())
        << service.name << " " << operation.name;
    EXPECT_EQ(operation.paging.input_token.empty(), operation.paging.results.empty())
        << service.name << " " << operation.name;
    EXPECT_EQ(operation.path.find('?'), std::string_view::npos) << operation.name;
    EXPECT_EQ(base::split_words(operation.paging.input_token).size(),
              base::split_words(operation.paging.output_token).size())
        << operation.name;
    // What has a body is written in JSON only.
    EXPECT_TRUE(service.protocol != Protocol::kRestXml || operation.method == "GET") << operation.name;
    EXPECT_TRUE(service.protocol == Protocol::kRestXml || operation.payload.empty()) << operation.name;
  });
}

}  // namespace
}  // namespace midwatch::clients::aws::api
