#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "src/clients/aws/testing/decode_text.h"

namespace midwatch::clients::aws {
namespace {

using telemetry::RelationKind;

constexpr const char* kService = "arn:aws:ecs:eu-west-1:123456789012:service/web/api";
constexpr const char* kTask = "arn:aws:ecs:eu-west-1:123456789012:task/web/0123456789abcdef0123456789abcdef";

TEST(Ecs, ATaskThatFailedItsHealthChecksSaysSo) {
  for (const auto& [reason, ended_by] :
       {std::pair{"Task failed ELB health checks in (target-group arn:aws:x)", "health_check"},
        std::pair{"Task failed container health checks", "health_check"},
        std::pair{"Scaling activity initiated by (deployment ecs-svc/1)", ""}}) {
    const auto batch = decode_text(std::string(R"({"tasks":[{"taskArn":")") + kTask +
                                   R"(","lastStatus":"STOPPED","stoppedReason":")" + reason + R"("}]})");
    EXPECT_EQ(entity_in(batch, kTask).attributes.get("platform.ended_by"), ended_by) << reason;
  }
}

TEST(Ecs, ServicesAreWorkloads) {
  const auto batch = decode_text(R"(# aws ecs describe-services --cluster web --services api
{"services":[{"serviceArn":"arn:aws:ecs:eu-west-1:123456789012:service/web/api","serviceName":"api",
 "clusterArn":"arn:aws:ecs:eu-west-1:123456789012:cluster/web","status":"ACTIVE","desiredCount":3,"runningCount":1,"healthCheckGracePeriodSeconds":45,
 "taskDefinition":"arn:aws:ecs:eu-west-1:123456789012:task-definition/api:42","createdAt":"2026-01-01T00:00:00+00:00",
 "loadBalancers":[{"targetGroupArn":"arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/api/1"}],
 "networkConfiguration":{"awsvpcConfiguration":{"subnets":["subnet-1"],"securityGroups":["sg-1"]}},
 "deployments":[{"id":"ecs-svc/1","status":"PRIMARY","rolloutState":"FAILED","rolloutStateReason":"ECS deployment circuit breaker: tasks failed to start.",
   "taskDefinition":"arn:aws:ecs:eu-west-1:123456789012:task-definition/api:42","createdAt":1767225600.5,"failedTasks":7}],
 "events":[{"id":"e1","createdAt":"2026-02-03T03:00:00Z","message":"(service api) has started 1 tasks: (task 1)."}]}],
 "failures":[{"arn":"old","reason":"MISSING"}]})");
  const auto service = entity_in(batch, kService);
  EXPECT_EQ(service.type, "AWS::ECS::Service");
  EXPECT_EQ(service.attributes.get("platform.kind"), "workload");
  EXPECT_EQ(service.attributes.get("replicas.desired"), "3");
  EXPECT_EQ(service.attributes.get("replicas.ready"), "1");
  EXPECT_EQ(service.attributes.get("condition.Deployment.status"), "False");
  EXPECT_EQ(service.attributes.get("deployment.failed_tasks"), "7");
  EXPECT_EQ(service.attributes.get("health_check.grace"), "45");
  ASSERT_EQ(batch.changes.size(), 1U);
  EXPECT_EQ(batch.changes[0].summary, "api:42 desiredCount= rolloutState=FAILED");
  EXPECT_EQ(batch.changes[0].telling.name, "ecs_deployment");
  EXPECT_EQ(batch.changes[0].telling.facts.get("definition"), "api:42");
  EXPECT_TRUE(has_alias(batch, "ecs/web/api", kService));
  EXPECT_TRUE(has_relation(batch, "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/api/1",
                           kService, RelationKind::kRoutesTo));
  EXPECT_TRUE(has_relation(batch, kService, "ec2/sg-1", RelationKind::kRelated));
  ASSERT_EQ(batch.events.size(), 1U);
  EXPECT_EQ(batch.events[0].source, "ecs");
  EXPECT_EQ(base::format_rfc3339(batch.events[0].time), "2026-02-03T03:00:00Z");
  ASSERT_EQ(batch.changes.size(), 1U);
  EXPECT_EQ(batch.changes[0].id, "ecs-svc/1");
  EXPECT_EQ(base::format_rfc3339(batch.changes[0].time), "2026-01-01T00:00:00.500Z");
  EXPECT_EQ(batch.notices.size(), 1U);
}

TEST(Ecs, TasksShowTheirContainers) {
  const auto batch = decode_text(R"({"tasks":[{
 "taskArn":"arn:aws:ecs:eu-west-1:123456789012:task/web/0123456789abcdef0123456789abcdef",
 "clusterArn":"arn:aws:ecs:eu-west-1:123456789012:cluster/web","group":"service:api","lastStatus":"STOPPED",
 "stopCode":"EssentialContainerExited","stoppedReason":"Essential container in task exited","cpu":"256","memory":"512",
 "startedAt":1770087600.1,"stoppedAt":1770087900,"taskDefinitionArn":"arn:aws:ecs:eu-west-1:123456789012:task-definition/api:42",
 "overrides":{"containerOverrides":[{"name":"api","environment":[{"name":"DB_PASSWORD","value":"hunter2"}]}]},
 "containers":[{"name":"api","lastStatus":"STOPPED","exitCode":137,"reason":"OutOfMemoryError: Container killed due to memory usage",
   "image":"123456789012.dkr.ecr.eu-west-1.amazonaws.com/api:latest","imageDigest":"sha256:aa","healthStatus":"UNKNOWN"}]}]})");
  const auto task = entity_in(batch, kTask);
  EXPECT_EQ(task.attributes.get("platform.kind"), "task");
  EXPECT_EQ(task.attributes.get("platform.reason"), "EssentialContainerExited");
  EXPECT_EQ(task.attributes.get("container.api.state"), "terminated");
  EXPECT_EQ(task.attributes.get("container.api.exit_code"), "137");
  EXPECT_EQ(task.attributes.get("container.api.image_digest"), "sha256:aa");
  EXPECT_EQ(task.attributes.find("container.api.ready"), nullptr);
  EXPECT_EQ(task.attributes.number("limit.memory"), 512.0 * 1024 * 1024);
  EXPECT_EQ(task.attributes.number("limit.cpu"), 0.25);
  EXPECT_TRUE(has_relation(batch, kService, kTask, RelationKind::kContains));
  for (const auto& [path, value] : task.attributes)
    EXPECT_EQ(value.find("hunter2"), std::string::npos) << path;
}

TEST(Ecs, ATaskWithoutItsClusterBelongsToTheServiceOfItsArn) {
  const auto batch = decode_text(R"({"tasks":[{
 "taskArn":"arn:aws:ecs:eu-west-1:123456789012:task/web/0123456789abcdef0123456789abcdef",
 "group":"service:api","lastStatus":"STOPPED"}]})");
  EXPECT_TRUE(has_relation(batch, kService, kTask, RelationKind::kContains));
  const auto older = decode_text(R"({"tasks":[{
 "taskArn":"arn:aws:ecs:eu-west-1:123456789012:task/0123456789abcdef0123456789abcdef",
 "group":"service:api","lastStatus":"STOPPED"}]})");
  EXPECT_TRUE(older.relations.empty());
}

TEST(Ecs, DefinitionsNameSecretsAndKeepThem) {
  const auto batch = decode_text(R"({"taskDefinition":{
 "taskDefinitionArn":"arn:aws:ecs:eu-west-1:123456789012:task-definition/api:42","family":"api","revision":42,"cpu":"512","memory":"1024",
 "executionRoleArn":"arn:aws:iam::123456789012:role/exec","registeredAt":"2026-02-03T03:00:00Z","registeredBy":"arn:aws:sts::1:assumed-role/Dev/kim",
 "containerDefinitions":[{"name":"api","image":"api:1","memory":768,"cpu":0,
   "environment":[{"name":"DB_HOST","value":"db.example.internal"},{"name":"API_TOKEN","value":"s3cr3t-token-value"}],
   "secrets":[{"name":"DB_PASSWORD","valueFrom":"arn:aws:secretsmanager:eu-west-1:1:secret:db-AbCdEf:password::"}],
   "healthCheck":{"command":["CMD-SHELL","curl -f http://localhost/health"]},
   "logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"/ecs/api"}}}]}})");
  const std::string id = "arn:aws:ecs:eu-west-1:123456789012:task-definition/api:42";
  const auto definition = entity_in(batch, id);
  EXPECT_EQ(definition.attributes.get("container.api.env.DB_HOST"), "db.example.internal");
  EXPECT_EQ(definition.attributes.get("container.api.env.API_TOKEN"), "[redacted]");
  EXPECT_EQ(definition.attributes.get("container.api.env.DB_PASSWORD"),
            "secret:arn:aws:secretsmanager:eu-west-1:1:secret:db-AbCdEf/password");
  EXPECT_EQ(definition.attributes.get("container.api.probe.liveness"),
            "CMD-SHELL curl -f http://localhost/health");
  EXPECT_EQ(definition.attributes.find("container.api.limit.cpu"), nullptr);
  EXPECT_TRUE(has_relation(batch, id, "arn:aws:secretsmanager:eu-west-1:1:secret:db-AbCdEf",
                           RelationKind::kReadsSecret));
  EXPECT_TRUE(has_relation(batch, id, "arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/api",
                           RelationKind::kWritesTo));
  ASSERT_EQ(batch.changes.size(), 1U);
  EXPECT_EQ(batch.changes[0].actor, "kim");
  EXPECT_EQ(batch.changes[0].id, "api:42");
}

}  // namespace
}  // namespace midwatch::clients::aws
