#include "src/clients/aws/xray.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/clients/aws/resource_names.h"
#include "src/clients/aws/span_lines.h"
#include "src/clients/aws/traced_call.h"

namespace midwatch::clients::aws {
namespace {

using base::at;
using base::Json;
using base::list_at;
using base::text_at;
using telemetry::RelationKind;

/// Subsegments nest; deeper than this is no trace.
constexpr int kDeepest = 60;
/// The year 2096, in seconds; twice as much is still a time.
constexpr double kLatest = 4e9;

/// Where a program runs, which is not what it is.
bool is_container(const std::string& type) {
  return type.starts_with("AWS::ECS::") || type.starts_with("AWS::EKS::") || type.starts_with("AWS::EC2::");
}

/// X-Ray names resources by type and name; who has no type of AWS, and what runs in a container, keeps the
/// name that its program gave it (`link_resources` finds the service of that name).
std::string id_of_node(const std::string& type, const std::string& name) {
  // The Lambda service writes a segment of its own for each run, under the function's name.
  if (type == "AWS::Lambda") return id_of_resource("AWS::Lambda::Function", name);
  if (type.starts_with("AWS::ApiGateway::"))  // "shop/prod": the API and its stage
    return named_id("apigateway", std::string_view(name).substr(0, name.find('/')));
  if (is_container(type)) return name;
  return type.starts_with("AWS::") ? id_of_resource(type, name) : std::string(host_of_address(name));
}

/// The resource that a call of an AWS API is about, as the SDK's instrumentation tells it.
/// Source: X-Ray developer guide, "AWS resource data" and "AWS SDK subsegments".
std::string resource_called(const Json& segment) {
  struct Member {
    std::string_view name;
    std::string_view type;
  };
  static constexpr std::array<Member, 6> kMembers{{{"table_name", "AWS::DynamoDB::Table"},
                                                   {"function_name", "AWS::Lambda::Function"},
                                                   {"queue_url", "AWS::SQS::Queue"},
                                                   {"bucket_name", "AWS::S3::Bucket"},
                                                   {"stream_name", "AWS::Kinesis::Stream"},
                                                   {"topic_arn", "AWS::SNS::Topic"}}};
  const Json& aws = at(segment, "aws");
  for (const Member& member : kMembers) {
    const std::string name = text_at(aws, member.name);
    if (!name.empty()) return id_of_resource(member.type, name);
  }
  return named_id("aws", text_at(segment, "name"));
}

/// Who is called: a resource of AWS, the host of a database ("app@db.example" or a URL), or a remote host.
std::string callee_of(const Json& segment) {
  if (text_at(segment, "namespace") == "aws") return resource_called(segment);
  const std::string url = text_at(segment, "sql", "url");
  return std::string(host_of_address(url.empty() ? text_at(segment, "name") : url));
}

std::string operation_of(const Json& segment) {
  const std::string operation = text_at(segment, "aws", "operation");
  return operation.empty() ? text_at(segment, "http", "request", "method") : operation;
}

bool is_call(const Json& segment) {
  const std::string kind = text_at(segment, "namespace");
  return kind == "remote" || kind == "aws";
}

/// One exception as a person's log would show it.
std::string exception_text(const Json& exception) {
  std::string text = fmt::format("{}: {}", text_at(exception, "type"), text_at(exception, "message"));
  for (const Json& frame : list_at(exception, "stack"))
    text += fmt::format("\n    at {} ({}:{})", text_at(frame, "label"), text_at(frame, "path"),
                        text_at(frame, "line"));
  return text;
}

/// Where a segment stands in its trace.
struct Place {
  std::string parent = {};  ///< the id of the span above it
  std::string owner = {};   ///< the entity whose segment it is within; empty: it is a segment itself
  std::string callee = {};  ///< who is called by the call that it is part of
  int depth = 0;
  double end = 0;  ///< s since 1970, of the span above it: what is still open there ended with it
};

class TraceReader {
 public:
  TraceReader(const Document& document, telemetry::TelemetryBatch& out) : document_(document), out_(out) {}

  void read(const Json& trace) {
    trace_ = text_at(trace, "Id");
    std::vector<Json> segments;
    for (const Json& segment : list_at(trace, "Segments"))
      segments.push_back(base::parse_json(text_at(segment, "Document")).value_or(Json()));
    for (const Json& segment : segments) answered_.insert(text_at(segment, "parent_id"));
    for (const Json& segment : segments) read_segment(segment, {});
  }

 private:
  void read_segment(const Json& segment, Place place) {
    if (place.depth > kDeepest) return;
    const auto start = base::number_at(segment, "start_time");
    if (!start || *start < 0 || *start > kLatest) return;
    const std::string name = text_at(segment, "name");
    telemetry::OwnedSpan span;
    span.entity = place.depth == 0 ? id_of_node(text_at(segment, "origin"), name) : place.owner;
    span.trace_id = trace_;
    span.span_id = text_at(segment, "id");
    span.parent_span_id = place.parent.empty() ? text_at(segment, "parent_id") : place.parent;
    span.name = name;
    span.start = base::from_seconds(*start);
    const bool is_open = text_at(segment, "in_progress") == "true";
    const double end = base::number_at(segment, "end_time").value_or(is_open ? place.end : *start);
    span.duration = base::duration_from_seconds(std::clamp(end - *start, 0.0, kLatest));
    const bool failed = text_at(segment, "fault") == "true" || text_at(segment, "error") == "true";
    span.status = failed ? telemetry::SpanStatus::kError : telemetry::SpanStatus::kOk;
    span.ref = document_.ref;
    read_exceptions(segment, span);
    out_.spans.push_back(span);
    // What an SDK does for a call of an API (a request over HTTP, a try) is part of that call.
    if (place.depth > 0 && place.callee.empty() && is_call(segment)) place.callee = callee_of(segment);
    const Json& inner = list_at(segment, "subsegments");
    if (inner.empty()) read_call(segment, span, place.callee);
    const Place within{span.span_id, span.entity, place.callee, place.depth + 1, end};
    for (const Json& subsegment : inner) read_segment(subsegment, within);
  }

  void read_call(const Json& segment, const telemetry::OwnedSpan& span, const std::string& callee) {
    constexpr double kServerError = 500;
    TracedCall call;
    call.seen = span;
    call.callee = callee;
    call.operation = operation_of(segment);
    call.outside = text_at(segment, "namespace") == "remote" && at(segment, "sql").is_null();
    // A call that nobody answered says nothing of the callee: it may be the way there.
    call.failed = base::number_at(segment, "http", "response", "status").value_or(0) >= kServerError;
    call.answered_by_spans = answered_.contains(span.span_id);
    add_traced_call(std::move(call), out_);
  }

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
  telemetry::TelemetryBatch& out_;
  std::string trace_;
  std::set<std::string> answered_;  ///< subsegments of calls whose callee wrote a segment
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
    const std::string type = text_at(service, "Type");
    entity.type = is_container(type) ? std::string() : type;
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
      // The service's segment of a function and the function's own are one node here.
      if (from != ids.end() && to != ids.end() && from->second != to->second)
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
  for (const Json& trace : list_at(document.body, "Traces")) TraceReader(document, out).read(trace);
  const std::size_t missing = list_at(document.body, "UnprocessedTraceIds").size();
  if (missing == 0) return;
  out.notices.push_back(
      {fmt::format(
           "X-Ray gives no segments of {} traces; with Transaction Search, they are in the log group {}",
           missing, kSpansGroup),
       document.ref,
       fmt::format("X-Ray は {} 件のトレースのセグメントを返しませんでした（Transaction Search "
                   "が有効な場合はロググループ {} にあります）",
                   missing, kSpansGroup)});
}

}  // namespace midwatch::clients::aws
