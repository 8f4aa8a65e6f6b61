#include <gtest/gtest.h>

#include "src/clients/aws/metric_identity.h"
#include "src/clients/aws/testing/decode_text.h"

namespace midwatch::clients::aws {
namespace {

TEST(MetricIdentity, NamespacesNameResources) {
  struct Case {
    const char* name_space;
    Dimensions dimensions;
    const char* entity;
    std::size_t remaining;
  };
  const Case cases[] = {
      {"AWS/Lambda", {{"FunctionName", "f"}, {"Resource", "f:live"}}, "lambda/f", 1},
      {"AWS/ECS", {{"ClusterName", "c"}, {"ServiceName", "s"}}, "ecs/c/s", 0},
      {"AWS/ECS", {{"ClusterName", "c"}}, "ecs/c", 0},
      {"AWS/ApplicationELB",
       {{"LoadBalancer", "app/l/1"}, {"TargetGroup", "targetgroup/t/2"}},
       "elasticloadbalancing/targetgroup/t/2",
       0},
      {"AWS/RDS", {{"DBInstanceIdentifier", "d"}}, "rds/d", 0},
      {"AWS/States",
       {{"StateMachineArn", "arn:aws:states:r:1:stateMachine:m"}},
       "arn:aws:states:r:1:stateMachine:m",
       0},
      {"Shop/Checkout", {{"Service", "cart"}}, "checkout/cart", 0},
      {"AWS/Lambda", {}, "", 0},
  };
  for (const Case& c : cases) {
    const MetricOwner owner = owner_of_metric(c.name_space, c.dimensions);
    EXPECT_EQ(owner.entity, c.entity);
    EXPECT_EQ(owner.remaining.size(), c.remaining) << c.entity;
  }
}

TEST(CloudWatch, AlarmsAreEventsOfWhatTheyWatch) {
  const auto batch = decode_text(
      R"({"MetricAlarms":[{"AlarmName":"orders-errors","StateValue":"ALARM","StateReason":"Threshold Crossed: 1 datapoint [6.0] was greater than the threshold (3.0).",
 "StateUpdatedTimestamp":"2026-02-03T04:00:00Z","StateTransitionedTimestamp":"2026-02-03T03:30:00Z","MetricName":"Errors","Namespace":"AWS/Lambda",
 "Dimensions":[{"Name":"FunctionName","Value":"orders"}],"Threshold":3.0}],
 "CompositeAlarms":[{"AlarmName":"any","StateValue":"ALARM","AlarmRule":"ALARM x","StateUpdatedTimestamp":"2026-02-03T04:00:00Z"}]})");
  ASSERT_EQ(batch.events.size(), 2U);
  EXPECT_EQ(batch.events[0].entity, "lambda/orders");
  EXPECT_EQ(base::format_rfc3339(batch.events[0].time), "2026-02-03T03:30:00Z");
  EXPECT_EQ(batch.events[0].attributes.get("metric"), "Errors");
  EXPECT_EQ(batch.events[1].entity, "cloudwatch/any");
}

TEST(CloudWatch, MetricDataByItsQueries) {
  const auto batch = decode_text(
      R"(# aws cloudwatch get-metric-data --metric-data-queries '[{"Id":"m1","MetricStat":{"Metric":{"Namespace":"AWS/RDS","MetricName":"CPUUtilization","Dimensions":[{"Name":"DBInstanceIdentifier","Value":"ledger"}]},"Period":60,"Stat":"Average"}}]'
{"MetricDataResults":[{"Id":"m1","Label":"CPUUtilization","Timestamps":["2026-02-03T04:01:00Z","2026-02-03T04:00:00Z"],"Values":[91.5,20],"StatusCode":"PartialData"}]})");
  ASSERT_EQ(batch.metrics.size(), 1U);
  EXPECT_EQ(batch.metrics[0].key.entity, "rds/ledger");
  EXPECT_EQ(batch.metrics[0].key.stat, "Average");
  ASSERT_EQ(batch.metrics[0].points.size(), 2U);
  EXPECT_EQ(batch.metrics[0].points[0].value, 20);
  EXPECT_EQ(batch.notices.size(), 1U) << "an incomplete series is told";
}

TEST(CloudWatch, SeriesOfAnExpressionBelongToWhatTheirLabelsName) {
  const auto batch = decode_text(
      R"(# aws cloudwatch get-metric-data --metric-data-queries '[{"Id":"q","Expression":"SELECT MAX(ConcurrentExecutions) FROM SCHEMA(\"AWS/Lambda\", FunctionName) GROUP BY FunctionName ORDER BY MAX() DESC LIMIT 5","Period":60}]'
{"MetricDataResults":[{"Id":"q","Label":"backfill","Timestamps":["2026-02-03T04:00:00Z"],"Values":[880],"StatusCode":"Complete"},{"Id":"q","Label":"mailer","Timestamps":["2026-02-03T04:00:00Z"],"Values":[3],"StatusCode":"Complete"}]})");
  ASSERT_EQ(batch.metrics.size(), 2U);
  EXPECT_EQ(batch.metrics[0].key.entity, "lambda/backfill");
  EXPECT_EQ(batch.metrics[0].key.metric, "ConcurrentExecutions");
  EXPECT_EQ(batch.metrics[0].key.stat, "Maximum");
  ASSERT_EQ(batch.entities.size(), 1U) << "who holds hardly anything is nobody to look at";
  EXPECT_EQ(batch.entities[0].id, "lambda/backfill");
  EXPECT_TRUE(batch.notices.empty());
}

TEST(CloudWatch, MinutesInWhichNothingWasCountedAreZero) {
  struct Row {
    const char* name_space;
    const char* metric;
    const char* dimension;
    const char* stat;
    std::vector<double> values;
  };
  constexpr const char* kBalancer = R"({"Name":"LoadBalancer","Value":"app/web/1"})";
  constexpr const char* kFunction = R"({"Name":"FunctionName","Value":"mailer"})";
  for (const Row& row :
       {Row{"AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", kBalancer, "Sum", {0, 0, 7, 0, 3}},
        Row{"AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", kBalancer, "Average", {7, 3}},
        Row{"AWS/ApplicationELB", "TargetResponseTime", kBalancer, "Sum", {7, 3}},
        Row{"AWS/Lambda", "Invocations", kFunction, "Sum", {0, 0, 7, 0, 3}},
        Row{"AWS/Lambda", "Errors", kFunction, "Sum", {0, 0, 7, 0, 3}},
        Row{"AWS/Lambda", "Duration", kFunction, "Sum", {7, 3}}}) {
    const auto batch = decode_text(
        std::string(
            R"(# aws cloudwatch get-metric-data --start-time 2026-02-03T04:00:20Z --metric-data-queries '[{"Id":"m1","MetricStat":{"Metric":{"Namespace":")") +
        row.name_space + R"(","MetricName":")" + row.metric + R"(","Dimensions":[)" + row.dimension +
        R"(]},"Period":60,"Stat":")" + row.stat +
        R"("}}]'
{"MetricDataResults":[{"Id":"m1","Timestamps":["2026-02-03T04:04:00Z","2026-02-03T04:02:00Z"],"Values":[3,7],"StatusCode":"Complete"}]})");
    ASSERT_EQ(batch.metrics.size(), 1U);
    std::vector<double> values;
    for (const auto& point : batch.metrics[0].points) values.push_back(point.value);
    EXPECT_EQ(values, row.values) << row.metric << " " << row.stat;
  }
}

TEST(CloudWatch, WhoIsNotCalledAnyMoreCountsZeroUpToWhatIsPublished) {
  const auto batch = decode_text(
      R"(# aws cloudwatch get-metric-data --start-time 2026-02-03T04:00:00Z --end-time 2026-02-03T04:09:00Z --metric-data-queries '[{"Id":"m1","MetricStat":{"Metric":{"Namespace":"AWS/Lambda","MetricName":"Invocations","Dimensions":[{"Name":"FunctionName","Value":"poll"}]},"Period":60,"Stat":"Sum"}}]'
{"MetricDataResults":[{"Id":"m1","Timestamps":["2026-02-03T04:00:00Z","2026-02-03T04:01:00Z"],"Values":[1,1],"StatusCode":"Complete"}]})");
  ASSERT_EQ(batch.metrics.size(), 1U);
  std::vector<double> values;
  for (const auto& point : batch.metrics[0].points) values.push_back(point.value);
  EXPECT_EQ(values, (std::vector<double>{1, 1, 0, 0})) << "04:04 and later may not be published yet";
}

TEST(CloudWatch, MetricDataWithoutACommandNeedsALabel) {
  const auto labelled = decode_text(
      R"({"MetricDataResults":[{"Id":"a","Label":"CPUUtilization ledger","Timestamps":[1770000000],"Values":[1]}]})");
  EXPECT_EQ(labelled.metrics.at(0).key.entity, "ledger");
  const auto bare = decode_text(
      R"({"MetricDataResults":[{"Id":"a","Label":"CPUUtilization","Timestamps":[1770000000],"Values":[1]}]})");
  EXPECT_TRUE(bare.metrics.empty());
  EXPECT_EQ(bare.notices.size(), 1U);
}

TEST(CloudWatch, StatisticsOfOneMetric) {
  const auto batch = decode_text(
      R"(# aws cloudwatch get-metric-statistics --namespace AWS/Lambda --metric-name Duration --dimensions Name=FunctionName,Value=orders --statistics Average Maximum
{"Label":"Duration","Datapoints":[{"Timestamp":"2026-02-03T04:01:00Z","Average":12.5,"Maximum":30,"Unit":"Milliseconds"},{"Timestamp":"2026-02-03T04:00:00Z","Average":10,"Maximum":20,"Unit":"Milliseconds"}]})");
  ASSERT_EQ(batch.metrics.size(), 2U);
  EXPECT_EQ(batch.metrics[0].key.entity, "lambda/orders");
  EXPECT_EQ(batch.metrics[0].key.unit, "Milliseconds");
  EXPECT_EQ(batch.metrics[0].points[0].value, 10);
}

TEST(CloudWatchLogs, LinesBelongToTheOwnerOfTheGroup) {
  const auto batch = decode_text(
      "# aws logs filter-log-events --log-group-name /aws/lambda/orders\n"
      R"({"events":[{"logStreamName":"2026/02/03/[$LATEST]ab","timestamp":1770087600123,"message":"REPORT RequestId: x\tDuration: 5000.00 ms\n","eventId":"1"}],"searchedLogStreams":[]})");
  ASSERT_EQ(batch.logs.size(), 1U);
  EXPECT_EQ(batch.logs[0].entity, "logs//aws/lambda/orders");
  EXPECT_EQ(batch.logs[0].body, "REPORT RequestId: x\tDuration: 5000.00 ms");
  EXPECT_EQ(base::format_rfc3339(*batch.logs[0].time), "2026-02-03T03:00:00.123Z");
}

TEST(CloudWatchLogs, StreamsOfTasksNameTheTask) {
  const auto batch = decode_text(
      R"({"events":[{"logStreamName":"api/api/0123456789abcdef0123456789abcdef","timestamp":1,"message":"x"}]})");
  EXPECT_EQ(batch.logs.at(0).instance, "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(batch.logs.at(0).entity, "0123456789abcdef0123456789abcdef");
}

TEST(CloudWatchLogs, QueryRowsAreLines) {
  const auto batch = decode_text(
      R"({"status":"Running","results":[[{"field":"@timestamp","value":"2026-02-03 04:00:00.500"},{"field":"@message","value":"boom"},{"field":"@log","value":"123456789012:/ecs/api"},{"field":"@ptr","value":"p"}],[{"field":"count","value":"3"}]]})");
  ASSERT_EQ(batch.logs.size(), 1U);
  EXPECT_EQ(batch.logs[0].entity, "logs//ecs/api");
  EXPECT_EQ(base::format_rfc3339(*batch.logs[0].time), "2026-02-03T04:00:00.500Z");
  EXPECT_EQ(batch.notices.size(), 1U);
}

}  // namespace
}  // namespace midwatch::clients::aws
