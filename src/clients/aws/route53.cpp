#include "src/clients/aws/route53.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/ascii.h"
#include "src/base/json_access.h"
#include "src/clients/aws/policy_statements.h"

namespace midwatch::clients::aws {
namespace {

using base::at;
using base::Json;
using base::list_at;
using base::text_at;

/// "Z1" of "/hostedzone/Z1".
std::string_view bare_id(std::string_view id) {
  return id.substr(id.rfind('/') + 1);
}

/// What a record set leads to: addresses and names, or the resource that it is another name of.
std::string values_of(const Json& set) {
  std::string values = looked_up_name(text_at(set, "AliasTarget", "DNSName"));
  for (const Json& record : list_at(set, "ResourceRecords")) {
    const std::string value = text_at(record, "Value");
    values += (values.empty() ? "" : ", ") + value;
  }
  return fmt::format("{} {}", text_at(set, "Type"), values);
}

telemetry::Entity name_entity(const std::string& name, const Document& document) {
  return make_entity(named_id("route53", name), "AWS::Route53::RecordSet", name, "dns_record", Json::object(),
                     document.ref);
}

}  // namespace

std::string looked_up_name(std::string_view record) {
  std::string name = base::to_lower(record);
  if (name.ends_with('.')) name.pop_back();
  return name;
}

void decode_hosted_zones(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& zone : list_at(document.body, "HostedZones")) {
    const std::string id(bare_id(text_at(zone, "Id")));
    if (id.empty()) continue;
    auto entity =
        make_entity(named_id("route53/zone", id), "AWS::Route53::HostedZone",
                    looked_up_name(text_at(zone, "Name")), "dns_zone", Json::object(), document.ref);
    entity.attributes.set("zone.private", at(at(zone, "Config"), "PrivateZone") == true ? "true" : "false");
    out.entities.push_back(std::move(entity));
  }
}

void decode_record_sets(const Document& document, telemetry::TelemetryBatch& out) {
  const std::string zone(bare_id(document.command.option("hosted-zone-id")));
  const std::string wanted = looked_up_name(document.command.option("start-record-name"));
  bool found = wanted.empty();
  for (const Json& set : list_at(document.body, "ResourceRecordSets")) {
    const std::string name = looked_up_name(text_at(set, "Name"));
    if (name.empty() || (!wanted.empty() && name != wanted)) continue;
    found = true;
    auto entity = name_entity(name, document);
    entity.attributes.set("record.values", values_of(set));
    entity.attributes.set("record.zone", zone);
    const std::string check = text_at(set, "HealthCheckId");
    if (!check.empty()) entity.attributes.set("record.health_check", check);
    out.entities.push_back(std::move(entity));
  }
  if (found) return;
  auto entity = name_entity(wanted, document);
  entity.attributes.set("record.values", "");
  entity.attributes.set("record.zone", zone);
  out.entities.push_back(std::move(entity));
}

void decode_health_check_status(const Document& document, telemetry::TelemetryBatch& out) {
  const std::string id(document.command.option("health-check-id"));
  const Json& seen = list_at(document.body, "HealthCheckObservations");
  if (id.empty() || seen.empty()) return;
  const auto failing = std::count_if(seen.begin(), seen.end(), [](const Json& one) {
    return !text_at(one, "StatusReport", "Status").starts_with("Success");
  });
  auto entity = make_entity(named_id("route53/healthcheck", id), "AWS::Route53::HealthCheck",
                            "health check " + id, "health_check", Json::object(), document.ref);
  entity.attributes.set("health_check.failing", std::to_string(failing));
  entity.attributes.set("health_check.checkers", std::to_string(seen.size()));
  out.entities.push_back(std::move(entity));
}

}  // namespace midwatch::clients::aws
