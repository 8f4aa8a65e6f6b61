#include <fmt/format.h>
#include <nlohmann/json.hpp>

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

void add_check(const Json& status, const char* name, const char* member, telemetry::Attributes& attributes) {
  const std::string state = text_at(status, member, "Status");
  if (state.empty() || state == "initializing" || state == "not-applicable") return;
  attributes.set(fmt::format("condition.{}.status", name), state == "ok" ? "True" : "False");
  attributes.set(fmt::format("condition.{}.reason", name), state);
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
    add_check(status, "System", "SystemStatus", entity.attributes);
    add_check(status, "Instance", "InstanceStatus", entity.attributes);
    add_check(status, "Volume", "AttachedEbsStatus", entity.attributes);
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
