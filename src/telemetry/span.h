#pragma once

#include <string_view>

#include "src/base/time.h"
#include "src/telemetry/record_ref.h"

namespace midwatch::telemetry {

enum class SpanStatus { kUnset, kOk, kError };

/// One span, as it streams by. The texts are borrowed, as in LogRecord.
struct Span {
  std::string_view trace_id;
  std::string_view span_id;
  std::string_view parent_span_id;  ///< empty for a root
  std::string_view entity;
  std::string_view name;
  std::string_view instance;    ///< attributes.instance: the pod or task
  std::string_view attributes;  ///< the attributes as JSON text; empty where there are none
  base::Timestamp start;
  base::Duration duration{};
  SpanStatus status = SpanStatus::kUnset;
  RecordRef ref;
};

}  // namespace midwatch::telemetry
