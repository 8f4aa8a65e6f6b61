#include "src/clients/aws/api/read_policy.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/clients/aws/api/table/operation_table.h"

namespace midwatch::clients::aws::api {
namespace {

using base::Json;

std::set<std::string> allowed(const Json& policy) {
  std::set<std::string> actions;
  for (const Json& statement : base::at(policy, "Statement")) {
    if (base::text_at(statement, "Effect") != "Allow") continue;
    const Json& action = base::at(statement, "Action");
    if (action.is_string()) actions.insert(action.get<std::string>());
    for (const Json& each : base::list_at(statement, "Action")) actions.insert(each.get<std::string>());
  }
  return actions;
}

TEST(ReadPolicyTest, AllowsExactlyWhatTheTableAsks) {
  const auto policy = read_policy({});
  ASSERT_TRUE(policy.has_value());
  std::set<std::string> asked;
  for (const auto& getter : service_getters())
    for (const Operation& operation : getter().operations) asked.emplace(operation.action);
  asked.erase("sts:GetCallerIdentity");
  EXPECT_EQ(allowed(*policy), asked);
}

TEST(ReadPolicyTest, AllowsNoPatternAndFitsIntoARole) {
  const auto policy = read_policy({});
  ASSERT_TRUE(policy.has_value());
  for (const auto& action : allowed(*policy)) EXPECT_EQ(action.find('*'), std::string::npos) << action;
  EXPECT_LE(base::dump_json(*policy).size(), kInlinePolicyLimit);
}

TEST(ReadPolicyTest, LimitsLogTextToTheGivenGroups) {
  const std::string group = "arn:aws:logs:eu-west-1:123456789012:log-group:/app/*";
  const auto policy = read_policy({.log_groups = {group}, .services = {"logs"}});
  ASSERT_TRUE(policy.has_value());
  EXPECT_EQ(base::dump_json(base::at(*policy, "Statement")[1]),
            R"({"Sid":"LogText","Effect":"Allow","Action":["logs:FilterLogEvents","logs:GetLogEvents",)"
            R"("logs:StartQuery"],"Resource":[")" +
                group + R"("]})");
}

TEST(ReadPolicyTest, CanBeForSomeServices) {
  const auto policy = read_policy({.log_groups = {}, .services = {"sqs", "apigateway"}});
  ASSERT_TRUE(policy.has_value());
  const auto actions = allowed(*policy);
  EXPECT_TRUE(actions.contains("sqs:GetQueueAttributes"));
  EXPECT_TRUE(actions.contains("apigateway:GET"));
  EXPECT_TRUE(std::all_of(actions.begin(), actions.end(), [](const std::string& action) {
    return action.starts_with("sqs:") || action.starts_with("apigateway:");
  }));
}

TEST(ReadPolicyTest, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(read_policy({.log_groups = {}, .services = {"nosuch"}}).error().code,
            base::ErrorCode::kInvalidArgument);
  EXPECT_EQ(read_policy({.log_groups = {"/app"}, .services = {}}).error().code,
            base::ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace midwatch::clients::aws::api
