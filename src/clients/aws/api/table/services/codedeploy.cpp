// Written by tools/aws_table from the service models of botocore 1.43.11; change it there.
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api::services {
namespace {

constexpr Operation kOperations[] = {
    {.name = "ListApplications",
     .action = "codedeploy:ListApplications",
     .paging = {"nextToken", "nextToken", "", "applications"}},
    {.name = "ListDeploymentGroups",
     .action = "codedeploy:ListDeploymentGroups",
     .paging = {"nextToken", "nextToken", "", "deploymentGroups"}},
    {.name = "GetDeploymentGroup", .action = "codedeploy:GetDeploymentGroup"},
    {.name = "ListDeployments",
     .action = "codedeploy:ListDeployments",
     .paging = {"nextToken", "nextToken", "", "deployments"}},
    {.name = "GetDeployment", .action = "codedeploy:GetDeployment"},
    {.name = "BatchGetDeployments", .action = "codedeploy:BatchGetDeployments"},
    {.name = "ListDeploymentTargets",
     .action = "codedeploy:ListDeploymentTargets",
     .paging = {"nextToken", "nextToken", "", "targetIds"}},
    {.name = "BatchGetDeploymentTargets", .action = "codedeploy:BatchGetDeploymentTargets"},
};

constexpr Field kInputs[] = {
    {"", "end", "end", FieldKind::kTime},
    {"", "start", "start", FieldKind::kTime},
    {"", "targetFilters", "targetFilters", FieldKind::kMap},
};

constexpr Field kOutputs[] = {
    {"", "completeTime", "completeTime", FieldKind::kTime},
    {"", "createTime", "createTime", FieldKind::kTime},
    {"", "endTime", "endTime", FieldKind::kTime},
    {"", "lastUpdatedAt", "lastUpdatedAt", FieldKind::kTime},
    {"", "startTime", "startTime", FieldKind::kTime},
};

constexpr Service kService{.name = "deploy",
                           .id = "CODEDEPLOY",
                           .protocol = Protocol::kJson11,
                           .endpoint_prefix = "codedeploy",
                           .signing_name = "codedeploy",
                           .target_prefix = "CodeDeploy_20141006",
                           .operations = kOperations,
                           .inputs = kInputs,
                           .outputs = kOutputs};

}  // namespace

const Service& codedeploy() {
  return kService;
}

}  // namespace midwatch::clients::aws::api::services
