#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "src/observe/metrics/prepared_series.h"
#include "src/telemetry/alarm.h"

namespace midwatch::observe::metrics {

/// What the alarm's own metric does around the alarm.
struct AlarmAssessment {
  bool found = false;   ///< false: no series fits the alarm's entity and metric
  double strength = 0;  ///< how surely it is out of the ordinary, 0 … 1
  std::optional<base::Timestamp> onset;
  std::string quantity;
  telemetry::MetricKey series;
};

/// The alarm's own series, and how far other deviations go with it.
///
/// Threads: safe once constructed. Keeps pointers into `prepared`.
class AlarmSeries {
 public:
  /// Finds the series that the alarm names, and what it does.
  AlarmSeries(const telemetry::Alarm& alarm, const std::vector<PreparedSeries>& prepared);

  const AlarmAssessment& assessment() const { return assessment_; }

  /// How far a deviation one way (1 up, −1 down) goes with the alarm's, 0 … 1: in its time course (cosine of
  /// the two excesses), and, where it measures the same thing, in its size. 1 where nothing can be said.
  double relation(const PreparedSeries& p, int way) const;

 private:
  AlarmAssessment assessment_;
  const PreparedSeries* alarmed_ = nullptr;
  int way_ = 1;
  std::map<base::Timestamp, double> excess_;
};

}  // namespace midwatch::observe::metrics
