#include <fmt/format.h>

#include "src/observe/configuration/detectors.h"

namespace midwatch::observe::configuration {
namespace {

/// True where the bucket tells the function of events, itself or perhaps by the event bus.
bool notifies(const telemetry::Entity& bucket, std::string_view function) {
  if (!bucket.attributes.get("notification.event_bus").empty()) return true;
  for (int number = 0;; ++number) {
    const std::string* target = bucket.attributes.find(fmt::format("notification.{}.target", number));
    if (target == nullptr) return false;
    if (*target == function) return true;
  }
}

}  // namespace

void detect_lost_notifications(const ConfigurationInput& input, std::vector<model::Observation>& out) {
  for (topology::EntityIndex i = 0; i < input.topology.size(); ++i) {
    const telemetry::Entity& function = input.topology.entity(i);
    for (int number = 0;; ++number) {
      const std::string path = fmt::format("permission.{}.source", number);
      const std::string* source = function.attributes.find(path);
      if (source == nullptr) break;
      const auto index = input.topology.find(*source);
      // Who has not been asked whom it tells, may tell the function.
      if (!index || input.topology.entity(*index).attributes.get("notification.count").empty()) continue;
      const telemetry::Entity& bucket = input.topology.entity(*index);
      if (notifies(bucket, function.id)) continue;
      auto o = about(input, *index, "state.bucket_notification.missing", kSure, {"notification.count"});
      o.subject = function.id;
      o.facts["bucket"] = bucket.name;
      o.facts["function"] = function.name;
      o.facts["count"] = std::string(bucket.attributes.get("notification.count"));
      o.evidence.push_back(model::attribute_evidence(function, {path}, input.source_name));
      out.push_back(std::move(o));
    }
  }
}

}  // namespace midwatch::observe::configuration
