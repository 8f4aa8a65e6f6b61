#include "src/investigation/investigator.h"

#include <fmt/format.h>

#include "src/base/try.h"
#include "src/diagnose/diagnosis.h"
#include "src/investigation/gatherer.h"

namespace midwatch::investigation {

base::Result<model::InvestigationRecord> investigate(const runtime::RequestContext& context,
                                                     connectors::Connector& connector,
                                                     const telemetry::IncidentScope& scope,
                                                     const knowledge::KnowledgeBase& knowledge,
                                                     const InvestigationOptions& options) {
  model::InvestigationRecord record;
  record.scope = scope;
  record.bundle = scope.id;
  MIDWATCH_TRY(auto gathered, gather(context, connector, scope, knowledge, options));
  auto diagnosis = diagnose::diagnose(gathered.file, knowledge);
  record.outcome = diagnosis.outcome;
  record.hypotheses = std::move(diagnosis.hypotheses);
  for (auto& o : gathered.file.observations) record.observations.push_back({std::move(o), {}});
  record.gaps = std::move(gathered.gaps);
  record.stats = gathered.stats;
  return record;
}

}  // namespace midwatch::investigation
