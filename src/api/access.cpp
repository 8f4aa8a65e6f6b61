#include "src/api/access.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "src/base/utf8.h"
#include "src/model/words_of.h"

namespace midwatch::api {
namespace {

constexpr std::array<std::pair<Role, std::string_view>, 3> kRoleWords{{
    {Role::kViewer, "viewer"},
    {Role::kOperator, "operator"},
    {Role::kAdmin, "admin"},
}};

constexpr std::size_t kShownBytes = 60;

base::Error nothing_there(std::string_view what, std::string_view id) {
  return base::user_error(base::ErrorCode::kNotFound,
                          fmt::format("there is no such {}: {}", what, base::printable(id, kShownBytes)));
}

/// The thing that was read, where the caller may see its space.
template <class Thing>
base::Result<Thing> behind_the_wall(base::Result<Thing> read, const std::string& space, const Caller& caller,
                                    std::string_view what, const std::string& id) {
  if (read && may_see(caller, space)) return read;
  if (!read && read.error().code != base::ErrorCode::kNotFound) return read;
  return nothing_there(what, id);
}

}  // namespace

std::string_view to_string(Role role) {
  return model::word_of(kRoleWords, role);
}

bool may_see(const Caller& caller, std::string_view space) {
  return std::find(caller.spaces.begin(), caller.spaces.end(), space) != caller.spaces.end();
}

base::Result<> check_space(const Caller& caller, std::string_view space) {
  if (may_see(caller, space)) return {};
  return nothing_there("space", space);
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
