#include "src/clients/aws/span_lines.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/clients/aws/resource_names.h"
#include "src/clients/aws/traced_call.h"

namespace midwatch::clients::aws {
namespace {

using base::at;
using base::Json;
using base::list_at;
using base::text_at;

/// The value of an attribute: of a map, as the log group has it, or of the protocol's list of keys and typed
/// values.
std::string attribute(const Json& attributes, std::string_view name) {
  if (attributes.is_object()) return text_at(attributes, name);
  if (!attributes.is_array()) return {};
  for (const Json& item : attributes) {
    if (text_at(item, "key") != name) continue;
    const Json& value = at(item, "value");
    for (const char* type : {"stringValue", "intValue", "doubleValue", "boolValue"}) {
      if (value.is_object() && value.contains(type)) return text_at(value, type);
    }
  }
  return {};
}

/// The first of several attributes that is there: conventions changed their names over time.
template <std::size_t kSize>
std::string first_attribute(const Json& attributes, const std::array<const char*, kSize>& names) {
  for (const char* name : names) {
    std::string value = attribute(attributes, name);
    if (!value.empty()) return value;
  }
  return {};
}

/// Nanoseconds, since 1970 or of a length, as a number or, as the protocol has it, as text.
std::optional<base::Duration> nanoseconds(const Json& value) {
  constexpr std::int64_t kMost = 4'000'000'000'000'000'000;  // the year 2096; twice as much is still a time
  const std::string text = base::text(value);
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (!whole || count < 0 || count > kMost) return std::nullopt;
  return base::Duration(count);
}

/// "CLIENT" or the protocol's "SPAN_KIND_CLIENT" and number.
bool is_kind(const Json& span, std::string_view name, std::string_view number) {
  const std::string kind = text_at(span, "kind");
  return kind == number || kind.ends_with(name);
}

bool calls_out(const Json& span) {
  return is_kind(span, "CLIENT", "3") || is_kind(span, "PRODUCER", "4");
}

bool is_called(const Json& span) {
  return is_kind(span, "SERVER", "2") || is_kind(span, "CONSUMER", "5");
}

bool has_failed(const Json& span) {
  const std::string code = text_at(span, "status", "code");
  return code == "2" || code.ends_with("ERROR");
}

/// Who wrote the span: the function that it ran in, else the name that the program gave itself.
std::string entity_of(const Json& span) {
  const Json& resource = at(span, "resource", "attributes");
  const std::string function = attribute(resource, "faas.name");
  if (!function.empty()) return id_of_resource("AWS::Lambda::Function", function);
  const std::string service = attribute(resource, "service.name");
  return service.empty() ? attribute(at(span, "attributes"), "aws.local.service") : service;
}

class SpanReader {
 public:
  SpanReader(const Document& document, telemetry::TelemetryBatch& out) : document_(document), out_(out) {}

  void read(const std::vector<Json>& spans) {
    for (const Json& span : spans) {
      if (is_called(span)) answered_.insert(text_at(span, "parentSpanId"));
    }
    for (const Json& span : spans) read_span(span);
  }

 private:
  void read_span(const Json& json) {
    const auto start = nanoseconds(at(json, "startTimeUnixNano"));
    telemetry::OwnedSpan span;
    span.entity = entity_of(json);
    span.trace_id = text_at(json, "traceId");
    span.span_id = text_at(json, "spanId");
    if (!start || span.entity.empty() || span.trace_id.empty() || span.span_id.empty()) return;
    span.parent_span_id = text_at(json, "parentSpanId");
    span.name = text_at(json, "name");
    span.start = base::Timestamp(*start);
    const auto end = nanoseconds(at(json, "endTimeUnixNano"));
    span.duration = end && *end > *start ? *end - *start
                                         : nanoseconds(at(json, "durationNano")).value_or(base::Duration{});
    span.status = has_failed(json) ? telemetry::SpanStatus::kError : telemetry::SpanStatus::kOk;
    span.ref = document_.ref;
    read_exceptions(json, span);
    out_.spans.push_back(span);
    if (calls_out(json)) read_call(at(json, "attributes"), std::move(span));
  }

  void read_call(const Json& attributes, telemetry::OwnedSpan span) {
    constexpr double kServerError = 500;
    static constexpr std::array kHosts{"server.address", "net.peer.name", "http.host"};
    static constexpr std::array kUrls{"url.full", "http.url"};
    static constexpr std::array kOperations{"aws.remote.operation", "rpc.method",
                                            "db.operation.name",    "db.operation",
                                            "http.request.method",  "http.method"};
    static constexpr std::array kStatus{"http.response.status_code", "http.status_code"};
    TracedCall call;
    call.answered_by_spans = answered_.contains(span.span_id);
    call.seen = std::move(span);
    call.operation = first_attribute(attributes, kOperations);
    const std::string status = first_attribute(attributes, kStatus);
    call.failed = base::number(Json(status)).value_or(0) >= kServerError;
    const std::string type = attribute(attributes, "aws.remote.resource.type");
    const std::string resource = attribute(attributes, "aws.remote.resource.identifier");
    if (type.starts_with("AWS::") && !resource.empty()) {
      call.callee = id_of_resource(type, resource);
    } else {
      std::string host = first_attribute(attributes, kHosts);
      if (host.empty()) host = first_attribute(attributes, kUrls);
      if (host.empty()) host = attribute(attributes, "aws.remote.service");
      call.callee = host_of_address(host);
      call.outside = first_attribute(attributes, std::array{"db.system.name", "db.system"}).empty();
    }
    add_traced_call(std::move(call), out_);
  }

  void read_exceptions(const Json& json, const telemetry::OwnedSpan& span) {
    for (const Json& event : list_at(json, "events")) {
      if (text_at(event, "name") != "exception") continue;
      const Json& attributes = at(event, "attributes");
      telemetry::LogLine line;
      const auto time = nanoseconds(at(event, "timeUnixNano"));
      line.time = time ? base::Timestamp(*time) : span.start + span.duration;
      line.entity = span.entity;
      line.severity = "ERROR";
      // A stack trace begins with the exception itself.
      line.body = attribute(attributes, "exception.stacktrace");
      if (line.body.empty())
        line.body = fmt::format("{}: {}", attribute(attributes, "exception.type"),
                                attribute(attributes, "exception.message"));
      line.ref = document_.ref;
      out_.logs.push_back(std::move(line));
    }
  }

  const Document& document_;
  telemetry::TelemetryBatch& out_;
  std::set<std::string> answered_;  ///< calls whose callee wrote a span
};

}  // namespace

void decode_span_lines(const Document& document, telemetry::TelemetryBatch& out) {
  std::vector<Json> spans;
  std::size_t unread = 0;
  for (const Json& event : list_at(document.body, "events")) {
    Json span = base::parse_json(text_at(event, "message")).value_or(Json());
    if (span.is_object()) {
      spans.push_back(std::move(span));
    } else {
      ++unread;
    }
  }
  const std::size_t before = out.spans.size();
  SpanReader(document, out).read(spans);
  // Lines that are no spans of OpenTelemetry stand for a form that is not known.
  if (out.spans.size() == before && !spans.empty()) unread += spans.size();
  if (unread == 0) return;
  out.notices.push_back(
      {fmt::format("{} lines of {} are no spans in the JSON of OpenTelemetry", unread, kSpansGroup),
       document.ref,
       fmt::format("{} の {} 行は OpenTelemetry 形式のスパンとして読み取れませんでした", kSpansGroup,
                   unread)});
}

}  // namespace midwatch::clients::aws
