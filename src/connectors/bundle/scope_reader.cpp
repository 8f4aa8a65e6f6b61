#include "src/connectors/bundle/scope_reader.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json.h"
#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/connectors/bundle/name_table.h"
#include "src/connectors/bundle/record_fields.h"
#include "src/telemetry/flatten.h"

namespace midwatch::connectors::bundle {
namespace {

using base::Json;

constexpr std::string_view kFormat = "midwatch.bundle/v1";

constexpr ProblemKind kBaseline{"'baseline' is no time range and is ignored",
                                "baseline が時間範囲として読めないため無視しました"};
constexpr ProblemKind kInterval{"'interval_s' is no positive number and is ignored",
                                "interval_s が正の数ではないため無視しました"};
constexpr ProblemKind kAlarmTime{
    "the alarm's 'time' is neither RFC 3339 with zone nor epoch seconds and is ignored",
    "アラームの time を解釈できない（タイムゾーン付き RFC 3339 でもエポック秒でもない）ため無視しました"};
constexpr ProblemKind kNoId{"'id' is missing; the report names no bundle",
                            "id がないため、レポートにバンドル名が入りません"};

base::Error malformed(std::string what) {
  return base::user_error(base::ErrorCode::kMalformed, "bundle.json: " + std::move(what));
}

class ScopeReader {
 public:
  ScopeReader(const Json& object, std::string_view text, ReadProblems& problems)
      : text_(text), problems_(problems), fields_(object, text, "", ReadProblems::kNoLine, problems) {}

  base::Result<telemetry::IncidentScope> read() {
    const std::string format = fields_.text("format");
    if (format != kFormat) {
      return base::user_error(base::ErrorCode::kUnsupported,
                              fmt::format("bundle.json: 'format' is '{}'; this version reads '{}'",
                                          base::printable(format, 80), kFormat));
    }
    fields_.note_unknown({"format", "id", "title", "alarm", "window", "baseline", "interval_s", "candidates",
                          "instances", "notes", "question"});
    telemetry::IncidentScope scope;
    scope.id = fields_.text("id");
    if (scope.id.empty()) problems_.repaired(kNoId, ReadProblems::kNoLine);
    scope.title = fields_.text("title");
    scope.notes = fields_.text("notes");
    MIDWATCH_TRY(scope.window, range("window"));
    if (fields_.object("baseline") != nullptr) {
      if (const auto baseline = range("baseline")) {
        scope.baseline = *baseline;
      } else {
        problems_.repaired(kBaseline, ReadProblems::kNoLine);
      }
    }
    if (const auto interval = fields_.number("interval_s")) {
      if (*interval > 0) {
        scope.interval = base::duration_from_seconds(*interval);
      } else {
        problems_.repaired(kInterval, ReadProblems::kNoLine);
      }
    }
    read_alarm(scope.alarm);
    scope.alarm.question = fields_.text("question");
    scope.candidates = fields_.entities("candidates");
    read_instances(scope);
    return scope;
  }

 private:
  RecordFields part(const Json& object, std::string_view name) const {
    return {object, text_, "/" + std::string(name), ReadProblems::kNoLine, problems_};
  }

  base::Result<base::TimeRange> range(std::string_view name) const {
    const Json* object = fields_.object(name);
    if (object == nullptr) {
      return malformed(fmt::format("'{}' is missing or no object; it needs {{\"start\":…,\"end\":…}}", name));
    }
    const RecordFields fields = part(*object, name);
    fields.note_unknown({"start", "end"});
    const auto start = fields.time("start");
    const auto end = fields.time("end");
    if (!start || !end) {
      return malformed(
          fmt::format("'{}.{}' is missing or no time; write RFC 3339 with zone "
                      "(2026-01-05T02:00:00Z) or epoch seconds",
                      name, start ? "end" : "start"));
    }
    if (*end <= *start) {
      return malformed(fmt::format("'{}' ends at {}, not after its start {}", name,
                                   base::format_rfc3339(*end), base::format_rfc3339(*start)));
    }
    return base::TimeRange{*start, *end};
  }

  void read_alarm(telemetry::Alarm& alarm) const {
    const Json* object = fields_.object("alarm");
    if (object == nullptr) return;
    const RecordFields fields = part(*object, "alarm");
    fields.note_unknown({"name", "entity", "metric", "time", "threshold", "observed", "summary", "severity",
                         "source", "payload"});
    alarm.name = fields.text("name");
    alarm.entity = fields.entity("entity");
    alarm.metric = fields.text("metric");
    alarm.time = fields.time("time");
    const auto time = object->find("time");
    if (!alarm.time && time != object->end() && !time->is_null())
      problems_.repaired(kAlarmTime, ReadProblems::kNoLine);
    alarm.threshold = fields.number("threshold");
    alarm.observed = fields.number("observed");
    alarm.summary = fields.text("summary");
    alarm.severity = fields.text("severity");
    alarm.source = fields.text("source");
    if (const auto payload = object->find("payload"); payload != object->end() && !payload->is_null()) {
      if (!telemetry::flatten(*payload, "", alarm.payload))
        problems_.repaired(problem::kAttributesCut, ReadProblems::kNoLine);
    }
  }

  void read_instances(telemetry::IncidentScope& scope) const {
    const Json* instances = fields_.object("instances");
    if (instances == nullptr) return;
    for (const auto& [instance, entity] : instances->items()) {
      if (entity.is_string()) {
        scope.instances.emplace_back(clean_name(instance), clean_name(entity.get_ref<const std::string&>()));
      } else {
        problems_.wrong_type("instances", ReadProblems::kNoLine);
      }
    }
    std::sort(scope.instances.begin(), scope.instances.end());
  }

  std::string_view text_;
  ReadProblems& problems_;
  RecordFields fields_;
};

}  // namespace

base::Result<telemetry::IncidentScope> read_scope(std::string_view bundle_json, ReadProblems& problems) {
  if (bundle_json.starts_with("\xFF\xFE") || bundle_json.starts_with("\xFE\xFF")) {
    return malformed("is UTF-16 text; a bundle is UTF-8 (convert it: iconv -f UTF-16 -t UTF-8)");
  }
  if (bundle_json.starts_with("\xEF\xBB\xBF")) bundle_json.remove_prefix(3);
  if (!base::is_valid_utf8(bundle_json)) problems.repaired(problem::kNotUtf8, ReadProblems::kNoLine);
  const std::string text = base::repair_utf8(bundle_json);
  auto parsed = base::parse_json(text);
  if (!parsed) return malformed(parsed.error().message);
  if (!parsed->is_object()) return malformed("must be a JSON object");
  return ScopeReader(*parsed, text, problems).read();
}

}  // namespace midwatch::connectors::bundle
