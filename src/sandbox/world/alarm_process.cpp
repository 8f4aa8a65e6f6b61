#include "src/sandbox/world/alarm_process.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace midwatch::sandbox::world {
namespace {

struct Point {
  base::Timestamp start;
  std::optional<double> value;
};

/// Metrics of a period are there a little after its end.
constexpr std::chrono::seconds kDelay{25};

bool breaches(const AlarmSpec& alarm, double value) {
  if (alarm.comparison == "GreaterThanOrEqualToThreshold") return value >= alarm.threshold;
  if (alarm.comparison == "GreaterThanThreshold") return value > alarm.threshold;
  if (alarm.comparison == "LessThanThreshold") return value < alarm.threshold;
  return value <= alarm.threshold;
}

std::string_view words_of(const AlarmSpec& alarm) {
  if (alarm.comparison == "GreaterThanOrEqualToThreshold") return "greater than or equal to";
  if (alarm.comparison == "GreaterThanThreshold") return "greater than";
  if (alarm.comparison == "LessThanThreshold") return "less than";
  return "less than or equal to";
}

/// "17/12/25 01:38:00"
std::string short_date(base::Timestamp time) {
  const std::string text = base::format_rfc3339(time);
  return fmt::format("{}/{}/{} {}", text.substr(8, 2), text.substr(5, 2), text.substr(2, 2),
                     text.substr(11, 8));
}

std::string long_date(base::Timestamp time) {
  return base::format_rfc3339(time).substr(0, 19) + ".000+0000";
}

std::string decimal(double value) {
  return value == std::floor(value) ? fmt::format("{:.1f}", value) : fmt::format("{}", value);
}

/// The state that the last points call for; nothing: it stays as it is.
std::optional<std::string> state_of(const AlarmSpec& alarm, const std::vector<Point>& points) {
  int breaching = 0;
  int known = 0;
  for (const Point& point : points) {
    if (point.value) {
      ++known;
      breaching += breaches(alarm, *point.value) ? 1 : 0;
    } else if (alarm.missing == "breaching") {
      ++breaching;
    }
  }
  if (known == 0 && alarm.missing == "missing") return "INSUFFICIENT_DATA";
  if (known == 0 && alarm.missing == "ignore") return std::nullopt;
  return breaching >= alarm.points ? "ALARM" : "OK";
}

AlarmState change_of(const AlarmSpec& alarm, const std::string& state, const std::vector<Point>& points,
                     base::Timestamp now) {
  std::string shown;
  base::Json recent = base::Json::array();
  base::Json evaluated = base::Json::array();
  std::size_t known = 0;
  for (auto point = points.rbegin(); point != points.rend(); ++point) {  // newest first
    base::Json entry{{"timestamp", long_date(point->start)}};
    if (point->value) {
      entry["value"] = *point->value;
      shown += fmt::format("{}{} ({})", known++ == 0 ? "" : ", ", decimal(*point->value),
                           short_date(point->start));
      recent.insert(recent.begin(), *point->value);
    }
    evaluated.push_back(std::move(entry));
  }
  AlarmState change;
  change.alarm = alarm.name;
  change.state = state;
  change.time = now;
  if (known == 0) {
    change.reason =
        state == "INSUFFICIENT_DATA"
            ? fmt::format("Insufficient Data: {} datapoints were unknown.", points.size())
            : fmt::format(
                  "Threshold Crossed: no datapoints were received for {} period{} and {} missing datapoint{} "
                  "treated as [{}].",
                  points.size(), points.size() == 1 ? "" : "s", points.size(),
                  points.size() == 1 ? " was" : "s were",
                  alarm.missing == "breaching" ? "Breaching" : "NonBreaching");
  } else {
    change.reason =
        fmt::format("Threshold Crossed: {} out of the last {} datapoints [{}] {} {}{} the threshold ({})",
                    alarm.points, alarm.of, shown, known == 1 ? "was" : "were",
                    state == "ALARM" ? "" : "not ", words_of(alarm), decimal(alarm.threshold));
    change.reason +=
        fmt::format(" (minimum {} datapoint{} for {} transition).", alarm.points,
                    alarm.points == 1 ? "" : "s", state == "ALARM" ? "OK -> ALARM" : "ALARM -> OK");
  }
  base::Json data{{"version", "1.0"}, {"queryDate", long_date(now)}};
  if (known > 0) data["startDate"] = long_date(points.front().start);
  data["statistic"] = alarm.statistic;
  data["period"] = static_cast<long>(alarm.period);
  data["recentDatapoints"] = std::move(recent);
  data["threshold"] = alarm.threshold;
  data["evaluatedDatapoints"] = std::move(evaluated);
  change.reason_data = base::dump_json(data);
  return change;
}

void run_alarm(const World& world, const AlarmSpec& alarm, History& history) {
  Dimensions dimensions = alarm.dimensions;
  std::sort(dimensions.begin(), dimensions.end());
  const MetricCourse* found = history.metrics.find({alarm.metric_namespace, alarm.metric, dimensions});
  static const MetricCourse kNothing;
  const MetricCourse& course = found == nullptr ? kNothing : *found;
  const base::Duration period = base::duration_from_seconds(alarm.period);
  const base::Timestamp begin = world.zero - base::duration_from_seconds(world.history);
  const base::Timestamp end = world.zero + base::duration_from_seconds(world.horizon);
  AlarmState first{alarm.name, "OK", "Unchecked: Initial alarm creation", "",
                   begin - std::chrono::hours(24 * 30)};
  std::string current = first.state;
  history.alarm_states.push_back(std::move(first));
  std::vector<Point> points;
  // Periods begin at whole multiples of their length.
  for (base::Timestamp at{begin.time_since_epoch() / period * period}; at + period <= end; at += period) {
    points.push_back({at, statistic_of(course, at, period, alarm.statistic)});
    if (points.size() > static_cast<std::size_t>(alarm.of)) points.erase(points.begin());
    if (points.size() < static_cast<std::size_t>(alarm.of)) continue;
    const auto state = state_of(alarm, points);
    if (!state || *state == current) continue;
    current = *state;
    history.alarm_states.push_back(change_of(alarm, current, points, at + period + kDelay));
  }
}

}  // namespace

std::optional<double> statistic_of(const MetricCourse& course, base::Timestamp start, base::Duration period,
                                   const std::string& statistic) {
  MetricPoint all;
  for (auto at = course.lower_bound(start); at != course.end() && at->first < start + period; ++at) {
    const MetricPoint& point = at->second;
    all.min = all.count == 0 ? point.min : std::min(all.min, point.min);
    all.max = all.count == 0 ? point.max : std::max(all.max, point.max);
    all.sum += point.sum;
    all.count += point.count;
    all.samples.insert(all.samples.end(), point.samples.begin(), point.samples.end());
  }
  if (all.count == 0) return std::nullopt;
  if (statistic == "Sum") return all.sum;
  if (statistic == "Minimum") return all.min;
  if (statistic == "Maximum") return all.max;
  if (statistic == "SampleCount") return all.count;
  if (!statistic.starts_with('p')) return all.sum / all.count;
  const auto percent = std::clamp(std::strtod(statistic.c_str() + 1, nullptr), 0.0, 100.0);
  std::sort(all.samples.begin(), all.samples.end());
  const auto rank =
      static_cast<std::size_t>(std::lround(percent / 100 * static_cast<double>(all.samples.size() - 1)));
  return static_cast<double>(all.samples[rank]);
}

void run_alarms(const World& world, History& history) {
  for (const AlarmSpec& alarm : world.alarms) run_alarm(world, alarm, history);
  std::stable_sort(history.alarm_states.begin(), history.alarm_states.end(),
                   [](const AlarmState& a, const AlarmState& b) { return a.time < b.time; });
}

}  // namespace midwatch::sandbox::world
