#include "src/connectors/aws/metric_questions.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/clients/aws/arn.h"
#include "src/connectors/aws/resource.h"

namespace midwatch::connectors::aws {
namespace {

using base::Json;

/// A series of a kind of resource. Source: "Metrics and dimensions" of each service, CloudWatch
/// documentation.
struct Template {
  std::string_view service;
  std::string_view kind;
  std::string_view name_space;
  std::string_view metric;
  std::string_view stat;
  std::string_view operation = {};  ///< a dimension of its own; empty: none
};

constexpr auto kTemplates = std::to_array<Template>({
    {"lambda", "function", "AWS/Lambda", "Invocations", "Sum"},
    {"lambda", "function", "AWS/Lambda", "Errors", "Sum"},
    {"lambda", "function", "AWS/Lambda", "Throttles", "Sum"},
    {"lambda", "function", "AWS/Lambda", "Duration", "Average"},
    {"lambda", "function", "AWS/Lambda", "Duration", "Maximum"},
    {"lambda", "function", "AWS/Lambda", "ConcurrentExecutions", "Maximum"},
    {"lambda", "function", "AWS/Lambda", "IteratorAge", "Maximum"},
    {"ecs", "service", "AWS/ECS", "CPUUtilization", "Average"},
    {"ecs", "service", "AWS/ECS", "CPUUtilization", "Maximum"},
    {"ecs", "service", "AWS/ECS", "MemoryUtilization", "Average"},
    {"ecs", "service", "AWS/ECS", "MemoryUtilization", "Maximum"},
    {"ecs", "service", "ECS/ContainerInsights", "RunningTaskCount", "Average"},
    {"elasticloadbalancing", "targetgroup", "AWS/ApplicationELB", "RequestCount", "Sum"},
    {"elasticloadbalancing", "targetgroup", "AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "Sum"},
    {"elasticloadbalancing", "targetgroup", "AWS/ApplicationELB", "TargetResponseTime", "Average"},
    {"elasticloadbalancing", "targetgroup", "AWS/ApplicationELB", "TargetResponseTime", "p99"},
    {"elasticloadbalancing", "targetgroup", "AWS/ApplicationELB", "TargetConnectionErrorCount", "Sum"},
    {"elasticloadbalancing", "targetgroup", "AWS/ApplicationELB", "HealthyHostCount", "Minimum"},
    {"elasticloadbalancing", "targetgroup", "AWS/ApplicationELB", "UnHealthyHostCount", "Maximum"},
    {"elasticloadbalancing", "loadbalancer", "AWS/ApplicationELB", "RequestCount", "Sum"},
    {"elasticloadbalancing", "loadbalancer", "AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", "Sum"},
    {"elasticloadbalancing", "loadbalancer", "AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "Sum"},
    {"elasticloadbalancing", "loadbalancer", "AWS/ApplicationELB", "TargetResponseTime", "Average"},
    {"rds", "db", "AWS/RDS", "CPUUtilization", "Average"},
    {"rds", "db", "AWS/RDS", "DatabaseConnections", "Maximum"},
    {"rds", "db", "AWS/RDS", "FreeableMemory", "Minimum"},
    {"rds", "db", "AWS/RDS", "FreeStorageSpace", "Minimum"},
    {"rds", "db", "AWS/RDS", "ReadLatency", "Average"},
    {"rds", "db", "AWS/RDS", "WriteLatency", "Average"},
    {"rds", "db", "AWS/RDS", "ReadIOPS", "Average"},
    {"rds", "db", "AWS/RDS", "WriteIOPS", "Average"},
    {"rds", "db", "AWS/RDS", "DiskQueueDepth", "Average"},
    {"rds", "db", "AWS/RDS", "ReplicaLag", "Maximum"},
    {"rds", "db", "AWS/RDS", "DBLoad", "Average"},
    {"dynamodb", "table", "AWS/DynamoDB", "ConsumedReadCapacityUnits", "Sum"},
    {"dynamodb", "table", "AWS/DynamoDB", "ConsumedWriteCapacityUnits", "Sum"},
    {"dynamodb", "table", "AWS/DynamoDB", "ReadThrottleEvents", "Sum"},
    {"dynamodb", "table", "AWS/DynamoDB", "WriteThrottleEvents", "Sum"},
    {"dynamodb", "table", "AWS/DynamoDB", "SuccessfulRequestLatency", "Average", "GetItem"},
    {"dynamodb", "table", "AWS/DynamoDB", "SuccessfulRequestLatency", "Average", "Query"},
    {"dynamodb", "table", "AWS/DynamoDB", "SuccessfulRequestLatency", "Average", "PutItem"},
    {"dynamodb", "table", "AWS/DynamoDB", "SuccessfulRequestLatency", "Average", "UpdateItem"},
    {"sqs", "queue", "AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum"},
    {"sqs", "queue", "AWS/SQS", "ApproximateAgeOfOldestMessage", "Maximum"},
    {"sqs", "queue", "AWS/SQS", "NumberOfMessagesSent", "Sum"},
    {"sqs", "queue", "AWS/SQS", "NumberOfMessagesReceived", "Sum"},
    {"apigateway", "api", "AWS/ApiGateway", "Count", "Sum"},
    {"apigateway", "api", "AWS/ApiGateway", "5XXError", "Sum"},
    {"apigateway", "api", "AWS/ApiGateway", "4XXError", "Sum"},
    {"apigateway", "api", "AWS/ApiGateway", "Latency", "Average"},
    {"apigateway", "api", "AWS/ApiGateway", "IntegrationLatency", "Average"},
    {"kinesis", "stream", "AWS/Kinesis", "GetRecords.IteratorAgeMilliseconds", "Maximum"},
    {"kinesis", "stream", "AWS/Kinesis", "IncomingRecords", "Sum"},
    {"kinesis", "stream", "AWS/Kinesis", "WriteProvisionedThroughputExceeded", "Sum"},
    {"elasticache", "cluster", "AWS/ElastiCache", "EngineCPUUtilization", "Average"},
    {"elasticache", "cluster", "AWS/ElastiCache", "CurrConnections", "Maximum"},
    {"elasticache", "cluster", "AWS/ElastiCache", "Evictions", "Sum"},
    {"states", "stateMachine", "AWS/States", "ExecutionsFailed", "Sum"},
    {"states", "stateMachine", "AWS/States", "ExecutionsTimedOut", "Sum"},
    {"states", "stateMachine", "AWS/States", "ExecutionsStarted", "Sum"},
    {"states", "stateMachine", "AWS/States", "ExecutionTime", "Average"},
    {"ec2", "instance", "AWS/EC2", "StatusCheckFailed_System", "Maximum"},
    {"ec2", "instance", "AWS/EC2", "StatusCheckFailed_Instance", "Maximum"},
    {"ec2", "instance", "AWS/EC2", "CPUUtilization", "Average"},
    {"ec2", "instance", "AWS/EC2", "CPUCreditBalance", "Minimum"},
    {"ec2", "natgateway", "AWS/NATGateway", "ErrorPortAllocation", "Sum"},
    {"ec2", "natgateway", "AWS/NATGateway", "ActiveConnectionCount", "Maximum"},
    {"ec2", "natgateway", "AWS/NATGateway", "PacketsDropCount", "Sum"},
    {"eks", "workload", "ContainerInsights", "pod_number_of_container_restarts", "Maximum"},
    {"eks", "workload", "ContainerInsights", "pod_memory_utilization_over_pod_limit", "Maximum"},
    {"eks", "workload", "ContainerInsights", "pod_cpu_utilization_over_pod_limit", "Average"},
    {"eks", "cluster", "ContainerInsights", "cluster_failed_node_count", "Maximum"},
    {"events", "rule", "AWS/Events", "Invocations", "Sum"},
    {"events", "rule", "AWS/Events", "FailedInvocations", "Sum"},
});

/// "app/web/50dc6c495c0c9188" of a load balancer's ARN: how metrics name it.
std::string balancer_dimension(std::string_view id) {
  const Resource resource = parse_resource(id);
  return resource.kind == "loadbalancer" ? resource.name : std::string();
}

std::vector<std::pair<std::string, std::string>> dimensions_of(
    const Resource& resource, const telemetry::Entity& entity,
    const std::vector<telemetry::Relation>& relations) {
  const std::string& name = resource.name;
  if (resource.kind == "function") return {{"FunctionName", name}};
  if (resource.service == "ecs") return {{"ClusterName", resource.parent}, {"ServiceName", name}};
  if (resource.service == "eks") {
    if (resource.kind == "cluster") return {{"ClusterName", name}};
    const std::size_t slash = name.find('/');
    return {{"ClusterName", resource.parent},
            {"Namespace", name.substr(0, slash)},
            {"PodName", name.substr(name.rfind('/') + 1)}};
  }
  if (resource.kind == "loadbalancer") return {{"LoadBalancer", name}};
  if (resource.kind == "targetgroup") {
    for (const auto& relation : relations) {
      if (relation.to != entity.id || relation.kind != telemetry::RelationKind::kRoutesTo) continue;
      const std::string balancer = balancer_dimension(relation.from);
      if (!balancer.empty()) return {{"TargetGroup", "targetgroup/" + name}, {"LoadBalancer", balancer}};
    }
    return {};  // Without its load balancer, the metric does not exist.
  }
  if (resource.kind == "db") return {{"DBInstanceIdentifier", name}};
  if (resource.kind == "table") return {{"TableName", name}};
  if (resource.kind == "queue") return {{"QueueName", name}};
  if (resource.kind == "stream") return {{"StreamName", name}};
  if (resource.kind == "api") return {{"ApiName", entity.name.empty() ? name : entity.name}};
  if (resource.service == "elasticache") return {{"CacheClusterId", name}};
  if (resource.kind == "stateMachine") return {{"StateMachineArn", entity.id}};
  if (resource.kind == "instance") return {{"InstanceId", name}};
  if (resource.kind == "natgateway") return {{"NatGatewayId", name}};
  if (resource.kind == "rule") return {{"RuleName", name}};
  return {};
}

/// CloudWatch keeps a minute's points for 15 days, and five minutes' for 63.
/// Source: CloudWatch user guide, "Metrics retention".
int period_of(base::Timestamp from, base::Timestamp now) {
  constexpr base::Duration kMinutes = std::chrono::days(15);
  constexpr base::Duration kFiveMinutes = std::chrono::days(63);
  if (now - from < kMinutes) return 60;
  return now - from < kFiveMinutes ? 300 : 3600;
}

}  // namespace

std::vector<WantedSeries> series_of(const telemetry::Entity& entity,
                                    const std::vector<telemetry::Relation>& relations) {
  const Resource resource = parse_resource(entity.id);
  const auto dimensions = dimensions_of(resource, entity, relations);
  std::vector<WantedSeries> out;
  if (dimensions.empty()) return out;
  for (const Template& t : kTemplates) {
    if (t.service != resource.service || t.kind != resource.kind) continue;
    out.push_back({std::string(t.name_space), std::string(t.metric), std::string(t.stat), dimensions});
    if (!t.operation.empty()) out.back().dimensions.emplace_back("Operation", t.operation);
  }
  return out;
}

std::vector<Question> metric_questions(const std::vector<WantedSeries>& series, const AskedTimes& times,
                                       base::Timestamp now, const std::string& region) {
  constexpr std::size_t kMostSeries = 500;  // of GetMetricData
  // The many series of a call each tell a little; together they are the first thing to know.
  constexpr double kMeasured = 3.2;
  const int period = period_of(times.baseline.start, now);
  std::vector<Question> out;
  for (std::size_t from = 0; from < series.size(); from += kMostSeries) {
    Json queries = Json::array();
    for (std::size_t i = from; i < std::min(series.size(), from + kMostSeries); ++i) {
      Json dimensions = Json::array();
      for (const auto& [name, value] : series[i].dimensions)
        dimensions.push_back({{"Name", name}, {"Value", value}});
      queries.push_back({{"Id", fmt::format("m{}", i)},
                         {"MetricStat",
                          {{"Metric",
                            {{"Namespace", series[i].name_space},
                             {"MetricName", series[i].metric},
                             {"Dimensions", std::move(dimensions)}}},
                           {"Period", period},
                           {"Stat", series[i].stat}}}});
    }
    Question question;
    question.request = {"cloudwatch",
                        "GetMetricData",
                        region,
                        {{"MetricDataQueries", std::move(queries)},
                         {"StartTime", base::format_rfc3339(times.baseline.start)},
                         {"EndTime", base::format_rfc3339(times.window.end)},
                         {"ScanBy", "TimestampAscending"}}};
    question.value = kMeasured;
    out.push_back(std::move(question));
  }
  return out;
}

}  // namespace midwatch::connectors::aws
