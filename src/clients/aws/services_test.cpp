#include <initializer_list>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "src/base/json.h"
#include "src/clients/aws/testing/decode_text.h"

namespace midwatch::clients::aws {
namespace {

using telemetry::RelationKind;

TEST(ApiGateway, IntegrationsCallAndHaveALimit) {
  auto batch = decode_text(
      "# aws apigateway get-integration --rest-api-id a1 --resource-id r --http-method POST\n"
      R"({"type":"AWS_PROXY","uri":"arn:aws:apigateway:r:lambda:path/2015-03-31/functions/arn:aws:lambda:r:1:function:orders:live/invocations","timeoutInMillis":29000})");
  EXPECT_TRUE(
      has_relation(batch, "apigateway/a1", "arn:aws:lambda:r:1:function:orders", RelationKind::kCalls));
  EXPECT_EQ(entity_in(batch, "apigateway/a1").attributes.get("integration.POST.limit.timeout"), "29");
  batch = decode_text(
      "# aws apigatewayv2 get-integrations --api-id h1\n"
      R"({"Items":[{"IntegrationId":"i","IntegrationUri":"arn:aws:lambda:r:1:function:orders","TimeoutInMillis":30000}]})");
  EXPECT_TRUE(
      has_relation(batch, "apigateway/h1", "arn:aws:lambda:r:1:function:orders", RelationKind::kCalls));
  batch = decode_text(
      "# aws apigateway get-resources --rest-api-id a1 --embed methods\n"
      R"({"items":[{"id":"r","path":"/orders","resourceMethods":{"GET":{"methodIntegration":{"uri":"https://x.example","timeoutInMillis":5000}}}}]})");
  EXPECT_TRUE(has_relation(batch, "apigateway/a1", "https://x.example", RelationKind::kCalls));
  batch = decode_text(
      "# aws apigateway get-stages --rest-api-id a1\n"
      R"({"item":[{"stageName":"prod","deploymentId":"d7","lastUpdatedDate":1770087600,"accessLogSettings":{"destinationArn":"arn:aws:logs:r:1:log-group:shop-access:*"}}]})");
  EXPECT_TRUE(has_alias(batch, "logs/API-Gateway-Execution-Logs_a1/prod", "apigateway/a1"));
  EXPECT_TRUE(has_alias(batch, "logs/shop-access", "apigateway/a1"));
  EXPECT_EQ(batch.changes.at(0).summary, "stage=prod deployment=d7");
  EXPECT_EQ(batch.changes.at(0).telling.name, "stage_deployment");
  batch =
      decode_text(R"({"items":[{"id":"a1","name":"shop","endpointConfiguration":{"types":["REGIONAL"]}}]})");
  EXPECT_TRUE(has_alias(batch, "apigateway/shop", "apigateway/a1"));
}

TEST(DynamoDb, CapacityOfTableAndIndexes) {
  const auto batch = decode_text(
      R"({"Table":{"TableName":"carts","TableArn":"arn:aws:dynamodb:r:1:table/carts","TableStatus":"ACTIVE","ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":10},"GlobalSecondaryIndexes":[{"IndexName":"by_user","ProvisionedThroughput":{"ReadCapacityUnits":1,"WriteCapacityUnits":2}}]}})");
  const auto table = entity_in(batch, "arn:aws:dynamodb:r:1:table/carts");
  EXPECT_EQ(table.attributes.get("limit.write_capacity"), "10");
  EXPECT_EQ(table.attributes.get("index.by_user.limit.write_capacity"), "2");
  EXPECT_EQ(table.attributes.get("billing.mode"), "PROVISIONED");
}

TEST(Listings, TellThatTablesAndQueuesExist) {
  auto batch = decode_text(R"({"TableNames":["carts",""]})");
  ASSERT_EQ(batch.entities.size(), 1U);
  EXPECT_EQ(entity_in(batch, "dynamodb/carts").attributes.get("platform.kind"), "database");
  batch = decode_text(R"({"QueueUrls":["https://sqs.r.amazonaws.com/1/jobs"]})");
  ASSERT_EQ(batch.entities.size(), 1U);
  EXPECT_EQ(entity_in(batch, "sqs/jobs").attributes.get("platform.kind"), "queue");
}

TEST(Kms, AKeyThatCannotBeUsedIsAnEvent) {
  struct Row {
    const char* state;
    const char* told;  ///< empty: nothing
  };
  for (const Row& row :
       {Row{"Enabled", ""}, Row{"Disabled", "KMS key k1 is disabled: nothing can be decrypted with it"},
        Row{"PendingDeletion", "KMS key k1 is pending deletion: nothing can be decrypted with it"}}) {
    const auto batch = decode_text(
        std::string(R"({"KeyMetadata":{"KeyId":"k1","Arn":"arn:aws:kms:r:1:key/k1","KeyState":")") +
        row.state + R"("}})");
    EXPECT_EQ(entity_in(batch, "arn:aws:kms:r:1:key/k1").attributes.get("platform.phase"), row.state);
    EXPECT_TRUE(has_alias(batch, "kms/k1", "arn:aws:kms:r:1:key/k1"));
    EXPECT_EQ(batch.events.empty() ? "" : batch.events.front().message, row.told);
  }
}

/// One audit event of a cluster's API, as a line of its log group.
std::string audited(const std::string& verb, const std::string& object, const std::string& user,
                    const std::string& request, int code = 200) {
  return base::dump_json(
      {{"timestamp", 1770087600000},
       {"message", R"({"kind":"Event","stage":"ResponseComplete","auditID":"a1","verb":")" + verb +
                       R"(","user":{"username":")" + user + R"("},"objectRef":)" + object +
                       R"(,"responseStatus":{"code":)" + std::to_string(code) +
                       R"(},"requestReceivedTimestamp":"2026-02-03T03:00:00.000000Z","requestObject":)" +
                       request + "}"}});
}

std::string lines_of(const std::string& group, std::initializer_list<std::string> events) {
  std::string list;
  for (const std::string& event : events) list += (list.empty() ? "" : ",") + event;
  return "# aws logs filter-log-events --log-group-name " + group + "\n{\"events\":[" + list + "]}";
}

TEST(Eks, TheLogOfTheApiTellsWhoChangedWhatAndHowPodsAre) {
  const std::string deployment = R"({"resource":"deployments","namespace":"shop","name":"cart"})";
  const std::string pod =
      R"({"resource":"pods","namespace":"shop","name":"cart-7d9c4b6f8-x2lqp","subresource":"status"})";
  const auto limit = [](const char* memory) {
    return std::string(
               R"({"spec":{"template":{"spec":{"containers":[{"name":"cart","resources":{"limits":{"memory":")") +
           memory + R"("}}}]}}}})";
  };
  const auto killed = [](int restarts) {
    return R"({"status":{"$setElementOrder/conditions":[],"containerStatuses":[{"name":"cart","restartCount":)" +
           std::to_string(restarts) +
           R"(,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"reason":"OOMKilled","exitCode":137}}}]}})";
  };
  auto batch = decode_text(lines_of(
      "/aws/eks/main/cluster",
      {audited("patch", deployment, "kim", limit("512Mi")),
       audited("patch", deployment, "kim", limit("96Mi")),
       audited("patch", deployment, "eve", limit("1Mi"), 403),
       audited("update", deployment, "system:serviceaccount:kube-system:deployment-controller", limit("2Mi")),
       audited("patch", pod, "system:node:ip-10-0-0-1", killed(1)),
       audited("patch", pod, "system:node:ip-10-0-0-1", killed(4))}));
  ASSERT_EQ(batch.changes.size(), 2U) << "what was refused and what controllers do is nobody's change";
  EXPECT_EQ(batch.changes[1].entity, "eks/main/shop/deployment/cart");
  EXPECT_EQ(batch.changes[1].actor, "kim");
  EXPECT_NE(batch.changes[1].diff.find(".memory: 512Mi\n+"), std::string::npos);
  const auto told = entity_in(batch, "eks/main/shop/pod/cart-7d9c4b6f8-x2lqp");
  EXPECT_EQ(told.attributes.get("container.cart.last.reason"), "OOMKilled");
  EXPECT_EQ(told.attributes.get("container.cart.restarts"), "4") << "the last word counts";
  EXPECT_EQ(told.attributes.get("container.cart.limit.memory"), std::to_string(96 * 1024 * 1024));
  EXPECT_TRUE(has_relation(batch, "eks/main/shop/deployment/cart", told.id, RelationKind::kContains));
  EXPECT_TRUE(has_alias(batch, "eks/main/shop/workload/cart", "eks/main/shop/deployment/cart"));
  batch = decode_text(lines_of(
      "/aws/containerinsights/main/application",
      {R"({"timestamp":1770087600000,"message":"{\"log\":\"boom\\n\",\"kubernetes\":{\"pod_name\":\"cart-7d9c4b6f8-x2lqp\",\"namespace_name\":\"shop\"}}"})",
       R"({"timestamp":1770087600000,"message":"no JSON"})"}));
  ASSERT_EQ(batch.logs.size(), 1U);
  EXPECT_EQ(batch.logs[0].body, "boom");
  EXPECT_EQ(batch.logs[0].entity, told.id);
}

TEST(Eks, WhatIsUnhealthyIsAnEvent) {
  auto batch = decode_text(
      R"({"cluster":{"name":"main","arn":"arn:aws:eks:r:1:cluster/main","status":"ACTIVE","version":"1.31","health":{"issues":[{"code":"Ec2SubnetNotFound","message":"gone"}]}}})");
  EXPECT_EQ(entity_in(batch, "arn:aws:eks:r:1:cluster/main").attributes.get("version"), "1.31");
  ASSERT_EQ(batch.events.size(), 1U);
  EXPECT_EQ(batch.events[0].message, "Ec2SubnetNotFound: gone");
  batch = decode_text(
      R"({"nodegroup":{"nodegroupName":"workers","nodegroupArn":"arn:aws:eks:r:1:nodegroup/main/workers/1","clusterName":"main","status":"DEGRADED","health":{"issues":[]}}})");
  EXPECT_EQ(entity_in(batch, "arn:aws:eks:r:1:nodegroup/main/workers/1").attributes.get("platform.phase"),
            "DEGRADED");
  EXPECT_TRUE(batch.events.empty());
}

TEST(Messaging, QueuesStreamsAndRules) {
  auto batch = decode_text(
      R"({"Attributes":{"QueueArn":"arn:aws:sqs:r:1:jobs","ApproximateNumberOfMessages":"5000","VisibilityTimeout":"30","RedrivePolicy":"{\"deadLetterTargetArn\":\"arn:aws:sqs:r:1:jobs-dlq\",\"maxReceiveCount\":3}"}})");
  const auto queue = entity_in(batch, "arn:aws:sqs:r:1:jobs");
  EXPECT_EQ(queue.attributes.get("queue.visible"), "5000");
  EXPECT_EQ(queue.attributes.get("limit.receives"), "3");
  EXPECT_TRUE(
      has_relation(batch, "arn:aws:sqs:r:1:jobs-dlq", "arn:aws:sqs:r:1:jobs", RelationKind::kReadsFrom));
  batch = decode_text(
      R"({"StreamDescriptionSummary":{"StreamARN":"arn:aws:kinesis:r:1:stream/clicks","StreamName":"clicks","OpenShardCount":2}})");
  EXPECT_EQ(batch.entities.at(0).attributes.get("limit.shards"), "2");
  batch = decode_text(
      R"({"Rules":[{"Name":"nightly","Arn":"arn:aws:events:r:1:rule/nightly","State":"DISABLED","EventBusName":"default"}]})");
  EXPECT_EQ(batch.events.at(0).reason, "DISABLED");
  batch = decode_text(
      "# aws events list-targets-by-rule --rule nightly\n"
      R"({"Targets":[{"Id":"1","Arn":"arn:aws:lambda:r:1:function:report"}]})");
  EXPECT_TRUE(
      has_relation(batch, "events/nightly", "arn:aws:lambda:r:1:function:report", RelationKind::kCalls));
}

TEST(SecretsManager, NeverReadIsSaid) {
  const auto batch = decode_text(
      R"({"ARN":"arn:aws:secretsmanager:r:1:secret:db-Ab","Name":"db","RotationEnabled":false,"LastChangedDate":1770087600,"CreatedDate":1770087600,"VersionIdsToStages":{"v":["AWSCURRENT"]}})");
  const auto secret = entity_in(batch, "arn:aws:secretsmanager:r:1:secret:db-Ab");
  ASSERT_NE(secret.attributes.find("secret.last_read"), nullptr);
  EXPECT_EQ(secret.attributes.get("secret.last_read"), "");
  EXPECT_EQ(secret.attributes.get("secret.created"), "2026-02-03T03:00:00Z");
  EXPECT_EQ(batch.changes.at(0).kind, telemetry::ChangeKind::kSecret);
  const auto list =
      decode_text(R"({"SecretList":[{"ARN":"a","Name":"n","LastAccessedDate":"2026-02-03T00:00:00Z"}]})");
  EXPECT_EQ(list.entities.at(0).attributes.get("secret.last_read"), "2026-02-03T00:00:00Z");
}

TEST(Iam, PoliciesInWords) {
  auto batch = decode_text(
      R"({"RoleName":"orders","PolicyName":"read","PolicyDocument":{"Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],"Resource":"*"},{"Effect":"Deny","NotAction":"sqs:*","Resource":["a","b"]}]}})");
  const auto role = entity_in(batch, "iam/role/orders");
  EXPECT_EQ(role.attributes.get("policy.read.0"), "Allow s3:GetObject, s3:ListBucket on *");
  EXPECT_EQ(role.attributes.get("policy.read.1"), "Deny all but sqs:* on a, b");
  batch = decode_text(
      R"({"Role":{"RoleName":"orders","Arn":"arn:aws:iam::1:role/orders","AssumeRolePolicyDocument":{"Statement":{"Effect":"Allow","Action":"sts:AssumeRole"}}}})");
  EXPECT_TRUE(has_alias(batch, "iam/role/orders", "arn:aws:iam::1:role/orders"));
  batch = decode_text(
      "# aws iam simulate-principal-policy --policy-source-arn arn:aws:iam::1:role/orders --action-names x\n"
      R"({"EvaluationResults":[{"EvalActionName":"kms:Decrypt","EvalResourceName":"k","EvalDecision":"implicitDeny"},{"EvalActionName":"s3:GetObject","EvalDecision":"allowed"}]})");
  ASSERT_EQ(batch.events.size(), 1U);
  EXPECT_EQ(batch.events[0].reason, "implicitDeny");
}

TEST(ElastiCache, ClustersAndGroups) {
  auto batch = decode_text(
      R"({"CacheClusters":[{"CacheClusterId":"sessions-001","ARN":"arn:aws:elasticache:r:1:cluster:sessions-001","CacheNodeType":"cache.r6g.large","ReplicationGroupId":"sessions"}]})");
  EXPECT_TRUE(has_relation(batch, "elasticache/sessions", "arn:aws:elasticache:r:1:cluster:sessions-001",
                           RelationKind::kContains));
  batch = decode_text(
      R"({"ReplicationGroups":[{"ReplicationGroupId":"sessions","ARN":"arn:aws:elasticache:r:1:replicationgroup:sessions","NodeGroups":[{"PrimaryEndpoint":{"Address":"s.cache.amazonaws.com","Port":6379}}]}]})");
  EXPECT_EQ(entity_in(batch, "elasticache/sessions").attributes.get("endpoint.host"),
            "s.cache.amazonaws.com");
}

TEST(StepFunctions, FailuresWithErrorAndCause) {
  auto batch = decode_text(
      "# aws stepfunctions get-execution-history --execution-arn arn:aws:states:r:1:execution:flow:x\n"
      R"({"events":[{"timestamp":1770087600,"type":"TaskFailed","id":9,"previousEventId":8,"taskFailedEventDetails":{"resource":"arn:aws:lambda:r:1:function:pay","error":"States.Timeout","cause":"took too long"}},{"timestamp":1,"type":"TaskSucceeded","id":8,"previousEventId":7}]})");
  ASSERT_EQ(batch.events.size(), 1U);
  EXPECT_EQ(batch.events[0].entity, "arn:aws:states:r:1:stateMachine:flow");
  EXPECT_EQ(batch.events[0].reason, "States.Timeout");
  // Newest first, as a reader of the end asks for it; an integration is no resource.
  batch = decode_text(
      "# aws stepfunctions get-execution-history --execution-arn arn:aws:states:r:1:execution:flow:x\n"
      R"({"events":[{"timestamp":4,"type":"ExecutionTimedOut","id":5,"previousEventId":4,"executionTimedOutEventDetails":{}},{"timestamp":3,"type":"TaskFailed","id":4,"previousEventId":3,"taskFailedEventDetails":{"resource":"invoke","error":"TypeError","cause":"{}"}},{"timestamp":2,"type":"TaskStateEntered","id":3,"previousEventId":2,"stateEnteredEventDetails":{"name":"Pay"}},{"timestamp":1,"type":"TaskStateEntered","id":2,"previousEventId":1,"stateEnteredEventDetails":{"name":"Check"}}]})");
  ASSERT_EQ(batch.events.size(), 2U);
  EXPECT_EQ(batch.events[0].message, "ExecutionTimedOut: States.Timeout at state Pay: ");
  EXPECT_EQ(batch.events[1].message, "TaskFailed: TypeError at state Pay: {}");
  EXPECT_TRUE(batch.relations.empty());
  batch = decode_text(
      R"({"stateMachineArn":"arn:aws:states:r:1:stateMachine:flow","name":"flow","roleArn":"arn:aws:iam::1:role/flow","definition":"{\"TimeoutSeconds\":60,\"States\":{\"A\":{\"Resource\":\"arn:aws:states:::lambda:invoke\",\"Parameters\":{\"FunctionName\":\"arn:aws:lambda:r:1:function:pay:$LATEST\"}}}}"})");
  EXPECT_TRUE(has_relation(batch, "arn:aws:states:r:1:stateMachine:flow", "arn:aws:lambda:r:1:function:pay",
                           RelationKind::kCalls));
  EXPECT_EQ(batch.entities.at(0).attributes.get("limit.timeout"), "60");
  batch = decode_text(
      R"({"executionArn":"arn:aws:states:r:1:execution:flow:x","stateMachineArn":"arn:aws:states:r:1:stateMachine:flow","status":"TIMED_OUT","stopDate":1770087600})");
  EXPECT_EQ(batch.events.at(0).reason, "TIMED_OUT");
}

TEST(Operations, ScalingHealthQuotasCertificates) {
  auto batch = decode_text(
      R"({"ScalingActivities":[{"ActivityId":"a","ServiceNamespace":"ecs","ResourceId":"service/web/api","Description":"Setting desired count to 9.","Cause":"monitor alarm","StartTime":1770087600,"StatusCode":"Successful"}]})");
  EXPECT_EQ(batch.events.at(0).entity, "ecs/web/api");
  EXPECT_EQ(batch.changes.at(0).kind, telemetry::ChangeKind::kScaling);
  batch = decode_text(
      R"({"Activities":[{"ActivityId":"a","AutoScalingGroupName":"asg","StartTime":1770087600,"StatusCode":"Failed","StatusMessage":"Could not launch Spot Instances. InsufficientInstanceCapacity"}]})");
  EXPECT_EQ(batch.events.at(0).reason, "Failed");
  EXPECT_TRUE(batch.changes.empty());
  batch = decode_text(
      R"({"successfulSet":[{"event":{"service":"RDS","eventTypeCode":"AWS_RDS_OPERATIONAL_ISSUE","eventTypeCategory":"issue","region":"r","statusCode":"open","startTime":1770087600},"eventDescription":{"latestDescription":"We are investigating"}}]})");
  EXPECT_EQ(batch.events.at(0).entity, "aws/rds/r");
  EXPECT_NE(batch.events.at(0).message.find("investigating"), std::string::npos);
  batch = decode_text(
      R"({"Quotas":[{"ServiceCode":"lambda","QuotaCode":"L-B99A9384","QuotaName":"Concurrent executions","Value":1000}]})");
  EXPECT_EQ(batch.entities.at(0).attributes.get("quota.limit"), "1000");
  batch = decode_text(
      R"({"Certificate":{"CertificateArn":"arn:aws:acm:r:1:certificate/1","DomainName":"shop.example","Status":"EXPIRED","NotAfter":1770087600,"InUseBy":["arn:aws:elasticloadbalancing:r:1:loadbalancer/app/front/1"]}})");
  EXPECT_EQ(batch.entities.at(0).attributes.get("certificate.not_after"), "2026-02-03T03:00:00Z");
}

TEST(PerformanceInsights, TablesAndSeries) {
  auto batch = decode_text(
      "# aws pi describe-dimension-keys --service-type RDS --identifier db-ABC --metric db.load.avg "
      "--group-by Group=db.sql_tokenized\n"
      R"({"AlignedStartTime":1770087600,"PartitionKeys":[{"Dimensions":{"db.wait_event.name":"CPU"}},{"Dimensions":{"db.wait_event.name":"IO:DataFileRead"}}],"Keys":[{"Dimensions":{"db.sql_tokenized.statement":"select * from t where a = ?"},"Total":7.5,"Partitions":[6.0,1.5]}]})");
  ASSERT_EQ(batch.events.size(), 1U);
  EXPECT_EQ(batch.events[0].type, "top_sql");
  EXPECT_EQ(batch.events[0].attributes.get("wait_events.1.name"), "IO:DataFileRead");
  EXPECT_EQ(batch.events[0].attributes.get("db_load_avg"), "7.5");
  batch = decode_text(
      R"({"Identifier":"db-ABC","MetricList":[{"Key":{"Metric":"db.load.avg","Dimensions":{"db.wait_event.name":"CPU"}},"DataPoints":[{"Timestamp":1770087600,"Value":3.5},{"Timestamp":1770087660}]}]})");
  EXPECT_EQ(batch.metrics.at(0).points.size(), 1U);
}

TEST(XRay, GraphSummariesAndTraces) {
  auto batch = decode_text(
      R"({"Services":[{"ReferenceId":0,"Name":"shop","Type":"AWS::ApiGateway::RestApi","Edges":[{"ReferenceId":1}]},{"ReferenceId":1,"Name":"orders","Type":"AWS::Lambda::Function","Edges":[],"SummaryStatistics":{"FaultStatistics":{"TotalCount":4}}}]})");
  EXPECT_TRUE(has_relation(batch, "apigateway/shop", "lambda/orders", RelationKind::kCalls));
  EXPECT_EQ(entity_in(batch, "lambda/orders").attributes.get("xray.faults"), "4");
  batch = decode_text(
      R"({"TraceSummaries":[{"Id":"1-a","ResponseTime":5.0,"HasFault":true,"Http":{"HttpURL":"https://x/y","HttpStatus":504,"HttpMethod":"POST"},"ServiceIds":[{"Name":"orders","Type":"AWS::Lambda::Function"}]},{"Id":"1-b","HasFault":false}]})");
  ASSERT_EQ(batch.events.size(), 1U);
  EXPECT_EQ(batch.events[0].reason, "fault");
  batch = decode_text(
      R"({"Traces":[{"Id":"1-a","Segments":[{"Id":"s1","Document":"{\"id\":\"s1\",\"name\":\"orders\",\"origin\":\"AWS::Lambda::Function\",\"start_time\":1770087600.0,\"end_time\":1770087605.0,\"fault\":true,\"cause\":{\"exceptions\":[{\"type\":\"TimeoutError\",\"message\":\"no answer\",\"stack\":[{\"path\":\"index.js\",\"line\":12,\"label\":\"handler\"}]}]},\"subsegments\":[{\"id\":\"s2\",\"name\":\"rates.example\",\"namespace\":\"remote\",\"start_time\":1770087600.5,\"end_time\":1770087605.0}]}"}]}]})");
  ASSERT_EQ(batch.spans.size(), 3U);
  EXPECT_EQ(batch.spans[0].entity, "lambda/orders");
  EXPECT_EQ(batch.spans[0].status, telemetry::SpanStatus::kError);
  EXPECT_EQ(batch.spans[1].parent_span_id, "s1");
  EXPECT_EQ(batch.spans[2].entity, "rates.example");
  EXPECT_TRUE(has_relation(batch, "lambda/orders", "rates.example", RelationKind::kCalls));
  EXPECT_EQ(batch.logs.at(0).body, "TimeoutError: no answer\n    at handler (index.js:12)");
}

}  // namespace
}  // namespace midwatch::clients::aws
