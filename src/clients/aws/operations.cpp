#include "src/clients/aws/operations.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"

namespace midwatch::clients::aws {

using base::at;
using base::Json;
using base::list_at;
using base::text_at;
using telemetry::RelationKind;

namespace {

/// States in which a key does nothing, and how they are told. Source: KMS developer guide, "Key states".
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kUnusableKeys{
    {{"Disabled", "disabled"},
     {"PendingDeletion", "pending deletion"},
     {"PendingReplicaDeletion", "pending deletion"},
     {"PendingImport", "pending import"},
     {"Unavailable", "unavailable"}}};

/// "service/web/api" of Application Auto Scaling is the alias "ecs/web/api".
std::string scaled_resource(const Json& activity) {
  const std::string group = text_at(activity, "AutoScalingGroupName");
  if (!group.empty()) return named_id("autoscaling", group);
  const std::string resource = text_at(activity, "ResourceId");
  constexpr std::string_view kService = "service/";
  if (text_at(activity, "ServiceNamespace") == "ecs" && resource.starts_with(kService))
    return named_id("ecs", std::string_view(resource).substr(kService.size()));
  const std::size_t slash = resource.find('/');
  return named_id(text_at(activity, "ServiceNamespace"),
                  slash == std::string::npos ? resource : resource.substr(slash + 1));
}

void add_activity(const Document& document, const Json& activity, telemetry::TelemetryBatch& out) {
  auto event = make_event(document, scaled_resource(activity), "autoscaling", at(activity, "StartTime"));
  event.type = "scaling";
  event.reason = text_at(activity, "StatusCode");
  event.message = text_at(activity, "Description");
  for (const char* member : {"StatusMessage", "Cause"}) {
    const std::string more = text_at(activity, member);
    if (!more.empty()) event.message += (event.message.empty() ? "" : ". ") + more;
  }
  if (event.reason == "Successful") {
    telemetry::ChangeEvent change;
    change.time = event.time;
    change.id = text_at(activity, "ActivityId");
    change.kind = telemetry::ChangeKind::kScaling;
    change.entity = event.entity;
    change.summary = event.message;
    change.ref = document.ref;
    out.changes.push_back(std::move(change));
  }
  out.events.push_back(std::move(event));
}

std::string service_entity(const Json& event) {
  std::string service = text_at(event, "service");
  for (char& c : service) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const std::string region = text_at(event, "region");
  return named_id("aws", region.empty() ? service : fmt::format("{}/{}", service, region));
}

void add_health_event(const Document& document, const Json& item, const std::string& description,
                      telemetry::TelemetryBatch& out) {
  auto event = make_event(document, service_entity(item), "health", at(item, "startTime"));
  event.type = text_at(item, "eventTypeCategory");
  event.reason = text_at(item, "eventTypeCode");
  event.message = fmt::format("{} ({}){}{}", event.reason, text_at(item, "statusCode"),
                              description.empty() ? "" : ": ", description);
  copy_members(item, {{"status", "statusCode"}, {"zone", "availabilityZone"}, {"region", "region"}},
               event.attributes);
  out.events.push_back(std::move(event));
}

void add_quota(const Document& document, const Json& quota, telemetry::TelemetryBatch& out) {
  const std::string service = text_at(quota, "ServiceCode");
  const std::string name = text_at(quota, "QuotaName");
  if (service.empty() || name.empty()) return;
  auto entity =
      make_entity(named_id("servicequotas", fmt::format("{}/{}", service, text_at(quota, "QuotaCode"))),
                  "AWS::ServiceQuotas::Quota", fmt::format("quota “{}” of {}", name, service), "quota", quota,
                  document.ref);
  entity.attributes.set("quota.name", name);
  set_number(entity.attributes, "quota.limit", at(quota, "Value"));
  out.entities.push_back(std::move(entity));
}

}  // namespace

void decode_scaling_activities(const Document& document, telemetry::TelemetryBatch& out) {
  for (const char* list : {"Activities", "ScalingActivities"}) {
    for (const Json& activity : list_at(document.body, list)) add_activity(document, activity, out);
  }
}

void decode_health_events(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& item : list_at(document.body, "events")) add_health_event(document, item, {}, out);
  for (const Json& item : list_at(document.body, "successfulSet"))
    add_health_event(document, at(item, "event"), text_at(item, "eventDescription", "latestDescription"),
                     out);
}

void decode_service_quotas(const Document& document, telemetry::TelemetryBatch& out) {
  add_quota(document, at(document.body, "Quota"), out);
  for (const Json& quota : list_at(document.body, "Quotas")) add_quota(document, quota, out);
}

void decode_certificate(const Document& document, telemetry::TelemetryBatch& out) {
  const Json& certificate = at(document.body, "Certificate");
  const std::string id = text_at(certificate, "CertificateArn");
  if (id.empty()) return;
  auto entity = make_entity(id, "AWS::CertificateManager::Certificate",
                            "certificate of " + text_at(certificate, "DomainName"), "certificate",
                            Json::object(), document.ref);
  copy_members(certificate,
               {{"platform.phase", "Status"},
                {"platform.message", "FailureReason"},
                {"certificate.domain", "DomainName"}},
               entity.attributes);
  copy_times(certificate, {{"certificate.not_before", "NotBefore"}, {"certificate.not_after", "NotAfter"}},
             entity.attributes);
  copy_members(at(certificate, "RenewalSummary"), {{"certificate.renewal", "RenewalStatus"}},
               entity.attributes);
  out.entities.push_back(std::move(entity));
  for (const Json& user : list_at(certificate, "InUseBy"))
    relate(out, base::text(user), id, RelationKind::kReadsSecret, document.ref);
}

void decode_kms_key(const Document& document, telemetry::TelemetryBatch& out) {
  const Json& key = at(document.body, "KeyMetadata");
  const std::string id = text_at(key, "Arn");
  if (id.empty()) return;
  const std::string state = text_at(key, "KeyState");
  auto entity =
      make_entity(id, "AWS::KMS::Key", "key " + text_at(key, "KeyId"), "key", Json::object(), document.ref);
  copy_members(key, {{"platform.phase", "KeyState"}, {"description", "Description"}}, entity.attributes);
  copy_times(key, {{"platform.created", "CreationDate"}, {"platform.deleted", "DeletionDate"}},
             entity.attributes);
  out.entities.push_back(std::move(entity));
  add_alias(out, named_id("kms", text_at(key, "KeyId")), id);
  const auto word = std::find_if(kUnusableKeys.begin(), kUnusableKeys.end(),
                                 [&](const auto& unusable) { return unusable.first == state; });
  if (word == kUnusableKeys.end()) return;
  auto event = make_event(document, id, "kms", Json());
  event.type = "key";
  event.reason = state;
  event.message =
      fmt::format("KMS key {} is {}: nothing can be decrypted with it", text_at(key, "KeyId"), word->second);
  out.events.push_back(std::move(event));
}

}  // namespace midwatch::clients::aws
