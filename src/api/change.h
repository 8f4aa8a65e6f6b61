#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "src/api/call.h"
#include "src/base/json_value.h"

namespace midwatch::api {

/// What a change answers. The audit says who did it to what, in which space.
struct ChangeAnswer {
  int status = 200;
  base::Json body;
  std::string object;
  std::string space;
  base::Json once{};     ///< members that are told this one time and kept nowhere: a secret
  base::Json details{};  ///< what the audit says besides; nothing secret
};

/// Runs a change in one transaction with its line of the audit, and answers with its body.
///
/// A request with an `Idempotency-Key` that was answered within a day is answered in the same way and changes
/// nothing; the same key with another body is a conflict. `changed` is told after the change is durable, and
/// not for a repeated request. `work` may run twice.
base::Result<http::ServerResponse> answer_change(
    const ApiDependencies& api, const Call& call, std::string_view action,
    const std::function<base::Result<ChangeAnswer>(store::Session&)>& work,
    const std::function<void(const ChangeAnswer&)>& changed);

/// What a request with this `Idempotency-Key` was answered before; nothing where it was not. For a change
/// that does something beyond the store, which must not be done twice.
base::Result<std::optional<http::ServerResponse>> answered_before(const ApiDependencies& api,
                                                                  const Call& call);

/// A new incident and its first investigation.
struct Opening {
  std::string id;  ///< empty: a new one
  std::string space;
  std::string title;
  std::string entity;
  std::string alarm;
  model::Severity severity = model::Severity::kUnknown;
  model::InvestigationStart start;
};
base::Result<model::Incident> open_incident(const ApiDependencies& api, store::Session& session,
                                            const Opening& opening);

/// Tells the workers and the open streams of it.
void tell_queued(const ApiDependencies& api, const std::string& incident, const std::string& space);

/// Errors: kRateLimited where too many investigations of the space wait or run already.
base::Result<> check_room(const ApiDependencies& api, store::Session& session, const std::string& space);

/// One more investigation of an incident, which becomes its latest. Errors: kRateLimited where too many of
/// the space wait already.
base::Result<model::Investigation> queue_investigation(const ApiDependencies& api, store::Session& session,
                                                       model::Incident& incident,
                                                       const model::InvestigationStart& start);

}  // namespace midwatch::api
