#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "src/base/quantity.h"
#include "src/observe/configuration/detectors.h"
#include "src/observe/configuration/refusals.h"

namespace midwatch::observe::configuration {
namespace {

using telemetry::MetricSeries;

/// Below this share of what is provisioned, a table refuses for one of its partitions, not for all it takes.
/// Source: DynamoDB developer guide, "Best practices for designing and using partition keys effectively"
constexpr double kMostlyUnused = 0.5;

/// What a table counts of one kind of request, and the attribute that says how many units it has for it.
struct Capacity {
  std::string_view throttled;
  std::string_view consumed;
  std::string_view limit;
};
constexpr std::array<Capacity, 2> kCapacities{
    {{"WriteThrottleEvents", "ConsumedWriteCapacityUnits", "limit.write_capacity"},
     {"ReadThrottleEvents", "ConsumedReadCapacityUnits", "limit.read_capacity"}}};

/// The shortest time between two points: what a sum is the sum of; a minute where there is only one.
double period_of(const MetricSeries& series) {
  base::Duration shortest = std::chrono::minutes(1);
  bool known = false;
  for (std::size_t i = 1; i < series.points.size(); ++i) {
    const base::Duration gap = series.points[i].time - series.points[i - 1].time;
    if (gap <= base::Duration::zero() || (known && gap >= shortest)) continue;
    shortest = gap;
    known = true;
  }
  return base::to_seconds(shortest);
}

/// The most units a second that the table took since it refuses; negative where that was not measured.
double most_used(const ConfigurationInput& input, const MetricSeries& throttled, std::string_view consumed,
                 base::Timestamp since) {
  double most = -1;
  for (const MetricSeries& series : input.incident) {
    if (series.key.entity != throttled.key.entity || series.key.metric != consumed) continue;
    const double period = period_of(series);
    for (const auto& point : series.points) {
      if (point.time >= since && input.scope.window.contains(point.time))
        most = std::max(most, point.value / period);
    }
  }
  return most;
}

void detect(const ConfigurationInput& input, const MetricSeries& series, const Capacity& capacity,
            std::vector<model::Observation>& out) {
  const auto index = input.topology.find(series.key.entity);
  if (!index || series.key.metric != capacity.throttled) return;
  const auto provisioned = input.topology.entity(*index).attributes.number(capacity.limit);
  const auto refused = refused_of(input, series);
  if (!refused || !provisioned || *provisioned <= 0) return;
  const double used = most_used(input, series, capacity.consumed, refused->since);
  if (used < 0 || used >= kMostlyUnused * *provisioned) return;
  auto o = about(input, *index, "state.table.hot_partition", kSure, {std::string(capacity.limit)});
  o.subject = series.key.metric;
  o.onset = refused->since;
  o.value = refused->most;
  o.facts["refused"] = base::format_number(refused->all);
  o.facts["used"] = fmt::format("{:.0f}%", 100 * used / *provisioned);
  o.facts["capacity"] = base::format_number(*provisioned);
  o.evidence.push_back(model::series_evidence(
      series, {series.points.front().time, series.points.back().time + base::Duration(1)}));
  out.push_back(std::move(o));
}

}  // namespace

void detect_hot_partitions(const ConfigurationInput& input, std::vector<model::Observation>& out) {
  for (const MetricSeries& series : input.incident) {
    for (const Capacity& capacity : kCapacities) detect(input, series, capacity, out);
  }
}

}  // namespace midwatch::observe::configuration
