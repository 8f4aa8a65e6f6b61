#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/telemetry/change_event.h"
#include "src/telemetry/entity.h"
#include "src/telemetry/metric.h"
#include "src/telemetry/platform_event.h"
#include "src/telemetry/span.h"

namespace midwatch::telemetry {

/// A log line that owns its text.
struct LogLine {
  std::optional<base::Timestamp> time;
  std::string entity;
  std::string instance;
  std::string severity;
  std::string body;
  RecordRef ref;
};

/// A span that owns its texts.
struct OwnedSpan {
  std::string trace_id;
  std::string span_id;
  std::string parent_span_id;
  std::string entity;
  std::string name;
  base::Timestamp start;
  base::Duration duration{};
  SpanStatus status = SpanStatus::kUnset;
  RecordRef ref;
};

/// Something that a decoder met and did not understand; it becomes a gap of the investigation.
struct DecodeNotice {
  std::string message;  ///< for people: what, and in which part of the document
  RecordRef ref;
  std::string message_ja = {};  ///< the same in Japanese; empty where only the English words are known
  std::string query = {};       ///< what was asked, in the words of the source; empty: the document itself
};

/// A source listed everything that there is of a kind: what is not among it does not exist.
struct Listing {
  std::string kind;        ///< platform.kind of src/observe/state/README.md
  std::string name_space;  ///< empty: everywhere
  RecordRef ref;
};

/// A source was asked for something and said that it does not exist.
struct Absence {
  std::string entity;
  std::string message;  ///< the source's words
  RecordRef ref;
};

/// What a decoder made of one document: everything that it says, nothing that it does not say.
struct TelemetryBatch {
  std::vector<Entity> entities;
  std::vector<Relation> relations;
  std::vector<std::pair<std::string, std::string>> instances;  ///< pod or task id → entity id
  std::vector<PlatformEvent> events;
  std::vector<ChangeEvent> changes;
  std::vector<MetricSeries> metrics;
  std::vector<LogLine> logs;
  std::vector<OwnedSpan> spans;
  std::vector<Listing> listings;
  std::vector<Absence> absences;
  std::vector<DecodeNotice> notices;
};

}  // namespace midwatch::telemetry
