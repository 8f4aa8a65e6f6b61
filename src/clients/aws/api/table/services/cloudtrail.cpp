// Written by tools/aws_table from the service models of botocore 1.43.11; change it there.
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api::services {
namespace {

constexpr Operation kOperations[] = {
    {.name = "LookupEvents",
     .action = "cloudtrail:LookupEvents",
     .paging = {"NextToken", "NextToken", "", "Events"},
     .per_second = 2},
    {.name = "DescribeTrails", .action = "cloudtrail:DescribeTrails"},
    {.name = "GetTrailStatus", .action = "cloudtrail:GetTrailStatus"},
};

constexpr Field kInputs[] = {
    {"", "EndTime", "EndTime", FieldKind::kTime},
    {"", "StartTime", "StartTime", FieldKind::kTime},
};

constexpr Field kOutputs[] = {
    {"", "EventTime", "EventTime", FieldKind::kTime},
    {"", "LatestCloudWatchLogsDeliveryTime", "LatestCloudWatchLogsDeliveryTime", FieldKind::kTime},
    {"", "LatestDeliveryTime", "LatestDeliveryTime", FieldKind::kTime},
    {"", "LatestDigestDeliveryTime", "LatestDigestDeliveryTime", FieldKind::kTime},
    {"", "LatestNotificationTime", "LatestNotificationTime", FieldKind::kTime},
    {"", "StartLoggingTime", "StartLoggingTime", FieldKind::kTime},
    {"", "StopLoggingTime", "StopLoggingTime", FieldKind::kTime},
};

constexpr Service kService{.name = "cloudtrail",
                           .id = "CLOUDTRAIL",
                           .protocol = Protocol::kJson11,
                           .endpoint_prefix = "cloudtrail",
                           .signing_name = "cloudtrail",
                           .target_prefix = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101",
                           .operations = kOperations,
                           .inputs = kInputs,
                           .outputs = kOutputs};

}  // namespace

const Service& cloudtrail() {
  return kService;
}

}  // namespace midwatch::clients::aws::api::services
