#include "src/clients/aws/iam.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/clients/aws/policy_statements.h"

namespace midwatch::clients::aws {
namespace {

using base::at;
using base::Json;
using base::list_at;
using base::text_at;

}  // namespace

void decode_iam_role(const Document& document, telemetry::TelemetryBatch& out) {
  const Json& role = at(document.body, "Role");
  const std::string name = text_at(role, "RoleName");
  const std::string id = text_at(role, "Arn");
  if (name.empty() || id.empty()) return;
  auto entity = make_entity(id, "AWS::IAM::Role", "role " + name, "identity", Json::object(), document.ref);
  add_policy_statements(policy_document(at(role, "AssumeRolePolicyDocument")), "trust", entity.attributes);
  copy_times(role, {{"platform.created", "CreateDate"}}, entity.attributes);
  copy_times(at(role, "RoleLastUsed"), {{"role.last_used", "LastUsedDate"}}, entity.attributes);
  const std::string boundary = text_at(role, "PermissionsBoundary", "PermissionsBoundaryArn");
  if (!boundary.empty()) entity.attributes.set("policy.boundary", boundary);
  out.entities.push_back(std::move(entity));
  add_alias(out, named_id("iam/role", name), id);
}

void decode_iam_policy(const Document& document, telemetry::TelemetryBatch& out) {
  std::string role = text_at(document.body, "RoleName");
  if (role.empty()) role = document.command.option("role-name");
  telemetry::Entity entity;
  entity.type = "AWS::IAM::Role";
  entity.ref = document.ref;
  const std::string policy =
      role.empty() ? std::string(document.command.option("policy-arn")) : std::string();
  entity.id = role.empty() ? policy : named_id("iam/role", role);
  if (entity.id.empty()) {
    out.notices.push_back({"a policy without its command does not say whose it is", document.ref,
                           "コマンドの記録がないため、どのロールのポリシーか分かりません"});
    return;
  }
  const Json& version = at(document.body, "PolicyVersion");
  const Json& statements =
      version.is_object() ? at(version, "Document") : at(document.body, "PolicyDocument");
  const std::string name = text_at(document.body, "PolicyName");
  add_policy_statements(policy_document(statements), name.empty() ? "default" : name, entity.attributes);
  for (const Json& attached : list_at(document.body, "AttachedPolicies"))
    entity.attributes.set("policy." + text_at(attached, "PolicyName") + ".arn",
                          text_at(attached, "PolicyArn"));
  for (const Json& inline_policy : list_at(document.body, "PolicyNames"))
    entity.attributes.set("policy." + base::text(inline_policy) + ".kind", "inline");
  out.entities.push_back(std::move(entity));
}

void decode_iam_simulation(const Document& document, telemetry::TelemetryBatch& out) {
  const std::string role(document.command.option("policy-source-arn"));
  for (const Json& result : list_at(document.body, "EvaluationResults")) {
    const std::string decision = text_at(result, "EvalDecision");
    if (decision == "allowed" || role.empty()) continue;
    auto event = make_event(document, role, "iam", Json());
    event.type = "simulation";
    event.reason = decision;
    event.message =
        fmt::format("{} on {}: {} (not authorized to perform: {})", text_at(result, "EvalActionName"),
                    text_at(result, "EvalResourceName"), decision, text_at(result, "EvalActionName"));
    out.events.push_back(std::move(event));
  }
}

}  // namespace midwatch::clients::aws
