#include "src/identity/users.h"

#include <algorithm>
#include <functional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/api/access.h"
#include "src/api/body.h"
#include "src/api/change.h"
#include "src/api/grants.h"
#include "src/api/resources.h"
#include "src/api/session.h"
#include "src/base/json_access.h"
#include "src/base/try.h"
#include "src/base/utf8.h"

namespace midwatch::api {
namespace {

constexpr std::size_t kLongestName = 64;
constexpr std::size_t kShownBytes = 60;
constexpr const char* kPassword = "password";

base::Json user_json(const Caller& caller, const store::User& user) {
  return {{"name", user.name},
          {"roles", roles_json(visible_grants(caller, user.grants))},
          {"disabled", user.disabled},
          {"managed", may_in_all(caller, user.grants)},
          {"must_change_password", user.must_change},
          {"created", base::format_rfc3339(user.created)},
          {"changed", base::format_rfc3339(user.changed)}};
}

base::Error no_such_user(const std::string& name) {
  return base::user_error(base::ErrorCode::kNotFound,
                          fmt::format("there is no such user: {}", base::printable(name, kShownBytes)));
}

/// A user by name, whoever's.
base::Result<store::User> user_of(store::Session& session, const std::string& name) {
  auto found = session.user(name);
  if (!found && found.error().code == base::ErrorCode::kNotFound) return no_such_user(name);
  return found;
}

/// A user who is known in a space of the caller, or to whom the caller may do everything.
base::Result<store::User> visible_user(store::Session& session, const Caller& caller,
                                       const std::string& name) {
  MIDWATCH_TRY(store::User user, user_of(session, name));
  if (visible_grants(caller, user.grants).empty() && !may_in_all(caller, user.grants))
    return no_such_user(name);
  return user;
}

/// The same, where all that the user may is the caller's to give.
base::Result<store::User> managed_user(store::Session& session, const Caller& caller,
                                       const std::string& name) {
  MIDWATCH_TRY(store::User user, visible_user(session, caller, name));
  if (may_in_all(caller, user.grants)) return user;
  return base::user_error(
      base::ErrorCode::kPermissionDenied,
      "this user also has a role where you are no admin; ask somebody who is one of every "
      "space");
}

/// What a change of a user answers; `details` are for the audit.
ChangeAnswer changed_user(const Caller& caller, int status, const store::User& user, std::string space,
                          base::Json details) {
  return {status, user_json(caller, user), user.name, std::move(space), {}, std::move(details)};
}

/// For the audit; absent where it is taken away.
base::Json role_json(std::optional<Role> role) {
  return role ? base::Json{{"role", to_string(*role)}} : base::Json::object();
}

/// Changes users, so that nothing is left without an admin.
base::Result<store::User> keeping_admins(store::Session& session,
                                         const std::function<base::Result<store::User>()>& change) {
  MIDWATCH_TRY(const auto before, session.users());
  MIDWATCH_TRY(store::User user, change());
  MIDWATCH_TRY(const auto after, session.users());
  MIDWATCH_TRY_VOID(identity::check_admins_left(before, after));
  return user;
}

/// Gives a user of any space another role in one, or takes it away.
Answer change_role(const ApiDependencies& api, const Call& call, std::string_view action,
                   std::optional<Role> role) {
  const std::string space = call.part("space");
  MIDWATCH_TRY_VOID(check_grant_space(call.caller, space));
  const std::vector<model::Grant> change{{space, role.value_or(Role::kViewer)}};
  return answer_change(
      api, call, action,
      [&](store::Session& session) -> base::Result<ChangeAnswer> {
        MIDWATCH_TRY(const store::User found, user_of(session, call.part("name")));
        std::vector<model::Grant> grants = found.grants;
        const std::size_t taken =
            std::erase_if(grants, [&](const model::Grant& grant) { return grant.space == space; });
        if (role) {
          grants.push_back(change.front());
        } else if (taken == 0) {
          return base::user_error(base::ErrorCode::kNotFound, "this user has no role there");
        }
        MIDWATCH_TRY(const auto user, keeping_admins(session, [&] {
                       return identity::set_grants(session, api.clock.now(), found.name, grants);
                     }));
        return changed_user(call.caller, 200, user, space_of(change), role_json(role));
      },
      [](const ChangeAnswer&) {});
}

}  // namespace

Answer list_users(const ApiDependencies& api, const Call& call) {
  MIDWATCH_TRY(const auto wanted, listed_grants(call));
  MIDWATCH_TRY(const auto disabled, flag_parameter(call, "disabled"));
  MIDWATCH_TRY(const auto users, reading(api.store, [](store::Session& session) { return session.users(); }));
  base::Json items = base::Json::array();
  for (const auto& user : users) {
    if (!wanted.fits(user.grants, user.created) || user.disabled != disabled.value_or(user.disabled))
      continue;
    if (!visible_grants(call.caller, user.grants).empty() || may_in_all(call.caller, user.grants))
      items.push_back(user_json(call.caller, user));
  }
  return json_answer(200, {{"items", std::move(items)}});
}

Answer add_user(const ApiDependencies& api, const Call& call) {
  static constexpr Member kMembers[] = {{"name", MemberKind::kText, true, kLongestName},
                                        {"role", MemberKind::kText, true, 20, "viewer operator admin"},
                                        {"spaces", MemberKind::kTexts, true}};
  MIDWATCH_TRY(const auto body, read_body(call, kMembers));
  if (api.sign_ins == nullptr) return nobody_signs_in();
  MIDWATCH_TRY(const auto grants, wanted_grants(call.caller, body));
  MIDWATCH_TRY_VOID(check_first(call.caller, grants));
  MIDWATCH_TRY(const auto made, api.sign_ins->passwords().make());
  return answer_change(
      api, call, "addUser",
      [&](store::Session& session) -> base::Result<ChangeAnswer> {
        MIDWATCH_TRY(const auto user, identity::add_user(session, api.clock.now(),
                                                         base::text_at(body, "name"), grants, {made.hash}));
        ChangeAnswer answer =
            changed_user(call.caller, 201, user, space_of(grants), role_json(grants.front().role));
        answer.once = {{kPassword, made.password}};
        return answer;
      },
      [](const ChangeAnswer&) {});
}

Answer change_user(const ApiDependencies& api, const Call& call) {
  static constexpr Member kMembers[] = {{"disabled", MemberKind::kFlag, true}};
  MIDWATCH_TRY(const auto body, read_body(call, kMembers));
  const bool disabled = body["disabled"].get<bool>();
  return answer_change(
      api, call, "changeUser",
      [&](store::Session& session) -> base::Result<ChangeAnswer> {
        MIDWATCH_TRY(const auto found, managed_user(session, call.caller, call.part("name")));
        MIDWATCH_TRY(const auto user, keeping_admins(session, [&] {
                       return identity::set_disabled(session, api.clock.now(), found.name, disabled);
                     }));
        return changed_user(call.caller, 200, user, space_of(user.grants), {{"disabled", disabled}});
      },
      [](const ChangeAnswer&) {});
}

Answer reset_password(const ApiDependencies& api, const Call& call) {
  const std::string name = call.part("name");
  if (api.sign_ins == nullptr) return nobody_signs_in();
  MIDWATCH_TRY(const auto found, reading(api.store, [&](store::Session& session) {
                 return managed_user(session, call.caller, name);
               }));
  if (found.name == call.caller.name)
    return base::user_error(base::ErrorCode::kConflict,
                            "your own password you change with the one that you have (changePassword)");
  MIDWATCH_TRY(const auto made, api.sign_ins->passwords().make());
  return answer_change(
      api, call, "resetPassword",
      [&](store::Session& session) -> base::Result<ChangeAnswer> {
        // Once more: what the user may can have changed while the password was made.
        MIDWATCH_TRY_VOID(managed_user(session, call.caller, name));
        MIDWATCH_TRY(const auto user, identity::set_password(session, api.clock.now(), name, {made.hash}));
        ChangeAnswer answer = changed_user(call.caller, 200, user, space_of(user.grants), {});
        answer.once = {{kPassword, made.password}};
        return answer;
      },
      [](const ChangeAnswer&) {});
}

Answer grant_role(const ApiDependencies& api, const Call& call) {
  static constexpr Member kMembers[] = {{"role", MemberKind::kText, true, 20, "viewer operator admin"}};
  MIDWATCH_TRY(const auto body, read_body(call, kMembers));
  return change_role(api, call, "grantRole", model::role_of(base::text_at(body, "role")));
}

Answer withdraw_role(const ApiDependencies& api, const Call& call) {
  return change_role(api, call, "withdrawRole", std::nullopt);
}

}  // namespace midwatch::api
