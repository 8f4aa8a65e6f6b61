#pragma once

#include "src/investigation/stated_case.h"

namespace midwatch::investigation {

/// The values between which a series ordinarily lies: the middle nine tenths of its baseline, which is a
/// separate episode or the time before the window. Nothing where there are too few points.
struct OrdinaryBand {
  double low = 0;
  double high = 0;
};
std::optional<OrdinaryBand> ordinary_band(const StatedCase& facts, const telemetry::MetricSeries& series);

/// The series worth drawing, along the chain from the cause to the alarm; without a cause, what was seen at
/// the alarmed entity, then the surest elsewhere.
std::vector<model::Chart> charts(const StatedCase& facts, const std::vector<model::RootCause>& causes);

}  // namespace midwatch::investigation
