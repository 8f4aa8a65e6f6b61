#pragma once

#include "src/observe/metrics/prepared_series.h"
#include "src/observe/metrics/spread.h"
#include "src/observe/metrics/testing/metric_world.h"

namespace midwatch::observe::metrics::testing {

/// Series with their references and scales, as the observer sees them. Keeps what they point into.
class PreparedWorld {
 public:
  explicit PreparedWorld(std::vector<telemetry::MetricSeries> incident,
                         const std::vector<telemetry::MetricSeries>& baseline = {},
                         telemetry::IncidentScope scope = incident_at_two())
      : scope_(std::move(scope)),
        incident_(std::move(incident)),
        prepared_(prepare_series(scope_, incident_, baseline, knowledge_of_metrics())) {
    borrow_spread(prepared_);
  }
  PreparedWorld(const PreparedWorld&) = delete;
  PreparedWorld& operator=(const PreparedWorld&) = delete;

  const std::vector<PreparedSeries>& all() const { return prepared_; }
  const PreparedSeries& only() const { return prepared_.at(0); }

 private:
  telemetry::IncidentScope scope_;
  std::vector<telemetry::MetricSeries> incident_;
  std::vector<PreparedSeries> prepared_;
};

}  // namespace midwatch::observe::metrics::testing
