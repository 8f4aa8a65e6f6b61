#include "src/clients/aws/decoder_table.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/clients/aws/api_gateway.h"
#include "src/clients/aws/cloudformation.h"
#include "src/clients/aws/cloudtrail.h"
#include "src/clients/aws/cloudwatch.h"
#include "src/clients/aws/cloudwatch_logs.h"
#include "src/clients/aws/dynamodb.h"
#include "src/clients/aws/ec2.h"
#include "src/clients/aws/ecr.h"
#include "src/clients/aws/ecs.h"
#include "src/clients/aws/eks.h"
#include "src/clients/aws/elastic_load_balancing.h"
#include "src/clients/aws/elasticache.h"
#include "src/clients/aws/iam.h"
#include "src/clients/aws/lambda.h"
#include "src/clients/aws/messaging.h"
#include "src/clients/aws/operations.h"
#include "src/clients/aws/performance_insights.h"
#include "src/clients/aws/rds.h"
#include "src/clients/aws/route53.h"
#include "src/clients/aws/s3.h"
#include "src/clients/aws/secrets_manager.h"
#include "src/clients/aws/step_functions.h"
#include "src/clients/aws/xray.h"

namespace midwatch::clients::aws {
namespace {

using base::at;
using base::Json;

/// Answers that say nothing beyond names that other answers hold as well.
void pass_over(const Document& /*document*/, telemetry::TelemetryBatch& /*out*/) {}

constexpr auto kOperations = std::to_array<KnownOperation>({
    {"ecs", "describe-services", decode_ecs_services, "services", "serviceArn"},
    {"ecs", "describe-tasks", decode_ecs_tasks, "tasks", "taskArn"},
    {"ecs", "describe-task-definition", decode_ecs_task_definition, "taskDefinition", ""},
    {"ecs", "describe-clusters", decode_ecs_clusters, "clusters", "clusterArn"},
    {"ecs", "list-clusters", pass_over, "clusterArns", ""},
    {"ecs", "list-tasks", pass_over, "taskArns", ""},
    {"ecs", "list-services", pass_over, "serviceArns", ""},
    {"ecs", "list-task-definitions", pass_over, "taskDefinitionArns", ""},
    {"lambda", "get-function", decode_lambda_function, "Configuration", "FunctionArn"},
    {"lambda", "get-function-configuration", decode_lambda_function, "FunctionArn", ""},
    {"lambda", "list-functions", decode_lambda_functions, "Functions", ""},
    {"lambda", "list-event-source-mappings", decode_lambda_event_sources, "EventSourceMappings", ""},
    {"lambda", "get-function-concurrency", decode_lambda_concurrency, "ReservedConcurrentExecutions", ""},
    {"lambda", "get-account-settings", decode_lambda_account_settings, "AccountLimit", ""},
    {"lambda", "get-policy", decode_lambda_policy, "", ""},
    {"lambda", "list-versions-by-function", decode_lambda_versions, "Versions", "FunctionArn"},
    {"rds", "describe-db-instances", decode_rds_instances, "DBInstances", ""},
    {"rds", "describe-db-clusters", decode_rds_clusters, "DBClusters", ""},
    {"rds", "describe-events", decode_database_events, "Events", "SourceType"},
    {"elasticache", "describe-events", decode_database_events, "", ""},
    {"rds", "describe-db-log-files", pass_over, "DescribeDBLogFiles", ""},
    {"rds", "download-db-log-file-portion", decode_rds_log_portion, "LogFileData", ""},
    {"rds", "describe-db-parameters", decode_rds_parameters, "Parameters", "ParameterName"},
    {"cloudwatch", "describe-alarms", decode_cloudwatch_alarms, "MetricAlarms", ""},
    {"cloudwatch", "describe-alarms-for-metric", decode_cloudwatch_alarms, "", ""},
    {"cloudwatch", "describe-alarm-history", decode_cloudwatch_alarm_history, "AlarmHistoryItems", ""},
    {"cloudwatch", "get-metric-data", decode_cloudwatch_metric_data, "MetricDataResults", ""},
    {"cloudwatch", "get-metric-statistics", decode_cloudwatch_metric_statistics, "Datapoints", ""},
    {"cloudwatch", "list-metrics", pass_over, "Metrics", "MetricName"},
    {"logs", "filter-log-events", decode_log_events, "events", "message"},
    {"logs", "get-log-events", decode_log_events, "nextForwardToken", ""},
    {"logs", "get-query-results", decode_log_query_results, "results", ""},
    {"logs", "describe-log-groups", decode_log_groups, "logGroups", ""},
    {"logs", "describe-log-streams", pass_over, "logStreams", ""},
    {"logs", "start-query", pass_over, "queryId", ""},
    {"ecr", "describe-images", decode_ecr_images, "imageDetails", ""},
    {"cloudformation", "describe-stack-events", decode_stack_events, "StackEvents", ""},
    {"cloudformation", "describe-stack-resources", decode_stack_resources, "StackResources", ""},
    {"cloudformation", "list-stack-resources", decode_stack_resources, "StackResourceSummaries", ""},
    {"cloudformation", "describe-stacks", decode_stacks, "Stacks", ""},
    {"cloudformation", "describe-stack-resource-drifts", decode_stack_drifts, "StackResourceDrifts", ""},
    {"cloudtrail", "lookup-events", decode_cloudtrail_events, "Events", "CloudTrailEvent"},
    {"elbv2", "describe-load-balancers", decode_load_balancers, "LoadBalancers", ""},
    {"elbv2", "describe-target-groups", decode_target_groups, "TargetGroups", ""},
    {"elbv2", "describe-target-health", decode_target_health, "TargetHealthDescriptions", ""},
    {"elbv2", "describe-listeners", decode_listeners, "Listeners", ""},
    {"elbv2", "describe-rules", decode_listener_rules, "Rules", "RuleArn"},
    {"apigateway", "get-rest-apis", decode_apis, "items", "endpointConfiguration"},
    {"apigateway", "get-integration", decode_api_integrations, "uri", ""},
    {"apigateway", "get-resources", decode_api_integrations, "items", "resourceMethods"},
    {"apigateway", "get-stages", decode_api_stages, "item", "stageName"},
    {"apigateway", "get-deployments", decode_api_stages, "", ""},
    {"apigatewayv2", "get-apis", decode_apis, "Items", "ApiId"},
    {"apigatewayv2", "get-integrations", decode_api_integrations, "Items", "IntegrationId"},
    {"apigatewayv2", "get-stages", decode_api_stages, "Items", "StageName"},
    {"dynamodb", "describe-table", decode_dynamodb_table, "Table", "TableName"},
    {"sqs", "get-queue-attributes", decode_sqs_queue, "Attributes", "QueueArn"},
    {"dynamodb", "list-tables", decode_dynamodb_tables, "TableNames", ""},
    {"sqs", "get-queue-url", pass_over, "QueueUrl", ""},
    {"sqs", "list-queues", decode_sqs_queues, "QueueUrls", ""},
    {"sqs", "list-dead-letter-source-queues", pass_over, "queueUrls", ""},
    {"resourcegroupstaggingapi", "get-resources", pass_over, "ResourceTagMappingList", ""},
    {"sts", "get-caller-identity", pass_over, "UserId", ""},
    {"kinesis", "describe-stream", decode_kinesis_stream, "StreamDescription", ""},
    {"kinesis", "describe-stream-summary", decode_kinesis_stream, "StreamDescriptionSummary", ""},
    {"events", "list-rules", decode_event_rules, "Rules", "EventBusName"},
    {"events", "list-rule-names-by-target", decode_rules_of_target, "RuleNames", ""},
    {"events", "list-targets-by-rule", decode_event_targets, "Targets", "Arn"},
    {"secretsmanager", "describe-secret", decode_secret, "VersionIdsToStages", ""},
    {"secretsmanager", "list-secrets", decode_secrets, "SecretList", ""},
    {"iam", "get-role", decode_iam_role, "Role", "RoleName"},
    {"iam", "get-role-policy", decode_iam_policy, "PolicyDocument", ""},
    {"iam", "get-policy-version", decode_iam_policy, "PolicyVersion", ""},
    {"iam", "list-attached-role-policies", decode_iam_policy, "AttachedPolicies", ""},
    {"iam", "list-role-policies", decode_iam_policy, "PolicyNames", ""},
    {"iam", "simulate-principal-policy", decode_iam_simulation, "EvaluationResults", ""},
    {"s3api", "get-bucket-policy", decode_bucket_policy, "", ""},
    {"s3api", "get-public-access-block", decode_public_access_block, "PublicAccessBlockConfiguration", ""},
    {"s3api", "get-bucket-notification-configuration", decode_bucket_notifications,
     "LambdaFunctionConfigurations", ""},
    {"s3api", "get-bucket-encryption", decode_bucket_encryption, "ServerSideEncryptionConfiguration", ""},
    {"s3api", "get-bucket-location", decode_bucket_location, "LocationConstraint", ""},
    {"route53", "list-hosted-zones", decode_hosted_zones, "HostedZones", ""},
    {"route53", "list-resource-record-sets", decode_record_sets, "ResourceRecordSets", ""},
    {"route53", "get-health-check-status", decode_health_check_status, "HealthCheckObservations", ""},
    {"ec2", "describe-security-groups", decode_security_groups, "SecurityGroups", ""},
    {"ec2", "describe-security-group-rules", decode_security_group_rules, "SecurityGroupRules", ""},
    {"ec2", "describe-subnets", decode_subnets, "Subnets", ""},
    {"ec2", "describe-nat-gateways", decode_nat_gateways, "NatGateways", ""},
    {"ec2", "describe-route-tables", decode_route_tables, "RouteTables", ""},
    {"ec2", "describe-vpc-endpoints", decode_vpc_endpoints, "VpcEndpoints", ""},
    {"ec2", "describe-instances", decode_instances, "Reservations", ""},
    {"ec2", "describe-instance-status", decode_instance_status, "InstanceStatuses", ""},
    {"elasticache", "describe-cache-clusters", decode_cache_clusters, "CacheClusters", ""},
    {"elasticache", "describe-replication-groups", decode_replication_groups, "ReplicationGroups", ""},
    {"stepfunctions", "list-state-machines", pass_over, "stateMachines", ""},
    {"stepfunctions", "describe-state-machine", decode_state_machine, "definition", ""},
    {"stepfunctions", "describe-execution", decode_executions, "executionArn", ""},
    {"stepfunctions", "list-executions", decode_executions, "executions", ""},
    {"stepfunctions", "get-execution-history", decode_execution_history, "events", "previousEventId"},
    {"autoscaling", "describe-scaling-activities", decode_scaling_activities, "Activities", ""},
    {"application-autoscaling", "describe-scaling-activities", decode_scaling_activities, "ScalingActivities",
     ""},
    {"health", "describe-events", decode_health_events, "events", "eventTypeCode"},
    {"health", "describe-event-details", decode_health_events, "successfulSet", ""},
    {"service-quotas", "get-service-quota", decode_service_quotas, "Quota", "QuotaCode"},
    {"service-quotas", "list-service-quotas", decode_service_quotas, "Quotas", ""},
    {"acm", "describe-certificate", decode_certificate, "Certificate", "CertificateArn"},
    {"eks", "describe-cluster", decode_eks_cluster, "cluster", ""},
    {"eks", "describe-nodegroup", decode_eks_nodegroup, "nodegroup", ""},
    {"eks", "list-nodegroups", pass_over, "nodegroups", ""},
    {"kms", "describe-key", decode_kms_key, "KeyMetadata", ""},
    {"pi", "describe-dimension-keys", decode_dimension_keys, "Keys", "Dimensions"},
    {"pi", "get-resource-metrics", decode_resource_metrics, "MetricList", ""},
    {"xray", "get-service-graph", decode_service_graph, "Services", "ReferenceId"},
    {"xray", "get-trace-summaries", decode_trace_summaries, "TraceSummaries", ""},
    {"xray", "batch-get-traces", decode_traces, "Traces", "Segments"},
});

/// Objects of a list that are looked at to recognise it; all of one list are alike.
constexpr std::size_t kLookedAt = 3;

bool holds(const Json& value, std::string_view member) {
  if (value.is_object()) return value.contains(member);
  if (!value.is_array()) return false;
  for (std::size_t i = 0; i < std::min(kLookedAt, value.size()); ++i) {
    if (value[i].is_object() && value[i].contains(member)) return true;
  }
  return false;
}

/// An empty list has the shape of every list under that name; whichever decoder gets it finds nothing in it.
bool has_shape(const KnownOperation& known, const Json& body) {
  if (known.member.empty() || !body.contains(known.member)) return false;
  const Json& value = at(body, known.member);
  return known.inner.empty() || value.empty() || holds(value, known.inner);
}

}  // namespace

const KnownOperation* find_operation(const CommandLine& command, const Json& body) {
  const auto* named = std::find_if(kOperations.begin(), kOperations.end(), [&](const KnownOperation& known) {
    return known.service == command.service && known.operation == command.operation;
  });
  if (named != kOperations.end()) return named;
  if (!command.operation.empty() || !body.is_object()) return nullptr;
  const auto* shaped = std::find_if(kOperations.begin(), kOperations.end(),
                                    [&](const KnownOperation& known) { return has_shape(known, body); });
  return shaped == kOperations.end() ? nullptr : shaped;
}

}  // namespace midwatch::clients::aws
