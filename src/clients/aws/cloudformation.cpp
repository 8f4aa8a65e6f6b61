#include "src/clients/aws/cloudformation.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/clients/aws/arn.h"
#include "src/clients/aws/resource_names.h"

namespace midwatch::clients::aws {
namespace {

using base::at;
using base::Json;
using base::list_at;
using base::text_at;
using telemetry::RelationKind;

std::string resource_of(const Json& item) {
  return id_of_resource(text_at(item, "ResourceType"), text_at(item, "PhysicalResourceId"));
}

/// A step of the stack itself that ends something.
bool ends_an_update(const Json& item) {
  const std::string status = text_at(item, "ResourceStatus");
  return text_at(item, "ResourceType") == "AWS::CloudFormation::Stack" &&
         text_at(item, "PhysicalResourceId") == text_at(item, "StackId") && status.ends_with("_COMPLETE");
}

void add_contained(const Document& document, const Json& item, const std::string& stack,
                   telemetry::TelemetryBatch& out) {
  const std::string id = resource_of(item);
  if (id.empty() || id == stack) return;
  telemetry::Entity entity;
  entity.id = id;
  entity.type = text_at(item, "ResourceType");
  entity.ref = document.ref;
  copy_members(item,
               {{"stack.logical_id", "LogicalResourceId"},
                {"stack.status", "ResourceStatus"},
                {"stack.reason", "ResourceStatusReason"}},
               entity.attributes);
  out.entities.push_back(std::move(entity));
  relate(out, id, stack, RelationKind::kDeployedBy, document.ref);
}

/// "ProvisionedThroughput.WriteCapacityUnits" of "/ProvisionedThroughput/WriteCapacityUnits": the property as
/// one key.
std::string key_of(std::string_view path) {
  std::string key;
  for (const char c : path) key += c == '/' ? '.' : c;
  return key.starts_with('.') ? key.substr(1) : key;
}

/// Somebody changed the resource beside its template, at the latest when the departure was found. The diff
/// leads from what the template says to what is there.
telemetry::ChangeEvent departure_of(const Document& document, const Json& drift, const std::string& id) {
  const std::string name = text_at(drift, "LogicalResourceId");
  const Json& differences = list_at(drift, "PropertyDifferences");
  telemetry::ChangeEvent change;
  change.time = time_of(at(drift, "Timestamp")).value_or(base::Timestamp{});
  change.id = "drift:" + name;
  change.kind = telemetry::ChangeKind::kConfig;
  change.entity = id;
  change.files = {fmt::format("template/{}.yaml", name)};
  change.has_diff = !differences.empty();
  change.diff =
      fmt::format("--- a/{0}\n+++ b/{0}\n@@ -1,{1} +1,{1} @@\n", change.files.front(), differences.size());
  for (const Json& difference : differences) {
    const std::string key = key_of(text_at(difference, "PropertyPath"));
    const std::string is = text_at(difference, "ActualValue");
    const std::string should = text_at(difference, "ExpectedValue");
    change.diff += fmt::format("-{}: {}\n+{}: {}\n", key, should, key, is);
    change.summary += fmt::format("{}{}: {} → {}", change.summary.empty() ? "" : "; ", key, should, is);
  }
  change.telling.name = "departure";
  change.telling.facts.set("differences", change.summary);
  change.attributes.set("described", "true");
  change.ref = document.ref;
  return change;
}

}  // namespace

void decode_stack_events(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& item : list_at(document.body, "StackEvents")) {
    const std::string stack = text_at(item, "StackId");
    const std::string id = resource_of(item);
    auto event = make_event(document, id.empty() ? stack : id, "cloudformation", at(item, "Timestamp"));
    event.type = text_at(item, "ResourceStatus");
    event.reason = text_at(item, "LogicalResourceId");
    event.message = text_at(item, "ResourceStatusReason");
    out.events.push_back(event);
    add_contained(document, item, stack, out);
    if (!ends_an_update(item)) continue;
    telemetry::ChangeEvent change;
    change.time = event.time;
    change.id = text_at(item, "EventId");
    change.kind = telemetry::ChangeKind::kInfrastructure;
    change.entity = stack;
    change.summary = fmt::format("{} {}", text_at(item, "StackName"), event.type);
    change.telling.name = "stack";
    change.telling.facts.set("stack", text_at(item, "StackName"));
    change.telling.facts.set("status", event.type);
    change.ref = document.ref;
    out.changes.push_back(std::move(change));
  }
}

void decode_stack_resources(const Document& document, telemetry::TelemetryBatch& out) {
  for (const char* list : {"StackResources", "StackResourceSummaries"}) {
    for (const Json& item : list_at(document.body, list)) {
      std::string stack = text_at(item, "StackId");
      if (stack.empty()) stack = named_id("cloudformation", document.command.option("stack-name"));
      add_contained(document, item, stack, out);
    }
  }
}

void decode_stacks(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& stack : list_at(document.body, "Stacks")) {
    const std::string id = text_at(stack, "StackId");
    const std::string name = text_at(stack, "StackName");
    if (id.empty()) continue;
    auto entity =
        make_entity(id, "AWS::CloudFormation::Stack", "stack " + name, "stack", stack, document.ref);
    copy_members(stack, {{"platform.phase", "StackStatus"}, {"platform.message", "StackStatusReason"}},
                 entity.attributes);
    out.entities.push_back(std::move(entity));
    add_alias(out, named_id("cloudformation", name), id);
  }
}

void decode_stack_drifts(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& drift : list_at(document.body, "StackResourceDrifts")) {
    const std::string status = text_at(drift, "StackResourceDriftStatus");
    const std::string id = resource_of(drift);
    if (id.empty() || status == "IN_SYNC" || status == "NOT_CHECKED") continue;
    auto event = make_event(document, id, "cloudformation", at(drift, "Timestamp"));
    event.type = "drift";
    event.reason = status;
    for (const Json& difference : list_at(drift, "PropertyDifferences")) {
      event.message +=
          fmt::format("{}{}: {} → {}", event.message.empty() ? "" : "; ", text_at(difference, "PropertyPath"),
                      text_at(difference, "ExpectedValue"), text_at(difference, "ActualValue"));
    }
    if (event.message.empty()) event.message = fmt::format("drift: {}", status);
    out.events.push_back(std::move(event));
    auto change = departure_of(document, drift, id);
    if (change.has_diff && change.time != base::Timestamp{}) out.changes.push_back(std::move(change));
  }
}

}  // namespace midwatch::clients::aws
