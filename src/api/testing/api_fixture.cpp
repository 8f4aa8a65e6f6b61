#include "src/api/testing/api_fixture.h"

#include <stdexcept>

#include "src/base/digest.h"
#include "src/base/json_access.h"
#include "src/base/try.h"

namespace midwatch::api::testing {
namespace {

using namespace std::chrono_literals;

/// The steps of an ended investigation.
constexpr std::array<const char*, 3> kSteps{"planning", "finding", "status"};

base::Result<> add_alarms(store::Session& session, const std::string& space, base::Timestamp now) {
  for (const bool linked : {false, true}) {
    store::StoredAlarm stored;
    stored.alarm.id = (linked ? "linked-" : "alm-") + space;
    stored.alarm.space = space;
    stored.alarm.sender = "pager";
    stored.alarm.dialect = "generic";
    stored.alarm.key = stored.alarm.id;
    stored.alarm.name = "slow checkout";
    stored.alarm.entity = "service/checkout";
    stored.alarm.labels = {{"team", "payments"}};
    stored.alarm.since = now;
    stored.alarm.received = now;
    stored.triage.decision = linked ? model::TriageDecision::kLinked : model::TriageDecision::kProceed;
    stored.triage.incident = "inc-" + space;
    stored.triage.reason = {"because", "理由"};
    stored.delivery = "dlv-" + space;
    MIDWATCH_TRY_VOID(session.add_alarm(stored));
  }
  return {};
}

base::Result<> add_investigation(store::Session& session, const std::string& space, base::Timestamp now) {
  model::Investigation running;
  running.id = "run-" + space;
  running.incident = "inc-" + space;
  running.space = space;
  running.start.latest = true;
  running.requested = now;
  MIDWATCH_TRY_VOID(session.add_investigation(running));
  model::Investigation ended = running;
  ended.id = "inv-" + space;
  ended.status = model::InvestigationStatus::kDone;
  ended.start.window = base::TimeRange{now - 1h, now};
  ended.started = now;
  ended.ended = now;
  ended.outcome = "root_cause";
  ended.headline = {"The disk is full.", "ディスクが満杯です。"};
  ended.entity = "service/checkout";
  ended.mode = "storage-full";
  ended.probability = 0.9;
  MIDWATCH_TRY_VOID(session.add_investigation(ended));
  for (const char* kind : kSteps) {
    model::JournalEntry entry;
    entry.investigation = ended.id;
    entry.time = now;
    entry.kind = kind;
    entry.what = {"a step", "手順"};
    entry.data = R"({"status":"done"})";
    if (auto appended = session.append(entry); !appended) return std::move(appended).error();
  }
  const std::string report = R"({"format":"midwatch.report/v1","headline":{"en":"full","ja":"満杯"}})";
  MIDWATCH_TRY_VOID(session.put_document({ended.id, "report", "application/json", report}));
  for (const std::string language : {"en", "ja"}) {
    const std::string name = "report." + language;
    const std::string page = "<style>b{color:red}</style><b style=\"width:40%\">" + language + "</b>";
    MIDWATCH_TRY_VOID(session.put_document({ended.id, name + ".html", "text/html", page}));
    MIDWATCH_TRY_VOID(session.put_document({ended.id, name + ".md", "text/markdown", "# " + language}));
    MIDWATCH_TRY_VOID(session.put_document({ended.id, name + ".txt", "text/plain", language}));
  }
  return session.put_document({ended.id, "recording", "application/gzip", "\x1f\x8b bundle"});
}

base::Result<> fill(store::Session& session, const std::string& space, base::Timestamp now) {
  auto added = session.add_delivery({"dlv-" + space, space, "pager", "1", now, "{}", ""});
  if (!added) return std::move(added).error();
  model::Incident incident;
  incident.id = "inc-" + space;
  incident.space = space;
  incident.title = "slow checkout";
  incident.severity = model::Severity::kHigh;
  incident.entity = "service/checkout";
  incident.alarm = "slow checkout";
  incident.opened = now;
  incident.changed = now;
  incident.alarms = 2;
  incident.firing = 2;
  MIDWATCH_TRY_VOID(session.add_incident(incident));
  MIDWATCH_TRY_VOID(add_alarms(session, space, now));
  MIDWATCH_TRY_VOID(add_investigation(session, space, now));
  MIDWATCH_TRY_VOID(session.add_outbox({"ntf-" + space, "slack", "key-" + space, "{}", 1, now, incident.id,
                                        space, now, store::OutboxState::kSent, "", "1.5"}));
  MIDWATCH_TRY_VOID(
      session.add_outbox({"lost-" + space, "slack", "lost-key-" + space, "{}", 12, now, incident.id, space,
                          now, store::OutboxState::kFailed, "it was down", ""}));
  MIDWATCH_TRY_VOID(session.add_token(
      {"tok-" + space, "ci", "of-" + space, {{space, Role::kViewer}}, "cli/root", now, {}, {}}));
  incident.investigation = "inv-" + space;
  return session.update_incident(incident);
}

/// What the browser of a user keeps.
std::string secret_of(const std::string& user) {
  return base::sha256_hex(user);
}

base::Result<> add_users(store::Session& session, const identity::Passwords& passwords, base::Timestamp now) {
  MIDWATCH_TRY(const std::string hash, passwords.hash(ApiUnderTest::kPassword));
  const std::vector<std::pair<std::string, std::vector<model::Grant>>> users{
      {"sam", {{"shop", Role::kAdmin}}},
      {"rita", {{"other", Role::kAdmin}, {"shop", Role::kViewer}}},
      {"bob-shop", {{"shop", Role::kViewer}}},
      {"bob-other", {{"other", Role::kViewer}}}};
  for (const auto& [name, grants] : users) {
    MIDWATCH_TRY_VOID(session.add_user({name, hash, grants, false, now, now}));
    MIDWATCH_TRY_VOID(session.add_sign_in(sign_in_of(name, now)));
  }
  return {};
}

knowledge::KnowledgeBase small_knowledge() {
  knowledge::KnowledgeBase knowledge;
  knowledge::FailureMode mode;
  mode.id = "storage-full";
  mode.kind = "capacity";
  mode.source_file = "modes/storage/storage-full.yaml";
  mode.title = {"Storage is full", "ストレージが満杯"};
  mode.signs.push_back({"sign.no_space_left", knowledge::Place::kSelf, 0.9, 0.01, "", {}, true, false, {}});
  knowledge.modes.push_back(std::move(mode));
  return knowledge;
}

base::Result<Caller> caller_by_name(const http::ServerRequest& request) {
  static const std::map<std::string, Caller, std::less<>> kCallers{
      {"Bearer vera", {"vera", Role::kViewer, {"shop"}}},
      {"Bearer olga", {"olga", Role::kOperator, {"shop"}}},
      {"Bearer ada", {"ada", Role::kAdmin, {"shop"}}},
      {"Bearer eve", {"eve", Role::kAdmin, {"other"}}},
      {"Bearer nils", {"nils", Role::kAdmin, {}}},
  };
  const auto found = kCallers.find(request.header("Authorization"));
  if (found != kCallers.end()) return found->second;
  return base::user_error(base::ErrorCode::kUnauthenticated, "say who you are");
}

/// As a client on this machine sends it.
http::ServerRequest as_sent(Request request) {
  http::ServerRequest sent{std::move(request.method), std::move(request.target), std::move(request.headers),
                           std::move(request.body), "127.0.0.1"};
  if (sent.header("Host").empty()) sent.headers.emplace_back("Host", "127.0.0.1:8080");
  if (!sent.body.empty() && sent.header("Content-Type").empty())
    sent.headers.emplace_back("Content-Type", "application/json");
  return sent;
}

}  // namespace

base::Result<Receipt> FakeWatch::receive(const std::string& webhook, const http::ServerRequest& request) {
  if (webhook != "pager") return base::user_error(base::ErrorCode::kNotFound, "no such webhook");
  if (request.header("X-Secret") != "right")
    return base::external_error(base::ErrorCode::kUnauthenticated, "the secret is wrong");
  if (auto body = base::parse_json(request.body); !body) return std::move(body).error();
  Receipt receipt;
  receipt.delivery = "dlv-new";
  receipt.alarms.push_back(
      {"alm-new", {model::TriageDecision::kSkipped, "", "night", {"asleep", "夜間"}, false}});
  return receipt;
}

base::Result<Pressed> FakeWatch::pressed(const std::string& target, const http::ServerRequest& request) {
  if (target != "on-call") return base::user_error(base::ErrorCode::kNotFound, "no such target");
  if (request.header("X-Secret") != "right")
    return base::user_error(base::ErrorCode::kUnauthenticated, "the signature is wrong");
  const auto parsed = base::parse_json(request.body);
  if (!parsed) return base::user_error(base::ErrorCode::kMalformed, "it is no press");
  const base::Json& body = *parsed;
  Pressed pressed;
  pressed.by = base::text_at(body, "by");
  pressed.spaces = {base::text_at(body, "space")};
  pressed.key = base::text_at(body, "key");
  pressed.investigation = base::text_at(body, "investigation");
  pressed.says = base::text_at(body, "says");
  pressed.judgement = model::judgement_of(base::text_at(body, "judgement"));
  return pressed;
}

void FakeWatch::investigation_queued() {
  const std::lock_guard lock(mutex_);
  ++queued_;
}

void FakeWatch::investigation_changed(const std::string& investigation) {
  const std::lock_guard lock(mutex_);
  changed_.push_back(investigation);
}

base::Result<base::Json> FakeWatch::topology(const std::string&, const std::string& entity) {
  if (entity == "unreachable")
    return base::external_error(base::ErrorCode::kPermissionDenied, "the account refuses to be read");
  return base::Json{{"entities", {{{"id", "a"}, {"name", "A"}, {"type", "host"}}}},
                    {"relations", {{{"from", "a"}, {"to", "b"}, {"type", "calls"}}}}};
}

base::Result<std::string> FakeWatch::topology_as_mermaid(const std::string&, const std::string&) {
  return std::string("flowchart LR\n");
}

base::Result<base::Json> FakeWatch::sources(const std::string&, model::Language language) {
  return base::Json{{"format", "midwatch.doctor/v1"},
                    {"advice", model::Text{"allow it", "許可してください"}.in(language)}};
}

base::Json FakeWatch::settings() const {
  base::Json settings{{"file", "midwatch.yaml"},
                      {"spaces", base::Json::array()},
                      {"webhooks", base::Json::array()},
                      {"targets", base::Json::array()}};
  for (const std::string space : {"shop", "other"}) {
    settings["spaces"].push_back(
        {{"name", space},
         {"deadline_s", 60},
         {"calls", 80},
         {"at_once", 20},
         {"skip", {{{"name", "skip rule 1"}, {"alarm", "*-canary"}, {"reason", "probes of dlv-" + space}}}}});
    for (const std::string kind : {"pager", "sns"}) {
      settings["webhooks"].push_back({{"name", kind == "pager" ? kind : space + "-" + kind},
                                      {"space", space},
                                      {"dialect", "generic"},
                                      {"title", "generic webhook"},
                                      {"path", "/webhooks/" + kind},
                                      {"proofs", {"bearer"}},
                                      {"secrets", 1},
                                      {"unauthenticated", false},
                                      {"topics", base::Json::array()}});
    }
    settings["targets"].push_back({{"name", space + "-chat"},
                                   {"kind", "slack"},
                                   {"spaces", {space}},
                                   {"events", {"ended"}},
                                   {"language", "en"},
                                   {"where", "C1"}});
  }
  settings["targets"].push_back({{"name", "slack"},
                                 {"kind", "slack"},
                                 {"spaces", base::Json::array()},
                                 {"events", {"ended"}},
                                 {"language", "ja"},
                                 {"where", "C2"}});
  return settings;
}

base::Result<Rehearsal> FakeWatch::rehearse(const std::string& webhook) {
  if (webhook.ends_with("-sns"))
    return base::user_error(base::ErrorCode::kUnsupported, "only the sender can sign");
  return Rehearsal{"bearer", model::Triage{model::TriageDecision::kProceed, "", "", {"new", "新規"}, false}};
}

base::Result<std::string> FakeWatch::announce_test(store::Session& session, const std::string& target,
                                                   const std::string& space, const std::string& by) {
  if (target == "shop-chat") return base::user_error(base::ErrorCode::kUnsupported, "notes alone");
  store::OutboxMessage message;
  message.id = "ntf-test-" + target;
  message.target = target;
  message.key = message.id + by;
  message.body = "{}";
  message.space = space;
  MIDWATCH_TRY_VOID(session.add_outbox(message));
  return message.id;
}

base::Result<std::string> FakeWatch::break_something(const std::string& incident, const std::string&,
                                                     std::uint64_t) {
  const std::lock_guard lock(mutex_);
  broken_.push_back(incident);
  return std::string("disk-used");
}

std::vector<std::string> FakeWatch::broken() const {
  const std::lock_guard lock(mutex_);
  return broken_;
}

int FakeWatch::queued() const {
  const std::lock_guard lock(mutex_);
  return queued_;
}

std::vector<std::string> FakeWatch::changed() const {
  const std::lock_guard lock(mutex_);
  return changed_;
}

ApiUnderTest::ApiUnderTest(std::unique_ptr<store::Store> given, ApiOptions options,
                           const identity::OidcConfig* vouches)
    : store(std::move(given)), knowledge(small_knowledge()), sign_ins(*store, clock, passwords, {}) {
  const auto filled = store->write([&](store::Session& session) -> base::Result<> {
    MIDWATCH_TRY_VOID(add_users(session, passwords, clock.now()));
    MIDWATCH_TRY_VOID(fill(session, "shop", clock.now()));
    return fill(session, "other", clock.now());
  });
  if (!filled) throw std::runtime_error(filled.error().describe());
  options.version = "1.2.3";
  ApiDependencies dependencies{*store, watch, feed, knowledge, clock, ids, &caller_by_name};
  dependencies.page = [](std::string_view path) -> std::optional<Page> {
    if (path == "/") return Page{"<!doctype html>", "text/html; charset=utf-8", false};
    if (path == "/assets/app-1.js") return Page{"run()", "text/javascript", true, "packed"};
    return std::nullopt;
  };
  dependencies.metrics = [] { return std::string("midwatch_up 1\n"); };
  dependencies.options = options;
  dependencies.sign_ins = &sign_ins;
  if (vouches != nullptr) dependencies.provider = &provider.emplace(*vouches, http, clock);
  handler_ = make_api(std::move(dependencies));
}

http::ServerResponse ApiUnderTest::send_as(const std::string& who, Request request) const {
  request.headers.emplace_back("Authorization", "Bearer " + who);
  return handler_(as_sent(std::move(request)));
}

http::ServerResponse ApiUnderTest::send_signed_in(const std::string& user, Request request) const {
  for (auto& header : session_headers(user)) request.headers.push_back(std::move(header));
  return handler_(as_sent(std::move(request)));
}

http::ServerResponse ApiUnderTest::send_plain(const Request& request) const {
  return handler_(as_sent(request));
}

store::SignIn sign_in_of(const std::string& user, base::Timestamp now) {
  return {base::sha256_hex(secret_of(user)), user, user, {}, now, now, now + 24h};
}

std::vector<std::pair<std::string, std::string>> session_headers(const std::string& user) {
  const std::string secret = secret_of(user);
  return {{"Cookie", "theme=dark; midwatch-loopback=" + secret},
          {"X-Midwatch-CSRF", base::to_hex(base::hmac_sha256(secret, "midwatch csrf"))}};
}

base::Json json_body(const http::ServerResponse& response) {
  auto parsed = base::parse_json(response.body);
  return parsed ? *std::move(parsed) : base::Json();
}

std::string header_of(const http::ServerResponse& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace midwatch::api::testing
