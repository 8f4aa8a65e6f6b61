#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "src/base/result.h"
#include "src/connectors/connector.h"
#include "src/knowledge/knowledge_base.h"

namespace midwatch::verify {

/// The first claim of a report that its records do not bear out.
struct Failure {
  std::string claim;  ///< where in the report: "observation o7", "evidence ev-…"
  std::string what;   ///< what does not hold, for people
};

struct Verdict {
  std::optional<Failure> failure;  ///< empty: every claim holds
  std::uint64_t claims = 0;        ///< checked, the failing one included
  std::uint64_t records = 0;       ///< read again
};

/// Holds every claim of a report against the records that it names, read again from their source.
///
/// It shares with what made the report the reader of the source, the knowledge's sentences, and the canonical
/// text of records (docs/evidence.md); it observes and diagnoses nothing. `knowledge` must be the one that
/// the report was made with.
/// Errors: the report is not one, or the source cannot be read.
base::Result<Verdict> verify_report(const runtime::RequestContext& context, std::string_view report,
                                    connectors::Connector& source, const telemetry::IncidentScope& scope,
                                    const knowledge::KnowledgeBase& knowledge);

}  // namespace midwatch::verify
