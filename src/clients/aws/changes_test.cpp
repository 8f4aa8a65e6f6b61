#include <gtest/gtest.h>

#include "src/clients/aws/resource_names.h"
#include "src/clients/aws/testing/decode_text.h"

namespace midwatch::clients::aws {
namespace {

using telemetry::ChangeKind;

TEST(CloudTrail, WhoChangedWhat) {
  const auto batch = decode_text(R"({"Events":[
 {"EventId":"1","EventName":"UpdateFunctionConfiguration20150331v2","ReadOnly":"false","EventTime":1770087600,"EventSource":"lambda.amazonaws.com","Username":"kim",
  "CloudTrailEvent":"{\"requestParameters\":{\"functionName\":\"orders\",\"memorySize\":128,\"environment\":{\"variables\":{\"DB_PASSWORD\":\"hunter2\"}}},\"userIdentity\":{\"invokedBy\":\"cloudformation.amazonaws.com\"}}"},
 {"EventId":"2","EventName":"DescribeServices","ReadOnly":"true","EventTime":1770087600,"EventSource":"ecs.amazonaws.com","CloudTrailEvent":"{}"},
 {"EventId":"3","EventName":"UpdateService","EventTime":1770087600,"EventSource":"ecs.amazonaws.com","CloudTrailEvent":"{\"requestParameters\":{\"cluster\":\"web\",\"service\":\"api\",\"desiredCount\":0}}"},
 {"EventId":"4","EventName":"RevokeSecurityGroupIngress","EventTime":1770087600,"EventSource":"ec2.amazonaws.com","CloudTrailEvent":"{\"requestParameters\":{\"groupId\":\"sg-1\"}}"},
 {"EventId":"7","EventName":"CreateTags","EventTime":1770087600,"EventSource":"ec2.amazonaws.com","CloudTrailEvent":"{\"requestParameters\":{\"resourcesSet\":{\"items\":[{\"resourceId\":\"i-1\"}]}}}"},
 {"EventId":"5","EventName":"PutRolePolicy","EventTime":1770087600,"EventSource":"iam.amazonaws.com","CloudTrailEvent":"{\"requestParameters\":{\"roleName\":\"orders\"}}"},
 {"EventId":"6","EventName":"GetSecretValue","EventTime":1770087600,"EventSource":"secretsmanager.amazonaws.com","CloudTrailEvent":"{\"errorCode\":\"AccessDenied\",\"errorMessage\":\"User is not authorized to perform: secretsmanager:GetSecretValue\",\"requestParameters\":{\"secretId\":\"arn:aws:secretsmanager:r:1:secret:db\"}}"}]})");
  ASSERT_EQ(batch.changes.size(), 4U) << "what only reads or labels changes nothing";
  EXPECT_EQ(batch.changes[0].entity, "lambda/orders");
  EXPECT_EQ(batch.changes[0].kind, ChangeKind::kConfig);
  EXPECT_EQ(batch.changes[0].actor, "kim");
  EXPECT_TRUE(batch.changes[0].has_diff);
  EXPECT_NE(batch.changes[0].diff.find("+memorySize: 128"), std::string::npos);
  EXPECT_EQ(batch.changes[0].diff.find("hunter2"), std::string::npos);
  EXPECT_EQ(batch.changes[0].attributes.get("by_cloudformation"), "true");
  EXPECT_EQ(batch.changes[1].entity, "ecs/web/api");
  EXPECT_EQ(batch.changes[2].entity, "ec2/sg-1");
  EXPECT_EQ(batch.changes[3].kind, ChangeKind::kPermission);
  EXPECT_EQ(batch.changes[3].entity, "iam/role/orders");
  ASSERT_EQ(batch.events.size(), 1U) << "a refused call changed nothing";
  EXPECT_EQ(batch.events[0].reason, "AccessDenied");
  EXPECT_EQ(batch.events[0].entity, "arn:aws:secretsmanager:r:1:secret:db");
}

TEST(CloudTrail, EveryNameOfACallToDnsIsAChangeOfItsOwn) {
  const auto batch = decode_text(R"({"Events":[
 {"EventId":"1","EventName":"ChangeResourceRecordSets","EventTime":1770087600,"EventSource":"route53.amazonaws.com","Username":"kim",
  "Resources":[{"ResourceType":"AWS::Route53::HostedZone","ResourceName":"Z1"}],
  "CloudTrailEvent":"{\"requestParameters\":{\"hostedZoneId\":\"Z1\",\"changeBatch\":{\"changes\":[{\"action\":\"DELETE\",\"resourceRecordSet\":{\"name\":\"Db.Core.example.\",\"type\":\"A\"}},{\"action\":\"UPSERT\",\"resourceRecordSet\":{\"name\":\"www.core.example\",\"type\":\"CNAME\"}},{\"action\":\"UPSERT\"}]}}}"}]})");
  ASSERT_EQ(batch.changes.size(), 2U) << "a change that names no record is none of any";
  EXPECT_EQ(batch.changes[0].entity, "route53/db.core.example");
  EXPECT_NE(batch.changes[0].diff.find("\n-record: db.core.example A"), std::string::npos);
  EXPECT_EQ(batch.changes[1].entity, "route53/www.core.example");
  EXPECT_NE(batch.changes[1].diff.find("\n+record: www.core.example CNAME"), std::string::npos);
  EXPECT_NE(batch.changes[0].id, batch.changes[1].id);
  EXPECT_EQ(entity_in(batch, "route53/db.core.example").attributes.get("platform.kind"), "dns_record");
}

TEST(CloudFormation, StackEventsResourcesAndDrift) {
  auto batch = decode_text(R"({"StackEvents":[
 {"StackId":"arn:aws:cloudformation:r:1:stack/s/1","StackName":"s","EventId":"e2","LogicalResourceId":"s","PhysicalResourceId":"arn:aws:cloudformation:r:1:stack/s/1","ResourceType":"AWS::CloudFormation::Stack","Timestamp":"2026-02-03T04:00:00Z","ResourceStatus":"UPDATE_ROLLBACK_COMPLETE"},
 {"StackId":"arn:aws:cloudformation:r:1:stack/s/1","StackName":"s","EventId":"e1","LogicalResourceId":"Fn","PhysicalResourceId":"orders","ResourceType":"AWS::Lambda::Function","Timestamp":"2026-02-03T03:59:00Z","ResourceStatus":"UPDATE_FAILED","ResourceStatusReason":"Role is not authorized"}]})");
  EXPECT_EQ(batch.events.size(), 2U);
  ASSERT_EQ(batch.changes.size(), 1U);
  EXPECT_EQ(batch.changes[0].kind, ChangeKind::kInfrastructure);
  EXPECT_EQ(entity_in(batch, "lambda/orders").attributes.get("stack.reason"), "Role is not authorized");
  batch = decode_text(
      R"({"StackResourceDrifts":[{"StackResourceDriftStatus":"MODIFIED","ResourceType":"AWS::RDS::DBInstance","PhysicalResourceId":"ledger","Timestamp":"2026-02-03T04:00:00Z","PropertyDifferences":[{"PropertyPath":"/AllocatedStorage","ExpectedValue":"100","ActualValue":"20"}]},{"StackResourceDriftStatus":"IN_SYNC","PhysicalResourceId":"x"}]})");
  ASSERT_EQ(batch.events.size(), 1U);
  EXPECT_EQ(batch.events[0].message, "/AllocatedStorage: 100 → 20");
  ASSERT_EQ(batch.changes.size(), 1U) << "somebody changed it, at the latest then";
  EXPECT_EQ(batch.changes[0].entity, "rds/ledger");
  EXPECT_EQ(batch.changes[0].summary, "AllocatedStorage: 100 → 20");
  EXPECT_EQ(batch.changes[0].telling.name, "departure");
  EXPECT_NE(batch.changes[0].diff.find("-AllocatedStorage: 100\n+AllocatedStorage: 20"), std::string::npos);
  batch = decode_text(
      R"({"StackResourceSummaries":[{"ResourceType":"AWS::SecretsManager::Secret","PhysicalResourceId":"arn:aws:secretsmanager:r:1:secret:db","LogicalResourceId":"Db"}]})");
  EXPECT_EQ(batch.entities.at(0).id, "arn:aws:secretsmanager:r:1:secret:db");
}

TEST(Ecr, PushesAreChanges) {
  const auto batch = decode_text(
      R"({"imageDetails":[{"repositoryName":"api","imageDigest":"sha256:bb","imageTags":["latest","v2"],"imagePushedAt":1770087600.0}]})");
  EXPECT_EQ(entity_in(batch, "ecr/api").attributes.get("tag.latest"), "sha256:bb");
  ASSERT_EQ(batch.changes.size(), 1U);
  EXPECT_EQ(batch.changes[0].attributes.get("image.tags"), "latest, v2");
}

TEST(ResourceNames, ArnsAndQueueUrls) {
  EXPECT_EQ(id_of_resource("AWS::SQS::Queue", "https://sqs.eu-west-1.amazonaws.com/1/jobs"), "sqs/jobs");
  EXPECT_EQ(id_of_resource("AWS::Lambda::Function", "arn:aws:lambda:r:1:function:f:3"),
            "arn:aws:lambda:r:1:function:f");
  EXPECT_EQ(id_of_resource("AWS::Made::Up", "x"), "AWS::Made::Up/x");
  EXPECT_EQ(id_of_resource("AWS::RDS::DBInstance", ""), "");
}

}  // namespace
}  // namespace midwatch::clients::aws
