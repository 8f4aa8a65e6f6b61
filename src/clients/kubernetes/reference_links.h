#pragma once

#include "src/telemetry/telemetry_batch.h"

namespace midwatch::clients::kubernetes {

/// Follows what objects say of each other: services to the workloads that their selectors find, network
/// policies to those that they govern. What leads nowhere becomes attributes `dangling.N.…` and
/// `mismatch.N.…` of the object that refers (src/observe/state/README.md). A target is missing only where a
/// source says so: it was asked for and not found, or everything of its kind was listed.
void link_references(telemetry::TelemetryBatch& batch);

}  // namespace midwatch::clients::kubernetes
