#pragma once

#include "src/model/evidence.h"
#include "src/observe/events/detections.h"
#include "src/telemetry/platform_event.h"

namespace midwatch::observe::events {

/// The evidence of one platform event: its record, with what it says as excerpt.
model::Evidence event_evidence(const telemetry::PlatformEvent& event, const SourceName& source_name);

}  // namespace midwatch::observe::events
