#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/base/redact.h"
#include "src/clients/aws/arn.h"
#include "src/clients/aws/ecs.h"
#include "src/clients/aws/secret_reference.h"

namespace midwatch::clients::aws {
namespace {

using base::at;
using base::Json;
using base::list_at;
using base::text_at;
using telemetry::RelationKind;

constexpr double kCpuUnits = 1.0 / 1024.0;

/// Values of the environment that name secrets are not kept; their names are.
void add_environment(const Json& container, const std::string& prefix, telemetry::Attributes& attributes) {
  for (const Json& variable : list_at(container, "environment")) {
    const std::string key = text_at(variable, "name");
    attributes.set(prefix + "env." + key, base::is_secret_key(key)
                                              ? std::string(base::kRedacted)
                                              : base::redact(text_at(variable, "value")));
  }
}

void add_container(const Document& document, const Json& container, const std::string& definition,
                   telemetry::Attributes& attributes, telemetry::TelemetryBatch& out) {
  const std::string prefix = "container." + text_at(container, "name") + ".";
  attributes.set(prefix + "image", text_at(container, "image"));
  set_number(attributes, prefix + "limit.memory", at(container, "memory"), kMebibyte);
  set_number(attributes, prefix + "request.memory", at(container, "memoryReservation"), kMebibyte);
  if (base::number_at(container, "cpu").value_or(0) > 0)
    set_number(attributes, prefix + "limit.cpu", at(container, "cpu"), kCpuUnits);
  add_environment(container, prefix, attributes);
  for (const Json& secret : list_at(container, "secrets")) {
    const SecretReference reference = parse_secret_reference(text_at(secret, "valueFrom"));
    attributes.set(prefix + "env." + text_at(secret, "name"), reference.attribute());
    relate(out, definition, reference.entity, RelationKind::kReadsSecret, document.ref);
  }
  std::string probe;
  for (const Json& word : list_at(at(container, "healthCheck"), "command"))
    probe += (probe.empty() ? "" : " ") + base::text(word);
  if (!probe.empty()) attributes.set(prefix + "probe.liveness", base::redact(probe));
  const std::string group = text_at(container, "logConfiguration", "options", "awslogs-group");
  const auto arn = parse_arn(definition);
  if (!group.empty() && arn)
    relate(out, definition, arn->sibling("logs", "log-group:" + group).text(), RelationKind::kWritesTo,
           document.ref);
}

void add_registration(const Document& document, const Json& definition, const std::string& id,
                      std::string_view name, telemetry::TelemetryBatch& out) {
  const auto registered = time_of(at(definition, "registeredAt"));
  if (!registered) return;
  telemetry::ChangeEvent change;
  change.time = *registered;
  change.id = name;
  change.kind = telemetry::ChangeKind::kConfig;
  change.entity = id;
  change.version = name;
  const auto actor = parse_arn(text_at(definition, "registeredBy"));
  change.actor = actor ? std::string(actor->name()) : text_at(definition, "registeredBy");
  change.summary = name;
  change.telling = {"task_definition", {}};
  change.telling.facts.set("definition", std::string(name));
  change.ref = document.ref;
  out.changes.push_back(std::move(change));
}

}  // namespace

void decode_ecs_task_definition(const Document& document, telemetry::TelemetryBatch& out) {
  const Json& definition = at(document.body, "taskDefinition");
  const std::string id = text_at(definition, "taskDefinitionArn");
  const auto arn = parse_arn(id);
  if (!arn) return;
  Json members = definition;
  members.erase("containerDefinitions");  // read below, without the values of secrets
  const std::string name(arn->path_name());
  auto entity =
      make_entity(id, "AWS::ECS::TaskDefinition", "task definition " + name, "config", members, document.ref);
  entity.attributes.set("definition.family", text_at(definition, "family"));
  entity.attributes.set("definition.revision", text_at(definition, "revision"));
  set_number(entity.attributes, "limit.memory", at(definition, "memory"), kMebibyte);
  set_number(entity.attributes, "limit.cpu", at(definition, "cpu"), kCpuUnits);
  for (const Json& container : list_at(definition, "containerDefinitions"))
    add_container(document, container, id, entity.attributes, out);
  out.entities.push_back(std::move(entity));
  for (const char* role : {"taskRoleArn", "executionRoleArn"})
    relate(out, id, text_at(definition, role), RelationKind::kAssumesRole, document.ref);
  add_registration(document, definition, id, name, out);
}

}  // namespace midwatch::clients::aws
