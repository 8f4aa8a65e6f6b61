#include "src/api/json_of.h"

#include <nlohmann/json.hpp>

#include "src/api/grants.h"
#include "src/base/try.h"

namespace midwatch::api {
namespace {

using base::Json;

void put(Json& object, const char* name, const std::string& text) {
  if (!text.empty()) object[name] = text;
}

void put(Json& object, const char* name, const std::optional<base::Timestamp>& time) {
  if (time) object[name] = base::format_rfc3339(*time);
}

void put(Json& object, const char* name, const model::Text& text) {
  if (!text.empty()) object[name] = json_of(text);
}

Json start_json(const model::InvestigationStart& start) {
  Json json = Json::object();
  put(json, "alarm", start.alarm);
  if (start.latest) json["latest"] = true;
  put(json, "entity", start.entity);
  put(json, "question", start.question);
  if (start.window) {
    json["from"] = base::format_rfc3339(start.window->start);
    json["to"] = base::format_rfc3339(start.window->end);
  }
  put(json, "region", start.region);
  return json;
}

/// A document that we wrote ourselves; nothing where it is none.
void put_document(Json& object, const char* name, const std::string& document) {
  if (document.empty()) return;
  if (auto parsed = base::parse_json(document); parsed && parsed->is_object())
    object[name] = *std::move(parsed);
}

template <class T>
Json page_json(const store::Page<T>& page) {
  Json json{{"items", Json::array()}};
  for (const auto& item : page.items) json["items"].push_back(json_of(item));
  put(json, "next", page.next);
  return json;
}

}  // namespace

Json json_of(const model::Text& text) {
  return {{"en", text.en}, {"ja", text.ja}};
}

Json json_of(const model::Triage& triage, const std::string& alarm) {
  Json json{{"alarm", alarm}, {"decision", to_string(triage.decision)}};
  put(json, "incident", triage.incident);
  put(json, "rule", triage.rule);
  json["reason"] = json_of(triage.reason);
  json["by_person"] = triage.by_person;
  put(json, "again", triage.again);
  return json;
}

Json json_of(const store::StoredAlarm& stored) {
  const model::IncomingAlarm& alarm = stored.alarm;
  Json json{{"id", alarm.id},
            {"space", alarm.space},
            {"sender", alarm.sender},
            {"dialect", alarm.dialect},
            {"key", alarm.key},
            {"state", to_string(alarm.state)},
            {"severity", to_string(alarm.severity)},
            {"name", alarm.name}};
  put(json, "entity", alarm.entity);
  put(json, "account", alarm.account);
  put(json, "region", alarm.region);
  put(json, "metric", alarm.metric);
  put(json, "summary", alarm.summary);
  put(json, "link", alarm.link);
  json["since"] = base::format_rfc3339(alarm.since);
  json["received"] = base::format_rfc3339(alarm.received);
  json["labels"] = Json::object();
  for (const auto& [name, value] : alarm.labels) json["labels"][name] = value;
  json["triage"] = json_of(stored.triage, alarm.id);
  return json;
}

Json json_of(const model::Investigation& investigation) {
  Json json{{"id", investigation.id},
            {"incident", investigation.incident},
            {"space", investigation.space},
            {"status", to_string(investigation.status)},
            {"start", start_json(investigation.start)},
            {"requested", base::format_rfc3339(investigation.requested)}};
  put(json, "started", investigation.started);
  put(json, "ended", investigation.ended);
  put(json, "outcome", investigation.outcome);
  put(json, "headline", investigation.headline);
  put(json, "entity", investigation.entity);
  put(json, "mode", investigation.mode);
  if (!investigation.mode.empty()) json["probability"] = investigation.probability;
  put(json, "failure", investigation.failure);
  return json;
}

Json json_of(const model::JournalEntry& entry) {
  Json json{{"sequence", entry.sequence},
            {"time", base::format_rfc3339(entry.time)},
            {"kind", entry.kind},
            {"what", json_of(entry.what)}};
  put_document(json, "data", entry.data);
  return json;
}

Json json_of(const model::Feedback& feedback) {
  Json json{{"id", feedback.id},
            {"investigation", feedback.investigation},
            {"space", feedback.space},
            {"judgement", to_string(feedback.judgement)}};
  put(json, "mode", feedback.mode);
  if (feedback.mitigation_helped) json["mitigation_helped"] = *feedback.mitigation_helped;
  put(json, "actual", feedback.actual);
  put(json, "by", feedback.by);
  json["time"] = base::format_rfc3339(feedback.time);
  return json;
}

Json json_of(const store::Delivery& delivery) {
  Json json{{"id", delivery.id},
            {"space", delivery.space},
            {"sender", delivery.sender},
            {"received", base::format_rfc3339(delivery.received)},
            {"bytes", delivery.body.size()}};
  put(json, "note", delivery.note);
  return json;
}

Json json_of(const store::AuditEntry& entry) {
  Json json{{"sequence", entry.sequence}, {"time", base::format_rfc3339(entry.time)},
            {"who", entry.who},           {"action", entry.action},
            {"object", entry.object},     {"hash", entry.hash}};
  put_document(json, "details", entry.details);
  return json;
}

Json json_of(const store::OutboxMessage& message) {
  Json json{{"id", message.id},
            {"target", message.target},
            {"space", message.space},
            {"state", to_string(message.state)},
            {"attempts", message.attempts},
            {"created", base::format_rfc3339(message.created)}};
  put(json, "incident", message.incident);
  const bool ended =
      message.state != store::OutboxState::kWaiting && message.state != store::OutboxState::kSending;
  if (ended || message.state == store::OutboxState::kWaiting)
    json[ended ? "ended" : "due"] = base::format_rfc3339(message.due);
  put(json, "reason", message.reason);
  put(json, "receipt", message.receipt);
  return json;
}

Json json_of(const store::ApiToken& token) {
  Json json{{"id", token.id}, {"name", token.name}, {"roles", roles_json(token.grants)}};
  put(json, "made_by", token.made_by);
  json["created"] = base::format_rfc3339(token.created);
  put(json, "until", token.until);
  put(json, "revoked", token.revoked);
  return json;
}

Json json_of(const store::Page<store::StoredAlarm>& page) {
  return page_json(page);
}

Json json_of(const store::Page<store::Delivery>& page) {
  return page_json(page);
}

Json json_of(const store::Page<store::OutboxMessage>& page) {
  return page_json(page);
}

Json json_of(const store::Page<model::Investigation>& page) {
  return page_json(page);
}

Json json_of(const store::Page<model::Feedback>& page) {
  return page_json(page);
}

base::Result<Json> incident_json(store::Session& session, const model::Incident& incident) {
  Json json{{"id", incident.id},
            {"space", incident.space},
            {"title", incident.title},
            {"status", to_string(incident.status)},
            {"severity", to_string(incident.severity)}};
  put(json, "entity", incident.entity);
  put(json, "alarm", incident.alarm);
  json["opened"] = base::format_rfc3339(incident.opened);
  json["changed"] = base::format_rfc3339(incident.changed);
  put(json, "resolved", incident.resolved);
  json["alarms"] = incident.alarms;
  json["firing"] = incident.firing;
  json["held"] = incident.held;
  if (!incident.investigation.empty()) {
    MIDWATCH_TRY(const auto latest, session.investigation(incident.investigation));
    json["investigation"] = json_of(latest);
  }
  return json;
}

}  // namespace midwatch::api
