#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/ascii.h"
#include "src/base/json_access.h"
#include "src/clients/aws/ec2.h"

namespace midwatch::clients::aws {
namespace {

using base::at;
using base::Json;
using base::list_at;
using base::text_at;
using telemetry::RelationKind;

std::string name_tag(const Json& instance) {
  for (const Json& tag : list_at(instance, "Tags")) {
    if (text_at(tag, "Key") == "Name") return text_at(tag, "Value");
  }
  return text_at(instance, "InstanceId");
}

/// Since when a check fails: the first of its details that says so.
const Json& impaired_since(const Json& check) {
  static const Json kNever;
  const Json& details = list_at(check, "Details");
  const auto told = std::find_if(details.begin(), details.end(),
                                 [](const Json& one) { return one.contains("ImpairedSince"); });
  return told == details.end() ? kNever : at(*told, "ImpairedSince");
}

/// One of an instance's checks; a failed one is an event as well, since the time that its details give.
/// Source: EC2 user guide, "Status checks for Amazon EC2 instances".
void add_check(const Document& document, const Json& status, const char* name, const char* member,
               telemetry::Entity& entity, telemetry::TelemetryBatch& out) {
  const Json& check = at(status, member);
  const std::string state = text_at(check, "Status");
  if (state.empty() || state == "initializing" || state == "not-applicable") return;
  entity.attributes.set(fmt::format("check.{}", base::to_lower(name)), state);
  if (state != "impaired") return;
  auto event = make_event(document, entity.id, "ec2", impaired_since(check));
  event.type = "status_check";
  event.reason = fmt::format("{}CheckFailed", name);
  event.message = fmt::format("{} status check failed: {}", base::to_lower(name), state);
  out.events.push_back(std::move(event));
}

/// An instance that does not run, and who says why: "User initiated (2026-02-10 11:02:31 GMT)".
void tell_stop(const Document& document, const Json& instance, const telemetry::Entity& entity,
               telemetry::TelemetryBatch& out) {
  const std::string state = text_at(instance, "State", "Name");
  if (state != "stopped" && state != "stopping" && state != "terminated" && state != "shutting-down") return;
  const std::string told = text_at(instance, "StateTransitionReason");
  // "2026-02-10 11:02:31 GMT" is RFC 3339 but for the words around it.
  const std::size_t open = told.find('(');
  constexpr std::size_t kTime = 19;
  Json since;
  if (open != std::string::npos && told.size() > open + kTime) since = told.substr(open + 1, kTime) + "Z";
  auto event = make_event(document, entity.id, "ec2", since);
  event.type = "instance_state";
  event.reason = text_at(instance, "StateReason", "Code");
  event.message = fmt::format("instance {} is {}: {} {}", text_at(instance, "InstanceId"), state, told,
                              text_at(instance, "StateReason", "Message"));
  out.events.push_back(std::move(event));
}

}  // namespace

void decode_instances(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& reservation : list_at(document.body, "Reservations")) {
    for (const Json& instance : list_at(reservation, "Instances")) {
      const std::string id = named_id("ec2", text_at(instance, "InstanceId"));
      auto entity = make_entity(id, "AWS::EC2::Instance", name_tag(instance), "node", instance, document.ref);
      copy_members(at(instance, "State"), {{"platform.phase", "Name"}}, entity.attributes);
      copy_members(at(instance, "StateReason"),
                   {{"platform.reason", "Code"}, {"platform.message", "Message"}}, entity.attributes);
      copy_times(instance, {{"platform.started", "LaunchTime"}}, entity.attributes);
      tell_stop(document, instance, entity, out);
      out.entities.push_back(std::move(entity));
      relate(out, id, named_id("ec2", text_at(instance, "SubnetId")), RelationKind::kRelated, document.ref);
      for (const Json& group : list_at(instance, "SecurityGroups"))
        relate(out, id, named_id("ec2", text_at(group, "GroupId")), RelationKind::kRelated, document.ref);
    }
  }
}

void decode_instance_status(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& status : list_at(document.body, "InstanceStatuses")) {
    const std::string id = named_id("ec2", text_at(status, "InstanceId"));
    telemetry::Entity entity;
    entity.id = id;
    entity.type = "AWS::EC2::Instance";
    entity.ref = document.ref;
    entity.attributes.set("platform.kind", "node");
    copy_members(at(status, "InstanceState"), {{"platform.phase", "Name"}}, entity.attributes);
    add_check(document, status, "System", "SystemStatus", entity, out);
    add_check(document, status, "Instance", "InstanceStatus", entity, out);
    add_check(document, status, "Volume", "AttachedEbsStatus", entity, out);
    out.entities.push_back(std::move(entity));
    for (const Json& scheduled : list_at(status, "Events")) {
      auto event = make_event(document, id, "ec2", at(scheduled, "NotBefore"));
      event.type = "scheduled";
      event.reason = text_at(scheduled, "Code");
      event.message = text_at(scheduled, "Description");
      out.events.push_back(std::move(event));
    }
  }
}

}  // namespace midwatch::clients::aws
