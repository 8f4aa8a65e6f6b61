#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "src/base/result.h"
#include "src/base/time.h"
#include "src/model/investigation_record.h"
#include "src/runtime/request_context.h"
#include "src/telemetry/alarm.h"
#include "src/telemetry/log_record.h"
#include "src/telemetry/metric.h"
#include "src/telemetry/span.h"
#include "src/telemetry/telemetry_batch.h"

namespace midwatch::connectors {

/// Which time a question is about. A source that keeps both in one place answers kIncident with everything
/// from the look-back to the end of the window, and kBaseline with a time that is known to be without fault.
enum class Episode { kIncident, kBaseline };

/// How an answer came about, so that an empty one says what was asked.
struct ReadSummary {
  bool looked = false;        ///< false: the source has nothing of this kind at all (nobody looked)
  std::uint64_t queries = 1;  ///< questions that it took, where it looked
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
  std::uint64_t malformed = 0;
  std::vector<model::Gap> gaps;
};

using LogVisitor = std::function<void(const telemetry::LogRecord&)>;
using SpanVisitor = std::function<void(const telemetry::Span&)>;

/// Gives metric series, each complete and ascending.
class MetricSource {
 public:
  virtual ~MetricSource() = default;
  virtual base::Result<ReadSummary> read_metrics(const runtime::RequestContext& context, Episode episode,
                                                 std::vector<telemetry::MetricSeries>& out) = 0;
};

/// Streams log records in the order of the source; times may be out of order or absent.
class LogSource {
 public:
  virtual ~LogSource() = default;
  virtual base::Result<ReadSummary> read_logs(const runtime::RequestContext& context, Episode episode,
                                              const LogVisitor& visit) = 0;
};

/// Streams spans in the order of the source; spans of one trace may lie apart.
class TraceSource {
 public:
  virtual ~TraceSource() = default;
  virtual base::Result<ReadSummary> read_spans(const runtime::RequestContext& context, Episode episode,
                                               const SpanVisitor& visit) = 0;
};

/// Gives what is small: entities, relations, changes, platform events, instances, and what raw documents say.
class InventorySource {
 public:
  virtual ~InventorySource() = default;
  virtual base::Result<ReadSummary> read_inventory(const runtime::RequestContext& context,
                                                   telemetry::TelemetryBatch& out) = 0;
};

/// One file of an entity's source code, as deployed.
struct CodeFile {
  std::string entity;
  std::string path;
  std::string content;
};

class CodeSource {
 public:
  virtual ~CodeSource() = default;
  virtual base::Result<ReadSummary> read_code(const runtime::RequestContext& context,
                                              std::vector<CodeFile>& out) = 0;
};

/// One configured source of an investigation. A capability is there where its pointer is not null.
class Connector {
 public:
  virtual ~Connector() = default;
  virtual std::string_view name() const = 0;
  /// The name of a source by RecordRef::source, for evidence: a file of a bundle, an API and its query.
  virtual std::string source_name(std::uint32_t source) const = 0;
  virtual MetricSource* metrics() { return nullptr; }
  virtual LogSource* logs() { return nullptr; }
  virtual TraceSource* traces() { return nullptr; }
  virtual InventorySource* inventory() { return nullptr; }
  virtual CodeSource* code() { return nullptr; }
};

}  // namespace midwatch::connectors
