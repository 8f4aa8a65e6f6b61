// Written by tools/aws_table from the service models of botocore 1.43.11; change it there.
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api::services {
namespace {

constexpr Operation kOperations[] = {
    {.name = "GetResourceConfigHistory",
     .action = "config:GetResourceConfigHistory",
     .paging = {"nextToken", "nextToken", "", "configurationItems"}},
    {.name = "ListDiscoveredResources",
     .action = "config:ListDiscoveredResources",
     .paging = {"nextToken", "nextToken", "", "resourceIdentifiers"}},
    {.name = "DescribeConfigurationRecorderStatus", .action = "config:DescribeConfigurationRecorderStatus"},
};

constexpr Field kInputs[] = {
    {"", "earlierTime", "earlierTime", FieldKind::kTime},
    {"", "laterTime", "laterTime", FieldKind::kTime},
};

constexpr Field kOutputs[] = {
    {"", "configurationItemCaptureTime", "configurationItemCaptureTime", FieldKind::kTime},
    {"", "configurationItemDeliveryTime", "configurationItemDeliveryTime", FieldKind::kTime},
    {"", "lastStartTime", "lastStartTime", FieldKind::kTime},
    {"", "lastStatusChangeTime", "lastStatusChangeTime", FieldKind::kTime},
    {"", "lastStopTime", "lastStopTime", FieldKind::kTime},
    {"", "resourceCreationTime", "resourceCreationTime", FieldKind::kTime},
    {"", "resourceDeletionTime", "resourceDeletionTime", FieldKind::kTime},
    {"", "supplementaryConfiguration", "supplementaryConfiguration", FieldKind::kMap},
    {"", "tags", "tags", FieldKind::kMap},
};

constexpr Service kService{.name = "configservice",
                           .id = "CONFIG_SERVICE",
                           .protocol = Protocol::kJson11,
                           .endpoint_prefix = "config",
                           .signing_name = "config",
                           .target_prefix = "StarlingDoveService",
                           .operations = kOperations,
                           .inputs = kInputs,
                           .outputs = kOutputs};

}  // namespace

const Service& config() {
  return kService;
}

}  // namespace midwatch::clients::aws::api::services
