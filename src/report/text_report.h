#pragma once

#include <string>

#include "src/model/investigation_record.h"

namespace midwatch::report {

struct TextReportOptions {
  model::Language language = model::Language::kEnglish;
  bool colour = false;  ///< ANSI colours, for a terminal
  bool details = true;  ///< after the first screen also chain, mitigation, ledger, gaps, …
};

/// The report for a terminal. The first screen, under 25 lines, answers what, where, since when, why, how
/// sure, and what now; the rest follows below it.
std::string text_report(const model::InvestigationRecord& record, const TextReportOptions& options);

/// The same content as Markdown.
std::string markdown_report(const model::InvestigationRecord& record, model::Language language);

}  // namespace midwatch::report
