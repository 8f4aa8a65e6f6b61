#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/base/time.h"
#include "src/telemetry/metric.h"
#include "src/telemetry/record_ref.h"

namespace midwatch::model {

/// How a checker finds the record again (docs/evidence.md).
enum class EvidenceKind {
  kRecord,   ///< one line or document of a source: `ref`
  kSeries,   ///< the points of one metric series in a window: `series`
  kLines,    ///< the log lines of an entity that match a template: `pattern`
  kSpans,    ///< the spans of an entity and operation in a window: `pattern` is the operation
  kAbsence,  ///< what was looked for and is not there: `pattern`
};

/// The record behind an observation. `id` is "ev-" and the start of a hash of everything that identifies it,
/// so the same record always has the same id.
struct Evidence {
  std::string id;
  EvidenceKind kind = EvidenceKind::kRecord;
  std::string source;  ///< the file of a bundle or the name of the API
  std::string query;   ///< what was asked, in the words of the source
  std::optional<base::TimeRange> window;
  std::string entity;
  std::string excerpt;  ///< redacted, printable, bounded
  std::string digest;   ///< SHA-256 of the record as read
  std::string link;     ///< where a person can open it; empty where there is no such place
  telemetry::RecordRef ref;
  telemetry::MetricKey series;
  std::string pattern;
  std::vector<std::string>
      attributes;    ///< kRecord of an entity: the paths of the attributes that it is about
  double count = 0;  ///< kSeries, kLines, kSpans: how many
};

/// The identifier that belongs to the content of `evidence`.
std::string evidence_id(const Evidence& evidence);

}  // namespace midwatch::model
