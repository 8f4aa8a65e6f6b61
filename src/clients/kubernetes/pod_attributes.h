#pragma once

#include "src/base/json.h"
#include "src/telemetry/attributes.h"

namespace midwatch::clients::kubernetes {

/// Adds what a pod's spec says of its containers, volumes and account, under the paths of
/// src/observe/state/README.md. The same holds for the template of a workload.
void add_pod_spec(const base::Json& spec, telemetry::Attributes& into);

/// Adds the state of a pod's containers.
void add_pod_status(const base::Json& status, telemetry::Attributes& into);

}  // namespace midwatch::clients::kubernetes
