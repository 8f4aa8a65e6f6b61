#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "src/base/quantity.h"
#include "src/observe/configuration/detectors.h"
#include "src/observe/configuration/refusals.h"
#include "src/observe/series/robust.h"

namespace midwatch::observe::configuration {
namespace {

using telemetry::MetricSeries;
using topology::EntityIndex;

/// Who holds this share of what there is leaves the others short.
constexpr double kMuch = 0.5;
/// So many times what it held before: else it held as much when nobody was refused.
constexpr double kGrown = 1.5;
/// Who is called so many times as often as before outgrew it by itself. Callers try a refused call up to
/// three times, which is no growth of their load.
constexpr double kOwnGrowth = 3;

/// Runs of a function at once: as many as ever, and the most in the window.
struct Held {
  const MetricSeries* series = nullptr;
  double ordinary = 0;
  double most = 0;
  std::optional<base::Timestamp> since;  ///< it holds half of what it took besides
};

/// The median of the points in a time; nothing where there are none.
std::optional<double> median_in(const MetricSeries& series, base::Timestamp from, base::Timestamp to) {
  std::vector<double> values;
  for (const auto& point : series.points) {
    if (from <= point.time && point.time < to) values.push_back(point.value);
  }
  if (values.empty()) return std::nullopt;
  return series::median_of(values);
}

const MetricSeries* series_of(const ConfigurationInput& input, EntityIndex function, std::string_view metric,
                              std::string_view stat) {
  const std::string& id = input.topology.id(function);
  const auto at = std::find_if(input.incident.begin(), input.incident.end(), [&](const MetricSeries& one) {
    return one.key.entity == id && one.key.metric == metric && one.key.stat == stat;
  });
  return at == input.incident.end() ? nullptr : &*at;
}

/// What is ordinary of a series: a source may tell it with the series itself, or apart.
double before_window(const ConfigurationInput& input, const MetricSeries& series) {
  const auto own = median_in(series, base::Timestamp::min(), input.scope.window.start);
  return own ? *own : ordinary_of(input, series);
}

std::optional<Held> held_by(const ConfigurationInput& input, EntityIndex function) {
  const MetricSeries* series = series_of(input, function, "ConcurrentExecutions", "Maximum");
  if (series == nullptr) return std::nullopt;
  Held held;
  held.series = series;
  held.ordinary = before_window(input, *series);
  for (const auto& point : series->points) {
    if (input.scope.window.contains(point.time)) held.most = std::max(held.most, point.value);
  }
  for (const auto& point : series->points) {
    const bool much = point.value >= (held.ordinary + held.most) / 2;
    if (much && !held.since && input.scope.window.contains(point.time)) held.since = point.time;
  }
  return held;
}

/// True where the function is called far more often than before, whether or not the calls became runs.
bool outgrew(const ConfigurationInput& input, EntityIndex function, base::Timestamp since) {
  const MetricSeries* runs = series_of(input, function, "Invocations", "Sum");
  const MetricSeries* refusals = series_of(input, function, "Throttles", "Sum");
  if (runs == nullptr) return false;
  const base::Timestamp end = input.scope.window.end;
  const double now = median_in(*runs, since, end).value_or(0) +
                     (refusals == nullptr ? 0 : median_in(*refusals, since, end).value_or(0));
  return now > kOwnGrowth * before_window(input, *runs);
}

/// The runs that the functions on this quota share.
std::optional<double> shared_limit(const telemetry::Entity& quota) {
  const auto unreserved = quota.attributes.number("quota.unreserved");
  return unreserved && *unreserved > 0 ? unreserved : quota.attributes.number("quota.limit");
}

struct Case {
  EntityIndex refused, holder;
  Refused refusals;
  Held held;
  double limit;
};

void tell(const ConfigurationInput& input, const Case& found, std::vector<model::Observation>& out) {
  const telemetry::Entity& refused = input.topology.entity(found.refused);
  const telemetry::Entity& holder = input.topology.entity(found.holder);
  model::Facts facts;
  facts["taken"] = base::format_number(found.held.most);
  facts["limit"] = base::format_number(found.limit);
  facts["share"] = fmt::format("{:.0f}%", 100 * std::min(1.0, found.held.most / found.limit));
  facts["ordinary"] = base::format_number(found.held.ordinary);
  facts["refused"] = base::format_number(found.refusals.all);
  auto starved = about(input, found.refused, "state.function.starved", kSure, {"platform.kind"});
  starved.subject = "concurrency";
  starved.onset = found.refusals.since;
  starved.facts = facts;
  starved.facts["holder"] = holder.name;
  auto takes = about(input, found.holder, "state.function.takes_concurrency", kSure, {"platform.kind"});
  takes.subject = "concurrency";
  takes.onset = found.held.since;
  takes.value = found.held.most;
  takes.baseline = found.held.ordinary;
  takes.facts = facts;
  takes.facts["caller"] = refused.id;  // whom it keeps waiting
  takes.facts["victim"] = refused.name;
  // Half of what is shared stays to the others.
  takes.facts["bound"] = fmt::format("{:.0f}", std::max(1.0, found.limit / 2));
  const auto evidence = model::series_evidence(
      *found.held.series,
      {found.held.series->points.front().time, found.held.series->points.back().time + base::Duration(1)});
  starved.evidence.push_back(evidence);
  takes.evidence.push_back(evidence);
  out.push_back(std::move(starved));
  out.push_back(std::move(takes));
}

}  // namespace

void detect_shared_concurrency(const ConfigurationInput& input, std::vector<model::Observation>& out) {
  for (EntityIndex quota = 0; quota < input.topology.size(); ++quota) {
    if (input.topology.entity(quota).attributes.get("platform.kind") != "quota") continue;
    const auto limit = shared_limit(input.topology.entity(quota));
    const auto& sharing = input.topology.parts(quota);
    if (!limit || *limit <= 0 || sharing.empty()) continue;
    for (const EntityIndex refused : sharing) {
      const auto refusals = refusals_of(input, refused);
      if (!refusals || outgrew(input, refused, refusals->since)) continue;
      std::optional<Case> best;
      for (const EntityIndex other : sharing) {
        const auto held = other == refused ? std::nullopt : held_by(input, other);
        if (!held || held->most < kMuch * *limit || held->most < kGrown * held->ordinary) continue;
        if (!best || held->most > best->held.most) best = Case{refused, other, *refusals, *held, *limit};
      }
      if (best) tell(input, *best, out);
    }
  }
}

}  // namespace midwatch::observe::configuration
