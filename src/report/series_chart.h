#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/base/time.h"
#include "src/model/investigation_record.h"

namespace midwatch::report {

/// What all charts of a report share, so that they line up: the time axis and what is marked on it.
struct ChartAxis {
  base::TimeRange range;
  std::vector<base::Timestamp> changes;
  std::optional<base::Timestamp> alarm;
};

/// The axis over all charts of a record.
ChartAxis chart_axis(const model::InvestigationRecord& record);

/// The values between which a chart is drawn.
struct ChartScale {
  double low = 0;
  double high = 1;
};
ChartScale chart_scale(const model::Chart& chart);

/// One series as an inline SVG without any text, to be stretched to the width of the page: the ordinary range
/// as a band, the points as a line that is broken where points are missing, the onset, changes and the alarm
/// as upright lines.
std::string series_chart(const model::Chart& chart, const ChartAxis& axis);

}  // namespace midwatch::report
