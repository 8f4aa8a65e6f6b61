#pragma once

#include <string_view>

#include "src/model/observation.h"
#include "src/telemetry/change_event.h"
#include "src/telemetry/entity.h"

namespace midwatch::mitigate {

/// True where a text is one argument whatever shell or tool reads it: letters, digits and `. _ : / @ = , +
/// -`, not beginning like an option (`-x`) or like something a tool would fetch or open (`@file`,
/// `file://…`).
bool is_plain_argument(std::string_view text);

/// The facts that are plain arguments; the others must not get into a command.
model::Facts plain_only(const model::Facts& facts);

/// What an entity says of how it is addressed: name, namespace, cluster, region, replicas, replicas_next.
/// They come from its id (`namespace/kind/name`, an ARN), its attributes and its name. `entity` is null where
/// only its id is known.
model::Facts address_of(const std::string& id, const telemetry::Entity* entity);

/// The id of a change, and the commit where it is one or carries one.
model::Facts facts_of(const telemetry::ChangeEvent& change);

}  // namespace midwatch::mitigate
