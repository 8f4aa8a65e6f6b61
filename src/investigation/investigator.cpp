#include "src/investigation/investigator.h"

#include "src/base/try.h"
#include "src/diagnose/diagnosis.h"
#include "src/investigation/composer.h"
#include "src/investigation/gatherer.h"

namespace midwatch::investigation {

base::Result<model::InvestigationRecord> investigate(const runtime::RequestContext& context,
                                                     connectors::Connector& connector,
                                                     const telemetry::IncidentScope& scope,
                                                     const knowledge::KnowledgeBase& knowledge,
                                                     const InvestigationOptions& options) {
  const auto start = context.clock().steady_now();
  const auto used = context.clock().processor_time();
  MIDWATCH_TRY(auto gathered, gather(context, connector, scope, knowledge, options));
  gathered.file.directives = options.directives;
  auto diagnosis = diagnose::diagnose(gathered.file, knowledge);
  if (options.on_progress)
    options.on_progress({"diagnosis", gathered.stats.records, diagnosis.hypotheses.size()});
  auto record = compose(gathered, diagnosis, knowledge);
  record.started = context.clock().now();
  record.stats.wall = std::chrono::duration_cast<base::Duration>(context.clock().steady_now() - start);
  record.stats.cpu = context.clock().processor_time() - used;
  return record;
}

}  // namespace midwatch::investigation
