#include "src/connectors/aws/alarm_reader.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/clients/aws/document.h"
#include "src/clients/aws/metric_identity.h"
#include "src/connectors/aws/resource.h"

namespace midwatch::connectors::aws {
namespace {

using base::at;
using base::Json;
using base::list_at;
using base::text_at;

/// The metric that the alarm watches: its own, or the first of a calculation.
const Json* watched(const Json& alarm) {
  if (alarm.contains("MetricName")) return &alarm;
  for (const Json& query : list_at(alarm, "Metrics")) {
    const Json& metric = at(query, "MetricStat", "Metric");
    if (metric.is_object()) return &metric;
  }
  return &alarm;
}

std::string statistic_of(const Json& alarm) {
  for (const char* member : {"Statistic", "ExtendedStatistic"}) {
    std::string stat = text_at(alarm, member);
    if (!stat.empty()) return stat;
  }
  for (const Json& query : list_at(alarm, "Metrics")) {
    std::string stat = text_at(query, "MetricStat", "Stat");
    if (!stat.empty()) return stat;
  }
  return "Average";
}

/// "ALARM("a") OR ALARM(b)": the names in a composite alarm's rule.
std::vector<std::string> children_of(std::string_view rule) {
  constexpr std::string_view kWord = "ALARM(";
  std::vector<std::string> names;
  for (std::size_t at = rule.find(kWord); at != std::string_view::npos; at = rule.find(kWord, at + 1)) {
    const std::string_view rest = rule.substr(at + kWord.size());
    std::string_view name = rest.substr(0, rest.find(')'));
    while (!name.empty() && (name.front() == '"' || name.front() == ' ')) name.remove_prefix(1);
    while (!name.empty() && (name.back() == '"' || name.back() == ' ')) name.remove_suffix(1);
    if (!name.empty()) names.emplace_back(name);
  }
  return names;
}

/// The newest value that made the alarm go off, from StateReasonData.
std::optional<double> observed_by(const Json& alarm) {
  const Json reason = base::parse_json(text_at(alarm, "StateReasonData")).value_or(Json());
  const Json& points = list_at(reason, "recentDatapoints");
  return points.empty() ? std::nullopt : base::number(points.back());
}

AlarmFound read_alarm(const Json& json) {
  AlarmFound found;
  telemetry::Alarm& alarm = found.alarm;
  alarm.name = text_at(json, "AlarmName");
  found.region = parse_resource(text_at(json, "AlarmArn")).region;
  const Json& metric = *watched(json);
  alarm.metric = text_at(metric, "MetricName");
  const std::string name_space = text_at(metric, "Namespace");
  WantedSeries series{name_space, alarm.metric, statistic_of(json), {}};
  clients::aws::Dimensions dimensions;
  for (const Json& dimension : list_at(metric, "Dimensions")) {
    const std::string key = text_at(dimension, "Name");
    const std::string value = text_at(dimension, "Value");
    dimensions.emplace(key, value);
    series.dimensions.emplace_back(key, value);
  }
  alarm.entity = clients::aws::owner_of_metric(name_space, dimensions).entity;
  if (!alarm.metric.empty()) found.series = std::move(series);
  const Json& transitioned = at(json, "StateTransitionedTimestamp");
  alarm.time =
      clients::aws::time_of(transitioned.is_null() ? at(json, "StateUpdatedTimestamp") : transitioned);
  alarm.threshold = base::number_at(json, "Threshold");
  alarm.observed = observed_by(json);
  alarm.summary = text_at(json, "AlarmDescription");
  const std::string reason = text_at(json, "StateReason");
  if (alarm.summary.empty()) {
    alarm.summary = reason;
  } else if (!reason.empty()) {
    alarm.summary += fmt::format(" ({})", reason);
  }
  alarm.source = "cloudwatch";
  found.firing = text_at(json, "StateValue") == "ALARM";
  const double periods = base::number_at(json, "EvaluationPeriods").value_or(1);
  found.evaluated = base::duration_from_seconds(base::number_at(json, "Period").value_or(60) * periods);
  found.children = children_of(text_at(json, "AlarmRule"));
  return found;
}

}  // namespace

std::vector<AlarmFound> alarms_in(const Json& body) {
  std::vector<AlarmFound> alarms;
  for (const char* list : {"MetricAlarms", "CompositeAlarms"}) {
    for (const Json& alarm : list_at(body, list)) alarms.push_back(read_alarm(alarm));
  }
  return alarms;
}

std::optional<AlarmFired> last_fired(const Json& body) {
  std::optional<AlarmFired> last;
  for (const Json& item : list_at(body, "AlarmHistoryItems")) {
    const auto time = clients::aws::time_of(at(item, "Timestamp"));
    const bool fired = text_at(item, "HistorySummary").ends_with("to ALARM");
    if (fired && time && (!last || *time > last->time)) last = AlarmFired{text_at(item, "AlarmName"), *time};
  }
  return last;
}

}  // namespace midwatch::connectors::aws
