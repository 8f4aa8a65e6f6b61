#pragma once

#include <cstddef>
#include <string>

#include "src/model/observation.h"
#include "src/observe/metrics/prepared_series.h"

namespace midwatch::observe::metrics {

/// Names of metrics are shown up to this length.
inline constexpr std::size_t kMetricNameBytes = 200;

/// A series' name without its statistic: what several statistics (average, percentiles) have in common.
std::string series_name(const telemetry::MetricKey& key);

/// A series' name as people read it: metric, statistic, dimensions; printable and bounded.
std::string subject_of(const telemetry::MetricKey& key);

/// Makes the observation `metric.QUANTITY.WAY` of a series, with its points in focus as evidence. The fact
/// "series" is its series_name, until keep_strongest_statistic takes it away.
model::Observation metric_fact(const PreparedSeries& p, const std::string& way, double strength);

/// Sets the value that an observation is about, and its magnitude: ln(value / ordinary), finite for a value
/// of zero.
void set_value(const PreparedSeries& p, model::Observation& o, double value);

/// Sets when an observation began: at a point of the focus. It may have begun at any time since the point
/// before, so the uncertainty is that distance, at least the usual interval.
void set_onset(const PreparedSeries& p, model::Observation& o, std::size_t focus_index);

/// Keeps, of the observations of one type about several statistics of one series, the surest.
void keep_strongest_statistic(std::vector<model::Observation>& observations);

}  // namespace midwatch::observe::metrics
