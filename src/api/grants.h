#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/api/call.h"
#include "src/base/json_value.h"

namespace midwatch::api {

// Roles in spaces as they are given to users and tokens: who may give, take and see them. The walls between
// spaces hold here too; every space (`*`) is for who is admin of every one, also of those that come later.

/// True where all of this is in spaces that the caller sees. Whoever may change somebody's password or end a
/// token comes by all that it opens.
bool may_in_all(const Caller& caller, const std::vector<model::Grant>& grants);

/// Of these, what is in spaces that the caller sees, or in all.
std::vector<model::Grant> visible_grants(const Caller& caller, const std::vector<model::Grant>& grants);

/// Errors: as check_space; kNotFound for every space where the caller is not in every one.
base::Result<> check_grant_space(const Caller& caller, const std::string& space);

/// Who of those that have roles is listed, by the parameters `space`, `from` and `to`.
struct ListedGrants {
  std::string space;  ///< in which there is a role, also by one in every space; empty: any
  std::optional<base::TimeRange> created;

  bool fits(const std::vector<model::Grant>& grants, base::Timestamp made) const;
};

/// Errors: as check_space; kInvalidArgument.
base::Result<ListedGrants> listed_grants(const Call& call);

/// The members `role` and `spaces` of a body, each space once. Errors: as check_grant_space.
base::Result<std::vector<model::Grant>> wanted_grants(const Caller& caller, const base::Json& body);

/// Whoever is let in by name first ends that everybody may do everything: they must be able to go on.
/// Errors: kConflict.
base::Result<> check_first(const Caller& caller, const std::vector<model::Grant>& grants);

/// The space in whose audit a change of these stands; empty, where every admin reads it, for several.
std::string space_of(const std::vector<model::Grant>& grants);

/// Shape: RoleList of openapi.yaml.
base::Json roles_json(const std::vector<model::Grant>& grants);

}  // namespace midwatch::api
