#include "src/api/change.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/digest.h"
#include "src/base/json_access.h"
#include "src/base/try.h"

namespace midwatch::api {
namespace {

constexpr std::size_t kLongestKey = 200;
constexpr auto kRemembered = std::chrono::hours(24);

base::Result<std::string> key_of(const http::ServerRequest& request) {
  const std::string_view key = request.header("Idempotency-Key");
  const bool plain = std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (key.size() <= kLongestKey && plain) return std::string(key);
  return base::user_error(
      base::ErrorCode::kInvalidArgument,
      fmt::format("the Idempotency-Key must be at most {} printable ASCII characters without spaces",
                  kLongestKey));
}

/// By what a request is known when it comes again.
struct Repeatable {
  std::string key;  ///< empty: it has none
  std::string scope;
  std::string body;

  base::Result<std::optional<ChangeAnswer>> answer(store::Session& session) const {
    if (key.empty()) return std::nullopt;
    MIDWATCH_TRY(const auto before, session.idempotent(scope, key));
    if (!before) return std::nullopt;
    MIDWATCH_TRY(const base::Json kept, base::parse_json(*before));
    if (base::text_at(kept, "request") != body) {
      return base::user_error(base::ErrorCode::kConflict,
                              "this Idempotency-Key was used for a request with another body; use a new one");
    }
    return ChangeAnswer{static_cast<int>(base::number_at(kept, "status").value_or(200)),
                        base::at(kept, "answer"),
                        {},
                        {},
                        {},
                        {}};
  }
};

base::Result<Repeatable> repeatable(const Call& call) {
  MIDWATCH_TRY(std::string key, key_of(call.request));
  return Repeatable{std::move(key),
                    fmt::format("{} {} {}", call.request.method, call.request.path(), call.caller.name),
                    base::sha256_hex(call.request.body)};
}

}  // namespace

base::Result<std::optional<http::ServerResponse>> answered_before(const ApiDependencies& api,
                                                                  const Call& call) {
  MIDWATCH_TRY(const Repeatable request, repeatable(call));
  MIDWATCH_TRY(const auto before,
               reading(api.store, [&](store::Session& session) { return request.answer(session); }));
  if (!before) return std::nullopt;
  return json_answer(before->status, before->body);
}

base::Result<http::ServerResponse> answer_change(
    const ApiDependencies& api, const Call& call, std::string_view action,
    const std::function<base::Result<ChangeAnswer>(store::Session&)>& work,
    const std::function<void(const ChangeAnswer&)>& changed) {
  MIDWATCH_TRY(const Repeatable request, repeatable(call));
  bool repeated = false;
  const auto once = [&](store::Session& session) -> base::Result<ChangeAnswer> {
    MIDWATCH_TRY(auto before, request.answer(session));
    repeated = before.has_value();
    if (before) return *std::move(before);
    MIDWATCH_TRY(ChangeAnswer outcome, work(session));
    const base::Timestamp now = api.clock.now();
    store::AuditEntry entry;
    entry.time = now;
    entry.who = call.caller.name;
    entry.action = action;
    entry.object = outcome.object;
    base::Json details{{"space", outcome.space}, {"request_id", call.request_id}};
    if (outcome.details.is_object()) details.update(outcome.details);
    entry.details = base::dump_json(details);
    MIDWATCH_TRY_VOID(session.audit(entry));
    if (!request.key.empty()) {
      const base::Json answer{
          {"request", request.body}, {"status", outcome.status}, {"answer", outcome.body}};
      MIDWATCH_TRY_VOID(
          session.remember(request.scope, request.key, base::dump_json(answer), now + kRemembered));
    }
    return outcome;
  };
  MIDWATCH_TRY(const ChangeAnswer outcome, writing(api.store, once));
  if (!repeated) changed(outcome);
  base::Json body = outcome.body;
  if (outcome.once.is_object()) body.update(outcome.once);
  return json_answer(outcome.status, body);
}

void tell_queued(const ApiDependencies& api, const std::string& incident, const std::string& space) {
  api.feed.publish({Change::Kind::kIncident, incident, space});
  api.watch.investigation_queued();
}

base::Result<model::Incident> open_incident(const ApiDependencies& api, store::Session& session,
                                            const Opening& opening) {
  model::Incident incident;
  incident.id = opening.id.empty() ? "inc-" + api.ids.next_uuid() : opening.id;
  incident.space = opening.space;
  incident.title = opening.title;
  incident.severity = opening.severity;
  incident.entity = opening.entity;
  incident.alarm = opening.alarm;
  incident.opened = api.clock.now();
  incident.changed = incident.opened;
  MIDWATCH_TRY_VOID(session.add_incident(incident));
  MIDWATCH_TRY(const auto queued, queue_investigation(api, session, incident, opening.start));
  return session.incident(incident.id);
}

base::Result<> check_room(const ApiDependencies& api, store::Session& session, const std::string& space) {
  MIDWATCH_TRY(const std::size_t active, session.count_active(space));
  if (active < api.options.active_per_space) return {};
  return base::user_error(
      base::ErrorCode::kRateLimited,
      fmt::format("{} investigations of this space wait or run already; wait for some to end, or cancel them",
                  active));
}

base::Result<model::Investigation> queue_investigation(const ApiDependencies& api, store::Session& session,
                                                       model::Incident& incident,
                                                       const model::InvestigationStart& start) {
  MIDWATCH_TRY_VOID(check_room(api, session, incident.space));
  model::Investigation investigation;
  investigation.id = "inv-" + api.ids.next_uuid();
  investigation.incident = incident.id;
  investigation.space = incident.space;
  investigation.start = start;
  investigation.requested = api.clock.now();
  MIDWATCH_TRY_VOID(session.add_investigation(investigation));
  incident.investigation = investigation.id;
  incident.changed = investigation.requested;
  MIDWATCH_TRY_VOID(session.update_incident(incident));
  return investigation;
}

}  // namespace midwatch::api
