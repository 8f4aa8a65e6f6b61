#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "src/model/evidence.h"
#include "src/model/record_text.h"

namespace midwatch::model {

/// Stands in an excerpt between parts that lie apart in the record.
inline constexpr std::string_view kExcerptSeparator = " · ";

/// The name of a source by RecordRef::source: a file of a bundle, an API and its query.
using SourceName = std::function<std::string(std::uint32_t)>;

/// Make the evidence of one record, so that `midwatch verify` finds it again: source, place, digest and an
/// excerpt that is redacted, printable and bounded. Every detector makes its evidence here.
///
/// `shown` is the part of the record to show (it must occur in the record's text); empty: its own words.
Evidence record_evidence(const telemetry::LogRecord& line, const SourceName& source_name,
                         std::string_view shown = {});
Evidence record_evidence(const telemetry::PlatformEvent& event, const SourceName& source_name,
                         std::string_view shown = {});
Evidence record_evidence(const telemetry::ChangeEvent& change, const SourceName& source_name,
                         std::string_view shown = {});
Evidence record_evidence(const telemetry::Span& span, const SourceName& source_name,
                         std::string_view shown = {});
Evidence record_evidence(const telemetry::Relation& relation, const SourceName& source_name);
/// The alarm itself, or the question of a person. `source` is where it stands: "bundle.json".
Evidence alarm_evidence(const telemetry::Alarm& alarm, std::string source);
/// What the named attributes of an entity say (src/observe/state/README.md has the paths).
Evidence attribute_evidence(const telemetry::Entity& entity, std::vector<std::string> attributes,
                            const SourceName& source_name);
/// A file of an entity's code at a line; `shown` is the text of that line.
Evidence code_evidence(std::string source, std::string_view entity, std::string_view content,
                       std::uint64_t line, std::string_view shown);

/// The points of a series in a window.
Evidence series_evidence(const telemetry::MetricSeries& series, base::TimeRange window);

/// The spans of an entity and operation; `example` is one of them.
Evidence spans_evidence(std::string entity, std::string operation, const SpanTotals& totals,
                        telemetry::RecordRef example, const SourceName& source_name);

/// What was looked for.
struct Sought {
  std::string signal;  ///< "logs", "traces", "metrics", "changes", "events", "entities", "relations"
  std::string entity;  ///< whose; empty: anybody's
  /// Text that the records would hold (letters of either case are the same), the name of a metric, or the id
  /// of an entity; empty: any record at all. `<*>` stands for one word, as in log templates.
  std::string pattern;
  std::optional<base::TimeRange> window;  ///< when; absent: in all that was recorded of the incident
};

/// What was looked for and is not there.
Evidence absence_evidence(Sought sought);

}  // namespace midwatch::model
