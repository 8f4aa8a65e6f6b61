// Written by tools/aws_table from the service models of botocore 1.43.11; change it there.
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api::services {
namespace {

constexpr Operation kOperations[] = {
    {.name = "DescribeStacks",
     .action = "cloudformation:DescribeStacks",
     .paging = {"NextToken", "NextToken", "", "Stacks"}},
    {.name = "DescribeStackEvents",
     .action = "cloudformation:DescribeStackEvents",
     .paging = {"NextToken", "NextToken", "", "StackEvents"}},
    {.name = "DescribeStackResources", .action = "cloudformation:DescribeStackResources"},
    {.name = "DescribeStackResourceDrifts",
     .action = "cloudformation:DescribeStackResourceDrifts",
     .paging = {"NextToken", "NextToken", "", "StackResourceDrifts"}},
    {.name = "ListStacks",
     .action = "cloudformation:ListStacks",
     .paging = {"NextToken", "NextToken", "", "StackSummaries"}},
    {.name = "ListStackResources",
     .action = "cloudformation:ListStackResources",
     .paging = {"NextToken", "NextToken", "", "StackResourceSummaries"}},
    {.name = "ListChangeSets",
     .action = "cloudformation:ListChangeSets",
     .paging = {"NextToken", "NextToken", "", "Summaries"}},
    {.name = "DescribeChangeSet",
     .action = "cloudformation:DescribeChangeSet",
     .paging = {"NextToken", "NextToken", "", "Changes"}},
};

constexpr Field kInputs[] = {
    {"", "StackResourceDriftStatusFilters", "StackResourceDriftStatusFilters", FieldKind::kList, "member"},
    {"", "StackStatusFilter", "StackStatusFilter", FieldKind::kList, "member"},
};

constexpr Field kOutputs[] = {
    {"", "Capabilities", "Capabilities", FieldKind::kList},
    {"", "Changes", "Changes", FieldKind::kList},
    {"", "CreationTime", "CreationTime", FieldKind::kTime},
    {"", "DeletionTime", "DeletionTime", FieldKind::kTime},
    {"", "Details", "Details", FieldKind::kList},
    {"", "DisableRollback", "DisableRollback", FieldKind::kBoolean},
    {"", "DriftDetectionTimestamp", "DriftDetectionTimestamp", FieldKind::kTime},
    {"", "EnableTerminationProtection", "EnableTerminationProtection", FieldKind::kBoolean},
    {"", "HookInvocationCount", "HookInvocationCount", FieldKind::kNumber},
    {"", "ImportExistingResources", "ImportExistingResources", FieldKind::kBoolean},
    {"", "IncludeNestedStacks", "IncludeNestedStacks", FieldKind::kBoolean},
    {"", "LastCheckTimestamp", "LastCheckTimestamp", FieldKind::kTime},
    {"", "LastOperations", "LastOperations", FieldKind::kList},
    {"", "LastUpdatedTime", "LastUpdatedTime", FieldKind::kTime},
    {"", "LastUpdatedTimestamp", "LastUpdatedTimestamp", FieldKind::kTime},
    {"", "MonitoringTimeInMinutes", "MonitoringTimeInMinutes", FieldKind::kNumber},
    {"", "NotificationARNs", "NotificationARNs", FieldKind::kList},
    {"", "Outputs", "Outputs", FieldKind::kList},
    {"", "Parameters", "Parameters", FieldKind::kList},
    {"", "PhysicalResourceIdContext", "PhysicalResourceIdContext", FieldKind::kList},
    {"", "PropertyDifferences", "PropertyDifferences", FieldKind::kList},
    {"", "ResourceDriftIgnoredAttributes", "ResourceDriftIgnoredAttributes", FieldKind::kList},
    {"", "RetainExceptOnCreate", "RetainExceptOnCreate", FieldKind::kBoolean},
    {"", "RollbackTriggers", "RollbackTriggers", FieldKind::kList},
    {"", "Scope", "Scope", FieldKind::kList},
    {"", "StackEvents", "StackEvents", FieldKind::kList},
    {"", "StackResourceDrifts", "StackResourceDrifts", FieldKind::kList},
    {"", "StackResourceSummaries", "StackResourceSummaries", FieldKind::kList},
    {"", "StackResources", "StackResources", FieldKind::kList},
    {"", "StackSummaries", "StackSummaries", FieldKind::kList},
    {"", "Stacks", "Stacks", FieldKind::kList},
    {"", "Summaries", "Summaries", FieldKind::kList},
    {"", "Tags", "Tags", FieldKind::kList},
    {"", "TimeoutInMinutes", "TimeoutInMinutes", FieldKind::kNumber},
    {"", "Timestamp", "Timestamp", FieldKind::kTime},
    {"", "UsePreviousValue", "UsePreviousValue", FieldKind::kBoolean},
};

constexpr Service kService{.name = "cloudformation",
                           .id = "CLOUDFORMATION",
                           .protocol = Protocol::kQuery,
                           .endpoint_prefix = "cloudformation",
                           .signing_name = "cloudformation",
                           .version = "2010-05-15",
                           .operations = kOperations,
                           .inputs = kInputs,
                           .outputs = kOutputs};

}  // namespace

const Service& cloudformation() {
  return kService;
}

}  // namespace midwatch::clients::aws::api::services
