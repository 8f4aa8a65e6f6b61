#include "src/connectors/aws/agent_space.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace midwatch::connectors::aws {
namespace {

TEST(AgentSpace, EverythingThatAFileMaySay) {
  const auto space = read_agent_space(R"(format: midwatch.space/v1
name: shop
accounts:
  - id: "123456789012"
    role: arn:aws:iam::123456789012:role/reader
    regions: [us-east-1, ap-northeast-1]
  - id: "210987654321"
scope:
  stacks: [shop-*]
  tags: {team: shop}
exclude: ["arn:aws:secretsmanager:*:*:secret:payroll-*", lambda/batch-*]
maintenance:
  - start: 2026-01-05T02:00:00Z
    end: 2026-01-05T04:00:00Z
    reason: database upgrade
    resources: [rds/*]
)",
                                      "space.yaml");
  ASSERT_TRUE(space) << space.error().describe();
  ASSERT_EQ(space->accounts.size(), 2U);
  EXPECT_EQ(space->accounts[0].role, "arn:aws:iam::123456789012:role/reader");
  EXPECT_THAT(space->accounts[0].regions, testing::ElementsAre("us-east-1", "ap-northeast-1"));
  EXPECT_THAT(space->stacks, testing::ElementsAre("shop-*"));
  EXPECT_THAT(space->tags, testing::ElementsAre(testing::Pair("team", "shop")));
  EXPECT_EQ(space->exclude.size(), 2U);
  ASSERT_EQ(space->maintenance.size(), 1U);
  EXPECT_EQ(space->maintenance[0].window.length(), std::chrono::hours(2));
}

TEST(AgentSpace, WhatIsWrongIsToldWithItsLine) {
  struct Row {
    const char* text;
    const char* says;
  };
  for (const Row& row : {
           Row{"name: x\n", "s.yaml:1: 'format' is ''"},
           Row{"format: midwatch.space/v2\n", "this version reads 'midwatch.space/v1'"},
           Row{"format: midwatch.space/v1\nregion: us-east-1\n",
               "s.yaml:2: 'region' is no key of a space file; known are: format, name, accounts"},
           Row{"format: midwatch.space/v1\naccounts:\n  - id: 12\n", "s.yaml:3: 'id' must be the account's"},
           Row{"format: midwatch.space/v1\naccounts:\n  - id: \"123456789012\"\n    role: reader\n",
               "'role' must be the ARN of a role"},
           Row{"format: midwatch.space/v1\nscope:\n  vpcs: [a]\n", "s.yaml:3: 'vpcs' is no key of 'scope'"},
           Row{"format: midwatch.space/v1\nexclude: lambda/x\n", "s.yaml:2: 'exclude' must be a list"},
           Row{"format: midwatch.space/v1\nname: a\nname: b\n", "s.yaml:3: 'name' occurs twice"},
           Row{"format: midwatch.space/v1\nmaintenance:\n  - start: today\n",
               "s.yaml:3: 'start' must be a time"},
           Row{"format: midwatch.space/v1\nmaintenance:\n  - start: 2026-01-05T02:00:00Z\n",
               "s.yaml:3: a maintenance window needs a 'start' before its 'end'"},
           Row{"format: [\n", "not valid YAML"},
           Row{"- a\n", "s.yaml:1: a space file must be a map"},
       }) {
    const auto space = read_agent_space(row.text, "s.yaml");
    ASSERT_FALSE(space) << row.text;
    EXPECT_EQ(space.error().code, base::ErrorCode::kMalformed);
    EXPECT_THAT(space.error().message, testing::HasSubstr(row.says)) << row.text;
  }
}

TEST(AgentSpace, Places) {
  const auto places = [](const AgentSpace& space, const std::string& region) {
    std::string out;
    for (const Place& place : places_of(space, region)) out += place.account + "@" + place.region + " ";
    return out;
  };
  AgentSpace space;
  EXPECT_EQ(places(space, ""), "@ ");
  EXPECT_EQ(places(space, "eu-west-1"), "@eu-west-1 ");
  space.accounts = {{"123456789012", "", {"us-east-1", "us-west-2"}}};
  EXPECT_EQ(places(space, ""), "@us-east-1 @us-west-2 ");
  space.accounts.push_back({"210987654321", "", {}});
  EXPECT_EQ(places(space, ""), "123456789012@us-east-1 123456789012@us-west-2 210987654321@ ");
  EXPECT_EQ(places(space, "us-east-1"), "123456789012@us-east-1 210987654321@us-east-1 ");
}

}  // namespace
}  // namespace midwatch::connectors::aws
