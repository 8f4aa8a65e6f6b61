#include <nlohmann/json.hpp>

#include "src/api/access.h"
#include "src/api/body.h"
#include "src/api/change.h"
#include "src/api/json_of.h"
#include "src/api/resources.h"
#include "src/base/json_access.h"
#include "src/base/redact.h"
#include "src/base/try.h"
#include "src/base/utf8.h"

namespace midwatch::api {
namespace {

constexpr std::size_t kLongestMessage = 2000;  // characters

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

}  // namespace

Answer get_investigation(const ApiDependencies& api, const Call& call) {
  return reading(api.store, [&](store::Session& session) -> base::Result<http::ServerResponse> {
    MIDWATCH_TRY(const auto investigation, visible_investigation(session, call.caller, call.part("id")));
    return json_answer(200, json_of(investigation));
  });
}

Answer list_journal(const ApiDependencies& api, const Call& call) {
  constexpr std::uint64_t kAny = std::uint64_t{1} << 62U;
  MIDWATCH_TRY(const std::uint64_t after, number_parameter(call, "after", 0, kAny, 0));
  MIDWATCH_TRY(const std::size_t limit, limit_parameter(call));
  return reading(api.store, [&](store::Session& session) -> base::Result<http::ServerResponse> {
    MIDWATCH_TRY(const auto investigation, visible_investigation(session, call.caller, call.part("id")));
    MIDWATCH_TRY(const auto entries, session.journal(investigation.id, after, limit));
    return json_answer(200, journal_json(entries));
  });
}

Answer steer(const ApiDependencies& api, const Call& call) {
  static constexpr Member kMembers[] = {{"text", MemberKind::kText, true, kLongestMessage}};
  MIDWATCH_TRY(const auto body, read_body(call, kMembers));
  const std::string written = base::redact(base::text_at(body, "text"));
  const std::string text = base::printable(written, 4 * kLongestMessage);
  return answer_change(
      api, call, "steer",
      [&](store::Session& session) -> base::Result<ChangeAnswer> {
        MIDWATCH_TRY(const auto investigation, visible_investigation(session, call.caller, call.part("id")));
        model::JournalEntry entry;
        entry.investigation = investigation.id;
        entry.time = api.clock.now();
        entry.kind = "message";
        entry.what = {text, text};
        entry.data = base::dump_json({{"text", text}, {"by", call.caller.name}});
        MIDWATCH_TRY(const std::uint64_t sequence, session.append(entry));
        const model::Text kept{"The message was kept with the investigation.",
                               "メッセージを調査記録に残しました。"};
        base::Json json{
            {"understood", false}, {"action", "none"}, {"answer", json_of(kept)}, {"sequence", sequence}};
        return ChangeAnswer{202, std::move(json), investigation.id, investigation.space};
      },
      [&](const ChangeAnswer& steered) { tell_changed(api, steered, Change::Kind::kJournal); });
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
        investigation.status = model::InvestigationStatus::kCancelled;
        investigation.ended = api.clock.now();
        MIDWATCH_TRY_VOID(session.update_investigation(investigation));
        model::JournalEntry entry;
        entry.investigation = investigation.id;
        entry.time = *investigation.ended;
        entry.kind = "status";
        entry.what = {"Cancelled by " + call.caller.name + ".", call.caller.name + " が調査を中止しました。"};
        entry.data = base::dump_json({{"status", to_string(investigation.status)}});
        if (auto appended = session.append(entry); !appended) return std::move(appended).error();
        MIDWATCH_TRY(const auto stored, session.investigation(investigation.id));
        return ChangeAnswer{200, json_of(stored), stored.id, stored.space};
      },
      [&](const ChangeAnswer& cancelled) { tell_changed(api, cancelled, Change::Kind::kInvestigation); });
}

}  // namespace midwatch::api
