#pragma once

#include "src/telemetry/telemetry_batch.h"

namespace midwatch::clients::kubernetes {

/// Gives each pod that no output told the owner of the workload that its labels or its name show, and each
/// job the CronJob that made it. Names are those that the controllers generate: NAME-HASH-XXXXX of a
/// Deployment, NAME-0 of a StatefulSet, NAME-XXXXX of a Job or DaemonSet. Source: apimachinery's
/// rand.SafeEncodeString.
void link_owners(telemetry::TelemetryBatch& batch);

}  // namespace midwatch::clients::kubernetes
