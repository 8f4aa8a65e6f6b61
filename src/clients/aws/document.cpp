#include "src/clients/aws/document.h"

#include <chrono>
#include <cstdint>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/telemetry/flatten.h"

namespace midwatch::clients::aws {

using base::Json;
using telemetry::Attributes;

std::optional<base::Timestamp> time_of(const Json& value) {
  if (value.is_number()) return base::parse_epoch_seconds(base::dump_json(value));
  if (!value.is_string()) return std::nullopt;
  return base::parse_timestamp(value.get_ref<const std::string&>());
}

std::optional<base::Timestamp> time_of_milliseconds(const Json& value) {
  const auto milliseconds = base::number(value);
  // Beyond this, nanoseconds do not fit into 64 bits.
  constexpr double kFarthest = 9.2e12;
  if (!milliseconds || *milliseconds < 0 || *milliseconds > kFarthest) return std::nullopt;
  return base::Timestamp(std::chrono::milliseconds(static_cast<std::int64_t>(*milliseconds)));
}

std::string time_text(const Json& value) {
  const auto time = time_of(value);
  return time ? base::format_rfc3339(*time) : std::string();
}

telemetry::Entity make_entity(std::string id, std::string_view type, std::string name, std::string_view kind,
                              const Json& members, telemetry::RecordRef ref) {
  telemetry::Entity entity;
  entity.id = std::move(id);
  entity.type = type;
  entity.name = std::move(name);
  entity.ref = ref;
  telemetry::flatten(members, "", entity.attributes);
  entity.attributes.set("platform.kind", std::string(kind));
  return entity;
}

void copy_members(const Json& object,
                  std::initializer_list<std::pair<std::string_view, std::string_view>> paths,
                  Attributes& attributes) {
  for (const auto& [path, member] : paths) {
    std::string value = base::text_at(object, member);
    if (!value.empty()) attributes.set(std::string(path), std::move(value));
  }
}

void copy_times(const Json& object,
                std::initializer_list<std::pair<std::string_view, std::string_view>> paths,
                Attributes& attributes) {
  for (const auto& [path, member] : paths) {
    std::string value = time_text(base::at(object, member));
    if (!value.empty()) attributes.set(std::string(path), std::move(value));
  }
}

void set_number(Attributes& attributes, std::string_view path, const Json& value, double unit) {
  if (const auto number = base::number(value))
    attributes.set(std::string(path), fmt::format("{}", *number * unit));
}

void relate(telemetry::TelemetryBatch& out, std::string from, std::string to, telemetry::RelationKind kind,
            telemetry::RecordRef ref) {
  if (!from.empty() && !to.empty()) out.relations.push_back({std::move(from), std::move(to), kind, ref});
}

std::string named_id(std::string_view service, std::string_view name) {
  return fmt::format("{}/{}", service, name);
}

void add_alias(telemetry::TelemetryBatch& out, std::string alias, std::string entity) {
  if (!alias.empty() && !entity.empty() && alias != entity)
    out.instances.emplace_back(std::move(alias), std::move(entity));
}

telemetry::PlatformEvent make_event(const Document& document, std::string entity, std::string_view source,
                                    const Json& time) {
  telemetry::PlatformEvent event;
  event.entity = std::move(entity);
  event.source = source;
  event.ref = document.ref;
  if (const auto given = time_of(time)) {
    event.time = *given;
  } else if (document.reference_time) {
    event.time = *document.reference_time;
  }
  return event;
}

}  // namespace midwatch::clients::aws
