#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/model/investigation_record.h"

namespace midwatch::report {

/// One series as inline SVG (320 × 130 user units): the line, the ordinary level as a band, the onset, the
/// changes, and the alarm as vertical marks. A hole in the series is a hole in the line.
std::string series_chart(const model::Chart& chart, const std::vector<base::Timestamp>& changes,
                         const std::optional<base::Timestamp>& alarm);

}  // namespace midwatch::report
