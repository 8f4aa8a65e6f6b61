// Written by tools/aws_table from the service models of botocore 1.43.11; change it there.
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api::services {
namespace {

constexpr Operation kOperations[] = {
    {.name = "ListPipelines",
     .action = "codepipeline:ListPipelines",
     .paging = {"nextToken", "nextToken", "", "pipelines"}},
    {.name = "GetPipelineState", .action = "codepipeline:GetPipelineState"},
    {.name = "ListPipelineExecutions",
     .action = "codepipeline:ListPipelineExecutions",
     .paging = {"nextToken", "nextToken", "", "pipelineExecutionSummaries"}},
    {.name = "GetPipelineExecution", .action = "codepipeline:GetPipelineExecution"},
    {.name = "ListActionExecutions",
     .action = "codepipeline:ListActionExecutions",
     .paging = {"nextToken", "nextToken", "", "actionExecutionDetails"}},
};

constexpr Field kOutputs[] = {
    {"", "configuration", "configuration", FieldKind::kMap},
    {"", "created", "created", FieldKind::kTime},
    {"", "lastChangedAt", "lastChangedAt", FieldKind::kTime},
    {"", "lastStatusChange", "lastStatusChange", FieldKind::kTime},
    {"", "lastUpdateTime", "lastUpdateTime", FieldKind::kTime},
    {"", "outputVariables", "outputVariables", FieldKind::kMap},
    {"", "resolvedConfiguration", "resolvedConfiguration", FieldKind::kMap},
    {"", "startTime", "startTime", FieldKind::kTime},
    {"", "updated", "updated", FieldKind::kTime},
};

constexpr Service kService{.name = "codepipeline",
                           .id = "CODEPIPELINE",
                           .protocol = Protocol::kJson11,
                           .endpoint_prefix = "codepipeline",
                           .signing_name = "codepipeline",
                           .target_prefix = "CodePipeline_20150709",
                           .operations = kOperations,
                           .outputs = kOutputs};

}  // namespace

const Service& codepipeline() {
  return kService;
}

}  // namespace midwatch::clients::aws::api::services
