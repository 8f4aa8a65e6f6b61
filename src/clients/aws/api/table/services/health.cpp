// Written by tools/aws_table from the service models of botocore 1.43.11; change it there.
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api::services {
namespace {

constexpr Operation kOperations[] = {
    {.name = "DescribeEvents",
     .action = "health:DescribeEvents",
     .paging = {"nextToken", "nextToken", "", "events"}},
    {.name = "DescribeEventDetails", .action = "health:DescribeEventDetails"},
    {.name = "DescribeAffectedEntities",
     .action = "health:DescribeAffectedEntities",
     .paging = {"nextToken", "nextToken", "", "entities"}},
    {.name = "DescribeEventAggregates",
     .action = "health:DescribeEventAggregates",
     .paging = {"nextToken", "nextToken", "", "eventAggregates"}},
};

constexpr Field kInputs[] = {
    {"", "from", "from", FieldKind::kTime},
    {"", "to", "to", FieldKind::kTime},
};

constexpr Field kOutputs[] = {
    {"", "endTime", "endTime", FieldKind::kTime},
    {"", "entityMetadata", "entityMetadata", FieldKind::kMap},
    {"", "eventMetadata", "eventMetadata", FieldKind::kMap},
    {"", "lastUpdatedTime", "lastUpdatedTime", FieldKind::kTime},
    {"", "startTime", "startTime", FieldKind::kTime},
    {"", "tags", "tags", FieldKind::kMap},
};

constexpr Service kService{.name = "health",
                           .id = "HEALTH",
                           .protocol = Protocol::kJson11,
                           .endpoint_prefix = "health",
                           .signing_name = "health",
                           .target_prefix = "AWSHealth_20160804",
                           .global = true,
                           .operations = kOperations,
                           .inputs = kInputs,
                           .outputs = kOutputs};

}  // namespace

const Service& health() {
  return kService;
}

}  // namespace midwatch::clients::aws::api::services
