#pragma once

#include <cstdint>
#include <vector>

#include "src/telemetry/metric.h"

namespace midwatch::connectors::bundle {

/// Collects the points of one series within a bound.
///
/// Where there are too many, neighbours are averaged in pairs, and from then on as many new points make one:
/// the distance of points stays even, as if the source had sampled more rarely.
class SeriesBuilder {
 public:
  explicit SeriesBuilder(telemetry::MetricKey key) { series_.key = std::move(key); }

  const telemetry::MetricKey& key() const { return series_.key; }
  std::size_t size() const { return series_.points.size(); }

  void add(telemetry::MetricPoint point);
  /// Averages neighbours; afterwards about half of the points are left.
  void halve();

  /// The series, ascending; of several points with one time the last added stays. `replaced` counts those
  /// that had another value.
  telemetry::MetricSeries finish(std::uint64_t& replaced);

 private:
  void push(telemetry::MetricPoint point);
  std::uint64_t sort_and_unite();

  telemetry::MetricSeries series_;
  std::uint64_t replaced_ = 0;
  std::uint64_t stride_ = 1;  ///< so many points of the source make one here
  std::uint64_t waiting_ = 0;
  telemetry::MetricPoint sum_{};
};

}  // namespace midwatch::connectors::bundle
