#include <algorithm>
#include <map>
#include <string>

#include <fmt/format.h>

#include "src/base/quantity.h"
#include "src/knowledge/metric_meaning.h"
#include "src/observe/configuration/detectors.h"
#include "src/observe/series/robust.h"

namespace midwatch::observe::configuration {
namespace {

using telemetry::MetricPoint;
using telemetry::MetricSeries;
using topology::EntityIndex;

/// Who never used more than this share (percent) of a resource was not short of it.
constexpr double kSpare = 60;
constexpr std::size_t kLeastPoints = 3;

/// Memory that grows: so many points, so far (percent of the limit), up to here at least.
constexpr std::size_t kLeastGrowing = 8;
constexpr double kLeastGrowth = 20;
constexpr double kWorthTelling = 60;
/// A fall below this share of the value before is a new process with empty memory.
constexpr double kNewProcess = 0.8;
/// The level before the growth begins, as share of the whole growth.
constexpr double kStillFlat = 0.05;
/// Half way in time a steady growth is about half way up.
constexpr double kHalfWay = 0.2;
constexpr double kMinute = 60;

using Points = std::vector<MetricPoint>;

double middle(const Points& points, std::size_t first, std::size_t count) {
  std::vector<double> values;
  for (std::size_t i = first; i < first + count; ++i) values.push_back(points[i].value);
  return series::median_of(values);
}

/// The parts of a series in which one process (or one generation of them) ran.
std::vector<Points> lives_of(const MetricSeries& series) {
  std::vector<Points> lives(1);
  for (const MetricPoint& point : series.points) {
    if (!lives.back().empty() && point.value < kNewProcess * lives.back().back().value) lives.emplace_back();
    lives.back().push_back(point);
  }
  return lives;
}

/// Without the time before the growth: it begins at the last point that is about as low as the lowest.
void drop_flat_begin(Points& life) {
  const auto [low, high] = std::minmax_element(
      life.begin(), life.end(), [](const auto& a, const auto& b) { return a.value < b.value; });
  const double flat = low->value + kStillFlat * (high->value - low->value);
  const auto last =
      std::find_if(life.rbegin(), life.rend(), [&](const MetricPoint& p) { return p.value <= flat; });
  life.erase(life.begin(), last.base() - 1);
}

struct Growth {
  double from = 0;  ///< percent of the limit
  double to = 0;
  double per_minute = 0;
  base::Timestamp since;
};

std::optional<Growth> growth_of(Points life) {
  if (life.size() < kLeastGrowing) return std::nullopt;
  drop_flat_begin(life);
  if (life.size() < kLeastGrowing) return std::nullopt;
  const std::size_t n = life.size();
  const double from = middle(life, 0, 3);
  const double to = middle(life, n - 3, 3);
  const double half = (middle(life, n / 2 - 1, 3) - from) / (to - from);
  if (to - from < kLeastGrowth || half < 0.5 - kHalfWay || half > 0.5 + kHalfWay) return std::nullopt;
  // The medians lie one point from each end.
  const double minutes = base::to_seconds(life[n - 2].time - life[1].time) / kMinute;
  if (minutes <= 0) return std::nullopt;
  return Growth{from, to, (to - from) / minutes, life.front().time};
}

std::string minutes_text(double minutes) {
  return minutes < 120 ? fmt::format("{:.0f} min", minutes) : fmt::format("{:.1f} h", minutes / 60);
}

struct Reading {
  const MetricSeries* series = nullptr;
  double most = 0;
  std::size_t points = 0;
};

/// The most that was used of a resource in the window, by entity.
std::map<EntityIndex, Reading> most_used(const ConfigurationInput& input, std::string_view quantity) {
  std::map<EntityIndex, Reading> most;
  for (const MetricSeries& series : input.incident) {
    const auto meaning = knowledge::metric_meaning(series.key, input.knowledge.metric_rules);
    const auto index = input.topology.find(series.key.entity);
    if (meaning.quantity != quantity || meaning.unit != "%" || !index) continue;
    Reading reading{&series};
    for (const MetricPoint& point : series.points) {
      if (!input.scope.window.contains(point.time)) continue;
      reading.most = std::max(reading.most, point.value);
      ++reading.points;
    }
    Reading& known = most[*index];
    if (known.series == nullptr || reading.most > known.most) known = reading;
  }
  return most;
}

void tell_spare(const ConfigurationInput& input, const char* resource, std::vector<model::Observation>& out) {
  const std::string limit = fmt::format("limit.{}", resource);
  for (const auto& [index, reading] : most_used(input, resource)) {
    const auto most = input.topology.entity(index).attributes.number(limit);
    if (!most || reading.points < kLeastPoints || reading.most > kSpare) continue;
    auto o = about(input, index, fmt::format("absent.{}_shortage", resource), kSure, {limit});
    o.subject = reading.series->key.metric;
    o.facts["most"] = fmt::format("{}%", base::format_number(reading.most));
    o.facts["limit"] = resource == std::string_view("cpu")
                           ? fmt::format("{} vCPU", base::format_number(*most))
                           : base::format_quantity(*most, "By");
    o.evidence.push_back(model::series_evidence(*reading.series, input.scope.window));
    out.push_back(std::move(o));
  }
}

}  // namespace

void detect_memory_growth(const ConfigurationInput& input, std::vector<model::Observation>& out) {
  for (const auto& [index, reading] : most_used(input, "memory")) {
    const auto limit = input.topology.entity(index).attributes.number("limit.memory");
    if (!limit || *limit <= 0) continue;
    std::optional<Growth> steepest;
    std::size_t lives = 0;
    for (Points& life : lives_of(*reading.series)) {
      const auto growth = growth_of(std::move(life));
      if (!growth) continue;
      ++lives;
      if (!steepest || growth->to - growth->from > steepest->to - steepest->from) steepest = growth;
    }
    if (!steepest) continue;
    const double left = 100 - steepest->from;
    auto o = about(input, index, "state.memory.growing", steepest->to >= kWorthTelling ? kSure : kRemark,
                   {"limit.memory"});
    o.subject = reading.series->key.metric;
    o.onset = steepest->since;
    o.value = steepest->to;
    o.unit = "%";
    o.facts["from"] = fmt::format("{:.0f}%", steepest->from);
    o.facts["to"] = fmt::format("{:.0f}%", steepest->to);
    o.facts["rate"] = fmt::format("{}/min", base::format_quantity(steepest->per_minute * *limit / 100, "By"));
    o.facts["limit_memory"] = base::format_quantity(*limit, "By");
    o.facts["limit_memory_next"] = base::format_quantity(*limit * 2, "By");
    o.facts["time_to_limit"] = minutes_text(left / steepest->per_minute);
    o.facts["time_bought"] = minutes_text((left + 100) / steepest->per_minute);
    o.facts["lives"] = std::to_string(lives);
    o.evidence.push_back(model::series_evidence(
        *reading.series, {steepest->since, reading.series->points.back().time + base::Duration(1)}));
    out.push_back(std::move(o));
  }
}

void detect_headroom(const ConfigurationInput& input, std::vector<model::Observation>& out) {
  for (const char* resource : {"cpu", "memory"}) tell_spare(input, resource, out);
}

}  // namespace midwatch::observe::configuration
