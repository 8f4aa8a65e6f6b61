#pragma once

#include <functional>
#include <string>
#include <vector>

#include "src/connectors/connector.h"
#include "src/knowledge/knowledge_base.h"
#include "src/model/investigation_record.h"
#include "src/runtime/request_context.h"

namespace midwatch::investigation {

/// How far an investigation is, for a terminal.
struct Progress {
  std::string phase;
  std::uint64_t records = 0;
  std::size_t hypotheses = 0;
};

struct InvestigationOptions {
  unsigned threads = 2;  ///< signals are read side by side; the result does not depend on it
  std::function<void(const Progress&)> on_progress;
  std::vector<model::Directive> directives{};  ///< what people said of it
};

/// Investigates one incident: reads what the connector has, observes, diagnoses, and says what to do.
///
/// Errors: only where nothing can be read at all. A source that fails becomes a gap of the record.
base::Result<model::InvestigationRecord> investigate(const runtime::RequestContext& context,
                                                     connectors::Connector& connector,
                                                     const telemetry::IncidentScope& scope,
                                                     const knowledge::KnowledgeBase& knowledge,
                                                     const InvestigationOptions& options);

}  // namespace midwatch::investigation
