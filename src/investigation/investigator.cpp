#include "src/investigation/investigator.h"

#include <fmt/format.h>

#include "src/base/try.h"
#include "src/diagnose/diagnosis.h"
#include "src/observe/events/detections.h"
#include "src/observe/traces/trace_observer.h"

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
  const auto source_name = [&](std::uint32_t source) { return connector.source_name(source); };
  file.observations = observe::events::observe_detections(batch.events, knowledge, source_name);
  if (auto* traces = connector.traces()) {
    observe::traces::TraceObserverOptions trace_options;
    trace_options.source_name = source_name;
    observe::traces::TraceObserver* observer = nullptr;
    std::unique_ptr<observe::traces::TraceObserver> held;
    bool has_baseline = false;
    {
      held = std::make_unique<observe::traces::TraceObserver>(trace_options);
      observer = held.get();
      MIDWATCH_TRY(const auto summary, traces->read_spans(context, Episode::kBaseline, [&](const auto& s) {
        observer->observe_baseline(s);
      }));
      has_baseline = summary.records > 0;
    }
    if (!has_baseline) {
      trace_options.split =
          scope.alarm.time ? *scope.alarm.time - std::chrono::seconds(300) : scope.window.start;
      held = std::make_unique<observe::traces::TraceObserver>(trace_options);
      observer = held.get();
    }
    MIDWATCH_TRY(const auto summary, traces->read_spans(context, Episode::kIncident,
                                                        [&](const auto& s) { observer->observe(s); }));
    if (summary.looked) {
      auto found = observer->finish();
      for (auto& o : found.observations) file.observations.push_back(std::move(o));
      for (auto& r : found.calls) builder.relate(r);
      for (auto& [i, e] : found.instances) builder.add_instance(i, e);
    }
  }
  file.topology = std::move(builder).build();
  for (std::size_t i = 0; i < file.observations.size(); ++i)
    file.observations[i].id = fmt::format("o{}", i + 1);
  for (const char* signal : {"metric", "log", "trace", "event"}) file.coverage.signals.insert(signal);
  auto diagnosis = diagnose::diagnose(file, knowledge);
  record.outcome = diagnosis.outcome;
  record.hypotheses = std::move(diagnosis.hypotheses);
  for (auto& o : file.observations) record.observations.push_back({std::move(o), {}});
  return record;
}

}  // namespace midwatch::investigation
