#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/ascii.h"
#include "src/intake/decoders.h"
#include "src/intake/said.h"

// Dialects whose messages tell of one thing each: what happened to an incident or an alert.

namespace midwatch::intake {
namespace {

using base::at;
using base::Json;
using base::list_at;
using base::text_at;
using model::AlarmState;
using model::IncomingAlarm;

/// What a word of a sender says of its alarm.
struct Word {
  std::string_view word;
  AlarmState state;
};

template <std::size_t kSize>
std::optional<AlarmState> state_in(const std::array<Word, kSize>& words, std::string_view word) {
  const auto* found = std::find_if(words.begin(), words.end(), [&](const Word& w) { return w.word == word; });
  return found == words.end() ? std::nullopt : std::optional(found->state);
}

base::Error malformed(std::string message) {
  return base::external_error(base::ErrorCode::kMalformed, std::move(message));
}

std::string key_of_message(std::string_view id, std::string_view happened, std::string_view body) {
  return id.empty() ? key_of_body(body) : key_said(fmt::format("{} {}", id, happened));
}

/// "service/name" of a service that a sender names; empty where it names none.
std::string service_entity(const std::string& name) {
  return name.empty() ? std::string() : said("service/" + name);
}

constexpr auto kPagerDutyEvents = std::to_array<Word>({
    {"incident.triggered", AlarmState::kFiring},
    {"incident.reopened", AlarmState::kFiring},
    {"incident.priority_updated", AlarmState::kFiring},
    {"incident.resolved", AlarmState::kResolved},
});

constexpr auto kOpsgenieActions = std::to_array<Word>({
    {"create", AlarmState::kFiring},
    {"reopen", AlarmState::kFiring},
    {"updatepriority", AlarmState::kFiring},
    {"close", AlarmState::kResolved},
    {"delete", AlarmState::kResolved},
});

constexpr auto kGenericActions = std::to_array<Word>({
    {"created", AlarmState::kFiring},
    {"updated", AlarmState::kFiring},
    {"closed", AlarmState::kResolved},
    {"resolved", AlarmState::kResolved},
});

constexpr auto kDatadogTransitions = std::to_array<Word>({
    {"triggered", AlarmState::kFiring},
    {"retriggered", AlarmState::kFiring},
    {"renotify", AlarmState::kFiring},
    {"warn", AlarmState::kFiring},
    {"rewarn", AlarmState::kFiring},
    {"nodata", AlarmState::kFiring},
    {"renodata", AlarmState::kFiring},
    {"recovered", AlarmState::kResolved},
});

/// A word without what writers differ in: "Re-Triggered" is "retriggered".
std::string plain_word(std::string_view word) {
  std::string plain = base::to_lower(word);
  std::erase_if(plain, [](char c) { return c == ' ' || c == '-' || c == '_' || c == '*'; });
  return plain;
}

// --- Datadog: the payload is the user's, so each fact is looked for under the names that templates use ---

/// The text of the first of several members; a variable that Datadog did not fill is no text.
std::string said_by(const Json& message, std::initializer_list<const char*> members) {
  for (const char* member : members) {
    std::string text = text_at(message, member);
    if (text.empty()) text = text_at(at(message, "alert"), member);
    const bool unfilled = text.size() > 1 && text.front() == '$' &&
                          text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_[]", 1) == text.npos;
    if (!text.empty() && text != "null" && !unfilled) return text;
  }
  return {};
}

/// What stands in brackets before a title: "[P2] [Triggered] disk is full" has "P2" and "Triggered".
struct Title {
  std::vector<std::string> marks;
  std::string name;
};

Title read_title(std::string_view text) {
  Title title;
  text = base::trim(text);
  while (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) break;
    title.marks.emplace_back(text.substr(1, end - 1));
    text = base::trim(text.substr(end + 1));
  }
  title.name = text;
  return title;
}

void add_tags(const Json& message, IncomingAlarm& alarm, std::string& note) {
  bool all = true;
  const auto add = [&](std::string_view tag) {
    tag = base::trim(tag);
    const auto colon = tag.find(':');
    if (tag.empty()) return;
    all = add_label(tag.substr(0, colon),
                    colon == tag.npos ? std::string_view("true") : tag.substr(colon + 1), alarm) &&
          all;
  };
  for (const char* member : {"tags", "alert_scope", "scope"}) {
    const Json& value = at(message, member);
    if (value.is_array()) {
      for (const Json& tag : value) add(base::text(tag));
      continue;
    }
    const std::string text = said_by(message, {member});
    for (const std::string_view tag : base::split(text, ',')) add(tag);
  }
  if (!all) add_note(note, "more tags than an alarm keeps: the rest is left out");
}

}  // namespace

base::Result<Decoded> decode_pagerduty(std::string_view body) {
  auto message = read_message(body);
  if (!message) return std::move(message).error();
  const Json& event = at(*message, "event");
  const std::string kind = text_at(event, "event_type");
  if (kind.empty()) return malformed("no webhook of PagerDuty v3: it has no event.event_type");
  Decoded decoded;
  const std::string id = text_at(event, "id");
  decoded.key = id.empty() ? key_of_body(body) : key_said(id);
  const auto state = state_in(kPagerDutyEvents, kind);
  const Json& data = at(event, "data");
  if (!state || text_at(data, "type") != "incident") {
    decoded.note = fmt::format("'{}' says nothing new of an alarm", said(kind));
    return decoded;
  }
  IncomingAlarm alarm;
  // What changes while an incident is resolved does not make it fire again.
  alarm.state = text_at(data, "status") == "resolved" ? AlarmState::kResolved : *state;
  alarm.key = key_said(text_at(data, "id"));
  if (alarm.key.empty()) return malformed("an incident of PagerDuty has no id");
  alarm.name = said_at(data, "title", "summary");
  alarm.summary = said(text_at(data, "title"), kSentenceBytes);
  alarm.severity = severity_said(text_at(data, "priority", "summary"));
  if (alarm.severity == model::Severity::kUnknown) alarm.severity = severity_said(text_at(data, "urgency"));
  alarm.link = link_said(text_at(data, "html_url"));
  const bool began = kind == "incident.triggered" || kind == "incident.priority_updated";
  const auto since = time_said(began ? at(data, "created_at") : at(event, "occurred_at"));
  alarm.since = since.value_or(base::Timestamp{});
  const std::string service = text_at(data, "service", "summary");
  for (const auto& [name, value] :
       {std::pair("incident_key", text_at(data, "incident_key")),
        std::pair("number", text_at(data, "number")), std::pair("pagerduty_service", service),
        std::pair("urgency", text_at(data, "urgency"))}) {
    if (!value.empty()) add_label(name, value, alarm);
  }
  alarm.entity = service_entity(service);
  decoded.alarms.push_back(std::move(alarm));
  return decoded;
}

base::Result<Decoded> decode_datadog(std::string_view body) {
  auto message = read_message(body);
  if (!message) return std::move(message).error();
  Decoded decoded;
  const Title title = read_title(said_by(*message, {"alert_title", "event_title", "title", "monitor_name"}));
  std::string transition = plain_word(said_by(*message, {"alert_transition", "transition"}));
  auto state = state_in(kDatadogTransitions, transition);
  for (const std::string& mark : title.marks) {
    if (!state) state = state_in(kDatadogTransitions, transition = plain_word(mark));
  }
  const std::string id = said_by(*message, {"id", "event_id"});
  decoded.key = key_of_message(id, transition, body);
  if (title.name.empty() && id.empty())
    return malformed("no webhook of Datadog: it has neither title nor id");
  if (!state) {
    decoded.note = fmt::format("no transition of a monitor: '{}'", said(title.name));
    return decoded;
  }
  IncomingAlarm alarm;
  alarm.state = *state;
  alarm.name = said(title.name);
  add_tags(*message, alarm, decoded.note);
  const std::string monitor = said_by(*message, {"alert_id", "monitor_id"});
  const std::string scope = said_by(*message, {"alert_scope", "scope"});
  const std::string group = said_by(*message, {"aggreg_key", "alert_cycle_key"});
  alarm.key = key_said(!monitor.empty() ? fmt::format("{}/{}", monitor, scope)
                       : !group.empty() ? group
                                        : fmt::format("{}/{}", title.name, scope));
  std::string summary = said_by(*message, {"alert_status", "text_only_msg", "body", "event_msg"});
  std::erase(summary, '%');
  alarm.summary = said(base::trim(summary), kSentenceBytes);
  alarm.metric = said(said_by(*message, {"alert_metric", "metric"}));
  alarm.severity = severity_said(said_by(*message, {"alert_priority", "priority"}));
  for (const std::string& mark : title.marks) {
    if (alarm.severity == model::Severity::kUnknown) alarm.severity = severity_said(mark);
  }
  alarm.link = link_said(said_by(*message, {"link", "url", "alert_url"}));
  for (const char* member : {"date", "last_updated"}) {
    const auto since = time_said(Json(said_by(*message, {member})));
    if (since && alarm.since == base::Timestamp{}) alarm.since = *since;
  }
  const std::string host = said_by(*message, {"hostname", "host"});
  if (!host.empty()) add_label("host", host, alarm);
  const std::string query = said_by(*message, {"alert_query", "query"});
  if (!query.empty()) add_label("query", query, alarm);
  fill_from_labels(alarm);
  decoded.alarms.push_back(std::move(alarm));
  return decoded;
}

base::Result<Decoded> decode_opsgenie(std::string_view body) {
  auto message = read_message(body);
  if (!message) return std::move(message).error();
  const std::string action = text_at(*message, "action");
  const Json& alert = at(*message, "alert");
  const std::string id = text_at(alert, "alertId");
  if (action.empty() || id.empty())
    return malformed("no webhook of Opsgenie: it has no action and alert.alertId");
  Decoded decoded;
  decoded.key = key_of_body(body);
  const auto state = state_in(kOpsgenieActions, plain_word(action));
  if (!state) {
    decoded.note = fmt::format("'{}' says nothing new of an alarm", said(action));
    return decoded;
  }
  IncomingAlarm alarm;
  alarm.state = *state;
  const std::string alias = text_at(alert, "alias");
  alarm.key = key_said(alias.empty() ? id : alias);
  alarm.name = said_at(alert, "message");
  const std::string description = text_at(alert, "description");
  alarm.summary = said(description.empty() ? text_at(alert, "message") : description, kSentenceBytes);
  alarm.severity = severity_said(text_at(alert, "priority"));
  auto since = time_said(at(alert, alarm.state == AlarmState::kFiring ? "createdAt" : "updatedAt"));
  alarm.since = since.value_or(base::Timestamp{});
  add_labels(at(alert, "details"), alarm, decoded.note);
  for (const Json& tag : list_at(alert, "tags")) {
    const std::string text = base::text(tag);
    const auto colon = text.find(':');
    const bool pair = colon != std::string::npos;
    if (!add_label(text.substr(0, colon), pair ? text.substr(colon + 1) : "true", alarm))
      add_note(decoded.note, "more tags than an alarm keeps: the rest is left out");
  }
  const std::string entity = text_at(alert, "entity");
  if (!entity.empty())
    alarm.entity =
        entity.find('/') != entity.npos || entity.starts_with("arn:") ? said(entity) : service_entity(entity);
  fill_from_labels(alarm);
  decoded.alarms.push_back(std::move(alarm));
  return decoded;
}

base::Result<Decoded> decode_generic(std::string_view body) {
  auto message = read_message(body);
  if (!message) return std::move(message).error();
  const std::string incident = text_at(*message, "incidentId");
  const std::string title = text_at(*message, "title");
  const std::string action = text_at(*message, "action");
  const auto state = state_in(kGenericActions, plain_word(action));
  for (const auto& [member, missing] :
       {std::pair("incidentId", incident.empty()), std::pair("title", title.empty())}) {
    if (missing) return malformed(fmt::format("the message has no {}", member));
  }
  if (!state) {
    return malformed(
        fmt::format("the action is '{}'; it may be created, updated, closed or resolved", said(action)));
  }
  Decoded decoded;
  decoded.key = key_of_body(body);
  const std::string kind = text_at(*message, "eventType");
  if (kind != "incident") {
    decoded.note = fmt::format("an event of another type: '{}'", said(kind));
    return decoded;
  }
  IncomingAlarm alarm;
  alarm.state = *state;
  alarm.key = key_said(incident);
  alarm.name = said(title);
  const std::string description = text_at(*message, "description");
  alarm.summary = said(description.empty() ? title : description, kSentenceBytes);
  alarm.severity = severity_said(text_at(*message, "priority"));
  alarm.since = time_said(at(*message, "timestamp")).value_or(base::Timestamp{});
  add_labels(at(*message, "data"), alarm, decoded.note);
  const std::string service = text_at(*message, "service");
  fill_from_labels(alarm);
  if (alarm.entity.empty()) alarm.entity = service_entity(service);
  if (!service.empty()) add_label("service", service, alarm);
  decoded.alarms.push_back(std::move(alarm));
  return decoded;
}

}  // namespace midwatch::intake
