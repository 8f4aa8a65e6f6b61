#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/api/access.h"
#include "src/api/body.h"
#include "src/api/change.h"
#include "src/api/json_of.h"
#include "src/api/resources.h"
#include "src/api/steering.h"
#include "src/base/json_access.h"
#include "src/base/redact.h"
#include "src/base/try.h"
#include "src/base/utf8.h"

namespace midwatch::api {
namespace {

constexpr std::size_t kLongestMessage = 2000;  // characters
constexpr std::size_t kSpeakerBytes = 80;
/// Instructions to one investigation: each is weighed in every round, and shown in the report.
constexpr std::size_t kMostTold = 50;

/// A page of the JSON of each line of a journal.
base::Json journal_json(const std::vector<model::JournalEntry>& entries) {
  base::Json items = base::Json::array();
  for (const auto& entry : entries) items.push_back(json_of(entry));
  return {{"items", std::move(items)}};
}

bool has_ended(const model::Investigation& investigation) {
  return investigation.status != model::InvestigationStatus::kQueued &&
         investigation.status != model::InvestigationStatus::kRunning;
}

void tell_changed(const ApiDependencies& api, const ChangeAnswer& change, Change::Kind kind) {
  api.feed.publish({kind, change.object, change.space});
  api.watch.investigation_changed(change.object);
}

base::Result<> cancel(store::Session& session, model::Investigation& investigation,
                      const model::Speaker& speaker) {
  investigation.status = model::InvestigationStatus::kCancelled;
  investigation.ended = speaker.time;
  MIDWATCH_TRY_VOID(session.update_investigation(investigation));
  model::JournalEntry entry;
  entry.investigation = investigation.id;
  entry.time = speaker.time;
  entry.kind = "status";
  entry.what = {"Cancelled by " + speaker.by + ".", speaker.by + " が調査を中止しました。"};
  entry.data = base::dump_json({{"status", to_string(investigation.status)}});
  MIDWATCH_TRY([[maybe_unused]] const auto sequence, session.append(entry));
  return {};
}

/// Puts one that has ended into the queue again: it goes on from its journal. What it said last stays until
/// it says something else.
base::Result<> queue_again(const ApiDependencies& api, store::Session& session,
                           model::Investigation& investigation) {
  MIDWATCH_TRY_VOID(check_room(api, session, investigation.space));
  investigation.status = model::InvestigationStatus::kQueued;
  investigation.ended.reset();
  investigation.failure = {};
  return session.update_investigation(investigation);
}

/// Errors: kConflict where it was told as much as an investigation takes.
base::Result<> check_told(store::Session& session, const std::string& investigation) {
  constexpr std::size_t kAtOnce = 500;
  std::size_t told = 0;
  std::uint64_t after = 0;
  while (true) {
    MIDWATCH_TRY(const auto entries, session.journal(investigation, after, kAtOnce));
    if (entries.empty()) return {};
    after = entries.back().sequence;
    told += static_cast<std::size_t>(std::count_if(
        entries.begin(), entries.end(), [](const auto& entry) { return read_told(entry).has_value(); }));
    if (told >= kMostTold) {
      return base::user_error(
          base::ErrorCode::kConflict,
          fmt::format("this investigation was told {} things already; start another one", told));
    }
  }
}

/// The best answer so far; null where there is none yet.
base::Result<base::Json> report_so_far(store::Session& session, const std::string& investigation) {
  const auto document = session.document(investigation, "report");
  if (!document && document.error().code == base::ErrorCode::kNotFound) return base::Json();
  if (!document) return document.error();
  return base::parse_json(document->body);
}

model::Text with(const model::Text& answer, const model::Text& further) {
  return {answer.en + " " + further.en, answer.ja + further.ja};
}

/// Does what a message says to the investigation itself, and adds to the answer what comes of it.
base::Result<> obey(const ApiDependencies& api, store::Session& session, const Message& message,
                    UnderstoodMessage& understood, model::Investigation& investigation) {
  using model::InvestigationStatus;
  using model::SteeringAction;
  const bool ended = has_ended(investigation);
  if (understood.action == SteeringAction::kStop) {
    if (!ended) return cancel(session, investigation, message.speaker);
    understood.answer = {"The investigation has ended already; there is nothing to stop.",
                         "調査はすでに終わっているため、中止するものはありません。"};
  } else if (understood.action == SteeringAction::kContinue) {
    if (!ended) return {};
    if (investigation.status != InvestigationStatus::kDone) return queue_again(api, session, investigation);
    understood.answer = {
        "The investigation is done. Say what to look at or what to rule out, and it goes on.",
        "調査は完了しています。確認したい点や除外したい原因を書くと再開します。"};
  } else if (understood.directive) {
    MIDWATCH_TRY_VOID(check_told(session, investigation.id));
    static const model::Text kNextStep{"It is taken up at the next step.", "次のステップで反映します。"};
    static const model::Text kAgain{"The investigation is taken up again.", "調査を再開します。"};
    understood.answer = with(understood.answer, ended ? kAgain : kNextStep);
    if (ended) return queue_again(api, session, investigation);
  }
  return {};
}

base::Result<ChangeAnswer> take(const ApiDependencies& api, store::Session& session, const Message& message,
                                model::Investigation investigation) {
  MIDWATCH_TRY(const auto report, report_so_far(session, investigation.id));
  UnderstoodMessage understood = understand_message(message, investigation, report);
  const bool had_ended = has_ended(investigation);
  MIDWATCH_TRY_VOID(obey(api, session, message, understood, investigation));
  MIDWATCH_TRY(const std::uint64_t sequence,
               session.append(journal_entry_of(message, understood, investigation.id)));
  // Its own stream is over: who looks at it hears of a note as of any change, by the stream of its space.
  if (had_ended && has_ended(investigation)) MIDWATCH_TRY_VOID(session.update_investigation(investigation));
  base::Json json{{"understood", understood.action != model::SteeringAction::kNone},
                  {"action", to_string(understood.action)},
                  {"answer", json_of(understood.answer)},
                  {"sequence", sequence}};
  return ChangeAnswer{202, std::move(json), investigation.id, investigation.space};
}

}  // namespace

Answer list_investigations(const ApiDependencies& api, const Call& call) {
  store::InvestigationFilter filter;
  MIDWATCH_TRY(static_cast<store::Scope&>(filter), listed_scope(call));
  MIDWATCH_TRY(filter.status, word_parameter(call, "status", &model::investigation_status_of));
  MIDWATCH_TRY(const std::size_t limit, limit_parameter(call));
  return reading(api.store, [&](store::Session& session) -> base::Result<http::ServerResponse> {
    MIDWATCH_TRY(const auto page, session.investigations(filter, call.parameter("cursor"), limit));
    return json_answer(200, json_of(page));
  });
}

Answer get_investigation(const ApiDependencies& api, const Call& call) {
  return reading(api.store, [&](store::Session& session) -> base::Result<http::ServerResponse> {
    MIDWATCH_TRY(const auto investigation, visible_investigation(session, call.caller, call.part("id")));
    return json_answer(200, json_of(investigation));
  });
}

Answer list_journal(const ApiDependencies& api, const Call& call) {
  constexpr std::uint64_t kAny = std::uint64_t{1} << 62U;
  MIDWATCH_TRY(const std::uint64_t after, number_parameter(call, "after", 0, kAny, 0));
  store::JournalFilter filter;
  MIDWATCH_TRY(filter.time, range_parameter(call));
  filter.kind = call.parameter("kind");
  MIDWATCH_TRY(const std::size_t limit, limit_parameter(call));
  return reading(api.store, [&](store::Session& session) -> base::Result<http::ServerResponse> {
    MIDWATCH_TRY(const auto investigation, visible_investigation(session, call.caller, call.part("id")));
    MIDWATCH_TRY(const auto entries, session.journal(investigation.id, after, limit, filter));
    return json_answer(200, journal_json(entries));
  });
}

Answer steer(const ApiDependencies& api, const Call& call) {
  static constexpr Member kMembers[] = {{"text", MemberKind::kText, true, kLongestMessage},
                                        {"hypothesis", MemberKind::kObject}};
  static constexpr Member kHypothesis[] = {{"entity", MemberKind::kText, true, kLongestMessage},
                                           {"mode", MemberKind::kText, true}};
  MIDWATCH_TRY(const auto body, read_body(call, kMembers));
  Message message;
  if (const base::Json& about = base::at(body, "hypothesis"); about.is_object()) {
    MIDWATCH_TRY_VOID(check_members(about, kHypothesis, "hypothesis"));
    message.about = {base::text_at(about, "entity"), base::text_at(about, "mode")};
  }
  message.text = base::printable(base::redact(base::text_at(body, "text")), 4 * kLongestMessage);
  message.speaker.by = base::printable(call.caller.name, kSpeakerBytes);
  return answer_change(
      api, call, "steer",
      [&](store::Session& session) -> base::Result<ChangeAnswer> {
        MIDWATCH_TRY(auto investigation, visible_investigation(session, call.caller, call.part("id")));
        message.speaker.time = api.clock.now();
        return take(api, session, message, std::move(investigation));
      },
      [&](const ChangeAnswer& steered) {
        tell_changed(api, steered, Change::Kind::kJournal);
        api.feed.publish({Change::Kind::kInvestigation, steered.object, steered.space});
        api.watch.investigation_queued();
      });
}

Answer cancel_investigation(const ApiDependencies& api, const Call& call) {
  return answer_change(
      api, call, "cancelInvestigation",
      [&](store::Session& session) -> base::Result<ChangeAnswer> {
        MIDWATCH_TRY(auto investigation, visible_investigation(session, call.caller, call.part("id")));
        if (has_ended(investigation)) {
          return base::user_error(base::ErrorCode::kConflict,
                                  "the investigation has ended already; there is nothing to cancel");
        }
        MIDWATCH_TRY_VOID(cancel(session, investigation, {call.caller.name, api.clock.now()}));
        MIDWATCH_TRY(const auto stored, session.investigation(investigation.id));
        return ChangeAnswer{200, json_of(stored), stored.id, stored.space};
      },
      [&](const ChangeAnswer& cancelled) { tell_changed(api, cancelled, Change::Kind::kInvestigation); });
}

}  // namespace midwatch::api
