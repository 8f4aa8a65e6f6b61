// Written by tools/aws_table from the service models of botocore 1.43.11; change it there.
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api::services {
namespace {

constexpr Operation kOperations[] = {
    {.name = "DescribeScalingActivities",
     .action = "application-autoscaling:DescribeScalingActivities",
     .paging = {"NextToken", "NextToken", "", "ScalingActivities"}},
    {.name = "DescribeScalableTargets",
     .action = "application-autoscaling:DescribeScalableTargets",
     .paging = {"NextToken", "NextToken", "", "ScalableTargets"}},
    {.name = "DescribeScalingPolicies",
     .action = "application-autoscaling:DescribeScalingPolicies",
     .paging = {"NextToken", "NextToken", "", "ScalingPolicies"}},
    {.name = "DescribeScheduledActions",
     .action = "application-autoscaling:DescribeScheduledActions",
     .paging = {"NextToken", "NextToken", "", "ScheduledActions"}},
};

constexpr Field kOutputs[] = {
    {"", "CreationTime", "CreationTime", FieldKind::kTime},
    {"", "EndTime", "EndTime", FieldKind::kTime},
    {"", "StartTime", "StartTime", FieldKind::kTime},
};

constexpr Service kService{.name = "application-autoscaling",
                           .id = "APPLICATION_AUTO_SCALING",
                           .protocol = Protocol::kJson11,
                           .endpoint_prefix = "application-autoscaling",
                           .signing_name = "application-autoscaling",
                           .target_prefix = "AnyScaleFrontendService",
                           .operations = kOperations,
                           .outputs = kOutputs};

}  // namespace

const Service& application_autoscaling() {
  return kService;
}

}  // namespace midwatch::clients::aws::api::services
