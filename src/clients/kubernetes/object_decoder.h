#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "src/base/json.h"
#include "src/base/time.h"
#include "src/telemetry/telemetry_batch.h"

namespace midwatch::clients::kubernetes {

/// Where an object was read, and when.
struct DecodeContext {
  telemetry::RecordRef ref;
  std::optional<base::Timestamp> reference_time;  ///< what ages count from
};

/// Adds one object of the Kubernetes API, or every item of a List. Source: Kubernetes API reference v1.30.
void decode_object(const base::Json& object, const DecodeContext& context, telemetry::TelemetryBatch& out);

/// The name of the workload that a controller's name stands for: a ReplicaSet "web-598445cb54" is the
/// Deployment "web".
std::string workload_of_replica_set(std::string_view replica_set);

}  // namespace midwatch::clients::kubernetes
