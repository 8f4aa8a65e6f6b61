#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/base/time.h"

namespace midwatch::telemetry {

/// Identifies one metric series.
struct MetricKey {
  std::string entity;  ///< the entity that the series is about; of an edge, the end that reports
  std::string metric;  ///< the name that the source gives it
  std::string stat;    ///< "p99", "Maximum", …; empty for the source's plain value
  std::string unit;    ///< as the source says it; empty where it does not
  std::vector<std::pair<std::string, std::string>> dimensions;  ///< further columns, ordered by name

  std::string_view dimension(std::string_view name) const {
    for (const auto& [key, value] : dimensions) {
      if (key == name) return value;
    }
    return {};
  }
  friend bool operator==(const MetricKey&, const MetricKey&) = default;
  friend auto operator<=>(const MetricKey&, const MetricKey&) = default;
};

/// One measurement.
struct MetricPoint {
  base::Timestamp time;
  double value = 0;
};

/// One series.
///
/// Shape: points ascend by time; of several points with the same time the last one stays. Absent samples are
/// absent:
///        never NaN, never zero.
struct MetricSeries {
  MetricKey key;
  std::vector<MetricPoint> points;
};

}  // namespace midwatch::telemetry
