#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/sandbox/world/alarm_process.h"
#include "src/sandbox/world/answers.h"
#include "src/sandbox/world/metrics_insights.h"
#include "src/sandbox/world/world_names.h"

namespace midwatch::sandbox::world {
namespace {

using base::Json;
using base::list_at;
using base::text_at;

Json dimension_list(const Dimensions& dimensions) {
  Json list = Json::array();
  for (const auto& [name, value] : dimensions) list.push_back({{"Name", name}, {"Value", value}});
  return list;
}

Dimensions dimensions_of(const Json& list) {
  Dimensions dimensions;
  for (const Json& item : list) dimensions.emplace_back(text_at(item, "Name"), text_at(item, "Value"));
  std::sort(dimensions.begin(), dimensions.end());
  return dimensions;
}

/// The state that an alarm has now.
const AlarmState* state_of(const View& view, const std::string& alarm) {
  const AlarmState* current = nullptr;
  for (const AlarmState& state : view.history.alarm_states) {
    if (state.alarm == alarm && view.past(state.time)) current = &state;
  }
  return current;
}

Json alarm_json(const View& view, const AlarmSpec& alarm, const AlarmState& state) {
  Json json{{"AlarmName", alarm.name}, {"AlarmArn", arn(view.world, "cloudwatch", "alarm:" + alarm.name)}};
  if (!alarm.description.empty()) json["AlarmDescription"] = alarm.description;
  json["AlarmConfigurationUpdatedTimestamp"] = time_text(view.world.zero - std::chrono::hours(24 * 40));
  json["ActionsEnabled"] = true;
  json["OKActions"] = Json::array();
  json["AlarmActions"] = Json::array({arn(view.world, "sns", "oncall")});
  json["InsufficientDataActions"] = Json::array();
  json["StateValue"] = state.state;
  json["StateReason"] = state.reason;
  if (!state.reason_data.empty()) json["StateReasonData"] = state.reason_data;
  json["StateUpdatedTimestamp"] = time_text(state.time);
  json["StateTransitionedTimestamp"] = time_text(state.time);
  json["MetricName"] = alarm.metric;
  json["Namespace"] = alarm.metric_namespace;
  json[alarm.statistic.starts_with('p') ? "ExtendedStatistic" : "Statistic"] = alarm.statistic;
  json["Dimensions"] = dimension_list(alarm.dimensions);
  json["Period"] = static_cast<long>(alarm.period);
  json["EvaluationPeriods"] = alarm.of;
  json["DatapointsToAlarm"] = alarm.points;
  json["Threshold"] = alarm.threshold;
  json["ComparisonOperator"] = alarm.comparison;
  json["TreatMissingData"] = alarm.missing;
  return json;
}

Answer describe_alarms(const View& view, const Json& input) {
  const auto names = wanted(input, "AlarmNames");
  const std::string prefix = text_at(input, "AlarmNamePrefix");
  const std::string state = text_at(input, "StateValue");
  Json alarms = Json::array();
  for (const AlarmSpec& alarm : view.world.alarms) {
    const AlarmState* current = state_of(view, alarm.name);
    const bool asked = (names.empty() || holds(names, alarm.name)) && alarm.name.starts_with(prefix);
    if (current == nullptr || !asked || (!state.empty() && state != current->state)) continue;
    alarms.push_back(alarm_json(view, alarm, *current));
  }
  return Json{{"MetricAlarms", std::move(alarms)}, {"CompositeAlarms", Json::array()}};
}

Answer describe_alarm_history(const View& view, const Json& input) {
  const std::string name = text_at(input, "AlarmName");
  const auto from = time_or(input, "StartDate", base::Timestamp::min());
  const auto until = time_or(input, "EndDate", view.now);
  Json items = Json::array();
  std::map<std::string, std::string> before;
  for (const AlarmState& state : view.history.alarm_states) {
    const std::string former = std::exchange(before[state.alarm], state.state);
    const bool asked = (name.empty() || name == state.alarm) && from <= state.time && state.time <= until;
    if (former.empty() || !asked || !view.past(state.time)) continue;
    const Json data{{"version", "1.0"},
                    {"oldState", {{"stateValue", former}}},
                    {"newState", {{"stateValue", state.state}, {"stateReason", state.reason}}}};
    const bool forwards = text_at(input, "ScanBy") == "TimestampAscending";
    items.insert(forwards ? items.end() : items.begin(),
                 Json{{"AlarmName", state.alarm},
                      {"AlarmType", "MetricAlarm"},
                      {"Timestamp", time_text(state.time)},
                      {"HistoryItemType", "StateUpdate"},
                      {"HistorySummary", fmt::format("Alarm updated from {} to {}", former, state.state)},
                      {"HistoryData", base::dump_json(data)}});
  }
  return Json{{"AlarmHistoryItems", std::move(items)}};
}

struct Window {
  base::Timestamp start, end;
  base::Duration period;
};

/// Periods are whole minutes; the window begins at a whole period.
Window window_of(const View& view, const Json& input, double period) {
  Window window;
  window.period = std::chrono::minutes(std::max(1L, static_cast<long>(period) / 60));
  window.start = time_or(input, "StartTime", view.now - std::chrono::hours(3));
  window.start = base::Timestamp(window.start.time_since_epoch() / window.period * window.period);
  window.end = std::min(time_or(input, "EndTime", view.now), view.now);
  return window;
}

const MetricCourse* course_of(const View& view, const Json& metric) {
  return view.history.metrics.find({text_at(metric, "Namespace"), text_at(metric, "MetricName"),
                                    dimensions_of(list_at(metric, "Dimensions"))});
}

/// The first whole period of a window that holds a point: what lies before it need not be gone through.
base::Timestamp first_point(const MetricCourse& course, const Window& window) {
  const auto first = course.lower_bound(window.start);
  if (first == course.end()) return window.end;
  return base::Timestamp(first->first.time_since_epoch() / window.period * window.period);
}

/// One result of GetMetricData.
Json result_of(const Json& input, const std::string& id, const std::string& label, const MetricCourse* course,
               const Window& window, const std::string& statistic) {
  Json times = Json::array();
  Json values = Json::array();
  if (course != nullptr) {
    std::vector<std::pair<base::Timestamp, double>> points;
    for (auto at = first_point(*course, window); at < window.end; at += window.period) {
      if (const auto value = statistic_of(*course, at, window.period, statistic))
        points.emplace_back(at, *value);
    }
    if (text_at(input, "ScanBy") != "TimestampAscending") std::reverse(points.begin(), points.end());
    for (const auto& [time, value] : points) {
      times.push_back(time_text(time));
      values.push_back(value);
    }
  }
  return {{"Id", id},
          {"Label", label},
          {"Timestamps", std::move(times)},
          {"Values", std::move(values)},
          {"StatusCode", "Complete"}};
}

/// The series of every value of a dimension, as many and in the order that a query asks for.
void add_insights(const View& view, const Json& input, const Json& query, const InsightsQuery& wanted,
                  Json& results) {
  const Window window = window_of(view, input, base::number_at(query, "Period").value_or(60));
  struct Found {
    double key;
    std::string label;
    const MetricCourse* course;
  };
  std::vector<Found> found;
  for (const auto& [id, course] : view.history.metrics.all()) {
    const bool meant = id.name_space == wanted.name_space && id.name == wanted.metric &&
                       id.dimensions.size() == 1 && id.dimensions.front().first == wanted.dimension;
    if (!meant) continue;
    const auto all = statistic_of(course, window.start, window.end - window.start,
                                  wanted.order.empty() ? "Sum" : wanted.order);
    if (all) found.push_back({wanted.order.empty() ? 0 : *all, id.dimensions.front().second, &course});
  }
  std::stable_sort(found.begin(), found.end(), [&](const Found& a, const Found& b) {
    return wanted.descending ? a.key > b.key : a.key < b.key;
  });
  if (found.size() > wanted.limit) found.resize(wanted.limit);
  for (const Found& one : found)
    results.push_back(
        result_of(input, text_at(query, "Id"), one.label, one.course, window, wanted.statistic));
}

Answer get_metric_data(const View& view, const Json& input) {
  Json results = Json::array();
  for (const Json& query : list_at(input, "MetricDataQueries")) {
    const Json& stat = base::at(query, "MetricStat");
    if (!stat.is_object()) {
      const auto insights = read_insights(text_at(query, "Expression"));
      if (!insights)
        return refuse("ValidationError",
                      "Metric math and this form of Metrics Insights are not available in this account.");
      add_insights(view, input, query, *insights, results);
      continue;
    }
    const Json& metric = base::at(stat, "Metric");
    std::string label = text_at(query, "Label");
    if (label.empty()) label = text_at(metric, "MetricName");
    results.push_back(result_of(input, text_at(query, "Id"), label, course_of(view, metric),
                                window_of(view, input, base::number_at(stat, "Period").value_or(60)),
                                text_at(stat, "Stat")));
  }
  return Json{{"MetricDataResults", std::move(results)}, {"Messages", Json::array()}};
}

std::string unit_of(const std::string& metric) {
  if (metric.ends_with("Utilization")) return "Percent";
  if (metric == "Duration" || metric.ends_with("Latency")) return "Milliseconds";
  if (metric == "TargetResponseTime" || metric == "ApproximateAgeOfOldestMessage") return "Seconds";
  if (metric == "FreeStorageSpace" || metric == "FreeableMemory") return "Bytes";
  return "Count";
}

Answer get_metric_statistics(const View& view, const Json& input) {
  const Window window = window_of(view, input, base::number_at(input, "Period").value_or(60));
  Json points = Json::array();
  if (const MetricCourse* course = course_of(view, input)) {
    for (auto at = first_point(*course, window); at < window.end; at += window.period) {
      Json point{{"Timestamp", time_text(at)}};
      for (const std::string& statistic : wanted(input, "Statistics")) {
        if (const auto value = statistic_of(*course, at, window.period, statistic)) point[statistic] = *value;
      }
      for (const std::string& statistic : wanted(input, "ExtendedStatistics")) {
        if (const auto value = statistic_of(*course, at, window.period, statistic))
          point["ExtendedStatistics"][statistic] = *value;
      }
      if (point.size() == 1) continue;
      point["Unit"] = unit_of(text_at(input, "MetricName"));
      points.push_back(std::move(point));
    }
  }
  return Json{{"Label", text_at(input, "MetricName")}, {"Datapoints", std::move(points)}};
}

bool has_dimensions(const MetricId& id, const Json& filters) {
  return std::all_of(filters.begin(), filters.end(), [&](const Json& filter) {
    return std::any_of(id.dimensions.begin(), id.dimensions.end(), [&](const auto& dimension) {
      return dimension.first == text_at(filter, "Name") &&
             (!filter.contains("Value") || dimension.second == text_at(filter, "Value"));
    });
  });
}

Answer list_metrics(const View& view, const Json& input) {
  const std::string name_space = text_at(input, "Namespace");
  const std::string name = text_at(input, "MetricName");
  Json metrics = Json::array();
  for (const auto& [id, course] : view.history.metrics.all()) {
    const bool asked = (name_space.empty() || name_space == id.name_space) &&
                       (name.empty() || name == id.name) && has_dimensions(id, list_at(input, "Dimensions"));
    if (!asked || course.begin()->first > view.now) continue;
    metrics.push_back({{"Namespace", id.name_space},
                       {"MetricName", id.name},
                       {"Dimensions", dimension_list(id.dimensions)}});
  }
  return Json{{"Metrics", std::move(metrics)}};
}

}  // namespace

std::vector<Operation> cloudwatch_operations() {
  return {{"cloudwatch", "DescribeAlarms", describe_alarms},
          {"cloudwatch", "DescribeAlarmHistory", describe_alarm_history},
          {"cloudwatch", "GetMetricData", get_metric_data},
          {"cloudwatch", "GetMetricStatistics", get_metric_statistics},
          {"cloudwatch", "ListMetrics", list_metrics}};
}

}  // namespace midwatch::sandbox::world
