#include "src/connectors/aws/recording.h"

#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json.h"
#include "src/base/try.h"

namespace midwatch::connectors::aws {
namespace {

namespace fs = std::filesystem;
using base::Json;

Json range_json(const base::TimeRange& range) {
  return {{"start", base::format_rfc3339(range.start)}, {"end", base::format_rfc3339(range.end)}};
}

Json alarm_json(const telemetry::Alarm& alarm) {
  Json json = Json::object();
  const auto add = [&](const char* key, const std::string& value) {
    if (!value.empty()) json[key] = value;
  };
  add("name", alarm.name);
  add("entity", alarm.entity);
  add("metric", alarm.metric);
  if (alarm.time) json["time"] = base::format_rfc3339(*alarm.time);
  if (alarm.threshold) json["threshold"] = *alarm.threshold;
  if (alarm.observed) json["observed"] = *alarm.observed;
  add("summary", alarm.summary);
  add("severity", alarm.severity);
  add("source", alarm.source);
  return json;
}

std::string scope_text(const telemetry::IncidentScope& scope) {
  Json json = {{"format", "midwatch.bundle/v1"}, {"id", scope.id}, {"title", scope.title}};
  json["alarm"] = alarm_json(scope.alarm);
  json["window"] = range_json(scope.window);
  json["baseline"] = scope.baseline ? range_json(*scope.baseline) : Json();
  if (!scope.notes.empty()) json["notes"] = scope.notes;
  if (!scope.alarm.question.empty()) json["question"] = scope.alarm.question;
  return base::dump_json_indented(json) + "\n";
}

base::Error cannot_write(const fs::path& path, std::string_view why) {
  return base::environment_error(base::ErrorCode::kUnavailable,
                                 fmt::format("cannot write the recording {}: {}", path.string(), why));
}

base::Result<> write_file(const fs::path& path, std::string_view content) {
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error) return cannot_write(path, error.message());
  std::ofstream out(path, std::ios::binary);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  out.close();
  if (!out) return cannot_write(path, "the disk is full, or the folder may not be written");
  return {};
}

}  // namespace

base::Result<> write_recording(const AwsConnector& connector, const std::string& folder) {
  const fs::path root(folder);
  std::error_code error;
  if (fs::exists(root, error) && !fs::is_empty(root, error))
    return cannot_write(root, "it is there already; name a new folder");
  MIDWATCH_TRY_VOID(write_file(root / "bundle.json", scope_text(connector.scope())));
  const auto& answers = connector.collected().answers;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    MIDWATCH_TRY_VOID(write_file(root / document_name(i, answers[i]), answers[i].text));
    // Their paths are plain (clients/archive) and lead nowhere else.
    for (const CodeFile& file : answers[i].code)
      MIDWATCH_TRY_VOID(write_file(root / "code" / file.entity / file.path, file.content));
  }
  return {};
}

}  // namespace midwatch::connectors::aws
