#include "src/observe/events/detections.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "src/base/ascii.h"

namespace midwatch::observe::events {
namespace {

using model::Observation;
using telemetry::PlatformEvent;

/// A detection says "out of the ordinary", not how much; its detector was configured to be heard.
constexpr double kDetectionStrength = 0.9;
/// A cluster of lines counts as grown or shrunk from this ratio on; below it, sampling and load explain it.
constexpr double kClusterRatio = 2.0;
/// Fewer additional lines than this are no change of a cluster's rate.
constexpr double kClusterLines = 5.0;

bool is_cluster(const PlatformEvent& e) {
  return e.attributes.find("delta_vs_baseline") != nullptr;
}

constexpr const char* kSlow = "trace.latency.up";

/// What a detection of a trace means by its reason: a status of 4xx or 5xx or a word for failing, else
/// slowness.
const char* trace_type(std::string_view reason) {
  const std::string word = base::to_lower(reason);
  const bool status = word.size() == 3 && (word[0] == '4' || word[0] == '5') && std::isdigit(word[1]) &&
                      std::isdigit(word[2]);
  const bool failing = word.find("err") != std::string::npos || word.find("fail") != std::string::npos ||
                       word.find("exception") != std::string::npos ||
                       word.find("unavailable") != std::string::npos;
  return status || failing ? "trace.error.own" : kSlow;
}

Observation from_metric(const PlatformEvent& e, const knowledge::KnowledgeBase& knowledge) {
  telemetry::MetricKey key;
  key.metric = std::string(e.attributes.get("metric", e.message));
  const auto meaning = knowledge::metric_meaning(key, knowledge.metric_rules);
  const std::string reason = base::to_lower(e.reason);
  Observation o;
  o.type = fmt::format("metric.{}.{}", meaning.quantity,
                       reason == "down" ? "down"
                       : reason == "up" ? "up"
                                        : "spike");
  o.subject = key.metric;
  o.facts["metric"] = key.metric;
  return o;
}

Observation from_trace(const PlatformEvent& e) {
  Observation o;
  o.type = trace_type(e.reason);
  const std::string_view caller = e.attributes.get("caller");
  // What an entity calls in itself: a part of its own work, or its side of a call to somebody else.
  if (caller == e.entity && o.type == kSlow) o.type = "trace.operation.up";
  const std::string_view operation = e.attributes.get("operation", e.message);
  o.subject = fmt::format("{} → {}", caller.empty() ? "?" : caller, operation);
  o.facts["caller"] = std::string(caller);
  o.facts["operation"] = std::string(operation);
  o.facts["status"] = e.reason;
  return o;
}

Observation from_log(const PlatformEvent& e) {
  Observation o;
  const std::string reason = base::to_lower(e.reason);
  o.type = reason.find("err") != std::string::npos ? "log.error.new" : "log.pattern.new";
  o.subject = e.message;
  o.facts["template"] = e.message;
  return o;
}

/// A cluster of log lines with its count now and its change: the count before is the difference.
Observation from_cluster(const PlatformEvent& e) {
  Observation o;
  const double now = static_cast<double>(e.count);
  const double before = std::max(0.0, now - e.attributes.number("delta_vs_baseline").value_or(0));
  const bool negative = base::to_lower(e.attributes.get("sentiment")) == "negative";
  const char* family = negative ? "error" : "pattern";
  const double ratio = (now + 1) / (before + 1);
  if (before < 1 && now >= 1) {
    o.type = fmt::format("log.{}.new", family);
  } else if (now < 1 && before >= kClusterLines) {
    o.type = "log.pattern.gone";
  } else if (ratio >= kClusterRatio && now - before >= kClusterLines) {
    o.type = fmt::format("log.{}.more", family);
  } else if (ratio <= 1 / kClusterRatio && before - now >= kClusterLines) {
    o.type = "log.pattern.less";
  } else {
    return o;  // no change worth saying
  }
  o.subject = e.message;
  o.value = now;
  o.baseline = before;
  o.magnitude = std::abs(std::log(ratio));
  o.facts["template"] = e.message;
  o.facts["count"] = fmt::format("{}", e.count);
  o.facts["sample"] = e.message;
  return o;
}

Observation observation_of(const PlatformEvent& e, const knowledge::KnowledgeBase& knowledge) {
  if (is_cluster(e)) return from_cluster(e);
  if (e.source == "log") return from_log(e);
  if (e.source == "trace") return from_trace(e);
  return from_metric(e, knowledge);
}

}  // namespace

namespace {

/// One time for everything is a placeholder of the exporter, not a time.
bool times_say_something(const std::vector<PlatformEvent>& events) {
  const PlatformEvent* first = nullptr;
  std::size_t detections = 0;
  for (const PlatformEvent& e : events) {
    if (!is_detection(e)) continue;
    ++detections;
    if (first == nullptr) first = &e;
    if (e.time != first->time) return true;
  }
  return detections == 1;
}

}  // namespace

bool is_detection(const PlatformEvent& event) {
  return base::to_lower(event.type) == "anomaly" || is_cluster(event);
}

std::vector<Observation> observe_detections(const std::vector<PlatformEvent>& events,
                                            const knowledge::KnowledgeBase& knowledge,
                                            const model::SourceName& source_name) {
  using Key = std::tuple<std::string, std::string, std::string>;  // entity, type, subject
  std::map<Key, Observation> merged;
  std::map<Key, std::int64_t> counts;
  const bool timed = times_say_something(events);
  for (const PlatformEvent& e : events) {
    if (!is_detection(e)) continue;
    Observation o = observation_of(e, knowledge);
    if (o.type.empty()) continue;
    o.entity = e.entity;
    o.strength = kDetectionStrength;
    if (timed) o.onset = e.time;
    const Key key{o.entity, o.type, o.subject};
    const auto [at, is_new] = merged.emplace(key, std::move(o));
    counts[key] += is_cluster(e) ? e.count : 1;
    if (is_new) at->second.evidence.push_back(model::record_evidence(e, source_name));
    if (timed && e.time < at->second.onset) at->second.onset = e.time;
  }
  // What several entities log at once tells little of each of them.
  std::map<std::string, std::size_t, std::less<>> places;
  for (const auto& [key, o] : merged) {
    if (o.type.starts_with("log.")) ++places[o.subject];
  }
  std::vector<Observation> out;
  out.reserve(merged.size());
  for (auto& [key, o] : merged) {
    if (o.type.starts_with("log.")) o.strength /= static_cast<double>(places[o.subject]);
    o.facts["count"] = fmt::format("{}", counts[key]);
    o.facts["detector"] = "site";
    out.push_back(std::move(o));
  }
  return out;
}

}  // namespace midwatch::observe::events
