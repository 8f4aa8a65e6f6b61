#include "src/observe/database/database_observer.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "src/knowledge/entity_class.h"
#include "src/knowledge/metric_meaning.h"
#include "src/observe/database/conditions.h"
#include "src/observe/database/gauges.h"
#include "src/observe/database/load_conditions.h"
#include "src/observe/database/performance_insights.h"
#include "src/observe/database/reports.h"
#include "src/observe/database/view_owner.h"
#include "src/observe/database/views.h"
#include "src/observe/events/announcements.h"
#include "src/observe/events/detections.h"
#include "src/observe/events/platform_events.h"

namespace midwatch::observe::database {
namespace {

constexpr std::string_view kDatabase = "database";
/// Set where a console of the database answered (src/clients/postgresql).
constexpr std::string_view kEngineAttribute = "database.engine";
/// An application that is not let in tries again and again; fewer refusals are somebody's mistake.
constexpr double kFewRefusals = 5;
/// A log that says it this often is not taken back by a measurement in order: the limit may have moved.
constexpr double kInsisting = 10;
/// From this strength on, an observation is trouble (diagnose).
constexpr double kTrouble = 0.5;
/// What is left of their weight: too little to propose a cause.
constexpr double kStranger = 0.25;

/// The id under which the topology knows an entity.
std::string canonical(const std::string& id, const topology::Topology& topology) {
  const auto index = topology.find(id);
  return index ? topology.id(*index) : id;
}

/// The entity as the topology knows it, else only its name.
telemetry::Entity entity_of(const std::string& id, const topology::Topology& topology) {
  if (const auto index = topology.find(id); index && topology.id(*index) == id)
    return topology.entity(*index);
  telemetry::Entity entity;
  entity.id = id;
  return entity;
}

std::set<std::string> databases_of(const DatabaseEvidence& evidence,
                                   const knowledge::KnowledgeBase& knowledge, const ViewOwners& owners) {
  std::set<std::string> named;
  std::set<std::string> databases;
  for (const auto& series : evidence.incident) {
    named.insert(canonical(series.key.entity, evidence.topology));
    // Nothing else has a load of sessions, or a replica's lag in seconds.
    const std::string& quantity = knowledge::metric_meaning(series.key, knowledge.metric_rules).quantity;
    if (quantity == "db_load" || quantity == "replication_lag")
      databases.insert(canonical(series.key.entity, evidence.topology));
  }
  for (const auto& event : evidence.events) {
    if (is_from_console(event)) {
      databases.insert(owners.of(event));
    } else {
      named.insert(canonical(event.entity, evidence.topology));
    }
  }
  for (const std::string& id : named) {
    if (knowledge::entity_class(entity_of(id, evidence.topology), knowledge.entity_class_rules) == kDatabase)
      databases.insert(id);
  }
  return databases;
}

/// The records of one database.
struct Records {
  std::vector<const telemetry::MetricSeries*> series;
  std::vector<const telemetry::PlatformEvent*> load;  ///< lines of load profiles
  std::vector<const telemetry::PlatformEvent*> said;  ///< what is said of it in words
  Views views;                                        ///< what its console printed of its state
};

/// True for an event that a container platform tells of a database it runs: those are read with its events.
bool is_of_its_platform(const telemetry::PlatformEvent& event, const telemetry::Entity& entity) {
  return entity.attributes.find(kEngineAttribute) != nullptr && events::is_container_platform_event(event);
}

Records records_of(const std::string& id, const DatabaseEvidence& evidence, const ViewOwners& owners) {
  Records records;
  const telemetry::Entity entity = entity_of(id, evidence.topology);
  for (const auto& series : evidence.incident) {
    if (canonical(series.key.entity, evidence.topology) == id) records.series.push_back(&series);
  }
  for (const auto& event : evidence.events) {
    const std::string about =
        is_from_console(event) ? owners.of(event) : canonical(event.entity, evidence.topology);
    if (about != id || events::is_detection(event) || is_of_its_platform(event, entity)) continue;
    if (is_view_row(event)) {
      records.views.add(event);
      continue;
    }
    (is_load_event(event) ? records.load : records.said).push_back(&event);
  }
  return records;
}

/// What the database's own log says of it, as what a platform would announce.
std::vector<model::Observation> logged_by(const std::string& id, const DatabaseEvidence& evidence,
                                          const std::vector<std::string>& in_order) {
  std::vector<model::Observation> logged;
  for (const model::Observation& o : evidence.seen) {
    if (!o.type.starts_with("sign.") || canonical(o.entity, evidence.topology) != id) continue;
    const bool insists = o.value.value_or(0) >= kInsisting;
    if (!insists && is_over(o.subject, in_order)) continue;
    logged.push_back(o);
    logged.back().entity = id;
    if (const auto sample = o.facts.find("sample"); sample != o.facts.end())
      logged.back().facts.emplace("message", sample->second);
  }
  return logged;
}

/// What the console's views show, where no measurement over time shows it already. One look at the sessions
/// stands for the load where nothing sampled it.
void add_views(const ViewInput& input, Conditions& conditions, LoadProfile& profile) {
  if (input.views.empty()) return;
  Waiting waiting = observe_waiting(input);
  std::vector<model::Observation> seen = std::move(waiting.observations);
  for (const auto observe : {observe_sessions, observe_replication, observe_tables}) {
    for (auto& o : observe(input)) seen.push_back(std::move(o));
  }
  const bool measured_well = conditions.observations.empty();
  const bool well =
      std::all_of(seen.begin(), seen.end(), [](const auto& o) { return o.strength < kTrouble; });
  for (auto& o : seen) {
    const bool known = std::any_of(conditions.observations.begin(), conditions.observations.end(),
                                   [&](const auto& other) { return other.type == o.type; });
    if (!known) conditions.observations.push_back(std::move(o));
  }
  if (profile.empty()) profile = std::move(waiting.load);
  if (auto healthy = well && measured_well ? observe_health(input) : std::nullopt)
    conditions.observations.push_back(std::move(*healthy));
}

}  // namespace

std::vector<model::Observation> observe_databases(const DatabaseEvidence& evidence,
                                                  const knowledge::KnowledgeBase& knowledge,
                                                  const model::SourceName& source_name) {
  std::vector<model::Observation> out;
  const auto add = [&](std::vector<model::Observation> more) {
    for (auto& o : more) out.push_back(std::move(o));
  };
  const ViewOwners owners(evidence, knowledge);
  const std::set<std::string> databases = databases_of(evidence, knowledge, owners);
  if (databases.empty()) return out;
  const signs::SignatureMatcher matcher(knowledge);
  const telemetry::Alarm& alarm = evidence.scope.alarm;
  const std::string alarmed = canonical(alarm.entity, evidence.topology);
  for (const std::string& id : databases) {
    const Capacity capacity = capacity_of(entity_of(id, evidence.topology));
    Records records = records_of(id, evidence, owners);
    const Gauges gauges =
        read_gauges(std::move(records.series), evidence.baseline, evidence.scope, knowledge);
    Conditions conditions = read_conditions(id, gauges, capacity);
    LoadProfile profile = read_load_profile(records.load);
    add_views({id, records.views, capacity, evidence.scope, source_name}, conditions, profile);
    for (auto& o : read_load_conditions(id, profile, source_name))
      conditions.observations.push_back(std::move(o));
    events::AnnouncementInput said{
        std::move(records.said),
        evidence.scope,
        evidence.topology,
        matcher,
        source_name,
        [&](std::string_view signature) { return is_over(signature, conditions.in_order); }};
    auto announced = events::read_announcements(said);
    for (auto& o : announced) o.entity = id;  // a console may not say whose it is
    if (id == alarmed) add(read_alarm(id, alarm, knowledge));
    std::vector<model::Observation> reported = logged_by(id, evidence, conditions.in_order);
    reported.insert(reported.begin(), announced.begin(), announced.end());
    add(read_reports(id, id == alarmed ? &alarm : nullptr, reported, conditions, gauges, matcher));
    add(std::move(announced));
    add(std::move(conditions.observations));
    add(observe_load(id, profile, capacity.vcpus, source_name));
  }
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return std::tie(a.entity, a.type, a.subject) < std::tie(b.entity, b.type, b.subject);
  });
  return out;
}

void discount_strangers(const DatabaseEvidence& evidence, const knowledge::KnowledgeBase& knowledge,
                        std::vector<model::Observation>& observations) {
  std::set<std::string> steady;
  for (const auto& series : evidence.incident) {
    if (knowledge::metric_meaning(series.key, knowledge.metric_rules).quantity == "connections")
      steady.insert(canonical(series.key.entity, evidence.topology));
  }
  for (const model::Observation& o : observations) {
    if (o.type == "state.database.connections_dropped" || o.type == "metric.connections.down" ||
        o.type == "metric.connections.zero")
      steady.erase(canonical(o.entity, evidence.topology));
  }
  for (model::Observation& o : observations) {
    const bool refusal = o.type == "sign.db_auth_failed" || o.type == "sign.authentication_failed";
    if (refusal && o.value && *o.value < kFewRefusals &&
        steady.contains(canonical(o.entity, evidence.topology)))
      o.strength *= kStranger;
  }
}

}  // namespace midwatch::observe::database
