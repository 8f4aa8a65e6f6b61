#pragma once

#include <array>
#include <utility>

namespace midwatch::connectors::aws {

/// Lists of what an account holds: service and operation. They need no input.
inline constexpr std::array<std::pair<const char*, const char*>, 17> kAccountLists{
    {{"lambda", "ListFunctions"},
     {"lambda", "ListEventSourceMappings"},
     {"ecs", "ListClusters"},
     {"elbv2", "DescribeLoadBalancers"},
     {"elbv2", "DescribeTargetGroups"},
     {"rds", "DescribeDBInstances"},
     {"rds", "DescribeDBClusters"},
     {"elasticache", "DescribeCacheClusters"},
     {"dynamodb", "ListTables"},
     {"sqs", "ListQueues"},
     {"apigateway", "GetRestApis"},
     {"apigatewayv2", "GetApis"},
     {"stepfunctions", "ListStateMachines"},
     {"events", "ListRules"},
     {"secretsmanager", "ListSecrets"},
     {"ec2", "DescribeSecurityGroups"},
     {"cloudformation", "DescribeStacks"}}};

}  // namespace midwatch::connectors::aws
