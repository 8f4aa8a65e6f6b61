#pragma once

#include <string>
#include <string_view>

#include "src/clients/aws/aws_decoder.h"

namespace midwatch::clients::aws {

/// What one command's output becomes; times that it does not give are 2026-02-03T04:05:06Z.
inline telemetry::TelemetryBatch decode_text(std::string_view text) {
  telemetry::TelemetryBatch batch;
  decode_cli_output({text, {}, base::parse_rfc3339("2026-02-03T04:05:06Z")}, batch);
  return batch;
}

/// The entity with this id; one without an id where there is none.
inline telemetry::Entity entity_in(const telemetry::TelemetryBatch& batch, std::string_view id) {
  for (const auto& entity : batch.entities) {
    if (entity.id == id) return entity;
  }
  return {};
}

inline bool has_relation(const telemetry::TelemetryBatch& batch, std::string_view from, std::string_view to,
                         telemetry::RelationKind kind) {
  for (const auto& relation : batch.relations) {
    if (relation.from == from && relation.to == to && relation.kind == kind) return true;
  }
  return false;
}

inline bool has_alias(const telemetry::TelemetryBatch& batch, std::string_view alias,
                      std::string_view entity) {
  for (const auto& [name, owner] : batch.instances) {
    if (name == alias && owner == entity) return true;
  }
  return false;
}

}  // namespace midwatch::clients::aws
