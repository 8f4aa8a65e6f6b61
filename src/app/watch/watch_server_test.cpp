#include "src/app/watch/watch_server.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <latch>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "src/app/sandbox_hosting.h"
#include "src/app/watch/folder_archive.h"
#include "src/app/watch/investigation_trace.h"
#include "src/app/watch/store_opening.h"
#include "src/base/digest.h"
#include "src/base/json.h"
#include "src/base/try.h"
#include "src/http/curl_client.h"
#include "src/http/server/server.h"
#include "src/http/testing/imposter_server.h"
#include "src/http/url.h"
#include "src/identity/users.h"
#include "src/store/sqlite/sqlite_store.h"

namespace midwatch::app {
namespace {

using base::Json;
using http::testing::ImposterAnswer;
using http::testing::ImposterServer;
using http::testing::ReceivedRequest;

/// A whole server on loopback, with a sandbox and a webhook, and a client.
class WatchServerTest : public testing::Test {
 protected:
  void SetUp() override {
    // The account of the space `shop`: nobody answers, and nothing but loopback is asked.
    setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "nothing", 1);
    setenv("AWS_REGION", "us-east-1", 1);
    setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1", 1);
    setenv("AWS_EC2_METADATA_DISABLED", "true", 1);
    auto folder = TemporaryFolder::make();
    ASSERT_TRUE(folder);
    folder_.emplace(*std::move(folder));
    std::ofstream(folder_->path() + "/secret") << "opensesame";
    start();
  }

  void start() {
    WatchServer::Options options;
    options.config.listen = fmt::format("127.0.0.1:{}", port_);
    options.config.notify = notify_;
    options.config.telemetry = telemetry_;
    options.patience = patience_;
    options.config.store = folder_->path() + "/midwatch.db";
    options.config.workers = workers_;
    options.config.sandbox = true;
    options.config.spaces.emplace_back().name = "shop";
    options.config.spaces.back().polling = polling_;
    WebhookConfig& webhook = options.config.webhooks.emplace_back();
    webhook.name = "alerts";
    webhook.dialect = "alertmanager";
    webhook.space = "shop";
    webhook.secrets.push_back({"", folder_->path() + "/secret"});
    WebhookConfig& sns = options.config.webhooks.emplace_back();
    sns.name = "sns";
    sns.dialect = "cloudwatch-sns";
    sns.space = "shop";
    sns.topics = {"*"};
    sns.certificate_hosts = {fmt::format("127.0.0.1:{}", account_port_)};
    options.log = [](const base::LogRecord& record) {
      if (record.level >= base::LogLevel::kWarning)
        ADD_FAILURE() << base::log_line(record, {}, base::LogFormat::kText);
    };
    auto server = WatchServer::start(std::move(options), clock_);
    ASSERT_TRUE(server) << server.error().describe();
    server_ = *std::move(server);
    const std::string address = server_->address();
    port_ = address.substr(address.rfind(':') + 1);
  }

  http::HttpResponse send(const std::string& method, const std::string& path, const std::string& body = "",
                          const std::string& token = "") {
    http::HttpRequest request;
    request.method = method;
    request.url = server_->address() + path;
    request.body = body;
    if (!body.empty()) request.headers.emplace_back("Content-Type", "application/json");
    if (method == "PATCH") request.headers.emplace_back("If-Match", "*");
    if (!token.empty()) request.headers.emplace_back("Authorization", "Bearer " + token);
    auto answer = client_.send(runtime::RequestContext::unlimited(clock_), request);
    EXPECT_TRUE(answer) << answer.error().describe();
    return answer ? *answer : http::HttpResponse();
  }
  Json get(const std::string& path) {
    const auto answer = send("GET", path);
    EXPECT_EQ(answer.status, 200) << path << ": " << answer.body;
    const auto json = base::parse_json(answer.body);
    return json ? *json : Json();
  }

  /// Every byte of the store, also of what its journal still holds.
  std::string stored() const {
    std::string all;
    for (const char* ending : {"", "-wal"}) {
      std::ifstream file(folder_->path() + "/midwatch.db" + ending, std::ios::binary);
      all.append(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    EXPECT_NE(all.find("sign_ins"), std::string::npos) << "this is not the store";
    return all;
  }

  /// Follows the events of an investigation until they end.
  std::string follow(const std::string& investigation) {
    return send("GET", fmt::format("/api/v1/investigations/{}/events", investigation)).body;
  }

  /// One that was free a moment ago: each of account and server has to know where the other is.
  static std::uint16_t free_port() {
    const auto server =
        http::Server::start({}, [](const http::ServerRequest&) { return http::ServerResponse(); });
    return server ? (*server)->port() : std::uint16_t{0};
  }

  base::SystemClock clock_;
  std::string port_ = "0";  ///< the same after a restart
  std::uint64_t workers_ = 2;
  NotifyConfig notify_;
  notify::Patience patience_;
  std::optional<PollingConfig> polling_;
  TelemetryConfig telemetry_;
  std::uint16_t account_port_ = free_port();
  http::CurlClient client_;
  std::optional<TemporaryFolder> folder_;
  std::unique_ptr<WatchServer> server_;
};

TEST_F(WatchServerTest, SomethingBreaksAndIsExplainedAndSurvivesARestart) {
  const auto broken = send("POST", "/api/v1/sandbox", R"({"world":"lambda-timeout"})");
  ASSERT_EQ(broken.status, 201) << broken.body;
  const Json incident = *base::parse_json(broken.body);
  const std::string investigation = incident["investigation"]["id"];
  const std::string events = follow(investigation);
  for (const char* kind : {"\"planning\"", "\"answer\"", "\"observation\"", "\"finding\"", "event: report"})
    EXPECT_NE(events.find(kind), std::string::npos) << kind;

  for (const bool restarted : {false, true}) {
    if (restarted) {
      server_.reset();
      start();
    }
    const Json done = get("/api/v1/investigations/" + investigation);
    EXPECT_EQ(done["status"], "done");
    EXPECT_EQ(done["outcome"], "root_cause");
    const std::string path = fmt::format("/api/v1/investigations/{}/report", investigation);
    EXPECT_EQ(get(path + "?language=ja")["language"], "ja");
    EXPECT_EQ(get(path)["root_causes"][0]["mode"], done["mode"]);
    EXPECT_NE(send("GET", path + "?format=html&language=ja").body.find("<html"), std::string::npos);
    EXPECT_EQ(get("/api/v1/incidents?space=sandbox")["items"].size(), 1U);
  }
}

TEST_F(WatchServerTest, AnAlarmIsStoredBeforeItIsAnswered) {
  const std::string message =
      R"({"version":"4","status":"firing","alerts":[{"status":"firing","fingerprint":"f1",)"
      R"("labels":{"alertname":"Errors","service":"orders","severity":"critical"}}]})";
  EXPECT_EQ(send("POST", "/webhooks/alerts", message, "wrong").status, 401);
  EXPECT_EQ(send("POST", "/webhooks/nobody", message, "opensesame").status, 404);
  EXPECT_EQ(send("POST", "/webhooks/alerts", "{", "opensesame").status, 400);
  const Json settings = get("/api/v1/settings");
  EXPECT_EQ(settings["webhooks"][0]["secrets"], 1U);
  EXPECT_FALSE(settings["webhooks"][0].contains("last"));
  EXPECT_TRUE(settings["webhooks"][0]["refused"].contains("why"));
  EXPECT_EQ(settings.dump().find("opensesame"), std::string::npos);
  // A rehearsal goes the whole way and keeps nothing.
  const Json rehearsal = *base::parse_json(send("POST", "/api/v1/webhooks/alerts/test").body);
  EXPECT_EQ(rehearsal["proof"], "bearer") << rehearsal.dump();
  EXPECT_EQ(rehearsal["triage"]["decision"], "proceed");
  EXPECT_EQ(send("POST", "/api/v1/webhooks/sns/test").status, 409);
  EXPECT_EQ(get("/api/v1/alarms")["items"].size(), 0U);
  EXPECT_EQ(get("/api/v1/deliveries?space=shop")["items"].size(), 0U);
  const auto told = send("POST", "/webhooks/alerts", message, "opensesame");
  ASSERT_EQ(told.status, 202) << told.body;
  EXPECT_EQ((*base::parse_json(told.body))["alarms"][0]["decision"], "proceed");
  server_.reset();
  start();
  const Json items = get("/api/v1/incidents?space=shop")["items"];
  ASSERT_EQ(items.size(), 1U);
  EXPECT_EQ(items[0]["title"], "Errors (service/orders)");
  EXPECT_EQ(items[0]["severity"], "critical");
  EXPECT_NE(send("GET", "/metrics").body.find("midwatch_deliveries_total 0"), std::string::npos);
  EXPECT_EQ(send("GET", "/readyz").status, 200);
}

TEST_F(WatchServerTest, AnAlarmOfCloudWatchIsHeardThroughSnsAndExplained) {
  HostedSandbox account;
  SandboxHosting what;
  what.world = "lambda-timeout";
  what.port = account_port_;
  what.notify = {server_->address() + "/webhooks/sns"};
  what.undelivered = [](const std::string& line) { ADD_FAILURE() << line; };
  ASSERT_TRUE(account.start(what, clock_));
  for (const auto& [name, value] : account.environment()) setenv(name.c_str(), value.c_str(), 1);

  Json items = Json::array();
  constexpr int kMostLooks = 100'000;
  for (int looks = 0; items.empty() && looks < kMostLooks; ++looks)
    items = get("/api/v1/incidents?space=shop")["items"];
  ASSERT_EQ(items.size(), 1U) << "the subscription is confirmed, and the alarm told";
  EXPECT_EQ(items[0]["alarm"], account.alarm());
  const std::string investigation = items[0]["investigation"]["id"];
  follow(investigation);
  const Json done = get("/api/v1/investigations/" + investigation);
  EXPECT_EQ(done["outcome"], "root_cause");
  const auto& modes = account.truth().modes;
  EXPECT_NE(std::find(modes.begin(), modes.end(), done["mode"].get<std::string>()), modes.end())
      << done["mode"];
}

TEST_F(WatchServerTest, AnAlarmThatNobodySendsIsFoundByAskingAndExplained) {
  server_.reset();
  HostedSandbox account;
  SandboxHosting what;
  what.world = "lambda-timeout";
  ASSERT_TRUE(account.start(what, clock_));
  for (const auto& [name, value] : account.environment()) setenv(name.c_str(), value.c_str(), 1);
  polling_ = PollingConfig{std::chrono::milliseconds(50), {}};
  start();
  Json items = Json::array();
  constexpr int kMostLooks = 100'000;
  for (int looks = 0; items.empty() && looks < kMostLooks; ++looks)
    items = get("/api/v1/incidents?space=shop")["items"];
  ASSERT_EQ(items.size(), 1U);
  EXPECT_EQ(items[0]["alarm"], account.alarm());
  follow(items[0]["investigation"]["id"]);
  EXPECT_EQ(get("/api/v1/incidents?space=shop")["items"].size(), 1U) << "it is looked for many times by now";
  EXPECT_NE(send("GET", "/metrics").body.find("midwatch_polling_failing{space=\"shop\"} 0"),
            std::string::npos);
}

/// A receiver over HTTP, and what it took: the bodies that it answered with 200.
class Receiver {
 public:
  using Answers = std::function<ImposterAnswer(std::size_t number)>;
  explicit Receiver(Answers answers)
      : answers_(std::move(answers)), server_([this](const ReceivedRequest& request) {
          const ImposterAnswer answer = answers_(seen_++);
          const std::lock_guard lock(mutex_);
          if (answer.status == 200 && !answer.never) taken_.push_back(*base::parse_json(request.body));
          return answer;
        }) {}

  std::string url() const { return server_.url(); }
  std::size_t seen() const { return server_.requests().size(); }
  std::vector<Json> taken() const {
    const std::lock_guard lock(mutex_);
    return taken_;
  }

 private:
  Answers answers_;
  std::size_t seen_ = 0;
  mutable std::mutex mutex_;
  std::vector<Json> taken_;
  ImposterServer server_;
};

TEST_F(WatchServerTest, ATestMessageArrives) {
  const Receiver hook([](std::size_t) { return ImposterAnswer{}; });
  std::ofstream(folder_->path() + "/key") << "opensesame";
  NotifyTargetConfig& target = notify_.targets.emplace_back();
  target.target = {"hook", notify::TargetKind::kWebhook};
  target.target.url = hook.url();
  target.secret.file = folder_->path() + "/key";
  notify_.allowed = {"127.0.0.1"};
  patience_.look = std::chrono::milliseconds(5);
  server_.reset();
  start();
  EXPECT_EQ(get("/api/v1/settings")["targets"][0]["where"], "127.0.0.1");
  const auto asked = send("POST", "/api/v1/targets/hook/test");
  ASSERT_EQ(asked.status, 202) << asked.body;
  constexpr int kMostLooks = 20'000;
  Json last;
  for (int looks = 0; last["state"] != "sent" && looks < kMostLooks; ++looks)
    last = get("/api/v1/settings")["targets"][0]["last"];
  EXPECT_EQ(last["id"], (*base::parse_json(asked.body))["id"]);
  ASSERT_EQ(hook.taken().size(), 1U);
  EXPECT_EQ(hook.taken()[0]["data"]["event"], "test");
  EXPECT_NE(hook.taken()[0]["description"].get<std::string>().find("Nothing is wrong"), std::string::npos);
}

TEST_F(WatchServerTest, AnInvestigationIsOneTraceWithoutWhatWasRead) {
  const Receiver collector([](std::size_t) { return ImposterAnswer{.body = "{}"}; });
  telemetry_.otlp = collector.url();
  telemetry_.allowed = {"127.0.0.1"};
  telemetry_.headers.push_back({"X-Token", {"", folder_->path() + "/secret"}});
  server_.reset();
  start();
  const Json incident =
      *base::parse_json(send("POST", "/api/v1/sandbox", R"({"world":"lambda-timeout"})").body);
  const std::string id = incident["investigation"]["id"];
  follow(id);
  constexpr int kMostLooks = 20'000;
  for (int looks = 0; collector.taken().empty() && looks < kMostLooks; ++looks) get("/readyz");
  ASSERT_EQ(collector.taken().size(), 1U);
  const Json body = collector.taken().front();
  const Json& resource = body["resourceSpans"][0];
  EXPECT_EQ(resource["resource"]["attributes"][0],
            (Json{{"key", "service.name"}, {"value", {{"stringValue", "midwatch"}}}}));
  const Json& spans = resource["scopeSpans"][0]["spans"];
  std::string trace = id.substr(id.find('-') + 1);
  trace.erase(std::remove(trace.begin(), trace.end(), '-'), trace.end());
  const auto is_hex = [](const std::string& text, std::size_t size) {
    return text.size() == size && text.find_first_not_of("0123456789abcdef") == std::string::npos;
  };
  std::map<std::string, int> phases;
  std::set<std::string> ids;
  for (const Json& span : spans) {
    EXPECT_EQ(span["traceId"], trace);
    EXPECT_TRUE(is_hex(span["traceId"], 32) && is_hex(span["spanId"], 16));
    EXPECT_TRUE(ids.insert(span["spanId"]).second);
    EXPECT_EQ(span.contains("parentSpanId"), ids.size() > 1);
    for (const char* time : {"startTimeUnixNano", "endTimeUnixNano"}) {
      EXPECT_TRUE(span[time].is_string()) << "64 bits are a text";
      EXPECT_GT(std::stoll(span[time].get<std::string>()), 1'600'000'000'000'000'000);
    }
    EXPECT_LE(std::stoll(span["startTimeUnixNano"].get<std::string>()),
              std::stoll(span["endTimeUnixNano"].get<std::string>()));
    for (const Json& attribute : span["attributes"])
      EXPECT_TRUE(attribute["value"]["stringValue"].is_string());
    const std::string name = span["name"];
    ++phases[name.substr(0, name.find(' '))];
  }
  for (const char* phase : {"investigate", "plan", "observe", "diagnose", "report"})
    EXPECT_GT(phases[phase], 0) << phase;
  EXPECT_GT(phases["ask"], 5);
  const std::string text = base::dump_json(body);
  EXPECT_EQ(text.find("opensesame"), std::string::npos);
  EXPECT_EQ(text.find("Task timed out"), std::string::npos) << "a line of the log";
  // It is counted once its answer is read, a moment after the receiver has it.
  const auto is_counted = [&] {
    return send("GET", "/metrics").body.find("midwatch_traces_total{outcome=\"sent\"} 1") !=
           std::string::npos;
  };
  int looks = 0;
  while (!is_counted() && looks < kMostLooks) ++looks;
  EXPECT_LT(looks, kMostLooks);
}

/// The receivers fail before they take something, and the server is stopped while it investigates.
TEST_F(WatchServerTest, OthersAreToldOfAnIncidentOnceEach) {
  const Receiver slack([](std::size_t number) {
    return ImposterAnswer{.body = fmt::format(R"({{"ok":true,"ts":"{}.5"}})", number)};
  });
  const Receiver hook([](std::size_t number) {
    return ImposterAnswer{.status = number == 0 ? 500 : 200, .never = number == 1};
  });
  std::ofstream(folder_->path() + "/key") << "opensesame";
  const auto add = [&](const char* name, notify::TargetKind kind, const std::string& url) {
    NotifyTargetConfig& target = notify_.targets.emplace_back();
    target.target = {name, kind, {"shop"}};
    target.target.url = url;
    target.target.channel = "C1";
    target.target.language = model::Language::kJapanese;
    target.target.at_least_once = kind == notify::TargetKind::kWebhook;
    target.secret.file = folder_->path() + "/key";
  };
  add("slack", notify::TargetKind::kSlack, slack.url());
  add("hook", notify::TargetKind::kWebhook, hook.url());
  notify_.allowed = {"127.0.0.1"};
  notify_.address = "https://watch.example";
  patience_.first = patience_.longest = patience_.look = std::chrono::milliseconds(5);
  patience_.request = std::chrono::milliseconds(300);
  workers_ = 0;  // the account is known to the server before anything is asked of it
  server_.reset();
  start();

  HostedSandbox account;
  SandboxHosting what;
  what.world = "lambda-timeout";
  what.port = account_port_;
  what.notify = {server_->address() + "/webhooks/sns"};
  what.undelivered = [](const std::string& line) { ADD_FAILURE() << line; };
  ASSERT_TRUE(account.start(what, clock_));
  constexpr int kMostLooks = 20'000;
  Json items = Json::array();
  for (int looks = 0; items.empty() && looks < kMostLooks; ++looks)
    items = get("/api/v1/incidents?space=shop")["items"];
  ASSERT_EQ(items.size(), 1U);
  server_.reset();
  for (const auto& [name, value] : account.environment()) setenv(name.c_str(), value.c_str(), 1);
  workers_ = 2;
  start();
  for (int looks = 0; slack.taken().empty() && looks < kMostLooks; ++looks) get("/readyz");
  ASSERT_EQ(slack.taken().size(), 1U)
      << "the start of the investigation: " << send("GET", "/api/v1/notifications").body;
  server_.reset();
  start();

  const std::string id = items[0]["id"];
  follow(items[0]["investigation"]["id"]);
  EXPECT_EQ(send("PATCH", "/api/v1/incidents/" + id, R"({"status":"resolved"})").status, 200);
  const auto sent = [&] { return get("/api/v1/notifications?state=sent&incident=" + id)["items"].size(); };
  for (int looks = 0; sent() < 6 && looks < kMostLooks; ++looks) continue;
  const Json told = get("/api/v1/notifications?incident=" + id)["items"];
  ASSERT_EQ(told.size(), 6U) << base::dump_json(told);

  EXPECT_EQ(stored().find("opensesame"), std::string::npos)
      << "the key of webhooks and receivers is not kept";
  const auto in_slack = slack.taken();
  ASSERT_EQ(in_slack.size(), 3U) << "start, end, resolved";
  EXPECT_FALSE(in_slack[0].contains("thread_ts"));
  EXPECT_EQ(in_slack[1]["thread_ts"], "0.5");
  EXPECT_EQ(in_slack[2]["thread_ts"], "0.5");
  const std::string end = in_slack[1]["blocks"][0]["text"]["text"];
  for (const std::string& part :
       {std::string("原因を特定"), std::string("確度"), "https://watch.example/incidents/" + id})
    EXPECT_NE(end.find(part), std::string::npos) << part << " in " << end;
  const auto in_hook = hook.taken();
  ASSERT_EQ(in_hook.size(), 3U) << "each once, although the first was sent three times";
  EXPECT_EQ(hook.seen(), 5U);
  EXPECT_EQ(in_hook[1]["data"]["outcome"], "root_cause");
  EXPECT_EQ(in_hook[2]["action"], "resolved");
  server_.reset();
  start();
  EXPECT_EQ(sent(), 6U);
  EXPECT_EQ(slack.seen(), 3U) << "nothing is sent again after a restart";
}

/// A press as Slack sends it: signed over its time and its body.
TEST_F(WatchServerTest, APressInSlackSteersOnceAndOnlySigned) {
  std::ofstream(folder_->path() + "/key") << "signs";
  NotifyTargetConfig& target = notify_.targets.emplace_back();
  target.target = {"on-call", notify::TargetKind::kSlack};
  target.target.channel = "C1";
  target.target.users = {"U1"};
  target.target.events.clear();  // nobody is told of anything here
  target.secret.file = target.signing_secret.file = folder_->path() + "/key";
  workers_ = 0;
  server_.reset();
  start();
  const Json incident =
      *base::parse_json(send("POST", "/api/v1/sandbox", R"({"world":"lambda-timeout"})").body);
  const std::string id = incident["investigation"]["id"];
  const Json payload{{"type", "block_actions"},
                     {"user", {{"id", "U1"}, {"username", "ada"}}},
                     {"actions", {{{"action_id", "stop"}, {"value", id}}}}};
  const auto press = [&](const std::string& secret, base::Duration ago) {
    http::HttpRequest request;
    request.method = "POST";
    request.url = server_->address() + "/interactions/on-call";
    request.body = "payload=" + http::percent_encode(base::dump_json(payload));
    const std::string time = fmt::to_string(
        std::chrono::floor<std::chrono::seconds>(clock_.now() - ago).time_since_epoch().count());
    request.headers = {
        {"Content-Type", "application/x-www-form-urlencoded"},
        {"X-Slack-Request-Timestamp", time},
        {"X-Slack-Signature",
         "v0=" + base::to_hex(base::hmac_sha256(secret, fmt::format("v0:{}:{}", time, request.body)))}};
    return request;
  };
  const auto sent = [&](const http::HttpRequest& request) {
    const auto answer = client_.send(runtime::RequestContext::unlimited(clock_), request);
    return answer ? answer->status : 0;
  };
  EXPECT_EQ(sent(press("guessed", {})), 401);
  EXPECT_EQ(sent(press("signs", std::chrono::minutes(6))), 401) << "a replay";
  EXPECT_EQ(get("/api/v1/investigations/" + id)["status"], "queued");
  const auto right = press("signs", {});
  EXPECT_EQ(sent(right), 200);
  EXPECT_EQ(get("/api/v1/investigations/" + id)["status"], "cancelled");
  const auto told = [&] { return get("/api/v1/investigations/" + id + "/journal")["items"].size(); };
  const std::size_t before = told();
  EXPECT_EQ(sent(right), 200);
  EXPECT_EQ(told(), before) << "the same press once more";
  http::HttpRequest elsewhere = right;
  elsewhere.url = server_->address() + "/interactions/nobody";
  EXPECT_EQ(sent(elsewhere), 404);
}

TEST(WatchServer, SaysWhyItDoesNotStart) {
  const base::SystemClock clock;
  const auto start = [&](const std::string& listen, const std::string& store) {
    WatchServer::Options options;
    options.config.listen = listen;
    options.config.store = store;
    const auto server = WatchServer::start(std::move(options), clock);
    return server ? std::string("it starts") : server.error().describe();
  };
  EXPECT_NE(start("0.0.0.0:0", ":memory:").find("TLS"), std::string::npos);
  EXPECT_NE(start("localhost", ":memory:").find("ADDRESS:PORT"), std::string::npos);
  EXPECT_NE(start("127.0.0.1:0", "/nowhere/midwatch.db").find("/nowhere/midwatch.db"), std::string::npos);
}

TEST(WatchWorker, ListensToNobodyAndNeedsSpaces) {
  const base::SystemClock clock;
  WatchServer::Options options;
  options.only_works = true;
  options.config.store = ":memory:";
  const auto idle = WatchServer::start(options, clock);
  ASSERT_FALSE(idle);
  EXPECT_NE(idle.error().message.find("'spaces'"), std::string::npos);
  options.config.spaces.emplace_back().name = "shop";
  options.config.listen = "0.0.0.0:80";  // which would not be safe
  const auto worker = WatchServer::start(options, clock);
  ASSERT_TRUE(worker) << worker.error().describe();
  EXPECT_EQ((*worker)->address(), "");
  EXPECT_NE((*worker)->name(), "");
}

TEST_F(WatchServerTest, AsksWhoComesOnceSomebodyMaySignIn) {
  EXPECT_EQ(get("/api/v1/session")["who"]["name"], "local");
  const auto store = open_store(folder_->path() + "/midwatch.db");
  ASSERT_TRUE(store) << store.error().describe();
  const auto added = identity::add_user(**store, identity::Passwords(), {"cli/test", clock_.now()}, "ada",
                                        {{"shop", model::Role::kOperator}}, "correct horse battery",
                                        identity::ChosenBy::kThemselves);
  ASSERT_TRUE(added) << added.error().describe();
  EXPECT_EQ(send("GET", "/api/v1/incidents").status, 401);
  EXPECT_EQ(get("/api/v1/session"), (Json{{"ways", {"password", "token"}}}));
  const auto entered =
      send("POST", "/api/v1/session", R"({"user":"ada","password":"correct horse battery"})");
  ASSERT_EQ(entered.status, 201) << entered.body;
  const std::string cookie(entered.header("Set-Cookie"));
  http::HttpRequest asked;
  asked.url = server_->address() + "/api/v1/server";
  asked.headers.emplace_back("Cookie", cookie.substr(0, cookie.find(';')));
  const auto answer = client_.send(runtime::RequestContext::unlimited(clock_), asked);
  ASSERT_TRUE(answer) << answer.error().describe();
  const auto known = base::parse_json(answer->body);
  ASSERT_TRUE(known) << answer->body;
  EXPECT_EQ((*known)["spaces"], Json{"shop"});
  EXPECT_EQ((*known)["who"], (Json{{"name", "ada"}, {"role", "operator"}}));
  const std::string secret = cookie.substr(cookie.find('=') + 1, 64);
  EXPECT_EQ(secret.find_first_not_of("0123456789abcdef"), std::string::npos) << cookie;
  for (const std::string& kept : {std::string("correct horse battery"), secret})
    EXPECT_EQ(stored().find(kept), std::string::npos) << "the store holds nothing that opens anything";
}

TEST_F(WatchServerTest, LetsInFirstWhoCanLetInOthers) {
  EXPECT_EQ(get("/api/v1/session")["anybody"], true);
  const auto add = [&](const char* path, const char* role, const char* space) {
    return send("POST", path, Json{{"name", "ada"}, {"role", role}, {"spaces", {space}}}.dump()).status;
  };
  for (const char* path : {"/api/v1/users", "/api/v1/tokens"}) {
    EXPECT_EQ(add(path, "admin", "shop"), 409) << path;
    EXPECT_EQ(add(path, "operator", "*"), 409) << path;
  }
  EXPECT_EQ(send("GET", "/api/v1/incidents").status, 200) << "nobody was locked out";
  EXPECT_EQ(add("/api/v1/users", "admin", "*"), 201);
  EXPECT_EQ(send("GET", "/api/v1/incidents").status, 401);
}

/// A receiver that never answers.
class SilentReceiver final : public http::HttpClient {
 public:
  base::Result<http::HttpResponse> send(const runtime::RequestContext& context,
                                        const http::HttpRequest& /*request*/) override {
    if (++requests == 1) asked.count_down();
    std::latch stopped(1);
    const std::stop_callback on_stop(context.stop(), [&] { stopped.count_down(); });
    stopped.wait();
    return base::environment_error(base::ErrorCode::kCancelled, "a stop was asked for");
  }
  std::atomic<int> requests = 0;
  std::latch asked{1};
};

/// A store with investigations `inv-1` to `inv-4`; the alarm of each was sent in a trace.
std::unique_ptr<store::Store> store_with_investigations() {
  auto store = *store::sqlite::open_sqlite(":memory:");
  EXPECT_TRUE(store->write([&](store::Session& session) -> base::Result<> {
    model::Incident incident;
    incident.id = "inc-1";
    MIDWATCH_TRY_VOID(session.add_incident(incident));
    for (int i = 1; i <= 4; ++i) {
      model::Investigation investigation;
      investigation.id = fmt::format("inv-{}", i);
      investigation.incident = "inc-1";
      investigation.trace_parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
      MIDWATCH_TRY_VOID(session.add_investigation(investigation));
    }
    return {};
  }));
  return store;
}

TEST(TraceExporter, StopsWithoutSendingWhatWaits) {
  const auto store = store_with_investigations();
  const base::SystemClock clock;
  SilentReceiver receiver;
  {
    TraceExporter exporter({*store, receiver, clock, "https://otel.example", {}, {}, {}, [](const auto&) {}});
    for (int i = 1; i <= 3; ++i) exporter.ended(fmt::format("inv-{}", i));
    receiver.asked.wait();
  }
  EXPECT_EQ(receiver.requests, 1);
}

/// A receiver that takes its time for the first request.
class SlowReceiver final : public http::HttpClient {
 public:
  base::Result<http::HttpResponse> send(const runtime::RequestContext& /*context*/,
                                        const http::HttpRequest& request) override {
    bodies.push_back(*base::parse_json(request.body));
    if (bodies.size() == 1) {
      asked.count_down();
      goes_on.wait();
    } else {
      ended.count_down();
    }
    return http::HttpResponse{.status = 200};
  }
  std::latch asked{1};
  std::latch goes_on{1};
  std::latch ended{1};
  std::vector<Json> bodies;
};

TEST(TraceExporter, SendsTogetherWhatEndedMeanwhileAndNamesWhatItCameFrom) {
  const auto store = store_with_investigations();
  const base::SystemClock clock;
  SlowReceiver receiver;
  {
    TraceExporter exporter({*store, receiver, clock, "https://otel.example", {}, {}, {}, [](const auto&) {}});
    exporter.ended("inv-1");
    receiver.asked.wait();
    for (const char* id : {"inv-2", "inv-3", "inv-deleted", "inv-4"}) exporter.ended(id);
    receiver.goes_on.count_down();
    receiver.ended.wait();
  }
  ASSERT_EQ(receiver.bodies.size(), 2U);
  std::set<std::string> traces;
  for (const Json& span : receiver.bodies[1]["resourceSpans"][0]["scopeSpans"][0]["spans"]) {
    traces.insert(span["traceId"]);
    EXPECT_EQ(span.contains("links"), !span.contains("parentSpanId"));
    if (!span.contains("links")) continue;
    EXPECT_EQ(span["links"],
              (Json{{{"traceId", "4bf92f3577b34da6a3ce929d0e0e4736"}, {"spanId", "00f067aa0ba902b7"}}}));
  }
  EXPECT_EQ(traces.size(), 3U);
}

}  // namespace
}  // namespace midwatch::app
