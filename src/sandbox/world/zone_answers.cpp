#include <algorithm>
#include <tuple>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/ascii.h"
#include "src/base/json_access.h"
#include "src/sandbox/world/answers.h"

namespace midwatch::sandbox::world {
namespace {

using base::Json;
using base::text_at;

constexpr std::string_view kZonePath = "/hostedzone/";

/// Route 53 writes names with the dot of the root at their end.
std::string rooted(std::string_view name) {
  return name.ends_with('.') ? std::string(name) : fmt::format("{}.", name);
}

/// The labels of a name from the right, by which Route 53 orders names: "example.core.stock".
std::string reversed(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  auto labels = base::split(name, '.');
  std::reverse(labels.begin(), labels.end());
  std::string out;
  for (const std::string_view label : labels) out.append(out.empty() ? "" : ".").append(label);
  return out;
}

Answer list_zones(const View& view, const Json& /*input*/) {
  Json zones = Json::array();
  for (const auto& [name, timeline] : view.world.zones) {
    const ZoneSpec& zone = timeline.at(view.time);
    zones.push_back({{"Id", fmt::format("{}{}", kZonePath, zone.id)},
                     {"Name", rooted(name)},
                     {"CallerReference", zone.id},
                     {"Config", {{"PrivateZone", zone.is_private}}},
                     {"ResourceRecordSetCount", zone.records.size()}});
  }
  return Json{{"HostedZones", std::move(zones)}};
}

Json record_set(const RecordSpec& record) {
  Json values = Json::array();
  for (const std::string& value : record.values) values.push_back({{"Value", value}});
  return {{"Name", rooted(record.name)},
          {"Type", record.type},
          {"TTL", static_cast<long>(record.ttl)},
          {"ResourceRecords", std::move(values)}};
}

/// In the order of Route 53, from the name and type that are asked for on.
Answer list_records(const View& view, const Json& input) {
  std::string id = text_at(input, "HostedZoneId");
  if (id.starts_with(kZonePath)) id = id.substr(kZonePath.size());
  const auto zone = std::find_if(view.world.zones.begin(), view.world.zones.end(),
                                 [&](const auto& one) { return one.second.at(view.time).id == id; });
  constexpr int kNotFound = 404;
  if (zone == view.world.zones.end())
    return refuse("NoSuchHostedZone", fmt::format("No hosted zone found with ID: {}", id), kNotFound);
  std::vector<RecordSpec> records = zone->second.at(view.time).records;
  const auto place = [](const RecordSpec& record) { return std::pair(reversed(record.name), record.type); };
  std::sort(records.begin(), records.end(),
            [&](const RecordSpec& a, const RecordSpec& b) { return place(a) < place(b); });
  const std::pair from(reversed(text_at(input, "StartRecordName")), text_at(input, "StartRecordType"));
  Json sets = Json::array();
  for (const RecordSpec& record : records) {
    if (place(record) >= from) sets.push_back(record_set(record));
  }
  return Json{{"ResourceRecordSets", std::move(sets)}};
}

/// No record of a world depends on a health check.
Answer get_health_check_status(const View& /*view*/, const Json& input) {
  constexpr int kNotFound = 404;
  return refuse("NoSuchHealthCheck",
                fmt::format("A health check with id {} does not exist.", text_at(input, "HealthCheckId")),
                kNotFound);
}

}  // namespace

std::vector<Operation> zone_operations() {
  return {{"route53", "ListHostedZones", list_zones},
          {"route53", "ListResourceRecordSets", list_records},
          {"route53", "GetHealthCheckStatus", get_health_check_status}};
}

}  // namespace midwatch::sandbox::world
