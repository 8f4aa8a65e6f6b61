// Written by tools/aws_table from the service models of botocore 1.43.11; change it there.
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api::services {
namespace {

constexpr Operation kOperations[] = {
    {.name = "GetResourceMetrics",
     .action = "pi:GetResourceMetrics",
     .paging = {"NextToken", "NextToken", "", "MetricList"}},
    {.name = "DescribeDimensionKeys",
     .action = "pi:DescribeDimensionKeys",
     .paging = {"NextToken", "NextToken", "", "PartitionKeys Keys"}},
    {.name = "GetDimensionKeyDetails", .action = "pi:GetDimensionKeyDetails"},
    {.name = "ListAvailableResourceMetrics",
     .action = "pi:ListAvailableResourceMetrics",
     .paging = {"NextToken", "NextToken", "", "Metrics"}},
};

constexpr Field kInputs[] = {
    {"", "EndTime", "EndTime", FieldKind::kTime},
    {"", "Filter", "Filter", FieldKind::kMap},
    {"", "StartTime", "StartTime", FieldKind::kTime},
};

constexpr Field kOutputs[] = {
    {"", "AdditionalMetrics", "AdditionalMetrics", FieldKind::kMap},
    {"", "AlignedEndTime", "AlignedEndTime", FieldKind::kTime},
    {"", "AlignedStartTime", "AlignedStartTime", FieldKind::kTime},
    {"", "Dimensions", "Dimensions", FieldKind::kMap},
    {"GetDimensionKeyDetails", "Dimensions", "Dimensions"},
    {"", "Timestamp", "Timestamp", FieldKind::kTime},
};

constexpr Service kService{.name = "pi",
                           .id = "PI",
                           .protocol = Protocol::kJson11,
                           .endpoint_prefix = "pi",
                           .signing_name = "pi",
                           .target_prefix = "PerformanceInsightsv20180227",
                           .operations = kOperations,
                           .inputs = kInputs,
                           .outputs = kOutputs};

}  // namespace

const Service& pi() {
  return kService;
}

}  // namespace midwatch::clients::aws::api::services
