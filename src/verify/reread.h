#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/base/result.h"
#include "src/connectors/connector.h"
#include "src/model/record_text.h"
#include "src/topology/topology.h"
#include "src/verify/claims.h"

namespace midwatch::verify {

/// A file and a line in it; line 0 is the whole file.
using Place = std::pair<std::string, std::uint64_t>;

/// A record as it stands in the source, with its canonical text (docs/evidence.md).
struct Record {
  std::string entity;
  std::string text;
};

/// What the sources say about the claims of one report, read again.
struct Reread {
  telemetry::IncidentScope scope;
  topology::Topology topology;
  std::set<std::string, std::less<>> named;  ///< every entity that a record names
  std::string inventory;  ///< text of the small records: changes, events, relations, attributes
  std::vector<telemetry::ChangeEvent> changes;
  std::map<Place, std::vector<Record>> records;  ///< at the places that the evidence names
  /// The log lines of the same entity that come after one that evidence names, by the digest of that one: a
  /// document holds many lines at one place.
  std::map<std::string, std::string> following;
  std::vector<telemetry::MetricSeries> incident;  ///< the series that the evidence names
  std::vector<telemetry::MetricSeries> baseline;
  std::map<std::string, model::SpanTotals> spans;     ///< by id of the evidence
  std::map<std::string, base::Duration> longest;      ///< of these spans
  std::map<std::string, std::uint64_t> lines;         ///< log lines by entity
  std::map<std::string, std::string> contradictions;  ///< id of an absence → what was found after all
  std::set<std::string, std::less<>> looked;          ///< signals that the source has
  std::optional<base::TimeRange> recorded;            ///< from the first to the last time of any record
  std::uint64_t records_read = 0;

  bool knows(std::string_view entity) const;
  const telemetry::MetricSeries* series(const telemetry::MetricKey& key, bool baseline_side) const;
};

/// Reads everything that the claims refer to. Errors: a source that cannot be read at all.
base::Result<Reread> reread(const runtime::RequestContext& context, connectors::Connector& connector,
                            const telemetry::IncidentScope& scope, const Claims& claims);

}  // namespace midwatch::verify
