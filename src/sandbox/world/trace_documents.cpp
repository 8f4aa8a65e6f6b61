#include "src/sandbox/world/trace_documents.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/digest.h"
#include "src/sandbox/world/world_names.h"

namespace midwatch::sandbox::world {
namespace {

using base::Json;

/// The operation that a call of a store is, for want of more.
constexpr const char* kTableOperation = "GetItem";
constexpr const char* kQueueOperation = "SendMessage";

std::string call_id(const TraceRecord& trace, const TraceCall& call) {
  return base::sha256_hex(trace.id + call.name).substr(0, 16);
}

double end_of(const TraceRecord& trace, const TraceCall& call) {
  return std::min(trace.seconds, call.start + call.seconds);
}

void tell_callee(const World& world, const TraceCall& call, Json& subsegment) {
  switch (call.kind) {
    case CallKind::kTable:
      subsegment["name"] = "DynamoDB";
      subsegment["namespace"] = "aws";
      subsegment["aws"] = {
          {"table_name", call.name}, {"operation", kTableOperation}, {"region", world.region}};
      break;
    case CallKind::kQueue:
      subsegment["name"] = "SQS";
      subsegment["namespace"] = "aws";
      subsegment["aws"] = {{"queue_url", queue_url(world, call.name)}, {"operation", kQueueOperation}};
      break;
    case CallKind::kDatabase: {
      const std::string host = database_endpoint(world, call.name);
      subsegment["name"] = "app@" + host;
      subsegment["namespace"] = "remote";
      subsegment["sql"] = {{"url", fmt::format("postgresql://{}:5432/app", host)},
                           {"database_type", "PostgreSQL"}};
      break;
    }
    case CallKind::kHost:
      subsegment["namespace"] = "remote";
      subsegment["http"] = {{"request", {{"method", "GET"}, {"url", fmt::format("https://{}/", call.name)}}}};
      if (call.status != 0) subsegment["http"]["response"] = {{"status", call.status}};
      break;
    case CallKind::kWait:
      break;
  }
}

Json attributes_of(const World& world, const TraceCall& call) {
  Json attributes = Json::object();
  switch (call.kind) {
    case CallKind::kTable:
      attributes = {{"rpc.system", "aws-api"},
                    {"rpc.method", kTableOperation},
                    {"aws.remote.service", "AWS::DynamoDB"},
                    {"aws.remote.operation", kTableOperation},
                    {"aws.remote.resource.type", "AWS::DynamoDB::Table"},
                    {"aws.remote.resource.identifier", call.name}};
      break;
    case CallKind::kQueue:
      attributes = {{"aws.remote.service", "AWS::SQS"},
                    {"aws.remote.operation", kQueueOperation},
                    {"aws.remote.resource.type", "AWS::SQS::Queue"},
                    {"aws.remote.resource.identifier", call.name}};
      break;
    case CallKind::kDatabase:
      attributes = {{"db.system", "postgresql"},
                    {"server.address", database_endpoint(world, call.name)},
                    {"server.port", 5432}};
      break;
    case CallKind::kHost:
      attributes = {{"http.request.method", "GET"},
                    {"server.address", call.name},
                    {"url.full", fmt::format("https://{}/", call.name)}};
      if (call.status != 0) attributes["http.response.status_code"] = call.status;
      break;
    case CallKind::kWait:
      break;
  }
  return attributes;
}

std::int64_t nanoseconds(base::Timestamp time) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

/// "1-5f84c7a1-e2f9…" without what X-Ray adds.
std::string open_telemetry_id(std::string id) {
  id.erase(0, 2);
  std::erase(id, '-');
  return id;
}

SpanLine line_of(const World& world, const TraceRecord& trace, const std::string& id, double from,
                 double until, Json span) {
  const base::Timestamp start = trace.start + base::duration_from_seconds(from);
  const base::Timestamp end = trace.start + base::duration_from_seconds(until);
  span["resource"] = {{"attributes",
                       {{"service.name", trace.entry},
                        {"faas.name", trace.entry},
                        {"cloud.platform", "aws_lambda"},
                        {"cloud.region", world.region},
                        {"cloud.account.id", world.account}}}};
  span["scope"] = {{"name", "@opentelemetry/instrumentation-aws-lambda"}};
  span["traceId"] = open_telemetry_id(trace.id);
  span["spanId"] = id;
  span["flags"] = 1;
  span["startTimeUnixNano"] = nanoseconds(start);
  span["endTimeUnixNano"] = nanoseconds(end);
  span["durationNano"] = nanoseconds(end) - nanoseconds(start);
  return {end, base::dump_json(span)};
}

Json status_of(bool failed) {
  return {{"code", failed ? "ERROR" : "UNSET"}};
}

}  // namespace

CalledNode node_called(const World& world, const TraceCall& call) {
  switch (call.kind) {
    case CallKind::kTable:
      return {"AWS::DynamoDB::Table", call.name};
    case CallKind::kQueue:
      return {"AWS::SQS::Queue", queue_url(world, call.name)};
    case CallKind::kDatabase:
      return {"Database::SQL", "app@" + database_endpoint(world, call.name)};
    case CallKind::kHost:
    case CallKind::kWait:
      break;
  }
  return {"remote", call.name};
}

Json segment_document(const World& world, const TraceRecord& trace) {
  const double start = base::to_seconds(trace.start);
  Json segment{{"id", trace.segment},  {"name", trace.entry}, {"origin", "AWS::Lambda::Function"},
               {"trace_id", trace.id}, {"start_time", start}, {"end_time", start + trace.seconds},
               {"fault", trace.fault}};
  if (!trace.error_type.empty())
    segment["cause"] = {{"exceptions", Json::array({{{"id", trace.segment},
                                                     {"type", trace.error_type},
                                                     {"message", trace.error_message}}})}};
  Json inner = Json::array();
  for (const TraceCall& call : trace.calls) {
    Json subsegment{{"id", call_id(trace, call)},
                    {"name", call.name},
                    {"start_time", start + call.start},
                    {"fault", call.fault}};
    if (call.unfinished) {
      subsegment["in_progress"] = true;
    } else {
      subsegment["end_time"] = start + end_of(trace, call);
    }
    tell_callee(world, call, subsegment);
    inner.push_back(std::move(subsegment));
  }
  if (!inner.empty()) segment["subsegments"] = std::move(inner);
  return segment;
}

std::vector<SpanLine> span_lines(const World& world, const TraceRecord& trace) {
  std::vector<SpanLine> lines;
  for (const TraceCall& call : trace.calls) {
    const bool waits = call.kind == CallKind::kWait;
    lines.push_back(line_of(world, trace, call_id(trace, call), call.start, end_of(trace, call),
                            {{"parentSpanId", trace.segment},
                             {"name", waits ? "wait" : "GET"},
                             {"kind", waits ? "INTERNAL" : "CLIENT"},
                             {"attributes", attributes_of(world, call)},
                             {"status", status_of(call.fault)}}));
  }
  Json root{{"parentSpanId", ""},
            {"name", trace.entry + "/handler"},
            {"kind", "SERVER"},
            {"attributes", {{"faas.invocation_id", trace.segment}, {"aws.local.service", trace.entry}}},
            {"status", status_of(trace.fault)}};
  if (!trace.error_type.empty())
    root["events"] =
        Json::array({{{"name", "exception"},
                      {"attributes",
                       {{"exception.type", trace.error_type}, {"exception.message", trace.error_message}}}}});
  lines.push_back(line_of(world, trace, trace.segment, 0, trace.seconds, std::move(root)));
  return lines;
}

}  // namespace midwatch::sandbox::world
