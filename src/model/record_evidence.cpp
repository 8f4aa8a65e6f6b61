#include "src/model/record_evidence.h"

#include <fmt/format.h>

#include "src/base/digest.h"
#include "src/base/quantity.h"
#include "src/base/redact.h"
#include "src/base/utf8.h"

namespace midwatch::model {
namespace {

constexpr std::size_t kExcerptBytes = 400;
constexpr std::size_t kNameBytes = 160;
/// An excerpt of a series shows at most so many points; the digest covers all.
constexpr std::size_t kShownPoints = 12;

std::string excerpt_of(std::string_view text) {
  return base::printable(base::redact(text), kExcerptBytes);
}

std::string source_of(telemetry::RecordRef ref, const SourceName& source_name) {
  return source_name ? source_name(ref.source) : std::string();
}

std::string place_of(const Evidence& e) {
  return e.ref.line > 0 ? fmt::format("{}:{}", e.source, e.ref.line) : e.source;
}

Evidence record(telemetry::RecordRef ref, std::string_view entity, std::string_view text,
                std::string_view shown, const SourceName& source_name) {
  Evidence e;
  e.kind = EvidenceKind::kRecord;
  e.ref = ref;
  e.source = source_of(ref, source_name);
  e.query = place_of(e);
  e.entity = entity;
  e.excerpt = excerpt_of(shown);
  e.digest = base::sha256_hex(text);
  e.id = evidence_id(e);
  return e;
}

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) {
    if (!part.empty()) text += fmt::format("{}{}", text.empty() ? "" : kExcerptSeparator, part);
  }
  return text;
}

std::string series_name(const telemetry::MetricKey& key) {
  std::string name = key.metric;
  if (!key.stat.empty()) name += " " + key.stat;
  for (const auto& [dimension, value] : key.dimensions) name += fmt::format(" {}={}", dimension, value);
  return base::printable(name, kNameBytes);
}

}  // namespace

Evidence record_evidence(const telemetry::LogRecord& line, const SourceName& source_name,
                         std::string_view shown) {
  return record(line.ref, line.entity, record_text(line), shown.empty() ? line.body : shown, source_name);
}

Evidence record_evidence(const telemetry::PlatformEvent& event, const SourceName& source_name,
                         std::string_view shown) {
  const std::string own = joined({event.source, event.type, event.reason, event.message});
  return record(event.ref, event.entity, record_text(event), shown.empty() ? own : shown, source_name);
}

Evidence record_evidence(const telemetry::ChangeEvent& change, const SourceName& source_name,
                         std::string_view shown) {
  const std::string own = joined({to_string(change.kind), change.id, change.summary});
  return record(change.ref, change.entity, record_text(change), shown.empty() ? own : shown, source_name);
}

Evidence record_evidence(const telemetry::Span& span, const SourceName& source_name, std::string_view shown) {
  const std::string own = joined({span.trace_id, span.span_id, span.name});
  return record(span.ref, span.entity, record_text(span), shown.empty() ? own : shown, source_name);
}

Evidence record_evidence(const telemetry::Relation& relation, const SourceName& source_name) {
  return record(relation.ref, relation.from, record_text(relation),
                joined({relation.from, to_string(relation.kind), relation.to}), source_name);
}

Evidence alarm_evidence(const telemetry::Alarm& alarm, std::string source) {
  return record({}, alarm.entity, record_text(alarm),
                joined({alarm.name, alarm.metric, alarm.summary, alarm.question}),
                [&](std::uint32_t) { return source; });
}

Evidence attribute_evidence(const telemetry::Entity& entity, std::vector<std::string> attributes,
                            const SourceName& source_name) {
  const std::string text = record_text(entity, attributes);
  Evidence e = record(entity.ref, entity.id, text, {}, source_name);
  const std::size_t first = text.find('\n');
  std::string shown = first == std::string::npos ? std::string() : text.substr(first + 1);
  for (std::size_t at = shown.find('\n'); at != std::string::npos; at = shown.find('\n', at))
    shown.replace(at, 1, kExcerptSeparator);
  e.query = fmt::format("{} of {}", attributes.empty() ? "existence" : "attributes",
                        base::printable(entity.id, kNameBytes));
  e.excerpt = excerpt_of(shown);
  e.attributes = std::move(attributes);
  e.id = evidence_id(e);
  return e;
}

Evidence code_evidence(std::string source, std::string_view entity, std::string_view content,
                       std::uint64_t line, std::string_view shown) {
  return record({0, line}, entity, content, shown, [&](std::uint32_t) { return source; });
}

Evidence series_evidence(const telemetry::MetricSeries& series, base::TimeRange window) {
  Evidence e;
  e.kind = EvidenceKind::kSeries;
  e.source = "metrics";
  e.entity = series.key.entity;
  e.query =
      fmt::format("series {} of {}", series_name(series.key), base::printable(series.key.entity, kNameBytes));
  e.window = window;
  e.series = series.key;
  std::vector<const telemetry::MetricPoint*> inside;
  for (const auto& p : series.points) {
    if (window.contains(p.time)) inside.push_back(&p);
  }
  e.count = static_cast<double>(inside.size());
  const std::size_t step = (inside.size() + kShownPoints - 1) / kShownPoints;
  for (std::size_t i = 0; i < inside.size(); i += step) {
    e.excerpt += fmt::format("{}{}={}", e.excerpt.empty() ? "" : ", ", base::format_rfc3339(inside[i]->time),
                             base::format_number(inside[i]->value));
  }
  e.digest = base::sha256_hex(record_text(series, window));
  e.id = evidence_id(e);
  return e;
}

Evidence spans_evidence(std::string entity, std::string operation, const SpanTotals& totals,
                        telemetry::RecordRef example, const SourceName& source_name) {
  Evidence e;
  e.kind = EvidenceKind::kSpans;
  e.source = source_of(example, source_name);
  e.ref = example;
  e.query = fmt::format("spans of {} named {}", base::printable(entity, kNameBytes),
                        base::printable(operation, kNameBytes));
  e.window = totals.window();
  e.count = totals.count();
  e.excerpt = totals.describe();
  e.digest = base::sha256_hex(totals.text(entity, operation));
  e.entity = std::move(entity);
  e.pattern = std::move(operation);
  e.id = evidence_id(e);
  return e;
}

Evidence absence_evidence(Sought sought) {
  Evidence e;
  e.kind = EvidenceKind::kAbsence;
  e.source = std::move(sought.signal);
  e.entity = std::move(sought.entity);
  e.pattern = std::move(sought.pattern);
  e.window = sought.window;
  e.query =
      base::printable(fmt::format("{}{}{}", e.source, e.entity.empty() ? std::string() : " of " + e.entity,
                                  e.pattern.empty() ? std::string() : fmt::format(" with “{}”", e.pattern)),
                      kExcerptBytes);
  e.digest = base::sha256_hex("");
  e.id = evidence_id(e);
  return e;
}

}  // namespace midwatch::model
