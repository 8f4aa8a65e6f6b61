#include "src/clients/aws/xray.h"

#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/clients/aws/resource_names.h"

namespace midwatch::clients::aws {
namespace {

using base::at;
using base::Json;
using base::list_at;
using base::text_at;
using telemetry::RelationKind;

/// Subsegments nest; deeper than this is no trace.
constexpr int kDeepest = 60;

/// X-Ray names resources by type and name; a type of its own ("remote", "client") keeps the bare name.
std::string id_of_node(const std::string& type, const std::string& name) {
  return type.starts_with("AWS::") ? id_of_resource(type, name) : name;
}

/// One exception as a person's log would show it.
std::string exception_text(const Json& exception) {
  std::string text = fmt::format("{}: {}", text_at(exception, "type"), text_at(exception, "message"));
  for (const Json& frame : list_at(exception, "stack"))
    text += fmt::format("\n    at {} ({}:{})", text_at(frame, "label"), text_at(frame, "path"),
                        text_at(frame, "line"));
  return text;
}

class SegmentReader {
 public:
  SegmentReader(const Document& document, std::string trace, telemetry::TelemetryBatch& out)
      : document_(document), trace_(std::move(trace)), out_(out) {}

  void read(const Json& segment, const std::string& parent, const std::string& owner, int depth) {
    if (depth > kDeepest) return;
    const auto start = base::number_at(segment, "start_time");
    if (!start) return;
    const std::string name = text_at(segment, "name");
    const std::string origin = text_at(segment, "origin");
    telemetry::OwnedSpan span;
    span.entity = depth == 0 ? id_of_node(origin, name) : owner;
    span.trace_id = trace_;
    span.span_id = text_at(segment, "id");
    span.parent_span_id = parent.empty() ? text_at(segment, "parent_id") : parent;
    span.name = name;
    span.start = base::from_seconds(*start);
    const double end = base::number_at(segment, "end_time").value_or(*start);
    span.duration = base::duration_from_seconds(std::max(0.0, end - *start));
    const bool failed = text_at(segment, "fault") == "true" || text_at(segment, "error") == "true";
    span.status = failed ? telemetry::SpanStatus::kError : telemetry::SpanStatus::kOk;
    span.ref = document_.ref;
    const std::string id = span.span_id;
    const std::string entity = span.entity;
    read_exceptions(segment, span);
    out_.spans.push_back(std::move(span));
    const std::string kind = text_at(segment, "namespace");
    if (depth > 0 && (kind == "remote" || kind == "aws"))
      relate(out_, entity, kind == "remote" ? name : named_id("aws", name), RelationKind::kCalls,
             document_.ref);
    for (const Json& inner : list_at(segment, "subsegments")) read(inner, id, entity, depth + 1);
  }

 private:
  void read_exceptions(const Json& segment, const telemetry::OwnedSpan& span) {
    for (const Json& exception : list_at(at(segment, "cause"), "exceptions")) {
      telemetry::LogLine line;
      line.time = span.start + span.duration;
      line.entity = span.entity;
      line.severity = "ERROR";
      line.body = exception_text(exception);
      line.ref = document_.ref;
      out_.logs.push_back(std::move(line));
    }
  }

  const Document& document_;
  std::string trace_;
  telemetry::TelemetryBatch& out_;
};

}  // namespace

void decode_service_graph(const Document& document, telemetry::TelemetryBatch& out) {
  std::map<std::string, std::string> ids;
  for (const Json& service : list_at(document.body, "Services")) {
    const std::string id = id_of_node(text_at(service, "Type"), text_at(service, "Name"));
    if (id.empty()) continue;
    ids.emplace(text_at(service, "ReferenceId"), id);
    telemetry::Entity entity;
    entity.id = id;
    entity.type = text_at(service, "Type");
    entity.ref = document.ref;
    const Json& statistics = at(service, "SummaryStatistics");
    copy_members(statistics,
                 {{"xray.requests", "TotalCount"}, {"xray.response_seconds", "TotalResponseTime"}},
                 entity.attributes);
    copy_members(at(statistics, "FaultStatistics"), {{"xray.faults", "TotalCount"}}, entity.attributes);
    copy_members(at(statistics, "ErrorStatistics"),
                 {{"xray.errors", "TotalCount"}, {"xray.throttles", "ThrottleCount"}}, entity.attributes);
    out.entities.push_back(std::move(entity));
  }
  for (const Json& service : list_at(document.body, "Services")) {
    const auto from = ids.find(text_at(service, "ReferenceId"));
    for (const Json& edge : list_at(service, "Edges")) {
      const auto to = ids.find(text_at(edge, "ReferenceId"));
      if (from != ids.end() && to != ids.end())
        relate(out, from->second, to->second, RelationKind::kCalls, document.ref);
    }
  }
}

void decode_trace_summaries(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& summary : list_at(document.body, "TraceSummaries")) {
    const bool fault = text_at(summary, "HasFault") == "true";
    const bool throttled = text_at(summary, "HasThrottle") == "true";
    if (!fault && !throttled && text_at(summary, "HasError") != "true") continue;
    const Json& services = list_at(summary, "ServiceIds");
    if (services.empty()) continue;
    auto event = make_event(document, id_of_node(text_at(services[0], "Type"), text_at(services[0], "Name")),
                            "xray", at(summary, "StartTime"));
    event.type = "trace";
    event.reason = throttled ? "throttle" : fault ? "fault" : "error";
    event.message =
        fmt::format("{} {}: status {} after {} s (trace {})", text_at(summary, "Http", "HttpMethod"),
                    text_at(summary, "Http", "HttpURL"), text_at(summary, "Http", "HttpStatus"),
                    text_at(summary, "ResponseTime"), text_at(summary, "Id"));
    out.events.push_back(std::move(event));
  }
}

void decode_traces(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& trace : list_at(document.body, "Traces")) {
    SegmentReader reader(document, text_at(trace, "Id"), out);
    for (const Json& segment : list_at(trace, "Segments")) {
      const Json parsed = base::parse_json(text_at(segment, "Document")).value_or(Json());
      reader.read(parsed, {}, {}, 0);
    }
  }
  for (const Json& unknown : list_at(document.body, "UnprocessedTraceIds"))
    out.notices.push_back({fmt::format("X-Ray gives no trace {}", base::text(unknown)), document.ref});
}

}  // namespace midwatch::clients::aws
