#pragma once

#include <cstdint>
#include <string>

#include "src/base/time.h"
#include "src/telemetry/attributes.h"
#include "src/telemetry/record_ref.h"

namespace midwatch::telemetry {

/// The reason of an event that is a line which a command printed to whoever ran it.
inline constexpr const char* kCommandOutput = "CommandOutput";

/// What a platform says of itself: ECS service events, RDS events, Kubernetes events, Performance Insights
/// samples, auto-scaling, provider health; and detections of a site's own detectors (`type` "anomaly").
struct PlatformEvent {
  base::Timestamp time;
  std::string entity;
  std::string source;  ///< who says it
  std::string type;
  std::string reason;
  std::string message;
  std::int64_t count = 1;
  Attributes attributes;
  RecordRef ref;
};

}  // namespace midwatch::telemetry
