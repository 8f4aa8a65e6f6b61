#pragma once

#include <string>
#include <vector>

#include "src/telemetry/entity.h"

namespace midwatch::knowledge {

/// One rule of knowledge/entity_classes.yaml.
struct EntityClassRule {
  std::string entity_class;
  std::vector<std::string> types;       ///< entity types, `*` wildcards, any case
  std::vector<std::string> name_words;  ///< words of the id or name that mean it where the type is unknown
  std::vector<std::string> attributes = {};  ///< paths that nothing else has: they count before the type
};

/// What kind of thing an entity is (service, database, node, external, …), by what only such a thing has, by
/// its type, else by the words of its name. "service" where nothing fits.
std::string entity_class(const telemetry::Entity& entity, const std::vector<EntityClassRule>& rules);

/// True where `text` matches a pattern with `*` for any run of characters, ignoring ASCII case.
bool wildcard_match(std::string_view pattern, std::string_view text);

}  // namespace midwatch::knowledge
