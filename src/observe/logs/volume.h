#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/model/observation.h"
#include "src/model/record_evidence.h"
#include "src/observe/logs/rate_change.h"
#include "src/telemetry/log_record.h"

namespace midwatch::observe::logs {

/// How much each entity logs in all, and where that changed: `log.volume.up`, `.down`, `.gone`.
///
/// Compared with everybody: more work gives more lines of all, and where nobody logs any more, the records
/// are missing, not the lines.
class Volume {
 public:
  explicit Volume(model::SourceName source_name) : source_name_(std::move(source_name)) {}

  void add(const telemetry::LogRecord& record, std::uint32_t entity, bool baseline);

  /// `window` is where what is gone was looked for; absent: in all that was recorded of the incident.
  /// Units: lines a minute.
  /// Requires: times in both episodes; without them nothing is told.
  std::vector<model::Observation> finish(const std::vector<std::string>& entities, const Episode& baseline,
                                         const Episode& incident,
                                         std::optional<base::TimeRange> window) const;

 private:
  struct Lines {
    double baseline = 0;
    double incident = 0;
    model::Evidence first;  ///< line of the incident
  };
  /// How much more everybody logs; the median.
  double load(double scale) const;

  model::SourceName source_name_;
  std::map<std::uint32_t, Lines> by_entity_;
};

}  // namespace midwatch::observe::logs
