#include "src/clients/aws/resource_links.h"

#include <gtest/gtest.h>

#include "src/clients/aws/testing/decode_text.h"

namespace midwatch::clients::aws {
namespace {

using telemetry::RelationKind;
using telemetry::TelemetryBatch;

constexpr const char* kService = "arn:aws:ecs:r:1:service/web/api";

void add(TelemetryBatch& batch, std::string_view text) {
  decode_cli_output({text, {}, base::parse_rfc3339("2026-02-03T04:05:06Z")}, batch);
}

std::string definition(int revision, const std::string& image, const std::string& memory) {
  const std::string n = std::to_string(revision);
  return R"({"taskDefinition":{"taskDefinitionArn":"arn:aws:ecs:r:1:task-definition/api:)" + n +
         R"(","family":"api","revision":)" + n + R"(,"registeredAt":177008)" + n + R"(00,"memory":")" +
         memory + R"(","containerDefinitions":[{"name":"api","image":")" + image +
         R"(","environment":[{"name":"DB_URL","value":"postgres://app@db.internal:5432/shop"},{"name":"QUEUE","value":"https://sqs.r.amazonaws.com/1/jobs"}],"logConfiguration":{"options":{"awslogs-group":"/ecs/api"}}}]}})";
}

TelemetryBatch web() {
  TelemetryBatch batch;
  add(batch,
      R"({"services":[{"serviceArn":"arn:aws:ecs:r:1:service/web/api","serviceName":"api","clusterArn":"arn:aws:ecs:r:1:cluster/web","taskDefinition":"arn:aws:ecs:r:1:task-definition/api:42"}]})");
  add(batch,
      R"({"tasks":[{"taskArn":"arn:aws:ecs:r:1:task/web/0123456789abcdef0123456789abcdef","clusterArn":"arn:aws:ecs:r:1:cluster/web","group":"service:api","lastStatus":"RUNNING","taskDefinitionArn":"arn:aws:ecs:r:1:task-definition/api:42","containers":[{"name":"api","lastStatus":"RUNNING","image":"1.dkr.ecr.r.amazonaws.com/api:latest","imageDigest":"sha256:old"}]}]})");
  add(batch, definition(42, "1.dkr.ecr.r.amazonaws.com/api:latest", "512"));
  add(batch, definition(41, "1.dkr.ecr.r.amazonaws.com/api:latest", "1024"));
  add(batch,
      R"({"DBInstances":[{"DBInstanceIdentifier":"ledger","DBInstanceArn":"arn:aws:rds:r:1:db:ledger","Endpoint":{"Address":"db.internal"}}]})");
  add(batch, R"({"Attributes":{"QueueArn":"arn:aws:sqs:r:1:jobs"}})");
  add(batch,
      R"({"imageDetails":[{"repositoryName":"api","imageDigest":"sha256:new","imageTags":["latest"],"imagePushedAt":1770087600},{"repositoryName":"api","imageDigest":"sha256:old","imagePushedAt":1770000000}]})");
  add(batch,
      "# aws logs filter-log-events --log-group-name /ecs/api\n"
      R"({"events":[{"logStreamName":"api/api/0123456789abcdef0123456789abcdef","timestamp":1770087600123,"message":"hello"}]})");
  add(batch,
      "# aws cloudwatch get-metric-statistics --namespace AWS/ECS --metric-name CPUUtilization --dimensions "
      "Name=ClusterName,Value=web Name=ServiceName,Value=api\n"
      R"({"Label":"CPUUtilization","Datapoints":[{"Timestamp":1770087600,"Average":5}]})");
  link_resources(batch);
  return batch;
}

TEST(ResourceLinks, RecordsUnderAliasesMeet) {
  const auto batch = web();
  EXPECT_EQ(batch.logs.at(0).entity, kService);
  EXPECT_EQ(batch.metrics.at(0).key.entity, kService);
}

TEST(ResourceLinks, AServiceHasTheContainersOfItsDefinition) {
  const auto service = entity_in(web(), kService);
  EXPECT_EQ(service.attributes.get("container.api.image"), "1.dkr.ecr.r.amazonaws.com/api:latest");
  EXPECT_EQ(service.attributes.number("limit.memory"), 512.0 * 1024 * 1024);
}

TEST(ResourceLinks, EnvironmentsCall) {
  const auto batch = web();
  EXPECT_TRUE(has_relation(batch, kService, "arn:aws:rds:r:1:db:ledger", RelationKind::kCalls));
  EXPECT_TRUE(has_relation(batch, kService, "arn:aws:sqs:r:1:jobs", RelationKind::kCalls));
}

TEST(ResourceLinks, ImagesThatRunAreComparedWithTheirTag) {
  const auto batch = web();
  const auto task = entity_in(batch, "arn:aws:ecs:r:1:task/web/0123456789abcdef0123456789abcdef");
  EXPECT_EQ(task.attributes.get("container.api.image_tag_digest"), "sha256:new");
  EXPECT_EQ(task.attributes.get("container.api.image_pushed"), "2026-02-02T02:40:00Z");
  for (const auto& change : batch.changes) {
    const std::string wanted = change.id == "sha256:old" ? kService : "ecr/api";
    EXPECT_TRUE(!change.id.starts_with("sha256:") || change.entity == wanted)
        << change.id << " " << change.entity;
  }
}

TEST(ResourceLinks, RevisionsOfADefinitionAreCompared) {
  const auto batch = web();
  std::size_t with_diff = 0;
  for (const auto& change : batch.changes) {
    if (change.id != "api:42") continue;
    ++with_diff;
    EXPECT_EQ(change.entity, kService);
    EXPECT_TRUE(change.has_diff);
    EXPECT_EQ(change.diff,
              "--- a/api.taskdef.yaml\n+++ b/api.taskdef.yaml\n@@ -1,1 +1,1 @@\n-limit.memory: "
              "1073741824\n+limit.memory: 536870912\n");
  }
  EXPECT_EQ(with_diff, 1U);
}

TEST(ResourceLinks, FunctionsWithoutAReserveShareTheConcurrencyOfTheAccount) {
  TelemetryBatch batch;
  add(batch, R"({"AccountLimit":{"ConcurrentExecutions":1000,"UnreservedConcurrentExecutions":900}})");
  add(batch, R"({"FunctionArn":"arn:aws:lambda:r:1:function:quotes","FunctionName":"quotes"})");
  add(batch, R"({"FunctionArn":"arn:aws:lambda:r:1:function:apart","FunctionName":"apart"})");
  add(batch,
      "# aws lambda get-function-concurrency --function-name apart\n{\"ReservedConcurrentExecutions\":100}");
  const std::string series =
      R"({"MetricDataResults":[{"Id":"m","Label":"x","Timestamps":["2026-02-03T04:00:00Z"],"Values":[5],"StatusCode":"Complete"}]})";
  const std::string query =
      R"(# aws cloudwatch get-metric-data --metric-data-queries '[{"Id":"m","MetricStat":{"Metric":{"Namespace":"AWS/Lambda","MetricName":"ConcurrentExecutions","Dimensions":[{"Name":"FunctionName","Value":"quotes"}]},"Period":60,"Stat":"Maximum"}}]')";
  add(batch, query + "\n" + series);
  add(batch, query + "\n" + series);
  link_resources(batch);
  std::vector<std::string> sharing;
  for (const auto& relation : batch.relations) {
    if (relation.to == "servicequotas/lambda/L-B99A9384") sharing.push_back(relation.from);
  }
  EXPECT_EQ(sharing, std::vector<std::string>{"arn:aws:lambda:r:1:function:quotes"});
  EXPECT_EQ(batch.metrics.size(), 1U) << "one series, asked for twice";
}

TEST(ResourceLinks, CirclesOfAliasesEnd) {
  TelemetryBatch batch;
  batch.instances = {{"a", "b"}, {"b", "a"}, {"c", "c2"}};
  batch.entities.push_back({"a", "", "", {}, {}});
  link_resources(batch);
  EXPECT_EQ(batch.entities.size(), 1U);
}

TEST(ResourceLinks, WhatIsMeasuredAtATargetGroupIsOfTheOneServiceBehindIt) {
  constexpr const char* kGroup = "arn:aws:elasticloadbalancing:r:1:targetgroup/api/9";
  TelemetryBatch batch;
  add(batch, std::string(R"({"services":[{"serviceArn":")") + kService +
                 R"(","serviceName":"api","loadBalancers":[{"targetGroupArn":")" + kGroup + R"("}]}]})");
  for (const char* metric : {"HTTPCode_Target_5XX_Count", "HealthyHostCount"}) {
    telemetry::MetricSeries series;
    series.key.entity = kGroup;
    series.key.metric = metric;
    batch.metrics.push_back(series);
  }
  link_resources(batch);
  EXPECT_EQ(batch.metrics[0].key.entity, kService);
  EXPECT_EQ(batch.metrics[1].key.entity, kGroup) << "who is healthy is what the balancer thinks";
}

TEST(ResourceLinks, GrowingDeadLettersAreAnEventOfTheirQueue) {
  struct Row {
    std::vector<double> visible;
    std::size_t events;
  };
  for (const Row& row : {Row{{4, 4, 9, 12}, 1}, Row{{4, 4, 4, 4}, 0}, Row{{}, 0}}) {
    TelemetryBatch batch;
    add(batch,
        R"({"Attributes":{"QueueArn":"arn:aws:sqs:r:1:jobs","RedrivePolicy":"{\"deadLetterTargetArn\":\"arn:aws:sqs:r:1:lost\",\"maxReceiveCount\":3}"}})");
    add(batch, R"({"Attributes":{"QueueArn":"arn:aws:sqs:r:1:lost"}})");
    telemetry::MetricSeries series;
    series.key.entity = "sqs/lost";
    series.key.metric = "ApproximateNumberOfMessagesVisible";
    for (std::size_t i = 0; i < row.visible.size(); ++i)
      series.points.push_back({base::Timestamp(std::chrono::minutes(i)), row.visible[i]});
    batch.metrics.push_back(series);
    link_resources(batch);
    ASSERT_EQ(batch.events.size(), row.events);
    if (row.events == 0) continue;
    EXPECT_EQ(batch.events[0].entity, "arn:aws:sqs:r:1:jobs");
    EXPECT_EQ(batch.events[0].time, base::Timestamp(std::chrono::minutes(2)));
    EXPECT_NE(batch.events[0].message.find("8 messages of jobs were moved to the dead-letter queue lost"),
              std::string::npos);
  }
}

}  // namespace
}  // namespace midwatch::clients::aws
