#include "src/observe/database/database_observer.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "src/knowledge/entity_class.h"
#include "src/knowledge/metric_meaning.h"
#include "src/observe/database/announcements.h"
#include "src/observe/database/conditions.h"
#include "src/observe/database/gauges.h"
#include "src/observe/database/load_conditions.h"
#include "src/observe/database/performance_insights.h"

namespace midwatch::observe::database {
namespace {

constexpr std::string_view kDatabase = "database";

/// The entity as the topology knows it, else only its name.
telemetry::Entity entity_of(const std::string& id, const topology::Topology& topology) {
  if (const auto index = topology.find(id); index && topology.id(*index) == id)
    return topology.entity(*index);
  telemetry::Entity entity;
  entity.id = id;
  return entity;
}

std::set<std::string> databases_of(const DatabaseEvidence& evidence,
                                   const knowledge::KnowledgeBase& knowledge) {
  std::set<std::string> named;
  std::set<std::string> databases;
  for (const auto& series : evidence.incident) {
    named.insert(series.key.entity);
    // Nothing else has a load of sessions, or a replica's lag in seconds.
    const std::string& quantity = knowledge::metric_meaning(series.key, knowledge.metric_rules).quantity;
    if (quantity == "db_load" || quantity == "replication_lag") databases.insert(series.key.entity);
  }
  for (const auto& event : evidence.events) named.insert(event.entity);
  for (const std::string& id : named) {
    if (knowledge::entity_class(entity_of(id, evidence.topology), knowledge.entity_class_rules) == kDatabase)
      databases.insert(id);
  }
  return databases;
}

/// What commands about a database need beside what was seen: the time to ask about.
void add_command_facts(const DatabaseEvidence& evidence, model::Observation& o) {
  o.facts["from"] = base::format_rfc3339(evidence.scope.window.start);
  o.facts["to"] = base::format_rfc3339(evidence.scope.window.end);
}

}  // namespace

std::vector<model::Observation> observe_databases(const DatabaseEvidence& evidence,
                                                  const knowledge::KnowledgeBase& knowledge,
                                                  const model::SourceName& source_name) {
  std::vector<model::Observation> out;
  const auto add = [&](std::vector<model::Observation> more) {
    for (auto& o : more) out.push_back(std::move(o));
  };
  const std::set<std::string> databases = databases_of(evidence, knowledge);
  if (databases.empty()) return out;
  const signs::SignatureMatcher matcher(knowledge);
  for (const std::string& id : databases) {
    const Capacity capacity = capacity_of(entity_of(id, evidence.topology));
    const Gauges gauges = read_gauges(id, evidence.incident, evidence.baseline, evidence.scope, knowledge);
    Conditions conditions = read_conditions(id, gauges, capacity);
    const LoadProfile profile = read_load_profile(evidence.events, id);
    for (auto& o : read_load_conditions(id, profile, source_name))
      conditions.observations.push_back(std::move(o));
    const Announcements said{id, evidence.events, evidence.scope};
    auto announced = read_announcements(said, conditions.in_order, matcher, source_name);
    add(read_alarm(said, knowledge));
    add(read_reports(said, announced, conditions, gauges, matcher));
    add(std::move(announced));
    add(std::move(conditions.observations));
    add(observe_load(profile, capacity.vcpus, source_name));
  }
  for (auto& o : out) add_command_facts(evidence, o);
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return std::tie(a.entity, a.type, a.subject) < std::tie(b.entity, b.type, b.subject);
  });
  return out;
}

}  // namespace midwatch::observe::database
