// Written by tools/aws_table from the service models of botocore 1.43.11; change it there.
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api::services {
namespace {

constexpr Operation kOperations[] = {
    {.name = "ListRules", .action = "events:ListRules", .paging = {"NextToken", "NextToken", "", "Rules"}},
    {.name = "DescribeRule", .action = "events:DescribeRule"},
    {.name = "ListTargetsByRule",
     .action = "events:ListTargetsByRule",
     .paging = {"NextToken", "NextToken", "", "Targets"}},
    {.name = "ListRuleNamesByTarget",
     .action = "events:ListRuleNamesByTarget",
     .paging = {"NextToken", "NextToken", "", "RuleNames"}},
    {.name = "ListEventBuses",
     .action = "events:ListEventBuses",
     .paging = {"NextToken", "NextToken", "", "EventBuses"}},
    {.name = "DescribeEventBus", .action = "events:DescribeEventBus"},
};

constexpr Field kOutputs[] = {
    {"", "CreationTime", "CreationTime", FieldKind::kTime},
    {"", "HeaderParameters", "HeaderParameters", FieldKind::kMap},
    {"", "InputPathsMap", "InputPathsMap", FieldKind::kMap},
    {"", "LastModifiedTime", "LastModifiedTime", FieldKind::kTime},
    {"", "QueryStringParameters", "QueryStringParameters", FieldKind::kMap},
};

constexpr Service kService{.name = "events",
                           .id = "EVENTBRIDGE",
                           .protocol = Protocol::kJson11,
                           .endpoint_prefix = "events",
                           .signing_name = "events",
                           .target_prefix = "AWSEvents",
                           .operations = kOperations,
                           .outputs = kOutputs};

}  // namespace

const Service& events() {
  return kService;
}

}  // namespace midwatch::clients::aws::api::services
