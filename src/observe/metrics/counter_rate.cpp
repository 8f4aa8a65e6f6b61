#include "src/observe/metrics/counter_rate.h"

namespace midwatch::observe::metrics {

std::vector<telemetry::MetricPoint> rates_of(const std::vector<telemetry::MetricPoint>& totals) {
  std::vector<telemetry::MetricPoint> rates;
  for (std::size_t i = 1; i < totals.size(); ++i) {
    const double seconds = base::to_seconds(totals[i].time - totals[i - 1].time);
    const double grown = totals[i].value - totals[i - 1].value;
    if (grown >= 0) rates.push_back({totals[i].time, grown / seconds});
  }
  return rates;
}

}  // namespace midwatch::observe::metrics
