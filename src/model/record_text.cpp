#include "src/model/record_text.h"

#include <fmt/format.h>

#include "src/base/quantity.h"

namespace midwatch::model {
namespace {

std::string nanoseconds(base::Timestamp time) {
  return fmt::format("{}", time.time_since_epoch().count());
}

std::string nanoseconds(const std::optional<base::Timestamp>& time) {
  return time ? nanoseconds(*time) : std::string("-");
}

void add_attributes(const telemetry::Attributes& attributes, std::string& text) {
  for (const auto& [path, value] : attributes) text += fmt::format("\n{}={}", path, value);
}

}  // namespace

std::string record_text(const telemetry::LogRecord& line) {
  return fmt::format("{}\n{}\n{}", nanoseconds(line.time), line.entity, line.body);
}

std::string record_text(const telemetry::PlatformEvent& event) {
  std::string text = fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}", nanoseconds(event.time), event.entity,
                                 event.source, event.type, event.reason, event.message, event.count);
  add_attributes(event.attributes, text);
  return text;
}

std::string record_text(const telemetry::ChangeEvent& change) {
  std::string text =
      fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}", nanoseconds(change.time), to_string(change.kind), change.id,
                  change.entity, change.actor, change.summary, change.version);
  for (const auto& instance : change.instances) text += '\n' + instance;
  for (const auto& file : change.files) text += '\n' + file;
  text += '\n' + change.diff;
  add_attributes(change.attributes, text);
  return text;
}

std::string record_text(const telemetry::Span& span) {
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}", span.trace_id, span.span_id,
                     span.parent_span_id, span.entity, span.name, span.instance, nanoseconds(span.start),
                     span.duration.count(), static_cast<int>(span.status), span.attributes);
}

std::string record_text(const telemetry::Relation& relation) {
  return fmt::format("{}\n{}\n{}", relation.from, to_string(relation.kind), relation.to);
}

std::string record_text(const telemetry::Alarm& alarm) {
  std::string text =
      fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}", nanoseconds(alarm.time), alarm.name, alarm.entity,
                  alarm.metric, alarm.summary, alarm.severity, alarm.source, alarm.question);
  if (alarm.threshold) text += fmt::format("\nthreshold={}", *alarm.threshold);
  if (alarm.observed) text += fmt::format("\nobserved={}", *alarm.observed);
  add_attributes(alarm.payload, text);
  return text;
}

std::string record_text(const telemetry::Entity& entity, const std::vector<std::string>& attributes) {
  std::string text = entity.id;
  for (const auto& path : attributes) {
    text += '\n' + path;
    if (const std::string* value = entity.attributes.find(path); value != nullptr) text += '=' + *value;
  }
  return text;
}

std::string record_text(const telemetry::MetricSeries& series, base::TimeRange window) {
  std::string text;
  for (const auto& point : series.points) {
    if (window.contains(point.time)) text += fmt::format("{} {}\n", nanoseconds(point.time), point.value);
  }
  return text;
}

void SpanTotals::add(base::Timestamp start, base::Duration duration, bool error) {
  if (count_ == 0 || start < first_) first_ = start;
  if (count_ == 0 || start > last_) last_ = start;
  ++count_;
  errors_ += error ? 1 : 0;
  total_ += duration;
}

std::string SpanTotals::describe() const {
  return fmt::format("{} spans, {} failed, {} in all", count_, errors_,
                     base::format_quantity(base::to_seconds(total_), "s"));
}

std::string SpanTotals::text(std::string_view entity, std::string_view operation) const {
  return fmt::format("{}\n{}\n{}\n{}\n{}", entity, operation, count_, errors_, total_.count());
}

}  // namespace midwatch::model
