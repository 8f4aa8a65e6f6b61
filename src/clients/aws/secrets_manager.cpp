#include "src/clients/aws/secrets_manager.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"

namespace midwatch::clients::aws {
namespace {

using base::at;
using base::Json;
using base::list_at;
using base::text_at;

void add_change(const Document& document, const Json& secret, const char* member, const char* telling,
                telemetry::TelemetryBatch& out) {
  const auto time = time_of(at(secret, member));
  if (!time) return;
  telemetry::ChangeEvent change;
  change.time = *time;
  change.id = fmt::format("{}:{}", text_at(secret, "Name"), member);
  change.kind = telemetry::ChangeKind::kSecret;
  change.entity = text_at(secret, "ARN");
  change.summary = fmt::format("{} {}={}", text_at(secret, "Name"), member, time_text(at(secret, member)));
  change.telling.name = telling;
  change.telling.facts.set("secret", text_at(secret, "Name"));
  change.ref = document.ref;
  out.changes.push_back(std::move(change));
}

void decode_one(const Document& document, const Json& secret, telemetry::TelemetryBatch& out) {
  const std::string id = text_at(secret, "ARN");
  const std::string name = text_at(secret, "Name");
  if (id.empty()) return;
  // Members are metadata only; flattening would take "Secret…" in their names for secrets.
  auto entity = make_entity(id, "AWS::SecretsManager::Secret", "secret " + name, "secret", Json::object(),
                            document.ref);
  auto& attributes = entity.attributes;
  attributes.set("secret.name", name);
  attributes.set("secret.last_read", time_text(at(secret, "LastAccessedDate")));
  copy_times(secret,
             {{"secret.created", "CreatedDate"},
              {"secret.last_changed", "LastChangedDate"},
              {"secret.last_rotated", "LastRotatedDate"},
              {"secret.next_rotation", "NextRotationDate"},
              {"platform.created", "CreatedDate"},
              {"platform.deleted", "DeletedDate"}},
             attributes);
  copy_members(secret, {{"secret.rotation", "RotationEnabled"}}, attributes);
  out.entities.push_back(std::move(entity));
  add_alias(out, named_id("secretsmanager", name), id);
  relate(out, id, text_at(secret, "KmsKeyId"), telemetry::RelationKind::kReadsSecret, document.ref);
  add_change(document, secret, "LastChangedDate", "secret_changed", out);
  add_change(document, secret, "LastRotatedDate", "secret_rotated", out);
  add_change(document, secret, "DeletedDate", "secret_deleted", out);
}

}  // namespace

void decode_secret(const Document& document, telemetry::TelemetryBatch& out) {
  decode_one(document, document.body, out);
}

void decode_secrets(const Document& document, telemetry::TelemetryBatch& out) {
  for (const Json& secret : list_at(document.body, "SecretList")) decode_one(document, secret, out);
}

}  // namespace midwatch::clients::aws
