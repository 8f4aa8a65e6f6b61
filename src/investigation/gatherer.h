#pragma once

#include "src/base/result.h"
#include "src/connectors/connector.h"
#include "src/diagnose/case_file.h"
#include "src/investigation/investigator.h"
#include "src/knowledge/knowledge_base.h"
#include "src/model/investigation_record.h"

namespace midwatch::investigation {

/// Everything that was read and observed of one incident, before anybody weighs it.
struct Gathered {
  diagnose::CaseFile file;
  std::vector<telemetry::MetricSeries> incident_series;
  std::vector<telemetry::MetricSeries> baseline_series;
  std::vector<telemetry::ChangeEvent> changes;
  std::vector<telemetry::PlatformEvent> events;
  std::vector<model::Gap> gaps;
  std::vector<model::Looked> looked;
  model::Statistics stats;
};

/// Reads what the connector has and turns it into observations.
///
/// Errors: only where nothing can be read at all; a source that fails becomes a gap.
base::Result<Gathered> gather(const runtime::RequestContext& context, connectors::Connector& connector,
                              const telemetry::IncidentScope& scope,
                              const knowledge::KnowledgeBase& knowledge, const InvestigationOptions& options);

}  // namespace midwatch::investigation
