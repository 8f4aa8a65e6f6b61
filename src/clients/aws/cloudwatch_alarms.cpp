#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/clients/aws/arn.h"
#include "src/clients/aws/cloudwatch.h"
#include "src/clients/aws/metric_identity.h"

namespace midwatch::clients::aws {
namespace {

using base::at;
using base::Json;
using base::list_at;
using base::text_at;

Dimensions dimensions_of(const Json& list) {
  Dimensions dimensions;
  for (const Json& dimension : list) {
    dimensions.emplace(text_at(dimension, "Name"), text_at(dimension, "Value"));
  }
  return dimensions;
}

/// The metric that an alarm watches: its own, or the first of a metric calculation.
const Json* watched(const Json& alarm) {
  if (!text_at(alarm, "MetricName").empty()) return &alarm;
  for (const Json& query : list_at(alarm, "Metrics")) {
    const Json& metric = at(query, "MetricStat", "Metric");
    if (!text_at(metric, "MetricName").empty()) return &metric;
  }
  return &alarm;
}

void decode_alarm(const Document& document, const Json& alarm, telemetry::TelemetryBatch& out) {
  const std::string name = text_at(alarm, "AlarmName");
  if (name.empty()) return;
  const Json& metric = *watched(alarm);
  const MetricOwner owner =
      owner_of_metric(text_at(metric, "Namespace"), dimensions_of(list_at(metric, "Dimensions")));
  const Json& transitioned = at(alarm, "StateTransitionedTimestamp");
  auto event =
      make_event(document, owner.entity.empty() ? named_id("cloudwatch", name) : owner.entity, "cloudwatch",
                 transitioned.is_null() ? at(alarm, "StateUpdatedTimestamp") : transitioned);
  event.type = "alarm";
  event.reason = text_at(alarm, "StateValue");
  event.message = fmt::format("alarm {}: {}", name, text_at(alarm, "StateReason"));
  event.attributes.set("alarm", name);
  copy_members(metric, {{"metric", "MetricName"}, {"namespace", "Namespace"}}, event.attributes);
  copy_members(alarm,
               {{"threshold", "Threshold"},
                {"comparison", "ComparisonOperator"},
                {"statistic", "Statistic"},
                {"period", "Period"},
                {"missing_data", "TreatMissingData"},
                {"rule", "AlarmRule"}},
               event.attributes);
  out.events.push_back(std::move(event));
}

}  // namespace

void decode_cloudwatch_alarms(const Document& document, telemetry::TelemetryBatch& out) {
  for (const char* list : {"MetricAlarms", "CompositeAlarms"}) {
    for (const Json& alarm : list_at(document.body, list)) decode_alarm(document, alarm, out);
  }
}

void decode_cloudwatch_alarm_history(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& item : list_at(document.body, "AlarmHistoryItems")) {
    auto event = make_event(document, named_id("cloudwatch", text_at(item, "AlarmName")), "cloudwatch",
                            at(item, "Timestamp"));
    event.type = "alarm_history";
    event.reason = text_at(item, "HistoryItemType");
    event.message = text_at(item, "HistorySummary");
    out.events.push_back(std::move(event));
  }
}

}  // namespace midwatch::clients::aws
