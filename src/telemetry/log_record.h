#pragma once

#include <optional>
#include <string_view>

#include "src/base/time.h"
#include "src/telemetry/record_ref.h"

namespace midwatch::telemetry {

/// One log record, as it streams by.
///
/// The texts are borrowed: they live only while the visitor that receives the record runs. Copy what must
/// stay.
struct LogRecord {
  std::optional<base::Timestamp> time;  ///< absent where the source gives none
  std::string_view entity;
  std::string_view body;
  std::string_view severity;  ///< as written; empty where the source gives none
  std::string_view instance;
  std::string_view trace_id;
  std::string_view span_id;
  RecordRef ref;
  std::string_view attributes = {};  ///< as JSON text; empty where there are none
};

}  // namespace midwatch::telemetry
