#pragma once

#include <string>

#include "src/base/json_value.h"
#include "src/model/text.h"

namespace midwatch::app {

/// Incidents of the API (a list of `Incident`) for a terminal, one a row; says so where there are none.
std::string incident_table(const base::Json& incidents, model::Language language);

/// One entry of a journal in a line: when, what kind, what.
std::string journal_line(const base::Json& entry, model::Language language);

/// What an investigation has come to, in a line.
std::string outcome_line(const base::Json& investigation, model::Language language);

}  // namespace midwatch::app
