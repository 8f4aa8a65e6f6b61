#include <algorithm>
#include <array>
#include <string>

#include "src/base/redact.h"
#include "src/knowledge/metric_meaning.h"
#include "src/observe/configuration/detectors.h"

namespace midwatch::observe::configuration {
namespace {

using telemetry::Entity;
using Words = std::vector<std::string>;

bool has_any(const Words& words, std::initializer_list<std::string_view> wanted) {
  return std::any_of(wanted.begin(), wanted.end(), [&](std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  });
}

/// "DB_HOST", "databaseUrl", "PGHOST": the address of a database.
bool is_database_address(std::string_view key) {
  const Words words = knowledge::name_words(key);
  if (has_any(words, {"pghost", "dbhost", "mysqlhost"})) return true;
  return has_any(words,
                 {"db", "database", "pg", "postgres", "postgresql", "mysql", "rds", "aurora", "mariadb"}) &&
         has_any(words, {"host", "hostname", "endpoint", "server", "addr", "address", "url", "uri"});
}

/// A value that comes from a secret, or was one and is not shown; or a connection string with somebody's name
/// in it.
bool holds_credential(std::string_view key, std::string_view value) {
  if (base::is_secret_key(key) || value == base::kRedacted || value.starts_with("secret:")) return true;
  const Words words = knowledge::name_words(key);
  if (has_any(words, {"password", "passwd", "pass", "pgpassword", "secret", "credential", "credentials",
                      "token", "iam"}))
    return true;
  return value.find("://") != std::string_view::npos && value.find('@') != std::string_view::npos;
}

/// Whole sources of variables or files may bring what is not listed by name.
bool is_opaque_source(std::string_view path) {
  return path.find(".env_from") != std::string_view::npos || path.find(".mount") != std::string_view::npos ||
         path.find(".volume") != std::string_view::npos;
}

struct Address {
  std::string path;
  std::string key;
  std::string host;
};

/// The address of a database in an entity's environment, where no credential stands beside it.
std::optional<Address> lonely_address(const Entity& entity) {
  constexpr std::string_view kEnvironment = ".env.";
  std::optional<Address> found;
  for (const auto* entry : entity.attributes.with_prefix("container.")) {
    const auto& [path, value] = *entry;
    if (is_opaque_source(path)) return std::nullopt;
    const std::size_t at = path.find(kEnvironment);
    if (at == std::string::npos) continue;
    const std::string key = path.substr(at + kEnvironment.size());
    if (holds_credential(key, value)) return std::nullopt;
    if (!found && is_database_address(key)) found = Address{path, key, value};
  }
  return found;
}

/// What has to be known of an entity to give it a credential: the definition of its containers, the role with
/// which the platform starts them, the database.
void add_surroundings(const topology::Topology& topology, topology::EntityIndex index,
                      model::Observation& o) {
  const auto add = [&](const char* name, std::string_view value) {
    if (!value.empty()) o.facts[name] = std::string(value);
  };
  for (const topology::Neighbour& n : topology.out(index)) {
    if (n.kind != telemetry::RelationKind::kReadsConfig) continue;
    const auto& attributes = topology.entity(n.entity).attributes;
    add("family", attributes.get("definition.family"));
    const std::string_view role = attributes.get("executionRoleArn");
    add("execution_role", role.substr(role.rfind('/') + 1));
  }
  for (const topology::EntityIndex d : topology.dependencies(index)) {
    if (topology.entity(d).attributes.get("platform.kind") == "database")
      add("database", topology.entity(d).name);
  }
}

/// True where a target group found instances of the entity healthy in the window.
bool found_healthy(const ConfigurationInput& input, const std::string& group) {
  return std::any_of(input.incident.begin(), input.incident.end(), [&](const auto& series) {
    return series.key.entity == group && series.key.metric == "HealthyHostCount" &&
           std::any_of(series.points.begin(), series.points.end(),
                       [&](const auto& p) { return p.value >= 1 && input.scope.window.contains(p.time); });
  });
}

/// A health check that finds an entity well which has no connection to its database does not ask it.
void tell_blind_checks(const ConfigurationInput& input, topology::EntityIndex index,
                       std::vector<model::Observation>& out) {
  const auto& needed = input.topology.dependencies(index);
  const bool unconnected = std::any_of(needed.begin(), needed.end(), [&](topology::EntityIndex d) {
    return without_connections(input, d) != nullptr;
  });
  if (!unconnected) return;
  for (const topology::Neighbour& n : input.topology.in(index)) {
    const Entity& group = input.topology.entity(n.entity);
    const std::string path(group.attributes.get("health_check.path"));
    if (n.kind != telemetry::RelationKind::kRoutesTo || path.empty() || !found_healthy(input, group.id))
      continue;
    auto o = about(input, n.entity, "state.health_check.shallow", kRemark, {"health_check.path"});
    o.entity = input.topology.id(index);
    o.subject = path;
    o.facts["path"] = path;
    out.push_back(std::move(o));
  }
}

}  // namespace

const telemetry::MetricSeries* without_connections(const ConfigurationInput& input,
                                                   topology::EntityIndex index) {
  constexpr std::size_t kLeastPoints = 5;
  const telemetry::MetricSeries* found = nullptr;
  for (const auto& series : input.incident) {
    const auto meaning = knowledge::metric_meaning(series.key, input.knowledge.metric_rules);
    if (meaning.quantity != "connections" || input.topology.find(series.key.entity) != index) continue;
    const bool none = std::all_of(series.points.begin(), series.points.end(),
                                  [](const auto& point) { return point.value == 0; });
    if (!none) return nullptr;
    if (series.points.size() >= kLeastPoints) found = &series;
  }
  return found;
}

void detect_unused_databases(const ConfigurationInput& input, std::vector<model::Observation>& out) {
  for (topology::EntityIndex i = 0; i < input.topology.size(); ++i) {
    if (input.topology.entity(i).attributes.get("platform.kind") != "database") continue;
    const auto* series = without_connections(input, i);
    if (series == nullptr) continue;
    auto o = about(input, i, "absent.connections", kSure, {});
    o.evidence.clear();
    o.subject = series->key.metric;
    o.facts["since"] = base::format_rfc3339(series->points.front().time);
    o.evidence.push_back(model::series_evidence(
        *series, {series->points.front().time, series->points.back().time + base::Duration(1)}));
    out.push_back(std::move(o));
  }
}

std::vector<topology::EntityIndex> unread_secrets(const topology::Topology& topology) {
  std::vector<topology::EntityIndex> unread;
  for (topology::EntityIndex i = 0; i < topology.size(); ++i) {
    const std::string* last_read = topology.entity(i).attributes.find("secret.last_read");
    if (last_read != nullptr && last_read->empty()) unread.push_back(i);
  }
  return unread;
}

void detect_credentials(const ConfigurationInput& input, std::vector<model::Observation>& out) {
  const auto unread = unread_secrets(input.topology);
  for (topology::EntityIndex i = 0; i < input.topology.size(); ++i) {
    const Entity& entity = input.topology.entity(i);
    const std::string_view kind = entity.attributes.get("platform.kind");
    if (kind != "workload" && kind != "function") continue;
    const auto address = lonely_address(entity);
    if (!address) continue;
    // A credential may come another way (a role, a file); that a secret lies there unread leaves little
    // doubt.
    auto o = about(input, i, "state.credential.missing", unread.empty() ? kRemark : kSure, {address->path});
    o.subject = address->key;
    o.facts["key"] = address->key;
    o.facts["host"] = base::redact(address->host);
    if (!unread.empty()) {
      const Entity& secret = input.topology.entity(unread.front());
      o.facts["secret"] = secret.id;
      o.evidence.push_back(model::attribute_evidence(secret, {"secret.last_read"}, input.source_name));
    }
    add_surroundings(input.topology, i, o);
    out.push_back(std::move(o));
    tell_blind_checks(input, i, out);
  }
}

void detect_unread_secrets(const ConfigurationInput& input, std::vector<model::Observation>& out) {
  for (const topology::EntityIndex i : unread_secrets(input.topology)) {
    const Entity& secret = input.topology.entity(i);
    auto o = about(input, i, "state.secret.unread", kSure, {"secret.last_read", "secret.created"});
    const std::string_view name = secret.attributes.get("secret.name");
    o.subject = name.empty() ? secret.id : std::string(name);
    o.facts["secret"] = o.subject;
    o.facts["created"] = std::string(secret.attributes.get("secret.created"));
    out.push_back(std::move(o));
  }
}

}  // namespace midwatch::observe::configuration
