#pragma once

#include <string>
#include <vector>

#include "src/model/evidence.h"
#include "src/telemetry/metric.h"

namespace midwatch::observe::metrics {

/// The points of a series in a window as evidence: the digest is over the points' canonical text, so whoever
/// reads the same series again gets the same digest.
model::Evidence series_evidence(const telemetry::MetricSeries& series, base::TimeRange window);

/// SHA-256 over "nanoseconds value" lines of the points inside the window; values in shortest exact form.
std::string series_digest(const telemetry::MetricSeries& series, base::TimeRange window);

}  // namespace midwatch::observe::metrics
