#include "src/clients/aws/rds.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/clients/aws/arn.h"

namespace midwatch::clients::aws {
namespace {

using base::at;
using base::Json;
using base::list_at;
using base::text_at;
using telemetry::RelationKind;

/// A source that is given by name stands in the same account, one of another Region by its ARN.
std::string sibling_database(const std::string& id, const std::string& name, const char* kind) {
  if (name.empty() || parse_arn(name)) return name;
  const auto arn = parse_arn(id);
  return arn ? arn->sibling("rds", fmt::format("{}:{}", kind, name)).text() : named_id("rds", name);
}

void add_network(const Document& document, const Json& database, const std::string& id,
                 telemetry::TelemetryBatch& out) {
  for (const Json& group : list_at(database, "VpcSecurityGroups"))
    relate(out, id, named_id("ec2", text_at(group, "VpcSecurityGroupId")), RelationKind::kRelated,
           document.ref);
  relate(out, id, text_at(database, "KmsKeyId"), RelationKind::kReadsSecret, document.ref);
  relate(out, id, text_at(database, "MasterUserSecret", "SecretArn"), RelationKind::kReadsSecret,
         document.ref);
}

/// "available" and the like as a condition that detectors of state read.
void add_status(const Json& database, const char* member, telemetry::Attributes& attributes) {
  const std::string status = text_at(database, member);
  if (status.empty()) return;
  attributes.set("platform.phase", status);
  static constexpr std::array<std::string_view, 7> kWorks{"available",
                                                          "backing-up",
                                                          "configuring-enhanced-monitoring",
                                                          "configuring-log-exports",
                                                          "storage-optimization",
                                                          "modifying",
                                                          "upgrading-snapshot"};
  const bool works = std::find(kWorks.begin(), kWorks.end(), status) != kWorks.end();
  attributes.set("condition.Available.status", works ? "True" : "False");
  attributes.set("condition.Available.reason", status);
}

void add_parameter_groups(const Json& database, telemetry::Attributes& attributes) {
  for (const Json& group : list_at(database, "DBParameterGroups")) {
    const std::string status = text_at(group, "ParameterApplyStatus");
    attributes.set("parameter_group." + text_at(group, "DBParameterGroupName"), status);
  }
}

}  // namespace

void decode_rds_instances(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& database : list_at(document.body, "DBInstances")) {
    const std::string name = text_at(database, "DBInstanceIdentifier");
    std::string id = text_at(database, "DBInstanceArn");
    if (name.empty()) continue;
    if (id.empty()) id = named_id("rds", name);
    auto entity = make_entity(id, "AWS::RDS::DBInstance", name, "database", database, document.ref);
    auto& attributes = entity.attributes;
    add_status(database, "DBInstanceStatus", attributes);
    copy_times(database, {{"platform.created", "InstanceCreateTime"}}, attributes);
    set_number(attributes, "limit.storage", at(database, "AllocatedStorage"), kGibibyte);
    copy_members(at(database, "Endpoint"), {{"endpoint.host", "Address"}, {"endpoint.port", "Port"}},
                 attributes);
    add_parameter_groups(database, attributes);
    out.entities.push_back(std::move(entity));
    add_alias(out, named_id("rds", name), id);
    add_alias(out, text_at(database, "DbiResourceId"), id);
    relate(out, id, sibling_database(id, text_at(database, "ReadReplicaSourceDBInstanceIdentifier"), "db"),
           RelationKind::kReadsFrom, document.ref);
    const std::string cluster = text_at(database, "DBClusterIdentifier");
    relate(out, cluster.empty() ? "" : sibling_database(id, cluster, "cluster"), id, RelationKind::kContains,
           document.ref);
    add_network(document, database, id, out);
  }
}

void decode_rds_clusters(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& cluster : list_at(document.body, "DBClusters")) {
    const std::string name = text_at(cluster, "DBClusterIdentifier");
    std::string id = text_at(cluster, "DBClusterArn");
    if (name.empty()) continue;
    if (id.empty()) id = named_id("rds", name);
    auto entity = make_entity(id, "AWS::RDS::DBCluster", name, "database", cluster, document.ref);
    add_status(cluster, "Status", entity.attributes);
    copy_members(cluster, {{"endpoint.host", "Endpoint"}, {"endpoint.port", "Port"}}, entity.attributes);
    for (const Json& member : list_at(cluster, "DBClusterMembers")) {
      const std::string instance = sibling_database(id, text_at(member, "DBInstanceIdentifier"), "db");
      if (text_at(member, "IsClusterWriter") == "true") entity.attributes.set("cluster.writer", instance);
      relate(out, id, instance, RelationKind::kContains, document.ref);
    }
    out.entities.push_back(std::move(entity));
    add_alias(out, named_id("rds", "cluster/" + name), id);
    add_alias(out, text_at(cluster, "DbClusterResourceId"), id);
    add_network(document, cluster, id, out);
  }
}

void decode_database_events(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& item : list_at(document.body, "Events")) {
    const std::string kind = text_at(item, "SourceType");
    const bool cache = kind.find("cache") != std::string::npos || kind == "replication-group";
    const char* service = cache ? "elasticache" : "rds";
    std::string entity = text_at(item, "SourceArn");
    if (entity.empty()) entity = named_id(service, text_at(item, "SourceIdentifier"));
    auto event = make_event(document, entity, service, at(item, "Date"));
    for (const Json& category : list_at(item, "EventCategories"))
      event.type += (event.type.empty() ? "" : ",") + base::text(category);
    event.message = text_at(item, "Message");
    out.events.push_back(std::move(event));
  }
}

void decode_rds_log_portion(const Document& document, telemetry::TelemetryBatch& out) {
  const std::string_view name = document.command.option("db-instance-identifier");
  const std::string content = text_at(document.body, "LogFileData");
  if (name.empty()) {
    out.notices.push_back({"a log portion without its command does not say which database it is of",
                           document.ref, "コマンドの記録がないため、どのデータベースのログか分かりません"});
    return;
  }
  std::string_view rest = content;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.empty()) continue;
    // "2026-11-23 09:36:28 UTC:127.0.0.1(55008):app@testdb:[15621]:FATAL:  …"
    constexpr std::size_t kTimeBytes = 19;
    telemetry::LogLine record;
    if (line.size() > kTimeBytes && line.substr(kTimeBytes).starts_with(" UTC"))
      record.time = base::parse_rfc3339(std::string(line.substr(0, kTimeBytes)) + "Z");
    record.entity = named_id("rds", name);
    record.body = line;
    record.ref = document.ref;
    out.logs.push_back(std::move(record));
  }
}

void decode_rds_parameters(const Document& document, telemetry::TelemetryBatch& out) {
  std::string_view group = document.command.option("db-parameter-group-name");
  if (group.empty()) group = "parameters";
  auto entity = make_entity(named_id("rds", fmt::format("pg/{}", group)), "AWS::RDS::DBParameterGroup",
                            fmt::format("parameter group {}", group), "config", Json::object(), document.ref);
  for (const Json& parameter : list_at(document.body, "Parameters")) {
    const std::string name = text_at(parameter, "ParameterName");
    const std::string value = text_at(parameter, "ParameterValue");
    if (!name.empty() && !value.empty()) entity.attributes.set("parameter." + name, value);
  }
  out.entities.push_back(std::move(entity));
}

}  // namespace midwatch::clients::aws
