// Written by tools/aws_table from the service models of botocore 1.43.11; change it there.
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api::services {
namespace {

constexpr Operation kOperations[] = {
    {.name = "ListStateMachines",
     .action = "states:ListStateMachines",
     .paging = {"nextToken", "nextToken", "", "stateMachines"}},
    {.name = "DescribeStateMachine", .action = "states:DescribeStateMachine"},
    {.name = "DescribeStateMachineForExecution", .action = "states:DescribeStateMachineForExecution"},
    {.name = "ListExecutions",
     .action = "states:ListExecutions",
     .paging = {"nextToken", "nextToken", "", "executions"}},
    {.name = "DescribeExecution", .action = "states:DescribeExecution"},
    {.name = "GetExecutionHistory",
     .action = "states:GetExecutionHistory",
     .paging = {"nextToken", "nextToken", "", "events"}},
    {.name = "ListMapRuns",
     .action = "states:ListMapRuns",
     .paging = {"nextToken", "nextToken", "", "mapRuns"}},
    {.name = "DescribeMapRun", .action = "states:DescribeMapRun"},
};

constexpr Field kOutputs[] = {
    {"", "assignedVariables", "assignedVariables", FieldKind::kMap},
    {"", "creationDate", "creationDate", FieldKind::kTime},
    {"", "redriveDate", "redriveDate", FieldKind::kTime},
    {"", "startDate", "startDate", FieldKind::kTime},
    {"", "stopDate", "stopDate", FieldKind::kTime},
    {"", "timestamp", "timestamp", FieldKind::kTime},
    {"", "updateDate", "updateDate", FieldKind::kTime},
    {"", "variableReferences", "variableReferences", FieldKind::kMap},
};

constexpr Service kService{.name = "stepfunctions",
                           .id = "SFN",
                           .protocol = Protocol::kJson10,
                           .endpoint_prefix = "states",
                           .signing_name = "states",
                           .target_prefix = "AWSStepFunctions",
                           .operations = kOperations,
                           .outputs = kOutputs};

}  // namespace

const Service& stepfunctions() {
  return kService;
}

}  // namespace midwatch::clients::aws::api::services
