#include "src/api/access.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "src/base/try.h"
#include "src/base/utf8.h"

namespace midwatch::api {
namespace {

constexpr std::size_t kShownBytes = 60;

base::Error nothing_there(std::string_view what, std::string_view id) {
  return base::user_error(base::ErrorCode::kNotFound,
                          fmt::format("there is no such {}: {}", what, base::printable(id, kShownBytes)));
}

/// Why a space is closed to the caller.
base::Error closed(const Caller& caller, std::string_view space, std::string_view what, std::string_view id) {
  const bool beyond = std::find(caller.beyond.begin(), caller.beyond.end(), space) != caller.beyond.end();
  if (!beyond) return nothing_there(what, id);
  return base::user_error(base::ErrorCode::kPermissionDenied,
                          fmt::format("your role in the space {}, {}, does not allow this", space,
                                      to_string(caller.role_in(space))));
}

/// The thing that was read, where the caller may see its space.
template <class Thing>
base::Result<Thing> behind_the_wall(base::Result<Thing> read, const std::string& space, const Caller& caller,
                                    std::string_view what, const std::string& id) {
  if (read && may_see(caller, space)) return read;
  if (!read && read.error().code != base::ErrorCode::kNotFound) return read;
  if (!read) return nothing_there(what, id);
  return closed(caller, space, what, id);
}

}  // namespace

bool may_see(const Caller& caller, std::string_view space) {
  return std::find(caller.spaces.begin(), caller.spaces.end(), space) != caller.spaces.end();
}

base::Result<> check_space(const Caller& caller, std::string_view space) {
  if (may_see(caller, space)) return {};
  return closed(caller, space, "space", space);
}

base::Result<Caller> with_role(Caller caller, Role needs) {
  if (caller.role < needs)
    return base::user_error(
        base::ErrorCode::kPermissionDenied,
        fmt::format("this needs the role {}, and yours is {}", to_string(needs), to_string(caller.role)));
  const auto enough = [&](const std::string& space) { return caller.role_in(space) >= needs; };
  const auto first = std::stable_partition(caller.spaces.begin(), caller.spaces.end(), enough);
  if (caller.everywhere && *caller.everywhere < needs) caller.everywhere.reset();
  caller.beyond.assign(first, caller.spaces.end());
  caller.spaces.erase(first, caller.spaces.end());
  return caller;
}

base::Result<std::vector<std::string>> listed_spaces(const Call& call) {
  const std::string asked = call.parameter("space");
  if (!asked.empty()) {
    if (auto open = check_space(call.caller, asked); !open) return std::move(open).error();
    return std::vector<std::string>{asked};
  }
  // To the store no space means all of them.
  if (call.caller.spaces.empty())
    return base::user_error(base::ErrorCode::kPermissionDenied, "no space is open to you; ask an admin");
  return call.caller.spaces;
}

base::Result<store::Scope> listed_scope(const Call& call) {
  store::Scope scope;
  MIDWATCH_TRY(scope.spaces, listed_spaces(call));
  MIDWATCH_TRY(scope.time, range_parameter(call));
  scope.entity = call.parameter("entity");
  scope.mode = call.parameter("mode");
  return scope;
}

base::Result<model::Incident> visible_incident(store::Session& session, const Caller& caller,
                                               const std::string& id) {
  auto read = session.incident(id);
  const std::string space = read ? read->space : std::string();
  return behind_the_wall(std::move(read), space, caller, "incident", id);
}

base::Result<model::Investigation> visible_investigation(store::Session& session, const Caller& caller,
                                                         const std::string& id) {
  auto read = session.investigation(id);
  const std::string space = read ? read->space : std::string();
  return behind_the_wall(std::move(read), space, caller, "investigation", id);
}

base::Result<store::StoredAlarm> visible_alarm(store::Session& session, const Caller& caller,
                                               const std::string& id) {
  auto read = session.alarm(id);
  const std::string space = read ? read->alarm.space : std::string();
  return behind_the_wall(std::move(read), space, caller, "alarm", id);
}

base::Result<store::OutboxMessage> visible_notification(store::Session& session, const Caller& caller,
                                                        const std::string& id) {
  auto read = session.outbox_message(id);
  const std::string space = read ? read->space : std::string();
  return behind_the_wall(std::move(read), space, caller, "notification", id);
}

}  // namespace midwatch::api
