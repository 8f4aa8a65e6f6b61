// Written by tools/aws_table from the service models of botocore 1.43.11; change it there.
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api::services {
namespace {

constexpr Operation kOperations[] = {
    {.name = "ListClusters",
     .action = "ecs:ListClusters",
     .paging = {"nextToken", "nextToken", "", "clusterArns"}},
    {.name = "DescribeClusters", .action = "ecs:DescribeClusters"},
    {.name = "ListServices",
     .action = "ecs:ListServices",
     .paging = {"nextToken", "nextToken", "", "serviceArns"}},
    {.name = "DescribeServices", .action = "ecs:DescribeServices"},
    {.name = "ListTasks", .action = "ecs:ListTasks", .paging = {"nextToken", "nextToken", "", "taskArns"}},
    {.name = "DescribeTasks", .action = "ecs:DescribeTasks"},
    {.name = "ListTaskDefinitions",
     .action = "ecs:ListTaskDefinitions",
     .paging = {"nextToken", "nextToken", "", "taskDefinitionArns"}},
    {.name = "DescribeTaskDefinition", .action = "ecs:DescribeTaskDefinition"},
    {.name = "ListContainerInstances",
     .action = "ecs:ListContainerInstances",
     .paging = {"nextToken", "nextToken", "", "containerInstanceArns"}},
    {.name = "DescribeContainerInstances", .action = "ecs:DescribeContainerInstances"},
    {.name = "DescribeCapacityProviders",
     .action = "ecs:DescribeCapacityProviders",
     .paging = {"nextToken", "nextToken", "", "capacityProviders failures"}},
    {.name = "ListServiceDeployments",
     .action = "ecs:ListServiceDeployments",
     .paging = {"nextToken", "nextToken", "", "serviceDeployments"}},
    {.name = "DescribeServiceDeployments", .action = "ecs:DescribeServiceDeployments"},
    {.name = "DescribeServiceRevisions", .action = "ecs:DescribeServiceRevisions"},
};

constexpr Field kInputs[] = {
    {"", "after", "after", FieldKind::kTime},
    {"", "before", "before", FieldKind::kTime},
};

constexpr Field kOutputs[] = {
    {"", "connectivityAt", "connectivityAt", FieldKind::kTime},
    {"", "createdAt", "createdAt", FieldKind::kTime},
    {"", "deleteRequestedAt", "deleteRequestedAt", FieldKind::kTime},
    {"", "deregisteredAt", "deregisteredAt", FieldKind::kTime},
    {"", "dockerLabels", "dockerLabels", FieldKind::kMap},
    {"", "driverOpts", "driverOpts", FieldKind::kMap},
    {"", "executionStoppedAt", "executionStoppedAt", FieldKind::kTime},
    {"", "expiresAt", "expiresAt", FieldKind::kTime},
    {"", "finishedAt", "finishedAt", FieldKind::kTime},
    {"", "labels", "labels", FieldKind::kMap},
    {"", "lastStartedAt", "lastStartedAt", FieldKind::kTime},
    {"", "lastStatusChange", "lastStatusChange", FieldKind::kTime},
    {"", "lastUpdated", "lastUpdated", FieldKind::kTime},
    {"", "options", "options", FieldKind::kMap},
    {"", "pullStartedAt", "pullStartedAt", FieldKind::kTime},
    {"", "pullStoppedAt", "pullStoppedAt", FieldKind::kTime},
    {"", "registeredAt", "registeredAt", FieldKind::kTime},
    {"", "stabilityStatusAt", "stabilityStatusAt", FieldKind::kTime},
    {"", "startedAt", "startedAt", FieldKind::kTime},
    {"", "stoppedAt", "stoppedAt", FieldKind::kTime},
    {"", "stoppingAt", "stoppingAt", FieldKind::kTime},
    {"", "updatedAt", "updatedAt", FieldKind::kTime},
};

constexpr Service kService{.name = "ecs",
                           .id = "ECS",
                           .protocol = Protocol::kJson11,
                           .endpoint_prefix = "ecs",
                           .signing_name = "ecs",
                           .target_prefix = "AmazonEC2ContainerServiceV20141113",
                           .operations = kOperations,
                           .inputs = kInputs,
                           .outputs = kOutputs};

}  // namespace

const Service& ecs() {
  return kService;
}

}  // namespace midwatch::clients::aws::api::services
