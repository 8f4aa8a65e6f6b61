#include "src/connectors/bundle/scope_reader.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json.h"
#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/connectors/bundle/json_fields.h"
#include "src/telemetry/flatten.h"

namespace midwatch::connectors::bundle {
namespace {

using base::Json;

base::Error malformed(std::string what) {
  return base::user_error(base::ErrorCode::kMalformed, "bundle.json: " + std::move(what));
}

base::Result<base::TimeRange> read_range(const Json& object, const char* name) {
  const Json& range = object.at(name);
  if (!range.is_object()) return malformed(fmt::format("'{}' must be an object with start and end", name));
  const auto start = json_time(range, "start");
  const auto end = json_time(range, "end");
  if (!start || !end)
    return malformed(fmt::format("'{}' needs a readable start and end (RFC 3339 or epoch seconds)", name));
  if (*end <= *start) return malformed(fmt::format("'{}' ends before it starts", name));
  return base::TimeRange{*start, *end};
}

telemetry::Alarm read_alarm(const Json& o) {
  telemetry::Alarm alarm;
  alarm.name = json_text(o, "name");
  alarm.entity = json_text(o, "entity");
  alarm.metric = json_text(o, "metric");
  alarm.time = json_time(o, "time");
  alarm.threshold = json_number(o, "threshold");
  alarm.observed = json_number(o, "observed");
  alarm.summary = json_text(o, "summary");
  alarm.severity = json_text(o, "severity");
  alarm.source = json_text(o, "source");
  if (const auto payload = o.find("payload"); payload != o.end())
    telemetry::flatten(*payload, "", alarm.payload);
  return alarm;
}

}  // namespace

base::Result<telemetry::IncidentScope> read_scope(std::string_view bundle_json,
                                                  std::vector<std::string>& notices) {
  auto parsed = base::parse_json(base::repair_utf8(bundle_json));
  if (!parsed) return std::move(parsed).error().with("bundle.json");
  const Json& o = *parsed;
  if (!o.is_object()) return malformed("must be a JSON object");
  const std::string format = json_text(o, "format");
  if (format != "midwatch.bundle/v1") {
    return base::user_error(
        base::ErrorCode::kUnsupported,
        fmt::format("bundle.json: format is '{}'; this version reads 'midwatch.bundle/v1'",
                    base::printable(format, 80)));
  }
  telemetry::IncidentScope scope;
  scope.id = json_text(o, "id");
  scope.title = json_text(o, "title");
  scope.notes = json_text(o, "notes");
  if (!o.contains("window")) return malformed("'window' is missing");
  MIDWATCH_TRY(scope.window, read_range(o, "window"));
  if (o.contains("baseline") && !o.at("baseline").is_null()) {
    auto baseline = read_range(o, "baseline");
    if (baseline) {
      scope.baseline = *baseline;
    } else {
      notices.push_back(baseline.error().message + "; it is ignored");
    }
  }
  if (const auto interval = json_number(o, "interval_s"); interval && *interval > 0) {
    scope.interval = base::duration_from_seconds(*interval);
  }
  if (const auto alarm = o.find("alarm"); alarm != o.end()) {
    if (alarm->is_object()) {
      scope.alarm = read_alarm(*alarm);
    } else if (!alarm->is_null()) {
      notices.emplace_back("bundle.json: 'alarm' is no object; it is ignored");
    }
  }
  scope.alarm.question = json_text(o, "question");
  scope.candidates = json_texts(o, "candidates");
  std::sort(scope.candidates.begin(), scope.candidates.end());
  scope.candidates.erase(std::unique(scope.candidates.begin(), scope.candidates.end()),
                         scope.candidates.end());
  if (const auto instances = o.find("instances"); instances != o.end() && instances->is_object()) {
    for (const auto& [instance, entity] : instances->items()) {
      if (entity.is_string()) scope.instances.emplace_back(instance, entity.get<std::string>());
    }
    std::sort(scope.instances.begin(), scope.instances.end());
  }
  return scope;
}

}  // namespace midwatch::connectors::bundle
