#include "src/clients/aws/metric_identity.h"

#include <algorithm>
#include <array>

#include "src/clients/aws/eks.h"

namespace midwatch::clients::aws {
namespace {

/// One way in which a namespace names a resource: the dimension, and what stands before its value in the id.
struct Rule {
  std::string_view name_space;
  std::string_view dimension;
  std::string_view prefix;
  std::string_view
      parent;  ///< a dimension that stands before the name, with a slash: the cluster of a service
};

/// The first rule whose dimension is there counts: the narrower resource comes first.
constexpr std::array<Rule, 27> kRules{
    {{"AWS/Lambda", "FunctionName", "lambda/", ""},
     {"LambdaInsights", "function_name", "lambda/", ""},
     {"AWS/ECS", "ServiceName", "ecs/", "ClusterName"},
     {"AWS/ECS", "ClusterName", "ecs/", ""},
     {"ECS/ContainerInsights", "ServiceName", "ecs/", "ClusterName"},
     {"ECS/ContainerInsights", "TaskDefinitionFamily", "ecs/", "ClusterName"},
     {"ECS/ContainerInsights", "ClusterName", "ecs/", ""},
     {"AWS/ApplicationELB", "TargetGroup", "elasticloadbalancing/", ""},
     {"AWS/ApplicationELB", "LoadBalancer", "elasticloadbalancing/", ""},
     {"AWS/NetworkELB", "TargetGroup", "elasticloadbalancing/", ""},
     {"AWS/NetworkELB", "LoadBalancer", "elasticloadbalancing/", ""},
     {"AWS/RDS", "DBInstanceIdentifier", "rds/", ""},
     {"AWS/RDS", "DBClusterIdentifier", "rds/cluster/", ""},
     {"AWS/DynamoDB", "TableName", "dynamodb/", ""},
     {"AWS/SQS", "QueueName", "sqs/", ""},
     {"AWS/SNS", "TopicName", "sns/", ""},
     {"AWS/Kinesis", "StreamName", "kinesis/", ""},
     {"AWS/ApiGateway", "ApiName", "apigateway/", ""},
     {"AWS/ApiGateway", "ApiId", "apigateway/", ""},
     {"AWS/ElastiCache", "CacheClusterId", "elasticache/", ""},
     {"AWS/ElastiCache", "ReplicationGroupId", "elasticache/", ""},
     {"AWS/EC2", "InstanceId", "ec2/", ""},
     {"AWS/NATGateway", "NatGatewayId", "ec2/", ""},
     {"AWS/States", "StateMachineArn", "", ""},
     {"AWS/Events", "RuleName", "events/", ""},
     {"AWS/EFS", "FileSystemId", "elasticfilesystem/", ""},
     {"AWS/AutoScaling", "AutoScalingGroupName", "autoscaling/", ""}}};

/// Of a cluster of Kubernetes: the workload or the cluster; what is left apart is told by its own dimensions.
MetricOwner owner_in_cluster(Dimensions dimensions) {
  MetricOwner owner;
  const auto take = [&](const char* name) {
    const auto at = dimensions.find(std::string_view(name));
    std::string value = at == dimensions.end() ? std::string() : at->second;
    if (at != dimensions.end()) dimensions.erase(at);
    return value;
  };
  const std::string cluster = take("ClusterName");
  const std::string name_space = take("Namespace");
  const std::string workload = take("PodName");
  owner.entity = workload.empty() ? "eks/" + cluster : eks_workload(cluster, name_space, workload);
  owner.remaining = std::move(dimensions);
  return owner;
}

}  // namespace

MetricOwner owner_of_metric(std::string_view name_space, Dimensions dimensions) {
  if (name_space == "ContainerInsights" && dimensions.contains("ClusterName"))
    return owner_in_cluster(std::move(dimensions));
  MetricOwner owner;
  for (const Rule& rule : kRules) {
    const auto named = dimensions.find(rule.dimension);
    if (rule.name_space != name_space || named == dimensions.end()) continue;
    const auto parent = rule.parent.empty() ? dimensions.end() : dimensions.find(rule.parent);
    owner.entity = rule.prefix;
    if (parent != dimensions.end()) {
      owner.entity += parent->second + "/";
      dimensions.erase(parent);
    }
    owner.entity += named->second;
    dimensions.erase(named);
    // The parent resource of a narrower one is no property of the measurement.
    dimensions.erase(std::string("LoadBalancer"));
    owner.remaining = std::move(dimensions);
    return owner;
  }
  if (const auto first = dimensions.begin(); first != dimensions.end()) {
    const std::string_view service = name_space.substr(name_space.find('/') + 1);
    owner.entity = std::string(service) + "/" + first->second;
    std::transform(owner.entity.begin(), owner.entity.begin() + static_cast<std::ptrdiff_t>(service.size()),
                   owner.entity.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    dimensions.erase(first);
  }
  owner.remaining = std::move(dimensions);
  return owner;
}

}  // namespace midwatch::clients::aws
