#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/api/access.h"
#include "src/api/body.h"
#include "src/api/change.h"
#include "src/api/json_of.h"
#include "src/api/resources.h"
#include "src/base/json_access.h"
#include "src/base/try.h"

namespace midwatch::api {
namespace {

http::ServerResponse plain_answer(std::string_view media_type, std::string body) {
  http::ServerResponse response;
  response.set("Content-Type", std::string(media_type));
  response.body = std::move(body);
  return response;
}

/// The spaces whose lines of the audit are asked for: the one that is named, or all of the caller's and "",
/// since what happened in no space any admin may see.
base::Result<std::vector<std::string>> audited_spaces(const Call& call) {
  if (!call.parameter("space").empty()) return listed_spaces(call);
  std::vector<std::string> spaces = call.caller.spaces;
  spaces.emplace_back();
  return spaces;
}

}  // namespace

Answer get_health(const ApiDependencies&, const Call&) {
  return json_answer(200, {{"status", "ok"}});
}

Answer get_readiness(const ApiDependencies& api, const Call&) {
  // An empty transaction that writes: it needs the lock and the disk.
  MIDWATCH_TRY_VOID(api.store.write([](store::Session&) -> base::Result<> { return {}; }));
  base::Json health{{"status", "ok"}};
  if (const std::size_t failing = api.watch.polling_failing(); failing > 0)
    health["polling_failing"] = failing;
  return json_answer(200, health);
}

Answer get_metrics(const ApiDependencies& api, const Call&) {
  return plain_answer("text/plain; version=0.0.4; charset=utf-8", api.metrics ? api.metrics() : "");
}

Answer get_server(const ApiDependencies& api, const Call& call) {
  base::Json spaces = base::Json::array();
  for (const auto& space : api.watch.spaces()) {
    if (may_see(call.caller, space)) spaces.push_back(space);
  }
  base::Json worlds = base::Json::array();
  for (const auto& world : api.watch.worlds()) {
    if (may_see(call.caller, world.space)) worlds.push_back({{"name", world.name}, {"title", world.title}});
  }
  return json_answer(200, {{"version", api.options.version},
                           {"spaces", std::move(spaces)},
                           {"who", {{"name", call.caller.name}, {"role", to_string(call.caller.role)}}},
                           {"worlds", std::move(worlds)}});
}

Answer get_topology(const ApiDependencies& api, const Call& call) {
  const std::string space = call.part("space");
  MIDWATCH_TRY_VOID(check_space(call.caller, space));
  const std::string format = call.parameter("format");
  if (format == "mermaid") {
    MIDWATCH_TRY(auto drawing, api.watch.topology_as_mermaid(space, call.parameter("entity")));
    return plain_answer("text/plain; charset=utf-8", std::move(drawing));
  }
  if (!format.empty() && format != "json") return not_one_of_the_words("format", format);
  MIDWATCH_TRY(const auto topology, api.watch.topology(space, call.parameter("entity")));
  return json_answer(200, topology);
}

Answer list_sources(const ApiDependencies& api, const Call& call) {
  const std::string space = call.part("space");
  MIDWATCH_TRY_VOID(check_space(call.caller, space));
  const std::string language = call.parameter("language");
  if (!language.empty() && language != "en" && language != "ja")
    return not_one_of_the_words("language", language);
  MIDWATCH_TRY(const auto sources, api.watch.sources(space, language == "ja" ? model::Language::kJapanese
                                                                             : model::Language::kEnglish));
  return json_answer(200, sources);
}

Answer break_something(const ApiDependencies& api, const Call& call) {
  static constexpr Member kMembers[] = {{"world", MemberKind::kText, true}, {"seed", MemberKind::kWhole}};
  MIDWATCH_TRY(const auto body, read_body(call, kMembers));
  const std::uint64_t seed = body.contains("seed") ? body["seed"].get<std::uint64_t>() : 1;
  if (seed == 0)
    return base::user_error(base::ErrorCode::kInvalidArgument, "the member seed of the body must be from 1");
  const std::string world = base::text_at(body, "world");
  const auto worlds = api.watch.worlds();
  const auto known = std::find_if(worlds.begin(), worlds.end(), [&](const SandboxWorld& w) {
    return w.name == world && may_see(call.caller, w.space);
  });
  if (known == worlds.end())
    return base::user_error(base::ErrorCode::kNotFound, "the sandbox has no such world");
  MIDWATCH_TRY(auto before, answered_before(api, call));
  if (before) return *std::move(before);
  Opening opening;
  opening.id = "inc-" + api.ids.next_uuid();
  opening.space = known->space;
  // Not what the world is called: that would give the answer away.
  MIDWATCH_TRY(opening.alarm, api.watch.break_something(opening.id, world, seed));
  opening.title = opening.alarm;
  opening.severity = model::Severity::kHigh;
  opening.start.latest = true;
  return answer_change(
      api, call, "breakSomething",
      [&](store::Session& session) -> base::Result<ChangeAnswer> {
        MIDWATCH_TRY(const auto incident, open_incident(api, session, opening));
        MIDWATCH_TRY(auto json, incident_json(session, incident));
        return ChangeAnswer{201, std::move(json), incident.id, incident.space};
      },
      [&](const ChangeAnswer& answer) { tell_queued(api, answer.object, answer.space); });
}

Answer list_audit(const ApiDependencies& api, const Call& call) {
  constexpr std::uint64_t kAny = std::uint64_t{1} << 62U;
  MIDWATCH_TRY(const std::uint64_t after, number_parameter(call, "after", 0, kAny, 0));
  MIDWATCH_TRY(const std::size_t limit, limit_parameter(call));
  store::AuditFilter filter;
  MIDWATCH_TRY(filter.spaces, audited_spaces(call));
  MIDWATCH_TRY(filter.time, range_parameter(call));
  filter.who = call.parameter("who");
  filter.action = call.parameter("action");
  return reading(api.store, [&](store::Session& session) -> base::Result<http::ServerResponse> {
    MIDWATCH_TRY(const auto lines, session.audit_lines(filter, after, limit));
    base::Json items = base::Json::array();
    for (const auto& line : lines) items.push_back(json_of(line));
    return json_answer(200, {{"items", std::move(items)}});
  });
}

}  // namespace midwatch::api
