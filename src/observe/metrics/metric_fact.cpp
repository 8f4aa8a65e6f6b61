#include "src/observe/metrics/metric_fact.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "src/base/quantity.h"
#include "src/base/utf8.h"
#include "src/model/record_evidence.h"

namespace midwatch::observe::metrics {

std::string series_name(const telemetry::MetricKey& key) {
  std::string name = key.metric;
  for (const auto& [dimension, value] : key.dimensions) name += '\x1f' + dimension + '=' + value;
  return name;
}

std::string subject_of(const telemetry::MetricKey& key) {
  std::string subject = key.metric;
  if (!key.stat.empty()) subject += " " + key.stat;
  for (const auto& [name, value] : key.dimensions) subject += fmt::format(" {}={}", name, value);
  return base::printable(subject, kMetricNameBytes);
}

model::Observation metric_fact(const PreparedSeries& p, const std::string& way, double strength) {
  model::Observation o;
  o.entity = p.entity;
  o.type = fmt::format("metric.{}.{}", p.meaning.quantity, way);
  o.subject = subject_of(p.series->key);
  o.strength = strength;
  o.baseline = p.ordinary.middle;
  o.unit = p.meaning.unit;
  o.facts["metric"] = base::printable(p.series->key.metric, kMetricNameBytes);
  o.facts["series"] = series_name(p.series->key);
  o.facts["lowest_ordinary"] = base::format_quantity(p.ordinary.lowest, o.unit);
  o.facts["highest_ordinary"] = base::format_quantity(p.ordinary.highest, o.unit);
  const base::TimeRange shown{p.focus.front().time, p.focus.back().time + base::Duration(1)};
  o.evidence.push_back(model::series_evidence(*p.series, shown));
  return o;
}

void set_value(const PreparedSeries& p, model::Observation& o, double value) {
  o.value = value;
  const double a = std::abs(value);
  const double b = std::abs(p.ordinary.middle);
  o.magnitude = std::abs(std::log((a + p.floor) / (b + p.floor)));
}

void set_onset(const PreparedSeries& p, model::Observation& o, std::size_t focus_index) {
  const base::Timestamp onset = p.focus[focus_index].time;
  o.onset = onset;
  const auto at = std::lower_bound(p.points.begin(), p.points.end(), onset,
                                   [](const auto& point, base::Timestamp t) { return point.time < t; });
  o.onset_uncertainty = p.interval;
  if (at != p.points.begin())
    o.onset_uncertainty = std::max(o.onset_uncertainty, onset - std::prev(at)->time);
}

void keep_strongest_statistic(std::vector<model::Observation>& observations) {
  std::map<std::tuple<std::string, std::string, std::string>, std::size_t> best;
  std::vector<char> keep(observations.size(), 1);
  for (std::size_t i = 0; i < observations.size(); ++i) {
    const auto& o = observations[i];
    const auto [at, is_new] = best.emplace(std::tuple{o.entity, o.facts.at("series"), o.type}, i);
    if (is_new) continue;
    if (o.strength > observations[at->second].strength) {
      keep[at->second] = 0;
      at->second = i;
    } else {
      keep[i] = 0;
    }
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < observations.size(); ++i) {
    if (!keep[i]) continue;
    observations[i].facts.erase("series");
    if (kept != i) observations[kept] = std::move(observations[i]);
    ++kept;
  }
  observations.resize(kept);
}

}  // namespace midwatch::observe::metrics
