#pragma once

#include <string>
#include <vector>

#include "src/knowledge/knowledge_base.h"
#include "src/model/observation.h"
#include "src/model/record_evidence.h"
#include "src/telemetry/platform_event.h"

namespace midwatch::observe::events {

/// Turns ready-made detections of a site's own detectors into observations.
///
/// Shape:   one observation for each (entity, type, subject), in the order of these; `facts.count` says how
/// often.
///          `metric` detections with reason up or down become metric.QUANTITY.WAY by the metric's meaning;
///          `log` ones log.pattern.new; `trace` ones trace.latency.up (slow, PD) or trace.error.own (an error
///          word or status 4xx, 5xx). Clusters of log lines with their change against the baseline
///          (attributes.delta_vs_baseline) become log.*.new, .more, .less, .gone.
/// Requires: nothing of the events' order. Events that are no detections are left alone.
std::vector<model::Observation> observe_detections(const std::vector<telemetry::PlatformEvent>& events,
                                                   const knowledge::KnowledgeBase& knowledge,
                                                   const model::SourceName& source_name);

/// True where observe_detections reads the event.
bool is_detection(const telemetry::PlatformEvent& event);

}  // namespace midwatch::observe::events
