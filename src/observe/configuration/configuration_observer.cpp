#include "src/observe/configuration/configuration_observer.h"

#include <algorithm>
#include <tuple>

#include "src/observe/configuration/detectors.h"

namespace midwatch::observe::configuration {

model::Observation about(const ConfigurationInput& input, topology::EntityIndex index, std::string type,
                         double strength, std::vector<std::string> paths) {
  model::Observation o;
  const telemetry::Entity& entity = input.topology.entity(index);
  o.entity = entity.id;
  o.type = std::move(type);
  o.strength = strength;
  o.evidence.push_back(model::attribute_evidence(entity, std::move(paths), input.source_name));
  return o;
}

topology::EntityIndex owner_of(const topology::Topology& topology, topology::EntityIndex index) {
  for (const topology::Neighbour& neighbour : topology.in(index)) {
    const std::string_view kind = topology.entity(neighbour.entity).attributes.get("platform.kind");
    if (neighbour.kind == telemetry::RelationKind::kContains && (kind == "workload" || kind == "job"))
      return neighbour.entity;
  }
  return index;
}

std::vector<model::Observation> observe_configuration(const ConfigurationInput& input) {
  std::vector<model::Observation> out;
  for (const auto detect :
       {detect_credentials, detect_unread_secrets, detect_moved_images, detect_checks,
        detect_denying_policies, detect_lost_notifications, detect_dns_records, detect_hot_partitions,
        detect_platform_limits, detect_shared_concurrency, detect_cpu_limits, detect_memory_growth,
        detect_headroom, detect_failing_releases, detect_short_grace, detect_unused_databases})
    detect(input, out);
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return std::tie(a.entity, a.type, a.subject) < std::tie(b.entity, b.type, b.subject);
  });
  return out;
}

}  // namespace midwatch::observe::configuration
