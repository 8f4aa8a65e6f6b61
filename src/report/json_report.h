#pragma once

#include "src/base/json.h"
#include "src/model/investigation_record.h"

namespace midwatch::report {

/// The report in the contract's form `midwatch.report/v1`, sentences in `language`.
///
/// Beyond the contract: evidence carries `locator` (how `midwatch verify` finds the record again), root
/// causes `kind` and `why`, hypotheses `title` and `log_odds`, and `next_questions`, `headline`, `alarm`,
/// `charts` (points are pairs of time and value; a value that is no number is null).
base::Json json_report(const model::InvestigationRecord& record, model::Language language);

}  // namespace midwatch::report
