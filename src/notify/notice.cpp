#include "src/notify/notice.h"

#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "src/base/json.h"
#include "src/base/json_access.h"
#include "src/base/try.h"
#include "src/model/words_of.h"

namespace midwatch::notify {
namespace {

using base::Json;
using base::text_at;

constexpr std::array<std::pair<Event, std::string_view>, 5> kEventWords{{
    {Event::kStarted, "started"},
    {Event::kCause, "cause"},
    {Event::kEnded, "ended"},
    {Event::kResolved, "resolved"},
    {Event::kTest, "test"},
}};

Json json_of(const model::Text& text) {
  return {{"en", text.en}, {"ja", text.ja}};
}

model::Text both_at(const Json& json, std::string_view key) {
  return {text_at(json, key, "en"), text_at(json, key, "ja")};
}

base::Timestamp time_at(const Json& json, std::string_view key) {
  return base::parse_rfc3339(text_at(json, key)).value_or(base::Timestamp{});
}

}  // namespace

std::string_view to_string(Event event) {
  return model::word_of(kEventWords, event);
}

std::optional<Event> event_of(std::string_view word) {
  return model::of_word(kEventWords, word);
}

Notice notice_about(Event event, const model::Incident& incident, base::Timestamp time) {
  Notice notice;
  notice.event = event;
  notice.incident = incident.id;
  notice.investigation = event == Event::kResolved ? std::string() : incident.investigation;
  notice.space = incident.space;
  notice.title = incident.title;
  notice.severity = incident.severity;
  notice.time = time;
  notice.since = incident.opened;
  notice.entity = incident.entity;
  return notice;
}

Notice notice_about(const model::Incident& incident, const model::Investigation& investigation,
                    const model::Text& now) {
  Notice notice = notice_about(Event::kEnded, incident, investigation.ended.value_or(incident.changed));
  const bool failed = investigation.status == model::InvestigationStatus::kFailed;
  notice.investigation = investigation.id;
  notice.outcome = failed ? "failed" : investigation.outcome;
  notice.what = failed ? investigation.failure : investigation.headline;
  notice.mode = investigation.mode;
  notice.probability = investigation.probability;
  notice.now = now;
  if (!investigation.entity.empty()) notice.entity = investigation.entity;
  return notice;
}

std::string to_json(const Notice& n) {
  return base::dump_json({{"event", to_string(n.event)},
                          {"incident", n.incident},
                          {"investigation", n.investigation},
                          {"space", n.space},
                          {"title", n.title},
                          {"severity", model::to_string(n.severity)},
                          {"time", base::format_rfc3339(n.time)},
                          {"since", base::format_rfc3339(n.since)},
                          {"outcome", n.outcome},
                          {"mode", n.mode},
                          {"entity", n.entity},
                          {"what", json_of(n.what)},
                          {"probability", n.probability},
                          {"now", json_of(n.now)},
                          {"link", n.link},
                          {"reference", n.reference}});
}

base::Result<Notice> notice_of(std::string_view text) {
  MIDWATCH_TRY(const Json json, base::parse_json(text));
  const auto event = event_of(text_at(json, "event"));
  if (!event || !json.is_object())
    return base::environment_error(base::ErrorCode::kMalformed,
                                   "a notification in the store tells of nothing");
  Notice n;
  n.event = *event;
  n.incident = text_at(json, "incident");
  n.investigation = text_at(json, "investigation");
  n.space = text_at(json, "space");
  n.title = text_at(json, "title");
  n.severity = model::severity_of(text_at(json, "severity")).value_or(model::Severity::kUnknown);
  n.time = time_at(json, "time");
  n.since = time_at(json, "since");
  n.outcome = text_at(json, "outcome");
  n.mode = text_at(json, "mode");
  n.entity = text_at(json, "entity");
  n.what = both_at(json, "what");
  n.probability = base::number_at(json, "probability").value_or(0);
  n.now = both_at(json, "now");
  n.link = text_at(json, "link");
  n.reference = text_at(json, "reference");
  return n;
}

}  // namespace midwatch::notify
