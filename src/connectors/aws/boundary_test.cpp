#include "src/connectors/aws/boundary.h"

#include <gtest/gtest.h>

#include "src/connectors/aws/resource.h"

namespace midwatch::connectors::aws {
namespace {

TEST(Resource, AnArnAndItsAliasHaveOneName) {
  struct Row {
    const char* id;
    const char* name;
  };
  for (const Row& row : {
           Row{"arn:aws:lambda:us-east-1:123456789012:function:orders:live", "lambda/orders"},
           Row{"lambda/orders", "lambda/orders"},
           Row{"arn:aws:ecs:us-east-1:123456789012:service/web/api", "ecs/web/api"},
           Row{"ecs/web/api", "ecs/web/api"},
           Row{"arn:aws:ecs:us-east-1:123456789012:task/web/0f", "ecs/task/web/0f"},
           Row{"arn:aws:rds:us-east-1:123456789012:db:ledger", "rds/ledger"},
           Row{"arn:aws:rds:us-east-1:123456789012:cluster:books", "rds/cluster/books"},
           Row{"rds/cluster/books", "rds/cluster/books"},
           Row{"arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/api/73",
               "elasticloadbalancing/targetgroup/api/73"},
           Row{"elasticloadbalancing/targetgroup/api/73", "elasticloadbalancing/targetgroup/api/73"},
           Row{"arn:aws:sqs:us-east-1:123456789012:jobs", "sqs/jobs"},
           Row{"arn:aws:iam::123456789012:role/orders", "iam/role/orders"},
           Row{"no resource", "no resource"},
       }) {
    EXPECT_EQ(short_name(row.id), row.name) << row.id;
  }
}

constexpr const char* kOrders = "arn:aws:lambda:us-east-1:123456789012:function:orders";

TEST(Boundary, WithoutASpaceEverythingMayBeRead) {
  EXPECT_FALSE(Boundary(AgentSpace{}).refusal(kOrders));
}

TEST(Boundary, AccountsRegionsAndExclusions) {
  AgentSpace space;
  space.accounts = {{"123456789012", "", {"us-east-1"}}};
  space.exclude = {"lambda/batch-*"};
  const Boundary boundary(space);
  EXPECT_FALSE(boundary.refusal(kOrders));
  EXPECT_FALSE(boundary.refusal("arn:aws:iam::123456789012:role/orders")) << "IAM has no region";
  EXPECT_TRUE(boundary.refusal("arn:aws:lambda:eu-west-1:123456789012:function:orders"));
  EXPECT_TRUE(boundary.refusal("arn:aws:lambda:us-east-1:999999999999:function:orders"));
  EXPECT_TRUE(boundary.refusal("arn:aws:lambda:us-east-1:123456789012:function:batch-7"));
  EXPECT_TRUE(boundary.refusal("lambda/batch-7"));
}

TEST(Boundary, ARegionIsPermittedByTheAccountThatItIsOf) {
  EXPECT_FALSE(Boundary(AgentSpace{}).permits("", "us-east-1")) << "the region of the credentials alone";
  AgentSpace space;
  space.accounts = {{"123456789012", "", {"us-east-1", "eu-west-1"}}, {"210987654321", "", {}}};
  const Boundary boundary(space);
  EXPECT_TRUE(boundary.permits("123456789012", "eu-west-1"));
  EXPECT_TRUE(boundary.permits("", "eu-west-1")) << "the first account";
  EXPECT_FALSE(boundary.permits("123456789012", "ap-northeast-1"));
  EXPECT_TRUE(boundary.permits("210987654321", "ap-northeast-1")) << "its regions are not limited";
  EXPECT_FALSE(boundary.permits("999999999999", "us-east-1"));
}

TEST(Boundary, WhatIsListedByStackOrTagMayBeReadByEitherName) {
  AgentSpace space;
  space.stacks = {"shop"};
  Boundary boundary(space);
  EXPECT_TRUE(boundary.refusal(kOrders));
  boundary.admit("lambda/orders");
  EXPECT_FALSE(boundary.refusal(kOrders));
  EXPECT_FALSE(boundary.refusal("lambda/orders"));
  EXPECT_FALSE(boundary.refusal("arn:aws:iam::123456789012:role/orders")) << "belongs to what refers to it";
}

}  // namespace
}  // namespace midwatch::connectors::aws
