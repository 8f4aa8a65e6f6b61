#include <algorithm>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/api/access.h"
#include "src/api/change.h"
#include "src/api/json_of.h"
#include "src/api/resources.h"
#include "src/base/json_access.h"
#include "src/base/try.h"

namespace midwatch::api {
namespace {

using base::Json;

bool is_shown(const Caller& caller, const Json& item) {
  return may_see(caller, base::text_at(item, "space"));
}

/// The spaces of a target that the caller may see; a target without spaces is told of all.
std::vector<std::string> spaces_of(const Caller& caller, const Json& target) {
  std::vector<std::string> shown;
  const Json& spaces = base::list_at(target, "spaces");
  for (const std::string& space : caller.spaces) {
    if (spaces.empty() || std::find(spaces.begin(), spaces.end(), space) != spaces.end())
      shown.push_back(space);
  }
  return shown;
}

base::Result<Json> last_delivery(store::Session& session, const Json& webhook) {
  store::DeliveryFilter filter;
  filter.spaces = {base::text_at(webhook, "space")};
  filter.sender = base::text_at(webhook, "name");
  MIDWATCH_TRY(const auto page, session.deliveries(filter, "", 1));
  return page.items.empty() ? Json() : json_of(page.items.front());
}

base::Result<Json> last_message(store::Session& session, const Json& target,
                                const std::vector<std::string>& spaces) {
  store::OutboxFilter filter;
  filter.spaces = spaces;
  filter.target = base::text_at(target, "name");
  MIDWATCH_TRY(const auto page, session.outbox(filter, "", 1));
  return page.items.empty() ? Json() : json_of(page.items.front());
}

/// Of the settings, what the caller may see, with what became of the last messages.
base::Result<Json> shown_settings(store::Session& session, const Caller& caller, const Json& all) {
  Json shown = all;
  for (const char* list : {"spaces", "webhooks", "targets"}) shown[list] = Json::array();
  for (const Json& space : base::list_at(all, "spaces")) {
    if (may_see(caller, base::text_at(space, "name"))) shown["spaces"].push_back(space);
  }
  for (const Json& webhook : base::list_at(all, "webhooks")) {
    if (!is_shown(caller, webhook)) continue;
    Json& item = shown["webhooks"].emplace_back(webhook);
    MIDWATCH_TRY(auto last, last_delivery(session, webhook));
    if (!last.is_null()) item["last"] = std::move(last);
  }
  for (const Json& target : base::list_at(all, "targets")) {
    const auto spaces = spaces_of(caller, target);
    if (spaces.empty()) continue;
    Json& item = shown["targets"].emplace_back(target);
    MIDWATCH_TRY(auto last, last_message(session, target, spaces));
    if (!last.is_null()) item["last"] = std::move(last);
  }
  return shown;
}

/// The item of a list of the settings by its name; null where there is none.
Json named(const Json& settings, const char* list, const std::string& name) {
  for (const Json& item : base::list_at(settings, list)) {
    if (base::text_at(item, "name") == name) return item;
  }
  return Json();
}

base::Error nothing_of_this_name(std::string_view what) {
  return base::user_error(base::ErrorCode::kNotFound, fmt::format("there is no {} of this name", what));
}

/// What cannot be tried is a conflict with how it is set up, not a fault of the server.
base::Error as_conflict(base::Error error) {
  if (error.code == base::ErrorCode::kUnsupported) error.code = base::ErrorCode::kConflict;
  return error;
}

}  // namespace

Answer get_settings(const ApiDependencies& api, const Call& call) {
  const Json all = api.watch.settings();
  return reading(api.store, [&](store::Session& session) -> base::Result<http::ServerResponse> {
    MIDWATCH_TRY(const auto shown, shown_settings(session, call.caller, all));
    return json_answer(200, shown);
  });
}

Answer test_webhook(const ApiDependencies& api, const Call& call) {
  const std::string name = call.part("webhook");
  const Json all = api.watch.settings();
  const Json webhook = named(all, "webhooks", name);
  if (!webhook.is_object() || !is_shown(call.caller, webhook)) return nothing_of_this_name("webhook");
  const auto rehearsal = api.watch.rehearse(name);
  if (!rehearsal) return as_conflict(rehearsal.error());
  Json body{{"triage", json_of(rehearsal->triage.value_or(model::Triage()), "")}};
  if (!rehearsal->proof.empty()) body["proof"] = rehearsal->proof;
  return answer_change(
      api, call, "testWebhook",
      [&](store::Session&) -> base::Result<ChangeAnswer> {
        return ChangeAnswer{200, body, name, base::text_at(webhook, "space")};
      },
      [](const ChangeAnswer&) {});
}

Answer test_target(const ApiDependencies& api, const Call& call) {
  const std::string name = call.part("target");
  const Json all = api.watch.settings();
  const Json target = named(all, "targets", name);
  const auto spaces = target.is_object() ? spaces_of(call.caller, target) : std::vector<std::string>();
  if (spaces.empty()) return nothing_of_this_name("target");
  auto answer = answer_change(
      api, call, "testTarget",
      [&](store::Session& session) -> base::Result<ChangeAnswer> {
        MIDWATCH_TRY(const auto id, api.watch.announce_test(session, name, spaces.front(), call.caller.name));
        MIDWATCH_TRY(const auto message, session.outbox_message(id));
        return ChangeAnswer{202, json_of(message), name, spaces.front()};
      },
      [](const ChangeAnswer&) {});
  if (!answer) return as_conflict(std::move(answer).error());
  return answer;
}

}  // namespace midwatch::api
