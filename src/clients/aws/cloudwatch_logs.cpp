#include "src/clients/aws/cloudwatch_logs.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/clients/aws/arn.h"
#include "src/clients/aws/eks.h"
#include "src/clients/aws/span_lines.h"

namespace midwatch::clients::aws {
namespace {

using base::at;
using base::Json;
using base::list_at;
using base::text_at;

/// The alias under which whoever writes to a group is known. A group may be given by its ARN or name.
std::string owner_of_group(std::string_view group) {
  if (const auto arn = parse_arn(group)) {
    constexpr std::string_view kGroup = "log-group:";
    std::string_view resource = arn->resource;
    if (resource.starts_with(kGroup)) resource.remove_prefix(kGroup.size());
    return owner_of_group(std::string(resource.substr(0, resource.find(':'))));
  }
  return group.empty() ? std::string() : named_id("logs", group);
}

std::string_view group_of(const CommandLine& command) {
  for (const char* option :
       {"log-group-name", "log-group-identifier", "log-group-names", "log-group-identifiers"}) {
    if (const std::string_view group = command.option(option); !group.empty()) return group;
  }
  return {};
}

/// The task of a stream "prefix/container/task-id"; empty for other streams.
std::string task_of(std::string_view stream) {
  constexpr std::size_t kTaskId = 32;
  const std::size_t slash = stream.rfind('/');
  if (slash == std::string_view::npos) return {};
  const std::string_view last = stream.substr(slash + 1);
  const bool hex = last.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  return last.size() == kTaskId && hex ? std::string(last) : std::string();
}

void trim_end(std::string& text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
}

/// Says until when lines were read, where there are more than that.
void tell_cut(const Document& document, telemetry::TelemetryBatch& out) {
  const Json& events = list_at(document.body, "events");
  // GetLogEvents always names a next page, under other names.
  if (events.empty() || text_at(document.body, "nextToken").empty()) return;
  const auto last = time_of_milliseconds(at(events.back(), "timestamp"));
  const std::string until = last ? base::format_rfc3339(*last) : "?";
  telemetry::DecodeNotice notice;
  notice.ref = document.ref;
  notice.message =
      fmt::format("there are more log lines than were read: {} lines, until {}", events.size(), until);
  notice.message_ja =
      fmt::format("ログが多いため、{} 件目（{} まで）で読み取りを打ち切りました", events.size(), until);
  out.notices.push_back(std::move(notice));
}

}  // namespace

void decode_log_events(const Document& document, telemetry::TelemetryBatch& out) {
  const std::string_view group = group_of(document.command);
  if (group == kSpansGroup) {
    // Requests enough to compare are asked for, not all there are.
    decode_span_lines(document, out);
    return;
  }
  if (decode_eks_lines(document, group, out)) {
    tell_cut(document, out);
    return;
  }
  const std::string owner = owner_of_group(group);
  std::string stream(document.command.option("log-stream-name"));
  for (const Json& event : list_at(document.body, "events")) {
    telemetry::LogLine record;
    record.time = time_of_milliseconds(at(event, "timestamp"));
    record.body = text_at(event, "message");
    trim_end(record.body);
    if (const std::string named = text_at(event, "logStreamName"); !named.empty()) stream = named;
    record.instance = task_of(stream);
    record.entity = owner;
    record.ref = document.ref;
    if (record.entity.empty())
      record.entity = record.instance.empty() ? named_id("logs", stream) : record.instance;
    out.logs.push_back(std::move(record));
  }
  tell_cut(document, out);
}

void decode_log_query_results(const Document& document, telemetry::TelemetryBatch& out) {
  const std::string owner = owner_of_group(group_of(document.command));
  for (const Json& row : list_at(document.body, "results")) {
    telemetry::LogLine record;
    record.entity = owner;
    record.ref = document.ref;
    for (const Json& cell : row) {
      const std::string field = text_at(cell, "field");
      const std::string value = text_at(cell, "value");
      if (field == "@message") record.body = value;
      if (field == "@log") {  // "account:group"
        record.entity = owner_of_group(value.substr(value.find(':') + 1));
      }
      if (field == "@logStream") record.instance = task_of(value);
      if (field == "@timestamp") record.time = base::parse_rfc3339(value + "Z");  // UTC, without saying so
    }
    trim_end(record.body);
    if (!record.body.empty() && !record.entity.empty()) out.logs.push_back(std::move(record));
  }
  const std::string status = text_at(document.body, "status");
  if (!status.empty() && status != "Complete")
    out.notices.push_back({fmt::format("the log query is {}: its rows are not all there are", status),
                           document.ref,
                           fmt::format("ログクエリの状態が {} のため、結果は一部のみです", status)});
}

void decode_log_groups(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& group : list_at(document.body, "logGroups")) {
    const std::string name = text_at(group, "logGroupName");
    if (name == kSpansGroup) continue;  // that it is there says how traces are kept, and nothing of anybody
    std::string id = text_at(group, "logGroupArn");
    if (id.empty()) id = text_at(group, "arn");
    if (id.ends_with(":*")) id.resize(id.size() - 2);
    if (id.empty()) id = named_id("logs", name);
    auto entity =
        make_entity(id, "AWS::Logs::LogGroup", "log group " + name, "log_group", group, document.ref);
    out.entities.push_back(std::move(entity));
  }
}

}  // namespace midwatch::clients::aws
