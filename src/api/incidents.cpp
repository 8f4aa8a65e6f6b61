#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/api/access.h"
#include "src/api/body.h"
#include "src/api/change.h"
#include "src/api/json_of.h"
#include "src/api/problem.h"
#include "src/api/resources.h"
#include "src/base/digest.h"
#include "src/base/json_access.h"
#include "src/base/redact.h"
#include "src/base/try.h"
#include "src/base/utf8.h"

namespace midwatch::api {
namespace {

constexpr std::size_t kTitleBytes = 200;
constexpr std::size_t kTagDigits = 16;  // of a digest: 64 bits tell two states of one incident apart

base::Error invalid(std::string message) {
  return base::user_error(base::ErrorCode::kInvalidArgument, std::move(message));
}

/// The tag of an incident's representation: its version, which a change must match, and what lies around it.
std::string tag_of(const model::Incident& incident, const http::ServerResponse& answer) {
  return fmt::format("\"{}-{}\"", incident.version, base::sha256_hex(answer.body).substr(0, kTagDigits));
}

/// The version that a tag speaks of; nothing where it is none of ours.
std::optional<std::uint64_t> version_of(std::string_view tag) {
  if (tag.size() < 3 || tag.front() != '"' || tag.back() != '"') return std::nullopt;
  tag = tag.substr(1, tag.size() - 2);
  std::uint64_t version = 0;
  const auto [end, error] = std::from_chars(tag.data(), tag.data() + tag.size(), version);
  const bool whole = end == tag.data() + tag.size() || *end == '-';
  return error == std::errc() && whole ? std::optional(version) : std::nullopt;
}

base::Result<std::optional<base::TimeRange>> window_of(const base::Json& start) {
  const std::string from = base::text_at(start, "from");
  const std::string to = base::text_at(start, "to");
  if (from.empty() && to.empty()) return std::optional<base::TimeRange>();
  const auto first = base::parse_rfc3339(from);
  const auto last = base::parse_rfc3339(to);
  if (!first || !last) return invalid("start.from and start.to are given together or not at all");
  if (*first >= *last) return invalid("start.from must be before start.to");
  return std::optional(base::TimeRange{*first, *last});
}

base::Result<model::InvestigationStart> start_of(const base::Json& json) {
  static constexpr Member kMembers[] = {{"alarm", MemberKind::kText, false, 255},
                                        {"latest", MemberKind::kFlag},
                                        {"entity", MemberKind::kText, false, 2048},
                                        {"question", MemberKind::kText, false, 1000},
                                        {"from", MemberKind::kTime},
                                        {"to", MemberKind::kTime},
                                        {"region", MemberKind::kText, false, 40}};
  MIDWATCH_TRY_VOID(check_members(json, kMembers, "start"));
  model::InvestigationStart start;
  start.alarm = base::text_at(json, "alarm");
  start.latest = base::text_at(json, "latest") == "true";
  start.entity = base::text_at(json, "entity");
  start.question = base::redact(base::text_at(json, "question"));
  start.region = base::text_at(json, "region");
  for (const std::string* name : {&start.alarm, &start.entity, &start.region}) {
    if (base::printable(*name, name->size()) != *name)
      return invalid("the names in start must hold no control characters");
  }
  const int given = static_cast<int>(!start.alarm.empty()) + static_cast<int>(start.latest) +
                    static_cast<int>(!start.entity.empty()) + static_cast<int>(!start.question.empty());
  if (given != 1) return invalid("start holds exactly one of: alarm, latest (true), entity, question");
  MIDWATCH_TRY(start.window, window_of(json));
  return start;
}

std::string title_of(const model::InvestigationStart& start) {
  if (!start.alarm.empty()) return start.alarm;
  if (!start.entity.empty()) return start.entity;
  if (!start.question.empty()) return start.question;
  return "the latest alarm";
}

}  // namespace

Answer list_incidents(const ApiDependencies& api, const Call& call) {
  store::IncidentFilter filter;
  MIDWATCH_TRY(static_cast<store::Scope&>(filter), listed_scope(call));
  MIDWATCH_TRY(filter.status, word_parameter(call, "status", &model::incident_status_of));
  filter.words = call.parameter("words");
  MIDWATCH_TRY(const std::size_t limit, limit_parameter(call));
  return reading(api.store, [&](store::Session& session) -> base::Result<http::ServerResponse> {
    MIDWATCH_TRY(const auto page, session.incidents(filter, call.parameter("cursor"), limit));
    base::Json body{{"items", base::Json::array()}};
    for (const auto& incident : page.items) {
      MIDWATCH_TRY(auto json, incident_json(session, incident));
      body["items"].push_back(std::move(json));
    }
    if (!page.next.empty()) body["next"] = page.next;
    return json_answer(200, body);
  });
}

Answer start_incident(const ApiDependencies& api, const Call& call) {
  static constexpr Member kMembers[] = {
      {"space", MemberKind::kText, true}, {"title", MemberKind::kText}, {"start", MemberKind::kObject, true}};
  MIDWATCH_TRY(const auto body, read_body(call, kMembers));
  Opening opening;
  opening.space = base::text_at(body, "space");
  MIDWATCH_TRY_VOID(check_space(call.caller, opening.space));
  MIDWATCH_TRY(opening.start, start_of(base::at(body, "start")));
  const std::string title = base::text_at(body, "title");
  opening.title = base::printable(base::redact(title.empty() ? title_of(opening.start) : title), kTitleBytes);
  opening.entity = opening.start.entity;
  opening.alarm = opening.start.alarm;
  return answer_change(
      api, call, "startIncident",
      [&](store::Session& session) -> base::Result<ChangeAnswer> {
        MIDWATCH_TRY(const auto incident, open_incident(api, session, opening));
        MIDWATCH_TRY(auto json, incident_json(session, incident));
        return ChangeAnswer{201, std::move(json), incident.id, incident.space};
      },
      [&](const ChangeAnswer& opened) { tell_queued(api, opened.object, opened.space); });
}

Answer get_incident(const ApiDependencies& api, const Call& call) {
  return reading(api.store, [&](store::Session& session) -> base::Result<http::ServerResponse> {
    MIDWATCH_TRY(const auto incident, visible_incident(session, call.caller, call.part("id")));
    MIDWATCH_TRY(auto body, incident_json(session, incident));
    MIDWATCH_TRY(const auto alarms, session.alarms_of(incident.id));
    MIDWATCH_TRY(const auto investigations, session.investigations_of(incident.id));
    body["alarm_list"] = base::Json::array();
    for (const auto& alarm : alarms) body["alarm_list"].push_back(json_of(alarm));
    body["investigations"] = base::Json::array();
    for (const auto& investigation : investigations) body["investigations"].push_back(json_of(investigation));
    http::ServerResponse answer = json_answer(200, body);
    answer.set("ETag", tag_of(incident, answer));
    return answer;
  });
}

Answer change_incident(const ApiDependencies& api, const Call& call) {
  static constexpr Member kMembers[] = {{"status", MemberKind::kText, false, 20, "open resolved"},
                                        {"held", MemberKind::kFlag}};
  const std::string_view match = call.request.header("If-Match");
  if (match.empty())
    return problem(428, "send the ETag of the incident as the header If-Match", call.request_id);
  const auto wanted = version_of(match);
  MIDWATCH_TRY(const auto body, read_body(call, kMembers));
  if (body.empty()) return invalid("say what to change: status, held");
  const auto status = model::incident_status_of(base::text_at(body, "status"));
  bool other_version = false;
  std::uint64_t version = 0;
  auto answer = answer_change(
      api, call, "changeIncident",
      [&](store::Session& session) -> base::Result<ChangeAnswer> {
        MIDWATCH_TRY(auto incident, visible_incident(session, call.caller, call.part("id")));
        other_version = match != "*" && wanted != incident.version;
        if (other_version)
          return base::user_error(base::ErrorCode::kConflict,
                                  "the incident was changed meanwhile; read it again");
        const bool resolves =
            incident.status == model::IncidentStatus::kOpen && status == model::IncidentStatus::kResolved;
        incident.changed = api.clock.now();
        if (body.contains("held")) incident.held = body["held"].get<bool>();
        if (status) {
          incident.status = *status;
          incident.resolved.reset();
          if (*status == model::IncidentStatus::kResolved) incident.resolved = incident.changed;
        }
        MIDWATCH_TRY_VOID(session.update_incident(incident));
        if (resolves && api.on_resolved) MIDWATCH_TRY_VOID(api.on_resolved(session, incident));
        MIDWATCH_TRY(const auto stored, session.incident(incident.id));
        version = stored.version;
        MIDWATCH_TRY(auto json, incident_json(session, stored));
        return ChangeAnswer{200, std::move(json), incident.id, incident.space};
      },
      [&](const ChangeAnswer& changed) {
        api.feed.publish({Change::Kind::kIncident, changed.object, changed.space});
      });
  if (!answer && other_version) return problem(412, answer.error().message, call.request_id);
  if (answer && version != 0) answer->set("ETag", fmt::format("\"{}\"", version));
  return answer;
}

Answer investigate_again(const ApiDependencies& api, const Call& call) {
  std::string incident_id;
  return answer_change(
      api, call, "investigateAgain",
      [&](store::Session& session) -> base::Result<ChangeAnswer> {
        MIDWATCH_TRY(auto incident, visible_incident(session, call.caller, call.part("id")));
        incident_id = incident.id;
        MIDWATCH_TRY(const auto before, session.investigations_of(incident.id));
        model::InvestigationStart start;
        if (!before.empty()) {
          start = before.front().start;
        } else if (!incident.alarm.empty()) {
          start.alarm = incident.alarm;
        } else {
          start.latest = true;
        }
        MIDWATCH_TRY(const auto queued, queue_investigation(api, session, incident, start));
        return ChangeAnswer{201, json_of(queued), queued.id, queued.space};
      },
      [&](const ChangeAnswer& queued) { tell_queued(api, incident_id, queued.space); });
}

}  // namespace midwatch::api
