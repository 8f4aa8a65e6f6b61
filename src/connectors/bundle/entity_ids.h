#pragma once

#include "src/telemetry/alarm.h"
#include "src/telemetry/telemetry_batch.h"

namespace midwatch::connectors::bundle {

/// Gives what decoders read from raw output the ids that the bundle itself uses.
///
/// A decoder names a Deployment "shop/deployment/web"; entities.ndjson, the candidates or the instances of
/// the scope may call the same thing "web". Where exactly one decoded object has the name (and the type and
/// namespace, where the bundle says them), it gets the bundle's id; of several, what runs: a workload before
/// a service. Pods that the scope lists as instances belong to the entity it says.
void use_the_bundles_ids(const telemetry::IncidentScope& scope, telemetry::TelemetryBatch& batch);

}  // namespace midwatch::connectors::bundle
