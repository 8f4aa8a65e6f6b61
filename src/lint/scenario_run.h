#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "src/knowledge/knowledge_base.h"

namespace midwatch::lint {

/// True where entities can be of this class.
bool is_entity_class(std::string_view name, const knowledge::KnowledgeBase& knowledge);

/// Plays a scenario through the engine: a subject of the scenario's class with a caller, a dependency, a host
/// and a peer on that host, seen as the scenario says, and a mode that needs a change with the change that
/// makes it most of all; everything that was not seen was looked for. Says what came out otherwise than
/// expected; nothing where it is as expected.
std::optional<std::string> run_scenario(const knowledge::FailureMode& mode,
                                        const knowledge::Scenario& scenario,
                                        const knowledge::KnowledgeBase& knowledge);

}  // namespace midwatch::lint
