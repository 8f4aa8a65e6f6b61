#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "src/base/json.h"
#include "src/base/time.h"
#include "src/telemetry/telemetry_batch.h"

namespace midwatch::clients::kubernetes {

/// Adds one object of the Kubernetes API, or every item of a List. Source: Kubernetes API reference v1.30.
void decode_object(const base::Json& object, telemetry::RecordRef ref,
                   std::optional<base::Timestamp> reference_time, telemetry::TelemetryBatch& out);

/// "namespace/kind/name" in lower case; without a namespace "kind/name".
std::string entity_id(std::string_view name_space, std::string_view kind, std::string_view name);

/// The name of the workload that a controller's name stands for: a ReplicaSet "web-598445cb54" is the
/// Deployment "web", a Job "backup-28912345" of a CronJob stays.
std::string workload_of_replica_set(std::string_view replica_set);

/// "3m5s", "2d4h", "45s": an age as kubectl prints it.
std::optional<base::Duration> parse_age(std::string_view text);

}  // namespace midwatch::clients::kubernetes
