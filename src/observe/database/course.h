#pragma once

#include <functional>
#include <optional>

#include "src/base/time.h"
#include "src/telemetry/alarm.h"
#include "src/telemetry/metric.h"

namespace midwatch::observe::database {

/// Which way of a quantity is a fault: more connections, less free storage.
enum class Worse { kMore, kLess };

/// How one series went: where it stood before, and where it stands at the end of the incident.
struct Course {
  const telemetry::MetricSeries* series = nullptr;
  double before = 0;     ///< the ordinary level; see course_of
  double now = 0;        ///< median of the last quarter: where it stands at the end
  double sustained = 0;  ///< median of the later half: where it stood most of the time
  double worst = 0;      ///< the worst value inside the window
  double highest = 0;    ///< of all points
  double lowest = 0;
  std::size_t points = 0;  ///< inside the window

  /// now ÷ before, with a floor below both so that an idle series has no infinite growth.
  double growth(double floor) const;
  /// The first time from which on all points fit; nothing where the last one does not.
  std::optional<base::Timestamp> since(const std::function<bool(double)>& fits) const;
};

/// Compares a series with its own past. What is ordinary is the median of the baseline episode, else of the
/// points before the window; where there are neither, the best value of the window's first half: an alarm
/// that says "for twenty minutes" has no quiet time before it inside its window.
/// Nothing for fewer than three points inside the window.
std::optional<Course> course_of(const telemetry::MetricSeries& series,
                                const telemetry::MetricSeries* baseline,
                                const telemetry::IncidentScope& scope, Worse worse);

}  // namespace midwatch::observe::database
