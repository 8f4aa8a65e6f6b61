#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/digest.h"
#include "src/base/json_access.h"
#include "src/sandbox/world/answers.h"
#include "src/sandbox/world/world_names.h"

namespace midwatch::sandbox::world {
namespace {

using base::Json;
using base::text_at;

/// Without a window, DescribeEvents tells of the last hour.
constexpr std::chrono::minutes kDefaultEvents{60};

std::string resource_id(const std::string& database) {
  std::string id = "db-" + base::sha256_hex(database).substr(0, 26);
  std::transform(id.begin(), id.end(), id.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return id;
}

bool full(const View& view, const std::string& database) {
  return std::any_of(
      view.history.store_notes.begin(), view.history.store_notes.end(), [&](const StoreNote& note) {
        return note.store == database && note.category == "low storage" && view.past(note.time);
      });
}

Json instance_json(const View& view, const std::string& name, const DatabaseSpec& spec) {
  const std::string status = !spec.available ? "stopped" : full(view, name) ? "storage-full" : "available";
  Json json{{"DBInstanceIdentifier", name},
            {"DBInstanceClass", spec.instance_class},
            {"Engine", spec.engine},
            {"DBInstanceStatus", status},
            {"MasterUsername", "dbadmin"},
            {"Endpoint", {{"Address", database_endpoint(view.world, name)}, {"Port", 5432}}},
            {"AllocatedStorage", static_cast<long>(spec.storage)},
            {"InstanceCreateTime", time_text(view.world.zero - std::chrono::hours(24 * 200))},
            {"EngineVersion", "15.4"},
            {"MultiAZ", false},
            {"DbiResourceId", resource_id(name)},
            {"DBInstanceArn", arn(view.world, "rds", "db:" + name)},
            {"PerformanceInsightsEnabled", true}};
  if (!spec.cluster.empty()) json["DBClusterIdentifier"] = spec.cluster;
  for (const std::string& group : spec.security_groups)
    json["VpcSecurityGroups"].push_back({{"VpcSecurityGroupId", group}, {"Status", "active"}});
  return json;
}

Answer describe_instances(const View& view, const Json& input) {
  const std::string asked = text_at(input, "DBInstanceIdentifier");
  Json list = Json::array();
  for (const auto& [name, spec] : view.world.databases) {
    if (asked.empty() || asked == name) list.push_back(instance_json(view, name, spec.at(view.time)));
  }
  if (!asked.empty() && list.empty())
    return refuse("DBInstanceNotFound", fmt::format("DBInstance {} not found.", asked), 404);
  return Json{{"DBInstances", std::move(list)}};
}

Answer describe_clusters(const View& view, const Json& input) {
  const std::string asked = text_at(input, "DBClusterIdentifier");
  std::map<std::string, Json> clusters;
  for (const auto& [name, spec] : view.world.databases) {
    const DatabaseSpec& now = spec.at(view.time);
    if (now.cluster.empty() || (!asked.empty() && asked != now.cluster)) continue;
    auto [cluster, first] = clusters.try_emplace(now.cluster);
    if (first)
      cluster->second = {{"DBClusterIdentifier", now.cluster},
                         {"DBClusterArn", arn(view.world, "rds", "cluster:" + now.cluster)},
                         {"Status", "available"},
                         {"Engine", now.engine},
                         {"Endpoint", cluster_endpoint(view.world, now.cluster)},
                         {"Port", 5432},
                         {"DBClusterMembers", Json::array()}};
    cluster->second["DBClusterMembers"].push_back(
        {{"DBInstanceIdentifier", name}, {"IsClusterWriter", !now.read_only}});
  }
  Json list = Json::array();
  for (auto& [name, json] : clusters) list.push_back(std::move(json));
  return Json{{"DBClusters", std::move(list)}};
}

Answer describe_events(const View& view, const Json& input) {
  const auto until = std::min(time_or(input, "EndTime", view.now), view.now);
  const auto minutes = base::number_at(input, "Duration");
  const auto length = minutes ? std::chrono::minutes(static_cast<long>(*minutes)) : kDefaultEvents;
  const auto from = time_or(input, "StartTime", until - length);
  const std::string asked = text_at(input, "SourceIdentifier");
  std::vector<std::pair<base::Timestamp, Json>> events;
  for (const StoreNote& note : view.history.store_notes)
    events.emplace_back(note.time, Json{{"SourceIdentifier", note.store},
                                        {"SourceType", "db-instance"},
                                        {"Message", note.message},
                                        {"EventCategories", Json::array({note.category})},
                                        {"Date", time_text(note.time)},
                                        {"SourceArn", arn(view.world, "rds", "db:" + note.store)}});
  for (const PlatformNote& note : view.world.notes) {
    if (note.source != "rds") continue;
    const auto time = view.world.zero + base::duration_from_seconds(note.at);
    Json json = note.members;
    json["Date"] = time_text(time);
    if (!json.contains("SourceType")) json["SourceType"] = "db-instance";
    const char* kind = text_at(json, "SourceType") == "db-cluster" ? "cluster:" : "db:";
    json["SourceArn"] = arn(view.world, "rds", kind + text_at(json, "SourceIdentifier"));
    events.emplace_back(time, std::move(json));
  }
  std::stable_sort(events.begin(), events.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  Json list = Json::array();
  for (auto& [time, json] : events) {
    const bool meant = asked.empty() || asked == text_at(json, "SourceIdentifier");
    if (meant && from <= time && time <= until) list.push_back(std::move(json));
  }
  return Json{{"Events", std::move(list)}};
}

const std::string* database_of(const View& view, const std::string& identifier) {
  for (const auto& [name, spec] : view.world.databases) {
    if (resource_id(name) == identifier) return &name;
  }
  return nullptr;
}

Answer unknown_database() {
  return refuse("InvalidArgumentException", "The resource with this identifier does not exist.");
}

Answer get_resource_metrics(const View& view, const Json& input) {
  const std::string identifier = text_at(input, "Identifier");
  const std::string* name = database_of(view, identifier);
  if (name == nullptr) return unknown_database();
  const auto from = time_or(input, "StartTime", view.now - std::chrono::hours(1));
  const auto until = std::min(time_or(input, "EndTime", view.now), view.now);
  std::map<std::string, Json> courses;
  if (const auto load = view.history.database_load.find(*name); load != view.history.database_load.end()) {
    for (const auto& [minute, waits] : load->second) {
      if (minute < from || minute >= until) continue;
      for (const auto& [wait, sessions] : waits)
        courses[wait].push_back({{"Timestamp", time_text(minute)}, {"Value", sessions}});
    }
  }
  Json metrics = Json::array();
  for (auto& [wait, points] : courses)
    metrics.push_back({{"Key", {{"Metric", "db.load.avg"}, {"Dimensions", {{"db.wait_event.name", wait}}}}},
                       {"DataPoints", std::move(points)}});
  return Json{{"AlignedStartTime", time_text(from)},
              {"AlignedEndTime", time_text(until)},
              {"Identifier", identifier},
              {"MetricList", std::move(metrics)}};
}

Answer describe_dimension_keys(const View& view, const Json& input) {
  const std::string* name = database_of(view, text_at(input, "Identifier"));
  if (name == nullptr) return unknown_database();
  const auto from = time_or(input, "StartTime", view.now - std::chrono::hours(1));
  const auto until = std::min(time_or(input, "EndTime", view.now), view.now);
  std::map<std::string, double> totals;
  double minutes = 0;
  if (const auto load = view.history.database_load.find(*name); load != view.history.database_load.end()) {
    for (const auto& [minute, waits] : load->second) {
      if (minute < from || minute >= until) continue;
      minutes += 1;
      for (const auto& [wait, sessions] : waits) totals[wait] += sessions;
    }
  }
  double all = 0;
  for (const auto& [wait, total] : totals) all += total;
  Json keys = Json::array();
  if (text_at(input, "GroupBy", "Group") == "db.wait_event") {
    for (const auto& [wait, total] : totals)
      keys.push_back(
          {{"Dimensions", {{"db.wait_event.name", wait}}}, {"Total", total / std::max(1.0, minutes)}});
  } else if (all > 0) {
    const auto spec = std::find_if(view.world.databases.begin(), view.world.databases.end(),
                                   [&](const auto& one) { return one.first == *name; });
    keys.push_back({{"Dimensions", {{"db.sql_tokenized.statement", spec->second.at(view.time).statement}}},
                    {"Total", all / std::max(1.0, minutes)}});
  }
  return Json{
      {"AlignedStartTime", time_text(from)}, {"AlignedEndTime", time_text(until)}, {"Keys", std::move(keys)}};
}

}  // namespace

std::vector<Operation> database_operations() {
  return {{"rds", "DescribeDBInstances", describe_instances},
          {"rds", "DescribeDBClusters", describe_clusters},
          {"rds", "DescribeEvents", describe_events},
          {"pi", "GetResourceMetrics", get_resource_metrics},
          {"pi", "DescribeDimensionKeys", describe_dimension_keys}};
}

}  // namespace midwatch::sandbox::world
