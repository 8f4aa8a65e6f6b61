#include "src/investigation/investigator.h"

#include <fmt/format.h>

#include "src/base/try.h"
#include "src/diagnose/diagnosis.h"
#include "src/observe/events/detections.h"

namespace midwatch::investigation {

using connectors::Episode;

base::Result<model::InvestigationRecord> investigate(const runtime::RequestContext& context,
                                                     connectors::Connector& connector,
                                                     const telemetry::IncidentScope& scope,
                                                     const knowledge::KnowledgeBase& knowledge,
                                                     const InvestigationOptions& options) {
  (void)options;
  model::InvestigationRecord record;
  record.scope = scope;
  record.bundle = scope.id;
  telemetry::TelemetryBatch batch;
  diagnose::CaseFile file;
  file.scope = scope;
  if (auto* inventory = connector.inventory()) {
    MIDWATCH_TRY(const auto summary, inventory->read_inventory(context, batch));
    record.stats.records += summary.records;
    for (const auto& gap : summary.gaps) record.gaps.push_back(gap);
  }
  topology::TopologyBuilder builder;
  for (auto& entity : batch.entities) builder.add(std::move(entity));
  for (auto& relation : batch.relations) builder.relate(std::move(relation));
  for (auto& [instance, entity] : batch.instances) builder.add_instance(instance, entity);
  for (const auto& candidate : scope.candidates) builder.mention(candidate);
  for (const auto& event : batch.events) builder.mention(event.entity);
  file.topology = std::move(builder).build();
  const auto source_name = [&](std::uint32_t source) { return connector.source_name(source); };
  file.observations = observe::events::observe_detections(batch.events, knowledge, source_name);
  for (std::size_t i = 0; i < file.observations.size(); ++i) file.observations[i].id = fmt::format("o{}", i + 1);
  for (const char* signal : {"metric", "log", "trace", "event"}) file.coverage.signals.insert(signal);
  auto diagnosis = diagnose::diagnose(file, knowledge);
  record.outcome = diagnosis.outcome;
  record.hypotheses = std::move(diagnosis.hypotheses);
  for (auto& o : file.observations) record.observations.push_back({std::move(o), {}});
  return record;
}

}  // namespace midwatch::investigation
