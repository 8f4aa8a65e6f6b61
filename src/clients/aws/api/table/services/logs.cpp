// Written by tools/aws_table from the service models of botocore 1.43.11; change it there.
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api::services {
namespace {

constexpr Operation kOperations[] = {
    {.name = "DescribeLogGroups",
     .action = "logs:DescribeLogGroups",
     .paging = {"nextToken", "nextToken", "", "logGroups"},
     .per_second = 5},
    {.name = "DescribeLogStreams",
     .action = "logs:DescribeLogStreams",
     .paging = {"nextToken", "nextToken", "", "logStreams"},
     .per_second = 5},
    {.name = "FilterLogEvents",
     .action = "logs:FilterLogEvents",
     .paging = {"nextToken", "nextToken", "", "events searchedLogStreams"},
     .per_second = 5},
    {.name = "GetLogEvents",
     .action = "logs:GetLogEvents",
     .paging = {"nextToken", "nextForwardToken", "", "events"},
     .per_second = 10},
    {.name = "StartQuery", .action = "logs:StartQuery", .per_second = 10},
    {.name = "GetQueryResults",
     .action = "logs:GetQueryResults",
     .paging = {"nextToken", "nextToken", "", "results"},
     .per_second = 10},
    {.name = "StopQuery", .action = "logs:StopQuery", .per_second = 10},
    {.name = "DescribeMetricFilters",
     .action = "logs:DescribeMetricFilters",
     .paging = {"nextToken", "nextToken", "", "metricFilters"},
     .per_second = 5},
    {.name = "DescribeSubscriptionFilters",
     .action = "logs:DescribeSubscriptionFilters",
     .paging = {"nextToken", "nextToken", "", "subscriptionFilters"},
     .per_second = 5},
    {.name = "GetLogGroupFields", .action = "logs:GetLogGroupFields", .per_second = 5},
};

constexpr Field kOutputs[] = {
    {"", "dimensions", "dimensions", FieldKind::kMap},
};

constexpr Service kService{.name = "logs",
                           .id = "CLOUDWATCH_LOGS",
                           .protocol = Protocol::kJson11,
                           .endpoint_prefix = "logs",
                           .signing_name = "logs",
                           .target_prefix = "Logs_20140328",
                           .operations = kOperations,
                           .outputs = kOutputs};

}  // namespace

const Service& logs() {
  return kService;
}

}  // namespace midwatch::clients::aws::api::services
