#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/api/call.h"

namespace midwatch::api {

// The walls between spaces, and the roles within them. Every handler gets what it shows or changes through
// these functions; what lies in a space that the caller may not see is answered as if it did not exist.

bool may_see(const Caller& caller, std::string_view space);

/// The caller with no more spaces than those in which the role is enough.
/// Errors: kPermissionDenied where it is in none.
base::Result<Caller> with_role(Caller caller, Role needs);

/// Errors: kNotFound; kPermissionDenied where the caller may see it, but not what was asked.
base::Result<> check_space(const Caller& caller, std::string_view space);

/// The spaces of a list: the one that the parameter `space` names, or all of the caller's; never none.
/// Errors: kNotFound; kPermissionDenied where the caller has no space.
base::Result<std::vector<std::string>> listed_spaces(const Call& call);

/// What a list shows: of the spaces above, what the parameters `from`, `to`, `entity` and `mode` say.
/// Errors: as listed_spaces; kInvalidArgument.
base::Result<store::Scope> listed_scope(const Call& call);

/// Errors: kNotFound.
base::Result<model::Incident> visible_incident(store::Session& session, const Caller& caller,
                                               const std::string& id);
base::Result<model::Investigation> visible_investigation(store::Session& session, const Caller& caller,
                                                         const std::string& id);
base::Result<store::StoredAlarm> visible_alarm(store::Session& session, const Caller& caller,
                                               const std::string& id);
base::Result<store::OutboxMessage> visible_notification(store::Session& session, const Caller& caller,
                                                        const std::string& id);

}  // namespace midwatch::api
