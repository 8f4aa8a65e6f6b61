#include <algorithm>

#include <nlohmann/json.hpp>

#include "src/api/access.h"
#include "src/api/change.h"
#include "src/api/json_of.h"
#include "src/api/resources.h"
#include "src/base/try.h"

namespace midwatch::api {
namespace {

/// Takes an alarm out of the incident that it was linked to.
base::Result<> leave_incident(const ApiDependencies& api, store::Session& session,
                              const store::StoredAlarm& stored) {
  if (stored.triage.incident.empty()) return {};
  MIDWATCH_TRY(auto left, session.incident(stored.triage.incident));
  left.alarms -= std::min(left.alarms, 1U);
  if (stored.alarm.state == model::AlarmState::kFiring) left.firing -= std::min(left.firing, 1U);
  left.changed = api.clock.now();
  return session.update_incident(left);
}

base::Result<model::Incident> make_own_incident(const ApiDependencies& api, store::Session& session,
                                                const store::StoredAlarm& stored, const Call& call) {
  Opening opening;
  opening.space = stored.alarm.space;
  opening.title = stored.alarm.name;
  opening.entity = stored.alarm.entity;
  opening.alarm = stored.alarm.name;
  opening.severity = stored.alarm.severity;
  opening.start.alarm = stored.alarm.name;
  opening.start.region = stored.alarm.region;
  MIDWATCH_TRY(auto incident, open_incident(api, session, opening));
  incident.alarms = 1;
  incident.firing = stored.alarm.state == model::AlarmState::kFiring ? 1 : 0;
  MIDWATCH_TRY_VOID(session.update_incident(incident));
  model::Triage triage;
  triage.decision = model::TriageDecision::kProceed;
  triage.incident = incident.id;
  triage.by_person = true;
  triage.reason = {
      "A person (" + call.caller.name + ") decided that this alarm is an incident of its own.",
      "担当者 (" + call.caller.name + ") が、このアラームを独立したインシデントと判断しました。"};
  MIDWATCH_TRY_VOID(session.set_triage(stored.alarm.id, triage));
  return session.incident(incident.id);
}

/// A sender's message is the caller's input here, whoever decodes it.
base::Error as_the_senders(base::Error error) {
  switch (error.code) {
    case base::ErrorCode::kInvalidArgument:
    case base::ErrorCode::kMalformed:
    case base::ErrorCode::kUnauthenticated:
    case base::ErrorCode::kPermissionDenied:
    case base::ErrorCode::kNotFound:
      error.source = base::ErrorSource::kUser;
      break;
    default:
      error.source = base::ErrorSource::kEnvironment;
  }
  return error;
}

}  // namespace

Answer receive_alarm(const ApiDependencies& api, const Call& call) {
  auto receipt = api.watch.receive(call.part("webhook"), call.request);
  if (!receipt) return as_the_senders(std::move(receipt).error());
  base::Json alarms = base::Json::array();
  for (const auto& decided : receipt->alarms) alarms.push_back(json_of(decided.triage, decided.alarm));
  return json_answer(
      202,
      {{"delivery", receipt->delivery}, {"duplicate", receipt->duplicate}, {"alarms", std::move(alarms)}});
}

Answer list_alarms(const ApiDependencies& api, const Call& call) {
  store::AlarmFilter filter;
  MIDWATCH_TRY(static_cast<store::Scope&>(filter), listed_scope(call));
  MIDWATCH_TRY(filter.decision, word_parameter(call, "decision", &model::triage_decision_of));
  MIDWATCH_TRY(filter.state, word_parameter(call, "state", &model::alarm_state_of));
  MIDWATCH_TRY(const std::size_t limit, limit_parameter(call));
  return reading(api.store, [&](store::Session& session) -> base::Result<http::ServerResponse> {
    MIDWATCH_TRY(const auto page, session.alarms(filter, call.parameter("cursor"), limit));
    return json_answer(200, json_of(page));
  });
}

Answer undo_triage(const ApiDependencies& api, const Call& call) {
  std::string left;
  return answer_change(
      api, call, "undoTriage",
      [&](store::Session& session) -> base::Result<ChangeAnswer> {
        MIDWATCH_TRY(const auto stored, visible_alarm(session, call.caller, call.part("id")));
        if (stored.triage.decision == model::TriageDecision::kProceed) {
          return base::user_error(base::ErrorCode::kConflict,
                                  "this alarm is an incident of its own already; there is nothing to undo");
        }
        left = stored.triage.incident;
        MIDWATCH_TRY_VOID(leave_incident(api, session, stored));
        MIDWATCH_TRY(const auto incident, make_own_incident(api, session, stored, call));
        MIDWATCH_TRY(auto json, incident_json(session, incident));
        return ChangeAnswer{200, std::move(json), stored.alarm.id, incident.space};
      },
      [&](const ChangeAnswer& undone) {
        if (!left.empty()) api.feed.publish({Change::Kind::kIncident, left, undone.space});
        api.feed.publish({Change::Kind::kIncident, undone.body["id"].get<std::string>(), undone.space});
        api.watch.investigation_queued();
      });
}

Answer list_deliveries(const ApiDependencies& api, const Call& call) {
  store::DeliveryFilter filter;
  MIDWATCH_TRY(static_cast<store::Scope&>(filter), listed_scope(call));
  MIDWATCH_TRY(filter.made_alarms, flag_parameter(call, "made_alarms"));
  filter.sender = call.parameter("sender");
  MIDWATCH_TRY(const std::size_t limit, limit_parameter(call));
  return reading(api.store, [&](store::Session& session) -> base::Result<http::ServerResponse> {
    MIDWATCH_TRY(const auto page, session.deliveries(filter, call.parameter("cursor"), limit));
    return json_answer(200, json_of(page));
  });
}

Answer list_notifications(const ApiDependencies& api, const Call& call) {
  store::OutboxFilter filter;
  MIDWATCH_TRY(static_cast<store::Scope&>(filter), listed_scope(call));
  MIDWATCH_TRY(filter.state, word_parameter(call, "state", store::outbox_state_of));
  filter.incident = call.parameter("incident");
  filter.target = call.parameter("target");
  MIDWATCH_TRY(const std::size_t limit, limit_parameter(call));
  return reading(api.store, [&](store::Session& session) -> base::Result<http::ServerResponse> {
    MIDWATCH_TRY(const auto page, session.outbox(filter, call.parameter("cursor"), limit));
    return json_answer(200, json_of(page));
  });
}

Answer resend_notification(const ApiDependencies& api, const Call& call) {
  return answer_change(
      api, call, "resendNotification",
      [&](store::Session& session) -> base::Result<ChangeAnswer> {
        MIDWATCH_TRY(auto message, visible_notification(session, call.caller, call.part("id")));
        if (message.state != store::OutboxState::kFailed && message.state != store::OutboxState::kUnknown)
          return base::user_error(base::ErrorCode::kConflict,
                                  "this message has not failed: it was taken, or is still to be sent");
        message.state = store::OutboxState::kWaiting;
        message.attempts = 0;
        message.due = api.clock.now();
        MIDWATCH_TRY_VOID(session.update_outbox(message));
        return ChangeAnswer{202, json_of(message), message.id, message.space};
      },
      [](const ChangeAnswer&) {});
}

}  // namespace midwatch::api
