#include "src/clients/aws/cloudtrail.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/ascii.h"
#include "src/base/json_access.h"
#include "src/base/utf8.h"
#include "src/clients/aws/arn.h"
#include "src/clients/aws/resource_names.h"
#include "src/clients/aws/route53.h"
#include "src/telemetry/flatten.h"

namespace midwatch::clients::aws {
namespace {

using base::at;
using base::Json;
using base::list_at;
using base::text_at;
using telemetry::ChangeKind;

/// Parameters shown in a summary; all of them are attributes.
constexpr std::size_t kShownParameters = 4;
constexpr std::size_t kSummaryBytes = 300;

/// Starts of the names of calls that change nothing.
constexpr std::array<std::string_view, 14> kReading{
    "Get",  "List",       "Describe", "Lookup",          "Head",         "Search", "Batch", "Query",
    "Scan", "AssumeRole", "Decrypt",  "GenerateDataKey", "ConsoleLogin", "Check"};

/// Parameters that name the resource of a call, the more telling first.
constexpr std::array<std::string_view, 30> kResourceParameters{"functionName",
                                                               "service",
                                                               "dBInstanceIdentifier",
                                                               "dBClusterIdentifier",
                                                               "secretId",
                                                               "targetGroupArn",
                                                               "listenerArn",
                                                               "loadBalancerArn",
                                                               "tableName",
                                                               "queueUrl",
                                                               "streamName",
                                                               "repositoryName",
                                                               "policyArn",
                                                               "roleName",
                                                               "groupId",
                                                               "natGatewayId",
                                                               "routeTableId",
                                                               "networkAclId",
                                                               "subnetId",
                                                               "instanceId",
                                                               "stackName",
                                                               "restApiId",
                                                               "apiId",
                                                               "stateMachineArn",
                                                               "bucketName",
                                                               "keyId",
                                                               "cacheClusterId",
                                                               "replicationGroupId",
                                                               "autoScalingGroupName",
                                                               "name"};

struct KindRule {
  std::string_view word;  ///< in the call's name or its service
  ChangeKind kind;
};
/// The first that occurs counts.
constexpr std::array<KindRule, 15> kKinds{{{"secretsmanager", ChangeKind::kSecret},
                                           {"SecretValue", ChangeKind::kSecret},
                                           {"Policy", ChangeKind::kPermission},
                                           {"iam.", ChangeKind::kPermission},
                                           {"kms.", ChangeKind::kPermission},
                                           {"AddPermission", ChangeKind::kPermission},
                                           {"UpdateFunctionCode", ChangeKind::kDeployment},
                                           {"PutImage", ChangeKind::kDeployment},
                                           {"UpdateService", ChangeKind::kDeployment},
                                           {"CreateDeployment", ChangeKind::kDeployment},
                                           {"UpdateStack", ChangeKind::kDeployment},
                                           {"Capacity", ChangeKind::kScaling},
                                           {"Scaling", ChangeKind::kScaling},
                                           {"Configuration", ChangeKind::kConfig},
                                           {"Parameter", ChangeKind::kConfig}}};

/// Words of calls that only put labels on a resource: for reports of costs and owners, not for its work.
constexpr std::array<std::string_view, 7> kLabelling{"CreateTags",      "DeleteTags", "TagResource",
                                                     "UntagResource",   "AddTagsTo",  "RemoveTagsFrom",
                                                     "PutBucketTagging"};

bool changes_nothing(const Json& event, const std::string& name) {
  if (text_at(event, "ReadOnly") == "true") return true;
  if (std::any_of(kLabelling.begin(), kLabelling.end(),
                  [&](std::string_view word) { return name.starts_with(word); }))
    return true;
  return std::any_of(kReading.begin(), kReading.end(),
                     [&](std::string_view start) { return name.starts_with(start); });
}

ChangeKind kind_of(const std::string& source, const std::string& name) {
  const auto* rule = std::find_if(kKinds.begin(), kKinds.end(), [&](const KindRule& r) {
    return name.find(r.word) != std::string::npos || source.starts_with(r.word);
  });
  return rule == kKinds.end() ? ChangeKind::kInfrastructure : rule->kind;
}

/// "UpdateFunctionConfiguration" of "UpdateFunctionConfiguration20150331v2": Lambda's names carry their
/// version.
std::string plain_name(std::string name) {
  const std::size_t digit = name.find_first_of("0123456789");
  constexpr std::size_t kDate = 8;
  if (digit != std::string::npos && digit > 0 && name.substr(digit).find_first_not_of("0123456789") >= kDate)
    name.resize(digit);
  return name;
}

std::string entity_of(const Json& event, const Json& detail, const std::string& source) {
  const Json& parameters = at(detail, "requestParameters");
  for (const std::string_view parameter : kResourceParameters) {
    const std::string value = text_at(parameters, parameter);
    if (value.empty()) continue;
    const std::string cluster = text_at(parameters, "cluster");
    if (parameter == "service" && !cluster.empty() && !parse_arn(value)) {
      const auto arn = parse_arn(cluster);
      return named_id("ecs", fmt::format("{}/{}", arn ? arn->name() : std::string_view(cluster), value));
    }
    return id_of_service_resource(source, value);
  }
  for (const Json& resource : list_at(event, "Resources")) {
    const std::string id =
        id_of_resource(text_at(resource, "ResourceType"), text_at(resource, "ResourceName"));
    if (!id.empty()) return id;
  }
  return {};
}

std::string actor_of(const Json& event, const Json& detail) {
  std::string actor = text_at(event, "Username");
  if (!actor.empty()) return actor;
  const auto arn = parse_arn(text_at(detail, "userIdentity", "arn"));
  return arn ? std::string(arn->name()) : text_at(detail, "userIdentity", "invokedBy");
}

/// The call and its parameters as the added lines of a diff: what the call set. What was there before, the
/// record does not say.
std::string added_lines(const std::string& name, const telemetry::Attributes& parameters,
                        const std::string& file) {
  std::string diff = fmt::format("--- /dev/null\n+++ b/{}\n@@ -0,0 +1,{} @@\n+eventName: {}\n", file,
                                 parameters.size() + 1, name);
  for (const auto& [path, value] : parameters) diff += fmt::format("+{}: {}\n", path, value);
  return diff;
}

std::string summary_of(const std::string& name, const telemetry::Attributes& parameters) {
  std::string summary = name;
  std::size_t shown = 0;
  for (const auto& [path, value] : parameters) {
    if (value.empty() || shown++ >= kShownParameters) continue;
    summary += fmt::format("{} {}={}", shown == 1 ? ":" : ",", path, value);
  }
  return base::clip_utf8(summary, kSummaryBytes);
}

void add_refusal(const Document& document, const Json& event, const Json& detail, const std::string& entity,
                 const std::string& name, telemetry::TelemetryBatch& out) {
  auto refused = make_event(document, entity, "cloudtrail", at(event, "EventTime"));
  refused.type = name;
  refused.reason = text_at(detail, "errorCode");
  refused.message = text_at(detail, "errorMessage");
  refused.attributes.set("actor", actor_of(event, detail));
  out.events.push_back(std::move(refused));
}

/// One call changes several names: each is a change of its own, of the name as clients look it up.
void add_record_changes(telemetry::ChangeEvent change, const Json& detail, telemetry::TelemetryBatch& out) {
  const std::string call = change.id;
  std::size_t number = 0;
  for (const Json& one : list_at(at(at(detail, "requestParameters"), "changeBatch"), "changes")) {
    const std::string record = looked_up_name(text_at(one, "resourceRecordSet", "name"));
    if (record.empty()) continue;
    change.id = number == 0 ? call : fmt::format("{}#{}", call, number);
    ++number;
    change.entity = named_id("route53", record);
    const std::string action = text_at(one, "action");
    const std::string line = fmt::format("record: {} {}", record, text_at(one, "resourceRecordSet", "type"));
    change.summary = fmt::format("ChangeResourceRecordSets: {} {}", action, line);
    change.diff = fmt::format("--- a/{0}\n+++ b/{0}\n@@ -1,1 +1,1 @@\n{1}{2}\n", change.files.front(),
                              action == "DELETE" ? '-' : '+', line);
    out.entities.push_back(
        make_entity(change.entity, "AWS::Route53::RecordSet", record, "dns_record", Json(), change.ref));
    out.changes.push_back(change);
  }
}

void decode_event(const Document& document, const Json& event, telemetry::TelemetryBatch& out) {
  const Json detail = base::parse_json(text_at(event, "CloudTrailEvent")).value_or(Json());
  const std::string name = plain_name(text_at(event, "EventName"));
  const std::string source = text_at(event, "EventSource");
  const std::string entity = entity_of(event, detail, source);
  if (!text_at(detail, "errorCode").empty()) {
    if (!entity.empty()) add_refusal(document, event, detail, entity, name, out);
    return;
  }
  const auto time = time_of(at(event, "EventTime"));
  if (!time || changes_nothing(event, name)) return;
  telemetry::ChangeEvent change;
  change.time = *time;
  change.id = text_at(event, "EventId");
  change.kind = kind_of(source, name);
  change.entity = entity;
  change.actor = actor_of(event, detail);
  telemetry::Attributes parameters;
  telemetry::flatten(at(detail, "requestParameters"), "", parameters);
  change.summary = summary_of(name, parameters);
  change.files = {fmt::format("{}/{}.yaml", source.substr(0, source.find('.')), name)};
  change.diff = added_lines(name, parameters, change.files.front());
  change.has_diff = true;
  change.attributes.set("described", "true");
  change.attributes.set("event_name", name);
  change.attributes.set("event_source", source);
  change.attributes.set(
      "by_cloudformation",
      text_at(detail, "userIdentity", "invokedBy") == "cloudformation.amazonaws.com" ? "true" : "false");
  for (const auto& [path, value] : parameters) change.attributes.set("parameters." + path, value);
  change.ref = document.ref;
  if (name == "ChangeResourceRecordSets") {
    add_record_changes(std::move(change), detail, out);
  } else {
    out.changes.push_back(std::move(change));
  }
}

}  // namespace

void decode_cloudtrail_events(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& event : list_at(document.body, "Events")) decode_event(document, event, out);
}

}  // namespace midwatch::clients::aws
