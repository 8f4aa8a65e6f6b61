#include <array>
#include <chrono>

#include "src/base/quantity.h"
#include "src/observe/configuration/detectors.h"

namespace midwatch::observe::configuration {
namespace {

/// A push this long before the window has been running well since.
constexpr base::Duration kFreshPush = std::chrono::hours(2);

/// True where the tag was given to another image shortly before or during the incident.
bool is_fresh(const ConfigurationInput& input, std::string_view pushed) {
  const auto time = base::parse_timestamp(pushed);
  return time && *time + kFreshPush >= input.scope.window.start && *time <= input.scope.window.end;
}

/// Codes that an application answers whatever state it is in: a range up to 4xx takes "not found" for well.
bool is_lenient(std::string_view codes) {
  return codes.find("-4") != std::string_view::npos || codes.find("-5") != std::string_view::npos ||
         codes.find("404") != std::string_view::npos;
}

void detect_health_check(const ConfigurationInput& input, topology::EntityIndex i,
                         std::vector<model::Observation>& out) {
  const auto& attributes = input.topology.entity(i).attributes;
  const std::string_view codes = attributes.get("health_check.codes");
  if (!is_lenient(codes)) return;
  for (const topology::Neighbour& target : input.topology.out(i)) {
    if (target.kind != telemetry::RelationKind::kRoutesTo) continue;
    auto o =
        about(input, i, "state.health_check.shallow", kRemark, {"health_check.codes", "health_check.path"});
    o.entity = input.topology.id(target.entity);
    o.subject = codes;
    o.facts["codes"] = codes;
    o.facts["path"] = std::string(attributes.get("health_check.path"));
    out.push_back(std::move(o));
  }
}

void detect_certificate(const ConfigurationInput& input, topology::EntityIndex i,
                        std::vector<model::Observation>& out) {
  const auto& attributes = input.topology.entity(i).attributes;
  const auto end = base::parse_timestamp(attributes.get("certificate.not_after"));
  if (!end || *end > input.scope.alarm.time.value_or(input.scope.window.end)) return;
  auto o =
      about(input, i, "state.certificate.expired", kSure, {"certificate.not_after", "certificate.domain"});
  o.subject = attributes.get("certificate.domain");
  o.onset = *end;
  o.facts["domain"] = o.subject;
  o.facts["not_after"] = base::format_rfc3339(*end);
  out.push_back(std::move(o));
}

}  // namespace

void detect_moved_images(const ConfigurationInput& input, std::vector<model::Observation>& out) {
  constexpr std::string_view kTagDigest = ".image_tag_digest";
  for (topology::EntityIndex i = 0; i < input.topology.size(); ++i) {
    const auto& attributes = input.topology.entity(i).attributes;
    for (const auto* entry : attributes.with_prefix("container.")) {
      if (!entry->first.ends_with(kTagDigest)) continue;
      const std::string image = entry->first.substr(0, entry->first.size() - kTagDigest.size()) + ".image";
      const std::string_view runs = attributes.get(image + "_digest");
      if (runs.empty() || runs == entry->second) continue;
      const std::string_view pushed = attributes.get(image + "_tag_pushed");
      auto o = about(input, i, "state.image.moved", is_fresh(input, pushed) ? kSure : kRemark,
                     {image, image + "_digest", entry->first});
      o.entity = input.topology.id(owner_of(input.topology, i));
      o.subject = attributes.get(image);
      o.onset = base::parse_timestamp(pushed);
      o.facts["image"] = o.subject;
      o.facts["pushed"] = std::string(pushed);
      out.push_back(std::move(o));
    }
  }
}

void detect_checks(const ConfigurationInput& input, std::vector<model::Observation>& out) {
  for (topology::EntityIndex i = 0; i < input.topology.size(); ++i) {
    detect_health_check(input, i, out);
    detect_certificate(input, i, out);
  }
}

}  // namespace midwatch::observe::configuration
