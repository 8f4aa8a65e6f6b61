#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/sandbox/world/answers.h"
#include "src/sandbox/world/log_filter.h"
#include "src/sandbox/world/world_names.h"

namespace midwatch::sandbox::world {
namespace {

using base::Json;
using base::text_at;

/// Events can be asked for a few seconds after they were written.
constexpr std::chrono::seconds kIngestion{4};

std::int64_t milliseconds(base::Timestamp time) {
  return std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
}

base::Timestamp from_milliseconds(const Json& input, std::string_view member, base::Timestamp otherwise) {
  const auto number = base::number_at(input, member);
  return number ? base::Timestamp(std::chrono::milliseconds(static_cast<std::int64_t>(*number))) : otherwise;
}

/// Groups that exist: those that were written to, and those of functions and services that never wrote.
std::vector<std::string> groups_of(const View& view) {
  std::vector<std::string> groups;
  for (const auto& [group, events] : view.history.logs) groups.push_back(group);
  for (const auto& [name, spec] : view.world.services) groups.push_back("/ecs/" + name);
  for (const auto& [name, spec] : view.world.functions) groups.push_back("/aws/lambda/" + name);
  std::sort(groups.begin(), groups.end());
  groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  std::erase_if(groups, [&](const std::string& group) { return holds(view.world.silent, group); });
  return groups;
}

Answer describe_log_groups(const View& view, const Json& input) {
  const std::string prefix = text_at(input, "logGroupNamePrefix");
  const std::string pattern = text_at(input, "logGroupNamePattern");
  Json groups = Json::array();
  for (const std::string& name : groups_of(view)) {
    if (!name.starts_with(prefix) || name.find(pattern) == std::string::npos) continue;
    const std::string id = arn(view.world, "logs", "log-group:" + name);
    groups.push_back({{"logGroupName", name},
                      {"creationTime", milliseconds(view.world.zero - std::chrono::hours(24 * 90))},
                      {"retentionInDays", 30},
                      {"metricFilterCount", 0},
                      {"arn", id + ":*"},
                      {"storedBytes", 1048576},
                      {"logGroupClass", "STANDARD"},
                      {"logGroupArn", id}});
  }
  return Json{{"logGroups", std::move(groups)}};
}

Answer unknown_group() {
  return refuse("ResourceNotFoundException", "The specified log group does not exist.");
}

std::string group_of(const Json& input) {
  std::string group = text_at(input, "logGroupName");
  if (!group.empty()) return group;
  group = text_at(input, "logGroupIdentifier");
  const std::size_t name = group.find("log-group:");
  return name == std::string::npos ? group : group.substr(name + std::string_view("log-group:").size());
}

/// The events of a group that exist by now and lie in the asked window and streams.
Answer events_of(const View& view, const Json& input, const std::vector<std::string>& streams,
                 bool with_stream) {
  const std::string group = group_of(input);
  const auto groups = groups_of(view);
  if (!holds(groups, group)) return unknown_group();
  const LogFilter filter(text_at(input, "filterPattern"));
  const std::string prefix = text_at(input, "logStreamNamePrefix");
  const auto from = from_milliseconds(input, "startTime", base::Timestamp::min());
  const auto until =
      std::min(from_milliseconds(input, "endTime", base::Timestamp::max()), view.now - kIngestion);
  Json events = Json::array();
  const auto written = view.history.logs.find(group);
  if (written == view.history.logs.end()) return events;
  std::size_t index = 0;
  for (const LogEvent& event : written->second) {
    ++index;
    const bool asked = from <= event.time && event.time < until && filter.matches(event.message) &&
                       (streams.empty() || holds(streams, event.stream)) && event.stream.starts_with(prefix);
    if (!asked) continue;
    Json json = Json::object();
    if (with_stream) json["logStreamName"] = event.stream;
    json["timestamp"] = milliseconds(event.time);
    json["message"] = event.message;
    json["ingestionTime"] = milliseconds(event.time + kIngestion);
    if (with_stream)
      json["eventId"] = fmt::format("{:056}", milliseconds(event.time) * 100000 + static_cast<long>(index));
    events.push_back(std::move(json));
  }
  return events;
}

Answer filter_log_events(const View& view, const Json& input) {
  auto events = events_of(view, input, wanted(input, "logStreamNames"), true);
  if (!events) return events;
  return Json{{"events", *std::move(events)}, {"searchedLogStreams", Json::array()}};
}

Answer get_log_events(const View& view, const Json& input) {
  auto events = events_of(view, input, {text_at(input, "logStreamName")}, false);
  if (!events) return events;
  return Json{
      {"events", *std::move(events)}, {"nextForwardToken", "f/end"}, {"nextBackwardToken", "b/begin"}};
}

Answer describe_log_streams(const View& view, const Json& input) {
  const std::string group = group_of(input);
  if (!holds(groups_of(view), group)) return unknown_group();
  std::map<std::string, std::pair<base::Timestamp, base::Timestamp>> streams;
  if (const auto written = view.history.logs.find(group); written != view.history.logs.end()) {
    for (const LogEvent& event : written->second) {
      if (!view.past(event.time + kIngestion)) continue;
      auto [stream, first] = streams.try_emplace(event.stream, event.time, event.time);
      stream->second.second = event.time;
    }
  }
  const std::string prefix = text_at(input, "logStreamNamePrefix");
  std::vector<Json> list;
  for (const auto& [name, span] : streams) {
    if (!name.starts_with(prefix)) continue;
    list.push_back({{"logStreamName", name},
                    {"creationTime", milliseconds(span.first)},
                    {"firstEventTimestamp", milliseconds(span.first)},
                    {"lastEventTimestamp", milliseconds(span.second)},
                    {"lastIngestionTime", milliseconds(span.second + kIngestion)},
                    {"arn", arn(view.world, "logs", fmt::format("log-group:{}:log-stream:{}", group, name))},
                    {"storedBytes", 0}});
  }
  const bool by_time = text_at(input, "orderBy") == "LastEventTime";
  if (by_time) {
    std::stable_sort(list.begin(), list.end(), [](const Json& a, const Json& b) {
      return a.at("lastEventTimestamp").get<std::int64_t>() < b.at("lastEventTimestamp").get<std::int64_t>();
    });
  }
  if (text_at(input, "descending") == "true") std::reverse(list.begin(), list.end());
  return Json{{"logStreams", list}};
}

}  // namespace

std::vector<Operation> logs_operations() {
  return {{"logs", "DescribeLogGroups", describe_log_groups},
          {"logs", "DescribeLogStreams", describe_log_streams},
          {"logs", "FilterLogEvents", filter_log_events},
          {"logs", "GetLogEvents", get_log_events}};
}

}  // namespace midwatch::sandbox::world
