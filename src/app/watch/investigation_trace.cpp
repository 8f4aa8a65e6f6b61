#include "src/app/watch/investigation_trace.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/digest.h"
#include "src/base/json_access.h"
#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/intake/trace_parent.h"

namespace midwatch::app {
namespace {

using base::Json;

/// Investigations that wait to be sent: an hour of many, and little memory.
constexpr std::size_t kMostWaiting = 256;
/// In one request: a few megabytes at most.
constexpr std::size_t kMostAtOnce = 32;
/// Of a journal: an investigation asks a thousand questions at most.
constexpr std::size_t kMostEntries = 5000;
constexpr std::chrono::seconds kPatience{10};
constexpr std::size_t kShownBytes = 200;
constexpr std::size_t kTraceDigits = 32;
constexpr std::size_t kSpanDigits = 16;
// Source: opentelemetry-proto, trace/v1/trace.proto, SpanKind and StatusCode.
constexpr int kInternal = 1;
constexpr int kClient = 3;
constexpr int kOk = 1;
constexpr int kError = 2;

/// 64-bit numbers are texts in JSON.
std::string nanoseconds(base::Timestamp time) {
  return fmt::to_string(time.time_since_epoch().count());
}

std::string trace_id(const std::string& investigation) {
  std::string digits;
  for (const char c : investigation.substr(investigation.find('-') + 1))
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')) digits += c;
  return digits.size() == kTraceDigits ? digits : base::sha256_hex(investigation).substr(0, kTraceDigits);
}

void add_attribute(Json& attributes, const char* key, const std::string& value) {
  if (!value.empty())
    attributes.push_back({{"key", key}, {"value", {{"stringValue", base::printable(value, kShownBytes)}}}});
}

/// Builds the spans of one trace.
class Trace {
 public:
  explicit Trace(const model::Investigation& investigation)
      : investigation_(investigation.id), trace_(trace_id(investigation.id)) {}

  /// Shape: the first that is added is the parent of the rest.
  Json& add(const std::string& name, int kind, base::Timestamp start, base::Timestamp end, int status) {
    const std::string id =
        base::sha256_hex(fmt::format("{}/{}", investigation_, spans_.size())).substr(0, kSpanDigits);
    Json span{{"traceId", trace_}, {"spanId", id}};
    if (!spans_.empty()) span["parentSpanId"] = spans_.front()["spanId"];
    span["name"] = name;
    span["kind"] = kind;
    span["startTimeUnixNano"] = nanoseconds(std::min(start, end));
    span["endTimeUnixNano"] = nanoseconds(end);
    span["attributes"] = Json::array();
    span["status"] = {{"code", status}};
    return spans_.emplace_back(std::move(span));
  }

  Json take() { return std::move(spans_); }

 private:
  std::string investigation_;
  std::string trace_;
  Json spans_ = Json::array();
};

void add_question(Trace& trace, const model::JournalEntry& entry) {
  const auto data = base::parse_json(entry.data);
  if (!data) return;
  const std::string service = base::text_at(*data, "service");
  const std::string operation = base::text_at(*data, "operation");
  const auto took = std::chrono::milliseconds(
      static_cast<std::int64_t>(base::number_at(*data, "milliseconds").value_or(0)));
  const bool answered = base::text_at(*data, "answered") == "true";
  Json& span = trace.add(fmt::format("ask {}.{}", service, operation), kClient, entry.time - took, entry.time,
                         answered ? kOk : kError);
  Json& attributes = span["attributes"];
  add_attribute(attributes, "rpc.system", "aws-api");
  add_attribute(attributes, "rpc.service", service);
  add_attribute(attributes, "rpc.method", operation);
  add_attribute(attributes, "cloud.region", base::text_at(*data, "region"));
  add_attribute(attributes, "midwatch.outcome", answered ? "answered" : "refused");
}

}  // namespace

Json spans_of(const model::Investigation& investigation, const std::vector<model::JournalEntry>& journal) {
  const base::Timestamp start = investigation.started.value_or(investigation.requested);
  const base::Timestamp end = investigation.ended.value_or(start);
  Trace trace(investigation);
  const bool failed = investigation.status == model::InvestigationStatus::kFailed;
  Json& whole = trace.add("investigate", kInternal, start, end, failed ? kError : kOk);
  if (const auto cause = intake::read_trace_parent(investigation.trace_parent))
    whole["links"] = Json::array({{{"traceId", cause->trace}, {"spanId", cause->span}}});
  Json& root = whole["attributes"];
  add_attribute(root, "midwatch.investigation.id", investigation.id);
  add_attribute(root, "midwatch.incident.id", investigation.incident);
  add_attribute(root, "midwatch.space", investigation.space);
  add_attribute(root, "midwatch.status", std::string(model::to_string(investigation.status)));
  add_attribute(root, "midwatch.outcome", investigation.outcome);
  add_attribute(root, "midwatch.mode", investigation.mode);
  // What lies between two entries belongs to the later one: so long it took.
  base::Timestamp last = start;
  base::Timestamp reported = start;
  base::Timestamp observed{};  // since the last finding; the epoch: nothing was
  for (const model::JournalEntry& entry : journal) {
    if (entry.kind == "planning") trace.add("plan", kInternal, last, entry.time, kOk);
    if (entry.kind == "answer") add_question(trace, entry);
    if (entry.kind == "observation") {
      observed = entry.time;
      continue;
    }
    if (entry.kind == "finding") {
      const bool any = observed != base::Timestamp{};
      if (any) trace.add("observe", kInternal, last, observed, kOk);
      trace.add("diagnose", kInternal, any ? observed : last, entry.time, kOk);
      observed = {};
    }
    last = entry.time;
    reported = entry.kind == "finding" ? entry.time : reported;
  }
  trace.add("report", kInternal, reported, std::max(reported, end), kOk);
  return trace.take();
}

Json otlp_body(Json spans, const std::string& version) {
  Json resource = Json::array();
  add_attribute(resource, "service.name", "midwatch");
  add_attribute(resource, "service.version", version);
  const Json scope{{"scope", {{"name", "midwatch"}, {"version", version}}}, {"spans", std::move(spans)}};
  return {{"resourceSpans", Json::array({{{"resource", {{"attributes", std::move(resource)}}},
                                          {"scopeSpans", Json::array({scope})}}})}};
}

TraceExporter::TraceExporter(Parts parts)
    : parts_(std::move(parts)), thread_([this](const std::stop_token& stop) { work(stop); }) {}

void TraceExporter::ended(const std::string& investigation) {
  const std::lock_guard lock(mutex_);
  if (waiting_.size() >= kMostWaiting) {
    ++dropped_;
    return;
  }
  waiting_.push_back(investigation);
  changed_.notify_one();
}

void TraceExporter::work(const std::stop_token& stop) {
  while (true) {
    std::vector<std::string> next;
    {
      std::unique_lock lock(mutex_);
      // What still waits when a stop is asked for is not sent: nobody waits for a receiver to stop.
      if (!changed_.wait(lock, stop, [this] { return !waiting_.empty(); }) || stop.stop_requested()) return;
      // What ended while the request before was under way goes together.
      while (!waiting_.empty() && next.size() < kMostAtOnce) {
        next.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
      }
    }
    send(next, stop);
  }
}

base::Result<Json> TraceExporter::spans_of_all(const std::vector<std::string>& investigations) {
  Json spans = Json::array();
  MIDWATCH_TRY_VOID(parts_.store.read([&](store::Session& session) -> base::Result<> {
    for (const std::string& id : investigations) {
      const auto investigation = session.investigation(id);
      // It may have been deleted meanwhile; the others are not to be lost for it.
      if (!investigation && investigation.error().code == base::ErrorCode::kNotFound) continue;
      if (!investigation) return investigation.error();
      MIDWATCH_TRY(const auto journal, session.journal(id, 0, kMostEntries));
      for (Json& span : spans_of(*investigation, journal)) spans.push_back(std::move(span));
    }
    return {};
  }));
  return spans;
}

void TraceExporter::send(const std::vector<std::string>& investigations, const std::stop_token& stop) {
  http::HttpRequest request;
  request.method = "POST";
  request.url = parts_.url;
  request.headers = parts_.headers;
  request.headers.emplace_back("Content-Type", "application/json");
  request.guard = &parts_.guard;
  request.timeout = kPatience;
  std::string why;
  auto spans = spans_of_all(investigations);
  if (!spans) {
    why = spans.error().describe();
  } else {
    request.body = base::dump_json(otlp_body(*std::move(spans), parts_.version));
    const auto answer = parts_.http.send({parts_.clock, std::nullopt, stop}, request);
    if (!answer) why = answer.error().describe();
    if (answer && answer->status / 100 != 2) why = fmt::format("the receiver answers {}", answer->status);
  }
  (why.empty() ? sent_ : dropped_) += investigations.size();
  if (!why.empty() && !fails_)
    parts_.log({base::LogLevel::kWarning, "traces cannot be sent", {{"reason", why}}});
  fails_ = !why.empty();
}

}  // namespace midwatch::app
