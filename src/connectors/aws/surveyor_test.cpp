#include "src/connectors/aws/surveyor.h"

#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "src/clients/aws/api/testing/scripted_api.h"

namespace midwatch::connectors::aws {
namespace {

using clients::aws::api::testing::ScriptedApi;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kQuotes = "arn:aws:lambda:us-east-1:123456789012:function:quotes";
constexpr const char* kQueue = "arn:aws:sqs:us-east-1:123456789012:wishes";
constexpr const char* kService = "arn:aws:ecs:us-east-1:123456789012:service/main/web";
constexpr const char* kDatabase = "arn:aws:rds:us-east-1:123456789012:db:prices";

/// A function behind an API and a queue, a service behind a load balancer; both use one database.
void write_account(ScriptedApi& api) {
  const std::string function = fmt::format(
      R"({{"FunctionName":"quotes","FunctionArn":"{}","Runtime":"nodejs22.x","Role":"arn:aws:iam::123456789012:role/quotes",
          "VpcConfig":{{"SubnetIds":["subnet-1"],"SecurityGroupIds":["sg-1"]}},
          "Environment":{{"Variables":{{"DB_HOST":"prices.abc.us-east-1.rds.amazonaws.com"}}}}}})",
      kQuotes);
  api.answers("ListFunctions", fmt::format(R"({{"Functions":[{}]}})", function));
  api.answers("GetFunctionConfiguration", function);
  api.answers("ListEventSourceMappings",
              fmt::format(R"({{"EventSourceMappings":[{{"UUID":"u","FunctionArn":"{}","EventSourceArn":"{}",
                             "State":"Enabled"}}]}})",
                          kQuotes, kQueue));
  api.answers("GetRestApis", R"({"items":[{"id":"a1b2","name":"shop","endpointConfiguration":{}}]})");
  api.answers(
      "GetResources",
      fmt::format(R"({{"items":[{{"id":"r","path":"/q","resourceMethods":{{"GET":{{"methodIntegration":
                             {{"type":"AWS_PROXY","uri":"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{}/invocations"}}}}}}}}]}})",
                  kQuotes),
      "a1b2");
  api.answers("ListClusters", R"({"clusterArns":["arn:aws:ecs:us-east-1:123456789012:cluster/main"]})");
  api.answers("ListServices", fmt::format(R"({{"serviceArns":["{}"]}})", kService));
  const std::string group = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2";
  api.answers(
      "DescribeServices",
      fmt::format(
          R"({{"services":[{{"serviceArn":"{}","serviceName":"web","clusterArn":"arn:aws:ecs:us-east-1:123456789012:cluster/main",
                             "taskDefinition":"arn:aws:ecs:us-east-1:123456789012:task-definition/web:9",
                             "loadBalancers":[{{"targetGroupArn":"{}","containerName":"app"}}]}}]}})",
          kService, group));
  api.answers(
      "DescribeTaskDefinition",
      R"({"taskDefinition":{"taskDefinitionArn":"arn:aws:ecs:us-east-1:123456789012:task-definition/web:9",
                 "family":"web","revision":9,"containerDefinitions":[{"name":"app","image":"web:9",
                 "environment":[{"name":"URL","value":"postgres://u@prices.abc.us-east-1.rds.amazonaws.com:5432/p"}]}]}})");
  api.answers(
      "DescribeTargetGroups",
      fmt::format(R"({{"TargetGroups":[{{"TargetGroupArn":"{}","TargetGroupName":"web","LoadBalancerArns":
                             ["arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/front/50dc"]}}]}})",
                  group));
  api.answers(
      "DescribeDBInstances",
      fmt::format(
          R"({{"DBInstances":[{{"DBInstanceIdentifier":"prices","DBInstanceArn":"{}","Engine":"postgres",
                             "Endpoint":{{"Address":"prices.abc.us-east-1.rds.amazonaws.com","Port":5432}}}}]}})",
          kDatabase));
  api.answers("GetServiceGraph", R"({"Services":[
      {"ReferenceId":0,"Name":"web","Type":"remote","Edges":[{"ReferenceId":1}]},
      {"ReferenceId":1,"Name":"carrier.example","Type":"remote","Edges":[]}]})");
}

base::Result<Survey> surveyed(ScriptedApi& api, const SurveyOptions& options) {
  const base::ManualClock clock(*base::parse_rfc3339("2026-03-03T10:00:00Z"));
  return survey(runtime::RequestContext::unlimited(clock), api, options);
}

std::vector<std::string> relations_of(const Survey& survey) {
  std::vector<std::string> out;
  for (const auto& relation : survey.batch.relations)
    out.push_back(fmt::format("{} {} {}", relation.from, to_string(relation.kind), relation.to));
  return out;
}

std::string notices_of(const Survey& survey) {
  std::string out;
  for (const auto& notice : survey.batch.notices) out += notice.message + "\n";
  return out;
}

TEST(Survey, FindsHowWhatExistsHangsTogether) {
  ScriptedApi api;
  write_account(api);
  const auto found = surveyed(api, {});
  ASSERT_TRUE(found) << found.error().describe();
  const auto relations = relations_of(*found);
  for (const std::string& expected :
       {fmt::format("apigateway/a1b2 calls {}", kQuotes), fmt::format("{} routes_to {}", kQueue, kQuotes),
        fmt::format("{} calls {}", kQuotes, kDatabase), fmt::format("{} calls {}", kService, kDatabase),
        fmt::format("{} related ec2/sg-1", kQuotes), fmt::format("{} related ec2/subnet-1", kQuotes),
        fmt::format("arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2 routes_to {}",
                    kService),
        fmt::format("{} calls carrier.example", kService)}) {
    EXPECT_THAT(relations, Contains(expected));
  }
  EXPECT_THAT(notices_of(*found), IsEmpty());
  EXPECT_EQ(api.count("FilterLogEvents") + api.count("GetMetricData") + api.count("LookupEvents"), 0U)
      << "a survey reads no telemetry";
}

TEST(Survey, OfOneResourceAsksOnlyAroundIt) {
  ScriptedApi api;
  write_account(api);
  SurveyOptions options;
  options.entity = "lambda/quotes";
  const auto found = surveyed(api, options);
  ASSERT_TRUE(found) << found.error().describe();
  EXPECT_EQ(found->entity, kQuotes);
  EXPECT_THAT(relations_of(*found), Contains(fmt::format("{} routes_to {}", kQueue, kQuotes)));
  EXPECT_EQ(api.count("ListFunctions"), 0U);
  options.entity = "what?";
  EXPECT_EQ(surveyed(api, options).error().code, base::ErrorCode::kInvalidArgument);
}

TEST(Survey, ReadsNothingOutsideItsSpace) {
  ScriptedApi api;
  write_account(api);
  api.answers(
      "DescribeStacks",
      R"({"Stacks":[{"StackName":"shop","StackId":"arn:aws:cloudformation:us-east-1:123456789012:stack/shop/1"},
                                              {"StackName":"other","StackId":"arn:aws:cloudformation:us-east-1:123456789012:stack/other/1"}]})");
  api.answers("ListStackResources",
              R"({"StackResourceSummaries":[{"LogicalResourceId":"F","PhysicalResourceId":"quotes",
                  "ResourceType":"AWS::Lambda::Function","ResourceStatus":"CREATE_COMPLETE"}]})",
              "shop");
  SurveyOptions options;
  options.space.stacks = {"shop"};
  options.space.exclude = {"sqs/*"};
  const auto found = surveyed(api, options);
  ASSERT_TRUE(found) << found.error().describe();
  EXPECT_EQ(api.count("ListFunctions") + api.count("DescribeDBInstances") + api.count("DescribeServices"), 1U)
      << "services are listed to be told apart, functions and databases are not";
  EXPECT_GT(api.count("GetFunctionConfiguration"), 0U);
  for (const auto& relation : relations_of(*found)) {
    EXPECT_THAT(relation, Not(HasSubstr("wishes")));
    EXPECT_THAT(relation, Not(HasSubstr("service/main/web")));
  }
  EXPECT_GE(found->outside, 1U);
  options.space.stacks.clear();
  options.entity = kQueue;
  EXPECT_EQ(surveyed(api, options).error().code, base::ErrorCode::kPermissionDenied);
}

TEST(Survey, AsksEveryAccountAndRegionOfItsSpace) {
  ScriptedApi api;
  std::set<std::string> asked;
  api.before_each([&](const auto& request) {
    if (request.operation == "ListFunctions") asked.insert(request.account + "@" + request.region);
  });
  SurveyOptions options;
  options.limits.parallel = 1;
  options.space.accounts = {{"123456789012", "", {"us-east-1", "us-west-2"}},
                            {"210987654321", "", {"eu-west-1"}}};
  ASSERT_TRUE(surveyed(api, options));
  EXPECT_THAT(asked, ::testing::ElementsAre("123456789012@us-east-1", "123456789012@us-west-2",
                                            "210987654321@eu-west-1"));
}

TEST(Survey, SaysWhatItWasRefusedAndWhatItDidNotAsk) {
  ScriptedApi api;
  write_account(api);
  api.refuses("ListFunctions",
              base::external_error(base::ErrorCode::kPermissionDenied,
                                   "User: u is not authorized to perform: lambda:ListFunctions"));
  const auto refused = surveyed(api, {});
  ASSERT_TRUE(refused);
  EXPECT_THAT(notices_of(*refused), HasSubstr("the permission lambda:ListFunctions is missing"));
  SurveyOptions few;
  few.limits.calls = 20;
  const auto cut = surveyed(api, few);
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->calls, 20U);
  EXPECT_THAT(notices_of(*cut), HasSubstr("the 20 calls were used up"));
}

}  // namespace
}  // namespace midwatch::connectors::aws
