#pragma once

#include <string>

#include "src/model/investigation_record.h"

namespace midwatch::report {

/// The report as one self-contained HTML page: no script, nothing fetched, charts as inline SVG, light and
/// dark by the reader's preference. Telemetry is escaped everywhere.
std::string html_report(const model::InvestigationRecord& record, model::Language language);

}  // namespace midwatch::report
