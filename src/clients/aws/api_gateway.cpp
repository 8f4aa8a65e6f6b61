#include "src/clients/aws/api_gateway.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/clients/aws/arn.h"

namespace midwatch::clients::aws {
namespace {

using base::at;
using base::Json;
using base::list_at;
using base::text_at;
using telemetry::RelationKind;

/// REST APIs spell members in lower case, HTTP APIs in upper case.
std::string either(const Json& object, const char* rest, const char* http) {
  std::string value = text_at(object, rest);
  return value.empty() ? text_at(object, http) : value;
}

/// The items of an answer of either kind.
const Json& items(const Json& body) {
  for (const char* member : {"items", "item", "Items"}) {
    if (at(body, member).is_array()) return at(body, member);
  }
  return list_at(body, "items");
}

std::string api_of(const CommandLine& command) {
  for (const char* option : {"rest-api-id", "api-id"}) {
    if (const std::string_view id = command.option(option); !id.empty()) return named_id("apigateway", id);
  }
  return {};
}

/// The function inside "arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/FUNCTION-ARN/invocations",
/// or the address as it is.
std::string target_of(const std::string& uri) {
  constexpr std::string_view kFunctions = "/functions/";
  const std::size_t start = uri.find(kFunctions);
  if (start == std::string::npos) return unqualified_function(uri);
  const std::string rest = uri.substr(start + kFunctions.size());
  return unqualified_function(rest.substr(0, rest.find("/invocations")));
}

void add_integration(const Document& document, const Json& integration, const std::string& api,
                     const std::string& method, telemetry::TelemetryBatch& out) {
  const std::string uri = either(integration, "uri", "IntegrationUri");
  if (uri.empty() || api.empty()) return;
  relate(out, api, target_of(uri), RelationKind::kCalls, document.ref);
  constexpr double kMilliseconds = 1e-3;
  telemetry::Entity entity;
  entity.id = api;
  entity.ref = document.ref;
  entity.attributes.set("platform.kind", "gateway");
  std::string prefix = "integration." + (method.empty() ? uri : method);
  entity.attributes.set(prefix + ".target", target_of(uri));
  const Json& rest_limit = at(integration, "timeoutInMillis");
  set_number(entity.attributes, prefix + ".limit.timeout",
             rest_limit.is_null() ? at(integration, "TimeoutInMillis") : rest_limit, kMilliseconds);
  set_number(entity.attributes, "limit.timeout",
             rest_limit.is_null() ? at(integration, "TimeoutInMillis") : rest_limit, kMilliseconds);
  out.entities.push_back(std::move(entity));
}

/// The groups that a stage writes to: its execution log, under a name that the platform gives it, and its
/// access log.
void add_log_groups(const Json& stage, const std::string& api, telemetry::TelemetryBatch& out) {
  const std::string name = text_at(stage, "stageName");
  if (api.empty()) return;
  if (!name.empty()) {
    const std::string id = api.substr(api.rfind('/') + 1);
    add_alias(out, named_id("logs", fmt::format("API-Gateway-Execution-Logs_{}/{}", id, name)), api);
  }
  const char* settings = name.empty() ? "AccessLogSettings" : "accessLogSettings";
  const std::string access = text_at(at(stage, settings), name.empty() ? "DestinationArn" : "destinationArn");
  constexpr std::string_view kGroup = ":log-group:";
  if (const std::size_t group = access.find(kGroup); group != std::string::npos) {
    const std::string rest = access.substr(group + kGroup.size());
    add_alias(out, named_id("logs", rest.substr(0, rest.find(':'))), api);
  }
}

}  // namespace

void decode_apis(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& api : items(document.body)) {
    const std::string name = either(api, "name", "Name");
    const std::string id = either(api, "id", "ApiId");
    if (id.empty()) continue;
    out.entities.push_back(
        make_entity(named_id("apigateway", id), "AWS::ApiGateway::Api", name, "gateway", api, document.ref));
    add_alias(out, named_id("apigateway", name), named_id("apigateway", id));
  }
}

void decode_api_integrations(const Document& document, telemetry::TelemetryBatch& out) {
  const std::string api = api_of(document.command);
  if (api.empty()) {
    out.notices.push_back({"integrations without their command do not say which API they are of",
                           document.ref, "コマンドの記録がないため、どの API の統合か分かりません"});
    return;
  }
  add_integration(document, document.body, api, std::string(document.command.option("http-method")), out);
  for (const Json& item : items(document.body)) {
    if (!at(item, "IntegrationUri").is_null()) add_integration(document, item, api, {}, out);
    const Json& methods = at(item, "resourceMethods");
    for (const auto& [verb, method] : methods.items()) {
      if (method.is_object())
        add_integration(document, at(method, "methodIntegration"), api,
                        fmt::format("{} {}", verb, text_at(item, "path")), out);
    }
  }
}

void decode_api_stages(const Document& document, telemetry::TelemetryBatch& out) {
  const std::string api = api_of(document.command);
  for (const Json& item : items(document.body)) {
    add_log_groups(item, api, out);
    const Json& updated =
        at(item, "lastUpdatedDate").is_null() ? at(item, "createdDate") : at(item, "lastUpdatedDate");
    auto time = time_of(updated);
    if (!time) time = time_of(at(item, "LastUpdatedDate"));
    const std::string deployment = either(item, "deploymentId", "DeploymentId");
    if (!time || api.empty()) continue;
    telemetry::ChangeEvent change;
    change.time = *time;
    change.kind = telemetry::ChangeKind::kDeployment;
    change.entity = api;
    change.version = deployment.empty() ? text_at(item, "id") : deployment;
    change.id = fmt::format("{}:{}", api, change.version);
    const std::string stage = either(item, "stageName", "StageName");
    change.summary = stage.empty() ? fmt::format("deployment={}", change.version)
                                   : fmt::format("stage={} deployment={}", stage, change.version);
    change.telling.name = stage.empty() ? "api_deployment" : "stage_deployment";
    change.telling.facts.set("stage", stage);
    change.telling.facts.set("deployment", change.version);
    change.ref = document.ref;
    out.changes.push_back(std::move(change));
  }
}

}  // namespace midwatch::clients::aws
