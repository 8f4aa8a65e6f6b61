#include "src/api/grants.h"

#include <algorithm>
#include <iterator>

#include <nlohmann/json.hpp>

#include "src/api/access.h"
#include "src/base/json_access.h"
#include "src/base/try.h"

namespace midwatch::api {
namespace {

bool is_within(const Caller& caller, const model::Grant& grant) {
  return caller.everywhere || (grant.space != model::kEverySpace && may_see(caller, grant.space));
}

}  // namespace

bool may_in_all(const Caller& caller, const std::vector<model::Grant>& grants) {
  // Who has no role at all may get one in any space: that is for who sees all of them.
  if (grants.empty()) return caller.everywhere.has_value();
  return std::all_of(grants.begin(), grants.end(),
                     [&](const model::Grant& grant) { return is_within(caller, grant); });
}

std::vector<model::Grant> visible_grants(const Caller& caller, const std::vector<model::Grant>& grants) {
  std::vector<model::Grant> visible;
  std::copy_if(grants.begin(), grants.end(), std::back_inserter(visible), [&](const model::Grant& grant) {
    return is_within(caller, grant) || (grant.space == model::kEverySpace && !caller.spaces.empty());
  });
  return visible;
}

base::Result<> check_grant_space(const Caller& caller, const std::string& space) {
  if (caller.everywhere && space == model::kEverySpace) return {};
  return check_space(caller, space);
}

bool ListedGrants::fits(const std::vector<model::Grant>& grants, base::Timestamp made) const {
  if (created && !created->contains(made)) return false;
  return space.empty() || std::any_of(grants.begin(), grants.end(), [&](const model::Grant& grant) {
           return grant.space == space || grant.space == model::kEverySpace;
         });
}

base::Result<ListedGrants> listed_grants(const Call& call) {
  ListedGrants wanted;
  wanted.space = call.parameter("space");
  if (!wanted.space.empty()) MIDWATCH_TRY_VOID(check_space(call.caller, wanted.space));
  MIDWATCH_TRY(wanted.created, range_parameter(call));
  return wanted;
}

base::Result<std::vector<model::Grant>> wanted_grants(const Caller& caller, const base::Json& body) {
  const model::Role role = model::role_of(base::text_at(body, "role")).value_or(model::Role::kViewer);
  std::vector<model::Grant> grants;
  for (const auto& space : body["spaces"]) {
    const model::Grant grant{space.get<std::string>(), role};
    MIDWATCH_TRY_VOID(check_grant_space(caller, grant.space));
    if (std::find(grants.begin(), grants.end(), grant) == grants.end()) grants.push_back(grant);
  }
  return grants;
}

base::Result<> check_first(const Caller& caller, const std::vector<model::Grant>& grants) {
  const model::Grant all{std::string(model::kEverySpace), model::Role::kAdmin};
  if (!caller.is_anybody || std::find(grants.begin(), grants.end(), all) != grants.end()) return {};
  return base::user_error(
      base::ErrorCode::kConflict,
      "so far everybody of this machine may do everything, and from the first that is let "
      "in by name nobody else: begin with an admin of every space (*)");
}

std::string space_of(const std::vector<model::Grant>& grants) {
  return grants.size() != 1 || grants.front().space == model::kEverySpace ? std::string()
                                                                          : grants.front().space;
}

base::Json roles_json(const std::vector<model::Grant>& grants) {
  base::Json roles = base::Json::array();
  for (const auto& grant : grants) roles.push_back({{"space", grant.space}, {"role", to_string(grant.role)}});
  return roles;
}

}  // namespace midwatch::api
