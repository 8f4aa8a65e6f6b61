#include "src/store/contract/store_items.h"

#include <map>
#include <optional>
#include <type_traits>

#include <fmt/format.h>

namespace midwatch::store::contract {

std::string key_of(const std::string& text) {
  constexpr std::size_t kShort = 400;
  return text.substr(0, kShort);
}

base::Timestamp at(std::int64_t seconds) {
  constexpr std::int64_t kStart = 1'700'000'000;
  return base::Timestamp(std::chrono::seconds(kStart + seconds));
}

model::Incident incident_of(const std::string& id, std::int64_t opened, const std::string& text) {
  return {id,
          "shop",
          "title " + text,
          model::IncidentStatus::kOpen,
          model::Severity::kHigh,
          "service/" + text,
          "alarm " + text,
          at(opened),
          at(opened) + base::Duration(1),
          std::nullopt,
          2,
          1,
          "inv-of-" + id,
          1};
}

model::Investigation investigation_of(const std::string& id, const std::string& incident,
                                      std::int64_t requested, const std::string& text) {
  model::Investigation made;
  made.id = id;
  made.incident = incident;
  made.space = "shop";
  made.start = {"alarm " + text, true, "entity " + text, "why " + text, base::TimeRange{at(1), at(2)},
                "region"};
  made.requested = at(requested);
  made.ended = at(requested + 9);
  made.outcome = "root_cause";
  made.headline = {"it is " + text, "原因は " + text};
  made.entity = "database/" + text;
  made.mode = "storage-full";
  made.probability = 0.1 + 0.2;  // has no short decimal form
  made.failure = {"failed " + text, "失敗 " + text};
  made.trace_parent = "trace " + text;
  return made;
}

StoredAlarm alarm_of(const std::string& id, const std::string& incident, std::int64_t received,
                     const std::string& text) {
  model::IncomingAlarm alarm{id,
                             "shop",
                             "pager",
                             "alertmanager",
                             "key " + key_of(text),
                             model::AlarmState::kResolved,
                             model::Severity::kCritical,
                             "name " + text,
                             "service/" + text,
                             "account " + text,
                             "region",
                             "metric " + text,
                             "summary " + text,
                             "https://example.com/" + text,
                             at(received - 60),
                             at(received),
                             {{"label " + text, "value " + text}, {"", ""}}};
  const auto decision = incident.empty() ? model::TriageDecision::kSkipped : model::TriageDecision::kLinked;
  return {std::move(alarm),
          {decision, incident, "rule " + text, {"as " + text, "理由 " + text}, true, at(received + 60)},
          "dlv-" + id};
}

Delivery delivery_of(const std::string& id, std::int64_t received, const std::string& text) {
  return {id, "shop", "pager", "key " + id + key_of(text), at(received), "body " + text, "note " + text};
}

namespace {

std::string show(const std::string& text) {
  return "<" + text + ">";
}
std::string show(const model::Text& text) {
  return show(text.en) + show(text.ja);
}
std::string show(base::Timestamp time) {
  return fmt::to_string(time.time_since_epoch().count());
}
std::string show(const base::TimeRange& range) {
  return show(range.start) + "-" + show(range.end);
}
std::string show(double number) {
  return fmt::format("{:a}", number);
}
template <class Number>
requires std::is_integral_v<Number> || std::is_enum_v<Number> std::string show(Number number) {
  return fmt::to_string(static_cast<std::int64_t>(number));
}
template <class T>
std::string show(const std::optional<T>& value) {
  return value ? show(*value) : "none";
}
std::string show(const std::map<std::string, std::string>& labels) {
  std::string all;
  for (const auto& [name, value] : labels) all += show(name) + "=" + show(value);
  return all;
}

template <class... Field>
std::string all_of_it(const Field&... fields) {
  std::string all;
  ((all += show(fields) + " "), ...);
  return all;
}

}  // namespace

// Each names every field of its structure, so that a field that is added to one must be added here.
std::string show(const Delivery& delivery) {
  const auto& [id, space, sender, key, received, body, note] = delivery;
  return all_of_it(id, space, sender, key, received, body, note);
}
std::string show(const StoredAlarm& stored) {
  const auto& [id, space, sender, dialect, key, state, severity, name, entity, account, region, metric,
               summary, link, since, received, labels] = stored.alarm;
  const auto& [decision, incident, rule, reason, by_person, again] = stored.triage;
  return all_of_it(id, space, sender, dialect, key, state, severity, name, entity, account, region, metric,
                   summary, link, since, received, labels) +
         all_of_it(decision, incident, rule, reason, by_person, again, stored.delivery);
}
std::string show(const model::Incident& item) {
  const auto& [id, space, title, status, severity, entity, alarm, opened, changed, resolved, alarms, firing,
               investigation, version, held] = item;
  return all_of_it(id, space, title, status, severity, entity, alarm, opened, changed, resolved, alarms,
                   firing, investigation, version, held);
}
std::string show(const model::Investigation& item) {
  const auto& [id, incident, space, status, start, attempt, requested, started, ended, outcome, headline,
               entity, mode, probability, failure, version, trace_parent] = item;
  const auto& [alarm, latest, of_entity, question, window, region] = start;
  return all_of_it(id, incident, space, status, alarm, latest, of_entity, question, window, region, attempt,
                   requested, started, ended, outcome, headline, entity, mode, probability, failure, version,
                   trace_parent);
}
std::string show(const model::JournalEntry& entry) {
  const auto& [investigation, sequence, time, kind, what, data] = entry;
  return all_of_it(investigation, sequence, time, kind, what, data);
}
std::string show(const Document& document) {
  const auto& [investigation, name, media_type, body] = document;
  return all_of_it(investigation, name, media_type, body);
}
std::string show(const model::Feedback& feedback) {
  const auto& [id, investigation, space, mode, probability, judgement, helped, actual, by, time] = feedback;
  return all_of_it(id, investigation, space, mode, probability, judgement, helped, actual, by, time);
}
std::string show(const OutboxMessage& message) {
  const auto& [id, target, key, body, attempts, due, incident, space, created, state, reason, receipt] =
      message;
  return all_of_it(id, target, key, body, attempts, due, incident, space, created, state, reason, receipt);
}

}  // namespace midwatch::store::contract
