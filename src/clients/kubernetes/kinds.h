#pragma once

#include <string>
#include <string_view>

namespace midwatch::clients::kubernetes {

/// The kind in the API's spelling of what people type ("po", "pods", "deployments.apps"); a kind that is not
/// known keeps its letters, without a plural s. Empty for no word.
std::string api_kind(std::string_view word);

/// The word of src/observe/state/README.md for a kind of the API.
std::string platform_kind(std::string_view kind);

/// True for kinds that live in no namespace.
bool is_cluster_scoped(std::string_view kind);

/// True for kinds that run pods by a template.
bool is_workload(std::string_view kind);

/// "namespace/kind/name" in lower case; without a namespace, and for kinds that live in none, "kind/name".
std::string entity_id(std::string_view name_space, std::string_view kind, std::string_view name);

}  // namespace midwatch::clients::kubernetes
