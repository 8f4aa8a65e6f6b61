// Written by tools/aws_table from the service models of botocore 1.43.11; change it there.
#include "src/clients/aws/api/table/services.h"

namespace midwatch::clients::aws::api::services {
namespace {

constexpr Operation kOperations[] = {
    {.name = "GetTraceSummaries",
     .action = "xray:GetTraceSummaries",
     .path = "/TraceSummaries",
     .paging = {"NextToken", "NextToken", "", "TraceSummaries"}},
    {.name = "BatchGetTraces",
     .action = "xray:BatchGetTraces",
     .path = "/Traces",
     .paging = {"NextToken", "NextToken", "", "Traces"}},
    {.name = "GetServiceGraph",
     .action = "xray:GetServiceGraph",
     .path = "/ServiceGraph",
     .paging = {"NextToken", "NextToken", "", "Services"}},
    {.name = "GetTraceGraph",
     .action = "xray:GetTraceGraph",
     .path = "/TraceGraph",
     .paging = {"NextToken", "NextToken", "", "Services"}},
    {.name = "GetTimeSeriesServiceStatistics",
     .action = "xray:GetTimeSeriesServiceStatistics",
     .path = "/TimeSeriesServiceStatistics",
     .paging = {"NextToken", "NextToken", "", "TimeSeriesServiceStatistics"}},
    {.name = "GetGroups",
     .action = "xray:GetGroups",
     .path = "/Groups",
     .paging = {"NextToken", "NextToken", "", "Groups"}},
    {.name = "GetInsightSummaries",
     .action = "xray:GetInsightSummaries",
     .path = "/InsightSummaries",
     .paging = {"NextToken", "NextToken", "", "InsightSummaries"}},
    {.name = "GetInsightEvents",
     .action = "xray:GetInsightEvents",
     .path = "/InsightEvents",
     .paging = {"NextToken", "NextToken", "", "InsightEvents"}},
};

constexpr Field kInputs[] = {
    {"", "EndTime", "EndTime", FieldKind::kTime},
    {"", "StartTime", "StartTime", FieldKind::kTime},
};

constexpr Field kOutputs[] = {
    {"", "Annotations", "Annotations", FieldKind::kMap},
    {"", "ApproximateTime", "ApproximateTime", FieldKind::kTime},
    {"", "EndTime", "EndTime", FieldKind::kTime},
    {"", "EventTime", "EventTime", FieldKind::kTime},
    {"", "LastUpdateTime", "LastUpdateTime", FieldKind::kTime},
    {"", "MatchedEventTime", "MatchedEventTime", FieldKind::kTime},
    {"", "StartTime", "StartTime", FieldKind::kTime},
    {"", "Timestamp", "Timestamp", FieldKind::kTime},
};

constexpr Service kService{.name = "xray",
                           .id = "XRAY",
                           .protocol = Protocol::kRestJson,
                           .endpoint_prefix = "xray",
                           .signing_name = "xray",
                           .operations = kOperations,
                           .inputs = kInputs,
                           .outputs = kOutputs};

}  // namespace

const Service& xray() {
  return kService;
}

}  // namespace midwatch::clients::aws::api::services
