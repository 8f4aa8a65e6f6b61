#pragma once

#include "src/base/json.h"
#include "src/model/investigation_record.h"

namespace midwatch::app {

/// The report of docs/report.md in both languages at once.
///
/// Shape: where the two languages say different things, there is an object with nothing but `en` and `ja`.
base::Json bilingual_report(const model::InvestigationRecord& record);

}  // namespace midwatch::app
