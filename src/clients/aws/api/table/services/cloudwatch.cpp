// Written by tools/aws_table from the service models of botocore 1.43.11; change it there.
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api::services {
namespace {

constexpr Operation kOperations[] = {
    {.name = "DescribeAlarms",
     .action = "cloudwatch:DescribeAlarms",
     .paging = {"NextToken", "NextToken", "", "MetricAlarms CompositeAlarms"},
     .per_second = 9},
    {.name = "DescribeAlarmHistory",
     .action = "cloudwatch:DescribeAlarmHistory",
     .paging = {"NextToken", "NextToken", "", "AlarmHistoryItems"},
     .per_second = 3},
    {.name = "DescribeAlarmsForMetric", .action = "cloudwatch:DescribeAlarmsForMetric"},
    {.name = "GetMetricData",
     .action = "cloudwatch:GetMetricData",
     .paging = {"NextToken", "NextToken", "", "MetricDataResults Messages"},
     .per_second = 50},
    {.name = "GetMetricStatistics", .action = "cloudwatch:GetMetricStatistics", .per_second = 400},
    {.name = "ListMetrics",
     .action = "cloudwatch:ListMetrics",
     .paging = {"NextToken", "NextToken", "", "Metrics OwningAccounts"},
     .per_second = 25},
    {.name = "DescribeAnomalyDetectors",
     .action = "cloudwatch:DescribeAnomalyDetectors",
     .paging = {"NextToken", "NextToken", "", "AnomalyDetectors"}},
    {.name = "ListDashboards",
     .action = "cloudwatch:ListDashboards",
     .paging = {"NextToken", "NextToken", "", "DashboardEntries"}},
    {.name = "GetDashboard", .action = "cloudwatch:GetDashboard"},
};

constexpr Field kInputs[] = {
    {"", "EndDate", "EndDate", FieldKind::kTime},
    {"", "EndTime", "EndTime", FieldKind::kTime},
    {"", "StartDate", "StartDate", FieldKind::kTime},
    {"", "StartTime", "StartTime", FieldKind::kTime},
};

constexpr Field kOutputs[] = {
    {"", "AlarmConfigurationUpdatedTimestamp", "AlarmConfigurationUpdatedTimestamp", FieldKind::kTime},
    {"", "AlarmContributorAttributes", "AlarmContributorAttributes", FieldKind::kMap},
    {"", "EndTime", "EndTime", FieldKind::kTime},
    {"", "ExtendedStatistics", "ExtendedStatistics", FieldKind::kMap},
    {"", "LastModified", "LastModified", FieldKind::kTime},
    {"", "StartTime", "StartTime", FieldKind::kTime},
    {"", "StateTransitionedTimestamp", "StateTransitionedTimestamp", FieldKind::kTime},
    {"", "StateUpdatedTimestamp", "StateUpdatedTimestamp", FieldKind::kTime},
    {"", "Timestamp", "Timestamp", FieldKind::kTime},
    {"", "Timestamps", "Timestamps", FieldKind::kTime},
};

constexpr Service kService{.name = "cloudwatch",
                           .id = "CLOUDWATCH",
                           .protocol = Protocol::kJson10,
                           .endpoint_prefix = "monitoring",
                           .signing_name = "monitoring",
                           .target_prefix = "GraniteServiceVersion20100801",
                           .query_compatible = true,
                           .operations = kOperations,
                           .inputs = kInputs,
                           .outputs = kOutputs};

}  // namespace

const Service& cloudwatch() {
  return kService;
}

}  // namespace midwatch::clients::aws::api::services
