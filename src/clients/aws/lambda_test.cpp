#include <gtest/gtest.h>

#include "src/clients/aws/testing/decode_text.h"

namespace midwatch::clients::aws {
namespace {

using telemetry::RelationKind;

constexpr const char* kFunction = "arn:aws:lambda:us-east-1:123456789012:function:orders";

TEST(Lambda, ConfigurationAndItsRelations) {
  const auto batch = decode_text(R"(# aws lambda get-function --function-name orders
{"Configuration":{"FunctionName":"orders","FunctionArn":"arn:aws:lambda:us-east-1:123456789012:function:orders:live",
 "Role":"arn:aws:iam::123456789012:role/orders","MemorySize":128,"Timeout":30,"CodeSize":247,"CodeSha256":"x","Version":"$LATEST",
 "LastModified":"2025-12-15T01:02:03.000+0000","State":"Active","LastUpdateStatus":"Failed","LastUpdateStatusReasonCode":"InvalidImage",
 "Environment":{"Variables":{"DB_HOST":"db.internal","DB_PASSWORD":"hunter2"}},
 "VpcConfig":{"SubnetIds":["subnet-1"],"SecurityGroupIds":["sg-1"]},"LoggingConfig":{"LogFormat":"Text","LogGroup":"/custom/orders"}},
 "Code":{"ImageUri":"r/orders:1"},"Concurrency":{"ReservedConcurrentExecutions":0}})");
  std::string memory, concurrency, image, host, password;
  for (const auto& entity : batch.entities) {
    if (entity.id != kFunction) continue;
    const auto take = [&](std::string& into, const char* path) {
      if (const std::string* value = entity.attributes.find(path)) into = *value;
    };
    take(memory, "limit.memory");
    take(concurrency, "limit.concurrency");
    take(image, "container.function.image");
    take(host, "container.function.env.DB_HOST");
    take(password, "container.function.env.DB_PASSWORD");
  }
  EXPECT_EQ(memory, "134217728");
  EXPECT_EQ(concurrency, "0");
  EXPECT_EQ(image, "r/orders:1");
  EXPECT_EQ(host, "db.internal");
  EXPECT_EQ(password, "[redacted]");
  EXPECT_TRUE(has_alias(batch, "lambda/orders", kFunction));
  EXPECT_TRUE(has_alias(batch, "logs//custom/orders", kFunction));
  EXPECT_TRUE(
      has_relation(batch, kFunction, "arn:aws:iam::123456789012:role/orders", RelationKind::kAssumesRole));
  ASSERT_EQ(batch.changes.size(), 1U);
  EXPECT_EQ(batch.changes[0].id, "orders:2025-12-15T01:02:03Z");
}

TEST(Lambda, EventSourcesThatDoNotDeliverAreEvents) {
  const auto batch = decode_text(R"({"EventSourceMappings":[
 {"UUID":"u1","EventSourceArn":"arn:aws:sqs:us-east-1:1:jobs","FunctionArn":"arn:aws:lambda:us-east-1:123456789012:function:orders","State":"Enabled","LastProcessingResult":"OK"},
 {"UUID":"u2","EventSourceArn":"arn:aws:sqs:us-east-1:1:more","FunctionArn":"arn:aws:lambda:us-east-1:123456789012:function:orders","State":"Disabled","LastModified":1770000000}]})");
  EXPECT_TRUE(has_relation(batch, "arn:aws:sqs:us-east-1:1:jobs", kFunction, RelationKind::kRoutesTo));
  ASSERT_EQ(batch.events.size(), 1U);
  EXPECT_EQ(batch.events[0].reason, "Disabled");
  EXPECT_EQ(batch.events[0].entity, kFunction);
}

TEST(Lambda, ConcurrencyNeedsItsCommand) {
  const auto batch = decode_text(
      "# aws lambda get-function-concurrency --function-name orders\n{\"ReservedConcurrentExecutions\":5}");
  EXPECT_EQ(entity_in(batch, "lambda/orders").attributes.get("limit.concurrency"), "5");
  EXPECT_TRUE(decode_text(R"({"ReservedConcurrentExecutions":5})").entities.empty());
}

TEST(Lambda, PublishedVersionsAreChanges) {
  const auto batch = decode_text(
      R"({"Versions":[{"FunctionName":"orders","FunctionArn":"arn:aws:lambda:us-east-1:123456789012:function:orders:7","Version":"7","LastModified":"2026-02-01T00:00:00.000+0000"}]})");
  ASSERT_EQ(batch.changes.size(), 1U);
  EXPECT_EQ(batch.changes[0].id, "orders:7");
  EXPECT_EQ(batch.changes[0].entity, kFunction);
}

}  // namespace
}  // namespace midwatch::clients::aws
