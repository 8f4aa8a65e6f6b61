#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/base/time.h"
#include "src/telemetry/alarm.h"
#include "src/telemetry/change_event.h"
#include "src/telemetry/entity.h"
#include "src/telemetry/log_record.h"
#include "src/telemetry/metric.h"
#include "src/telemetry/platform_event.h"
#include "src/telemetry/span.h"

namespace midwatch::model {

/// Writes a record as one text that holds everything it says. The digest of evidence is SHA-256 of this text,
/// and an excerpt shows a part of it: so whoever reads the same record again finds both again
/// (docs/evidence.md).
///
/// Shape: one field a line in a fixed order; times in nanoseconds since the epoch, "-" where there is none;
///        attributes as `path=value`.
std::string record_text(const telemetry::LogRecord& line);
std::string record_text(const telemetry::PlatformEvent& event);
std::string record_text(const telemetry::ChangeEvent& change);
std::string record_text(const telemetry::Span& span);
std::string record_text(const telemetry::Relation& relation);
std::string record_text(const telemetry::Alarm& alarm);
/// Only the attributes that are named, in that order; one that the entity does not have is `path` alone.
std::string record_text(const telemetry::Entity& entity, const std::vector<std::string>& attributes);
/// The points of a series inside a window, a point a line, values in shortest exact form.
std::string record_text(const telemetry::MetricSeries& series, base::TimeRange window);

/// Sums up the spans of one entity and operation, in whatever order they come.
class SpanTotals {
 public:
  void add(base::Timestamp start, base::Duration duration, bool error);

  double count() const { return static_cast<double>(count_); }
  double errors() const { return static_cast<double>(errors_); }
  /// From the first start to just after the last one; empty before the first span.
  base::TimeRange window() const { return {first_, last_ + base::Duration(1)}; }
  /// For an excerpt: how many, how many failed, and the time they took in all.
  std::string describe() const;
  std::string text(std::string_view entity, std::string_view operation) const;

 private:
  std::uint64_t count_ = 0;
  std::uint64_t errors_ = 0;
  base::Duration total_{};
  base::Timestamp first_{};
  base::Timestamp last_{};
};

}  // namespace midwatch::model
