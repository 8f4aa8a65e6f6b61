#include "src/observe/metrics/drop_to_zero.h"

#include <algorithm>

#include "src/observe/metrics/excursion.h"
#include "src/observe/metrics/metric_fact.h"
#include "src/observe/metrics/strength.h"

namespace midwatch::observe::metrics {

std::optional<model::Observation> observe_zero(const PreparedSeries& p, const AlarmSeries& alarm) {
  if (p.ordinary.lowest <= 0 || p.focus.size() < 2) return std::nullopt;
  const auto is_zero = [](const telemetry::MetricPoint& point) { return point.value == 0; };
  const auto zeros = static_cast<std::size_t>(std::count_if(p.focus.begin(), p.focus.end(), is_zero));
  if (2 * zeros < p.focus.size() && !is_zero(p.focus.back())) return std::nullopt;
  // A single zero may be a sample that was missed.
  if (zeros < 2) return std::nullopt;
  model::Observation o = metric_fact(p, "zero", strength_of(deviation_of(p, 0)) * alarm.relation(p, -1));
  if (o.strength < kLeastStrength) return std::nullopt;
  set_value(p, o, 0);
  const auto first = std::find_if(p.focus.begin(), p.focus.end(), is_zero);
  set_onset(p, o, static_cast<std::size_t>(first - p.focus.begin()));
  return o;
}

}  // namespace midwatch::observe::metrics
