#include "src/app/watch/watch_server.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <map>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "src/api/api.h"
#include "src/api/call.h"
#include "src/app/aws_access.h"
#include "src/app/doctor.h"
#include "src/app/knowledge_loading.h"
#include "src/app/topology_discovery.h"
#include "src/app/watch/alarm_intake.h"
#include "src/app/watch/alarm_poller.h"
#include "src/app/watch/background_sender.h"
#include "src/app/watch/housekeeping.h"
#include "src/app/watch/investigation_trace.h"
#include "src/app/watch/repeater.h"
#include "src/app/watch/sandbox_worlds.h"
#include "src/app/watch/server_metrics.h"
#include "src/app/watch/settings_view.h"
#include "src/app/watch/store_opening.h"
#include "src/app/watch/token_check.h"
#include "src/app/watch/worker_pool.h"
#include "src/base/digest.h"
#include "src/base/json_access.h"
#include "src/base/redact.h"
#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/http/curl_client.h"
#include "src/http/url.h"
#include "src/intake/proof.h"
#include "src/intake/webhook.h"
#include "src/notify/announcer.h"
#include "src/notify/buttons.h"
#include "src/notify/deliverer.h"
#include "src/notify/wording.h"
#include "src/page/page.h"
#include "src/report/topology_view.h"

namespace midwatch::app {
namespace {

/// A handler waits for the disk, not for the processor.
constexpr std::size_t kHandlerThreads = 8;
/// How soon an alarm is decided about whose maintenance is over.
constexpr std::chrono::seconds kDecideAgain{15};
/// Attempts to tell others at once: one receiver that hangs does not hold up the rest.
constexpr std::size_t kSenders = 4;
constexpr std::size_t kShownBytes = 400;
/// Beside those that hold an event stream.
constexpr std::size_t kOtherConnections = 1024;

struct Address {
  std::string host;
  std::uint16_t port = 0;
};

base::Result<Address> address_of(const std::string& listen) {
  const std::size_t colon = listen.rfind(':');
  Address address;
  if (colon != std::string::npos) {
    address.host = listen.substr(0, colon);
    const char* end = listen.data() + listen.size();
    const auto read = std::from_chars(listen.data() + colon + 1, end, address.port);
    if (read.ec == std::errc() && read.ptr == end && !address.host.empty()) return address;
  }
  return base::user_error(
      base::ErrorCode::kInvalidArgument,
      fmt::format("'listen' must be ADDRESS:PORT, for example 127.0.0.1:8686; it is '{}'", listen));
}

std::string machine_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : "unnamed";
}

/// Off loopback everybody has to say who they are; then somebody must be able to.
base::Result<> check_somebody(const ServeConfig& config, store::Store& store) {
  if (is_on_loopback(config) || !config.tokens.empty() || config.provider) return {};
  bool some = false;
  MIDWATCH_TRY_VOID(store.read([&](store::Session& session) -> base::Result<> {
    MIDWATCH_TRY(some, session.has_accounts());
    return {};
  }));
  if (some) return {};
  return base::user_error(
      base::ErrorCode::kInvalidArgument,
      fmt::format("'{}' is reached from other machines, and nobody could sign in: add somebody with "
                  "'midwatch user add', or 'tokens'",
                  config.listen));
}

/// What a process needs that does nothing but work.
base::Result<> check_work(const ServeConfig& config) {
  if (!config.spaces.empty()) return {};
  return base::user_error(base::ErrorCode::kInvalidArgument,
                          "the configuration has no 'spaces', so there is nothing to work on");
}

base::Error no_such_space() {
  return base::user_error(base::ErrorCode::kNotFound, "there is no such space");
}

}  // namespace

/// Everything of a running server, in the order in which it is built; it ends the other way round.
struct WatchServer::Parts final : api::Watch, SpaceOpener {
  Parts(Options given, const base::Clock& the_clock, knowledge::KnowledgeBase the_knowledge,
        std::unique_ptr<store::Store> the_store)
      : options(std::move(given)),
        clock(the_clock),
        knowledge(std::move(the_knowledge)),
        store(std::move(the_store)),
        ids(clock),
        sign_ins(*store, clock, passwords, options.config.sessions),
        certificates(http, clock),
        sandbox(clock),
        runner{*store, feed, knowledge, clock, *this, nullptr},
        process(fmt::format("{}/{}/{}", machine_name(), getpid(), ids.next_uuid())) {
    for (const SpaceConfig& space : options.config.spaces) limits[space.name] = space;
    if (options.config.sandbox && !limits.contains(kSandboxSpace)) limits[kSandboxSpace].name = kSandboxSpace;
  }

  const SpaceConfig* limits_of(const std::string& space) const {
    const auto at = limits.find(space);
    return at == limits.end() ? nullptr : &at->second;
  }

  base::Result<connectors::aws::AgentSpace> agent_space(const std::string& space) const {
    const SpaceConfig* config = limits_of(space);
    if (config == nullptr || is_sandbox(space)) return no_such_space();
    return load_space(config->file);
  }

  bool is_sandbox(const std::string& space) const { return options.config.sandbox && space == kSandboxSpace; }

  base::Result<OpenedSpace> open(const model::Investigation& investigation) override {
    if (is_sandbox(investigation.space)) return sandbox.open(investigation.incident);
    MIDWATCH_TRY(auto space, agent_space(investigation.space));
    MIDWATCH_TRY(auto account, open_aws(space, clock));
    return OpenedSpace{std::move(account), std::move(space)};
  }

  std::vector<std::string> spaces() const override {
    std::vector<std::string> names;
    for (const auto& [name, config] : limits) names.push_back(name);
    return names;
  }

  base::Result<api::Receipt> receive(const std::string& webhook,
                                     const http::ServerRequest& request) override {
    const auto came = clock.steady_now();
    auto received = intake->take(webhook, request);
    if (!received) note_refusal(webhook, received.error());
    MIDWATCH_TRY(auto taken, std::move(received));
    if (taken.investigates) investigation_queued();
    if (!taken.confirmation.empty()) confirm(taken.confirmation);
    metrics.took_delivery(base::Duration(clock.steady_now() - came));
    return std::move(taken.receipt);
  }

  /// What was turned away is stored nowhere; whoever sets a sender up needs to know of it.
  void note_refusal(const std::string& webhook, const base::Error& error) {
    if (error.code == base::ErrorCode::kNotFound) return;
    const std::lock_guard lock(refused_mutex);
    refused[webhook] = {{"time", base::format_rfc3339(clock.now())},
                        {"why", base::printable(base::redact(error.message), kShownBytes)}};
  }

  base::Json settings() const override {
    base::Json json = settings_json(options.config);
    const std::lock_guard lock(refused_mutex);
    for (base::Json& webhook : json["webhooks"]) {
      const auto at = refused.find(webhook["name"].get<std::string>());
      if (at != refused.end()) webhook["refused"] = at->second;
    }
    return json;
  }

  base::Result<api::Rehearsal> rehearse(const std::string& webhook) override {
    return intake->rehearse(webhook);
  }

  base::Result<std::string> announce_test(store::Session& session, const std::string& target,
                                          const std::string& space, const std::string& by) override {
    if (!announcer) return base::user_error(base::ErrorCode::kNotFound, "nobody is told of anything");
    return announcer->announce_test(session, target, space, by, clock.now());
  }

  /// Tells SNS that its messages are wanted. Without it the sender comes again, so a failure loses nothing.
  void confirm(const std::string& url) {
    http::HttpRequest request;
    request.url = url;
    request.timeout = std::chrono::seconds(10);
    const auto answer = http.send(runtime::RequestContext::unlimited(clock), request);
    constexpr std::string_view kFailed = "a subscription could not be confirmed";
    if (!answer) log(base::trouble(kFailed, answer.error()));
    if (answer && answer->status / 100 != 2)
      log({base::LogLevel::kWarning, kFailed, {{"status", std::int64_t{answer->status}}}});
  }

  base::Result<api::Pressed> pressed(const std::string& name, const http::ServerRequest& request) override {
    const auto target = std::find_if(targets.begin(), targets.end(), [&](const notify::Target& one) {
      return one.name == name && !one.signing_secret.empty();
    });
    if (target == targets.end())
      return base::user_error(base::ErrorCode::kNotFound, "there is no target of this name with buttons");
    intake::Webhook slack;
    slack.name = name;
    slack.secrets = {target->signing_secret};
    const auto shown = intake::shows(intake::Proof::kSlackSignature, slack, request, clock.now());
    if (!shown || !*shown)
      return base::user_error(base::ErrorCode::kUnauthenticated,
                              shown ? "the request has no signature of Slack" : shown.error().message);
    MIDWATCH_TRY(const auto form, api::decode_query(request.body));
    const auto payload = form.find("payload");
    MIDWATCH_TRY(auto press,
                 notify::read_slack_press(*target, payload == form.end() ? std::string() : payload->second));
    api::Pressed pressed;
    pressed.by = std::move(press.by);
    pressed.spaces = target->spaces.empty() ? spaces() : target->spaces;
    pressed.key = base::sha256_hex(request.header("X-Slack-Signature"));
    pressed.investigation = std::move(press.investigation);
    pressed.says = press.button->says;
    if (pressed.says.empty()) pressed.judgement = press.button->judgement;
    pressed.helped = press.button->helped;
    pressed.language = target->language;
    pressed.answer_to = std::move(press.answer_to);
    return pressed;
  }

  void answer_press(const api::Pressed& pressed, const std::string& text) override {
    if (pressed.answer_to.empty() || text.empty()) return;
    http::HttpRequest request;
    request.method = "POST";
    request.url = pressed.answer_to;
    request.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
    request.body = base::dump_json(
        {{"response_type", "ephemeral"}, {"replace_original", false}, {"text", notify::slack_escaped(text)}});
    request.timeout = std::chrono::seconds(10);
    request.guard = &guard;
    answers.send(std::move(request));
  }

  void investigation_queued() override { workers->wake(); }

  void investigation_changed(const std::string& investigation) override {
    std::optional<model::InvestigationStatus> status;
    const auto looked = store->read([&](store::Session& session) -> base::Result<> {
      MIDWATCH_TRY(const auto now, session.investigation(investigation));
      status = now.status;
      return {};
    });
    if (looked && status == model::InvestigationStatus::kCancelled) workers->cancel(investigation);
  }

  base::Result<report::TopologyView> discover(const std::string& space, const std::string& entity) {
    TopologyWanted wanted;
    wanted.entity = entity;
    connectors::aws::SurveyOptions survey;
    if (is_sandbox(space)) {
      MIDWATCH_TRY(const auto opened, sandbox.open_latest());
      return discover_account(wanted, survey, *opened.api, clock);
    }
    MIDWATCH_TRY(survey.space, agent_space(space));
    MIDWATCH_TRY(const auto account, open_aws(survey.space, clock));
    return discover_account(wanted, survey, *account, clock);
  }

  base::Result<base::Json> topology(const std::string& space, const std::string& entity) override {
    MIDWATCH_TRY(const auto view, discover(space, entity));
    base::Json json = report::json_topology(view, model::Language::kEnglish);
    for (auto& relation : json["relations"]) relation["type"] = relation["kind"];
    return json;
  }

  base::Result<std::string> topology_as_mermaid(const std::string& space,
                                                const std::string& entity) override {
    MIDWATCH_TRY(const auto view, discover(space, entity));
    return report::mermaid_topology(view, model::Language::kEnglish);
  }

  base::Result<base::Json> sources(const std::string& space, model::Language language) override {
    // Simulated accounts come and go, and everything of them can be read.
    if (is_sandbox(space)) return checkup_json({}, language);
    MIDWATCH_TRY(const auto agent_space, this->agent_space(space));
    MIDWATCH_TRY(const auto checkups, examine_accounts(agent_space, clock));
    base::Json found = checkup_json(checkups, language);
    if (const SpaceConfig* config = limits_of(space); config->polling) {
      MIDWATCH_TRY(found["polling"], AlarmPoller::standing(*store, *config));
    }
    return found;
  }

  /// Of the spaces that are polled; those of a store that cannot be read are left out.
  std::map<std::string, base::Json> polling_standings() const {
    std::map<std::string, base::Json> all;
    for (const auto& [name, config] : limits) {
      if (!config.polling) continue;
      if (auto standing = AlarmPoller::standing(*store, config)) all.emplace(name, *std::move(standing));
    }
    return all;
  }

  std::size_t polling_failing() const override {
    std::size_t failing = 0;
    for (const auto& [name, standing] : polling_standings()) failing += standing.contains("failure") ? 1 : 0;
    return failing;
  }

  std::vector<api::SandboxWorld> worlds() const override {
    return options.config.sandbox ? sandbox.worlds() : std::vector<api::SandboxWorld>();
  }

  base::Result<std::string> break_something(const std::string& incident, const std::string& world,
                                            std::uint64_t seed) override {
    if (!options.config.sandbox)
      return base::user_error(base::ErrorCode::kNotFound, "this server has no sandbox");
    return sandbox.start(incident, world, seed);
  }

  void log(const base::LogRecord& record) {
    if (record.level >= base::LogLevel::kWarning) metrics.noted_trouble();
    if (options.log) options.log(record);
  }

  /// Of an investigation that ended in this process.
  void tell_ended(const std::string& id) {
    if (traces) traces->ended(id);
    const auto looked = store->read([&](store::Session& session) -> base::Result<> {
      MIDWATCH_TRY(const auto ended, session.investigation(id));
      const base::Duration took = ended.ended.value_or(ended.requested) - ended.requested;
      metrics.ended_investigation(model::to_string(ended.status), took);
      log({base::LogLevel::kInfo,
           "an investigation ended",
           {{"investigation", ended.id},
            {"incident", ended.incident},
            {"space", ended.space},
            {"status", std::string(model::to_string(ended.status))},
            {"outcome", ended.outcome},
            {"mode", ended.mode},
            {"seconds", std::chrono::duration<double>(took).count()}}});
      return {};
    });
    if (!looked)
      log(base::trouble("of an investigation that ended nothing is known", looked.error(),
                        {{"investigation", id}}));
  }

  /// Takes alarms in, and answers over HTTP.
  base::Result<> listen(const Address& address);
  base::Result<> prepare_notifications();
  base::Result<> prepare_traces();

  /// In the text exposition format of Prometheus.
  std::string metrics_text() const {
    ServerMetrics::Now now;
    now.running = workers->running();
    for (const auto& [name, standing] : polling_standings())
      now.polled.push_back(
          {name, standing.contains("failure"), base::number_at(standing, "changes").value_or(0)});
    if (traces) now.traces = {traces->sent(), traces->dropped()};
    return metrics.text(now);
  }

  /// True where nobody has to say who they are: on this machine, as long as nobody was ever let in by name.
  bool is_open() {
    if (!is_on_loopback(options.config) || options.config.provider || has_accounts) return false;
    const auto looked = store->read([&](store::Session& session) -> base::Result<> {
      MIDWATCH_TRY(const bool some, session.has_accounts());
      if (some) has_accounts = true;
      return {};
    });
    return looked && !has_accounts;
  }

  Options options;
  const base::Clock& clock;
  ServerMetrics metrics;
  knowledge::KnowledgeBase knowledge;
  std::unique_ptr<store::Store> store;
  api::ChangeFeed feed;
  base::Uuid7Generator ids;
  identity::Passwords passwords;
  identity::SignIns sign_ins;
  std::atomic<bool> has_accounts = false;
  http::CurlClient http;
  http::AddressGuard guard;  ///< of those who are told
  std::vector<notify::Target> targets;
  BackgroundSender answers{http, clock};
  std::optional<identity::OidcProvider> provider;
  intake::FetchedCertificates certificates;
  SpaceConfigs limits;
  SandboxWorlds sandbox;
  RunnerParts runner;
  std::optional<notify::Announcer> announcer;
  std::optional<notify::Deliverer> deliverer;
  std::unique_ptr<AlarmIntake> intake;
  mutable std::mutex refused_mutex;
  std::map<std::string, base::Json, std::less<>> refused;  ///< the last message that each webhook turned away
  std::string process;                                     ///< its name
  std::optional<TraceExporter> traces;
  std::unique_ptr<WorkerPool> workers;
  std::unique_ptr<Housekeeping> housekeeping;
  std::unique_ptr<api::StoreFollower> follower;
  std::optional<notify::DeliveryThreads> delivery;
  std::string host;
  std::unique_ptr<http::Server> server;
  /// Last, so that it has ended before anything that it uses, also where the server does not start.
  std::vector<std::unique_ptr<AlarmPoller>> pollers;
  std::vector<std::unique_ptr<Repeater>> repeated;
};

namespace {

/// What somebody resolves by hand is told to others as well.
std::function<base::Result<>(store::Session&, const model::Incident&)> announce_resolved(
    const notify::Announcer* announcer) {
  if (announcer == nullptr) return {};
  return [announcer](store::Session& session, const model::Incident& incident) {
    return announcer->announce(session,
                               notify::notice_about(notify::Event::kResolved, incident, incident.changed));
  };
}

std::optional<api::Page> page_of(std::string_view path) {
  const auto file = page::page_file(path);
  if (!file) return std::nullopt;
  return api::Page{std::string(file->content), std::string(file->media_type), file->immutable,
                   std::string(file->gzip)};
}

}  // namespace

base::Result<> WatchServer::Parts::prepare_notifications() {
  MIDWATCH_TRY(targets, read_targets(options.config.notify));
  if (targets.empty()) return {};
  const NotifyConfig& config = options.config.notify;
  guard.allowed = config.allowed;
  runner.announcer = &announcer.emplace(targets, config.address, ids);
  deliverer.emplace(notify::Deliverer::Parts{*store, http, http, clock}, targets, guard, options.patience);
  return {};
}

base::Result<> WatchServer::Parts::prepare_traces() {
  const TelemetryConfig& config = options.config.telemetry;
  if (config.otlp.empty()) return {};
  // The address of a receiver is that of its root. Source: OpenTelemetry protocol exporter, "Endpoint URLs".
  constexpr std::string_view kPath = "/v1/traces";
  std::string url = config.otlp;
  while (url.ends_with('/')) url.pop_back();
  if (!url.ends_with(kPath)) url += kPath;
  std::vector<http::Header> headers;
  for (const auto& [name, source] : config.headers) {
    MIDWATCH_TRY(auto secret, read_secret(source));
    headers.emplace_back(name, std::move(secret));
  }
  traces.emplace(TraceExporter::Parts{*store, http, clock, std::move(url), std::move(headers),
                                      http::AddressGuard{config.allowed}, options.version,
                                      [this](const base::LogRecord& record) { log(record); }});
  return {};
}

base::Result<> WatchServer::Parts::listen(const Address& address) {
  MIDWATCH_TRY(intake,
               AlarmIntake::make(options.config, {*store, feed, clock, ids, certificates, runner.announcer}));
  repeated.push_back(std::make_unique<Repeater>(kDecideAgain, [this](const std::stop_token&) {
    const auto decided = intake->decide_again();
    if (!decided) log(base::trouble("alarms wait to be decided again", decided.error()));
    if (decided && *decided) investigation_queued();
  }));
  for (const auto& [name, config] : limits) {
    if (!config.polling) continue;
    AlarmPoller::Parts polls{*store, *intake, clock, process, {}, {}, {}};
    polls.open = [this, space = name]() -> base::Result<OpenedSpace> {
      MIDWATCH_TRY(auto read, agent_space(space));
      MIDWATCH_TRY(auto account, open_aws(read, clock));
      return OpenedSpace{std::move(account), std::move(read)};
    };
    polls.on_queued = [this] { investigation_queued(); };
    polls.log = [this](const base::LogRecord& record) { log(record); };
    AlarmPoller* poller = pollers.emplace_back(std::make_unique<AlarmPoller>(std::move(polls), config)).get();
    repeated.push_back(std::make_unique<Repeater>(
        config.polling->every, [poller](const std::stop_token& stop) { poller->poll(stop); }));
  }
  api::ApiOptions api_options;
  api_options.version = options.version;
  api_options.host_names = options.config.hosts;
  api_options.on_loopback = http::is_loopback(address.host);
  api_options.behind_proxy = options.config.behind_proxy;
  if (options.config.provider) {
    MIDWATCH_TRY(auto oidc, read_provider(*options.config.provider));
    provider.emplace(std::move(oidc), http, clock);
    api_options.provider_name = options.config.provider->name;
  }
  http::ServerOptions listening;
  listening.address = address.host;
  listening.port = address.port;
  listening.threads = kHandlerThreads;
  listening.streams = options.config.streams;
  listening.connections = options.config.streams + kOtherConnections;
  host = address.host;
  api::ApiDependencies dependencies{
      *store, *this, feed, knowledge, clock, ids, TokenCheck(options.config.tokens, spaces(), [this] {
        return is_open();
      })};
  dependencies.page = page_of;
  dependencies.metrics = [this] { return metrics_text(); };
  dependencies.log = [this](const base::LogRecord& record) { log(record); };
  dependencies.on_answer = [this](const api::Answered& answered) {
    metrics.answered(answered.operation, answered.status, answered.took);
  };
  dependencies.options = std::move(api_options);
  dependencies.on_resolved = announce_resolved(runner.announcer);
  dependencies.sign_ins = &sign_ins;
  dependencies.provider = provider ? &*provider : nullptr;
  MIDWATCH_TRY(server, http::Server::start(listening, api::make_api(std::move(dependencies))));
  return {};
}

base::Result<std::unique_ptr<WatchServer>> WatchServer::start(Options options, const base::Clock& clock) {
  if (options.only_works) {
    MIDWATCH_TRY_VOID(check_work(options.config));
    options.config.sandbox = false;  // its accounts live in the process that started them
  } else {
    MIDWATCH_TRY_VOID(check_exposure(options.config));
  }
  MIDWATCH_TRY(const Address address, address_of(options.config.listen));
  MIDWATCH_TRY(auto knowledge, load_knowledge(options.knowledge_folder));
  MIDWATCH_TRY(auto store, open_store(options.config.store));
  if (!options.only_works) {
    MIDWATCH_TRY_VOID(check_somebody(options.config, *store));
  }
  auto parts = std::make_unique<Parts>(std::move(options), clock, std::move(knowledge), std::move(store));
  Parts& p = *parts;
  const base::Log log = [&p](const base::LogRecord& record) { p.log(record); };
  MIDWATCH_TRY_VOID(p.prepare_notifications());
  MIDWATCH_TRY_VOID(p.prepare_traces());
  WorkerPool::Options pool;
  pool.name = p.process;
  pool.spaces = p.spaces();
  pool.workers = pool.spaces.empty() ? 0 : p.options.config.workers;
  pool.limits = [&p](const std::string& space) { return p.limits_of(space); };
  pool.log = log;
  pool.on_ended = [&p](const std::string& investigation) { p.tell_ended(investigation); };
  p.workers = std::make_unique<WorkerPool>(p.runner, std::move(pool));
  p.housekeeping = std::make_unique<Housekeeping>(*p.store, p.limits, clock, log);
  api::StoreFollower::Options follows;
  follows.on_change = [&p](const api::Change& change) {
    if (change.kind == api::Change::Kind::kInvestigation) p.investigation_changed(change.id);
  };
  follows.log = log;
  p.follower = std::make_unique<api::StoreFollower>(*p.store, p.feed, std::move(follows));
  if (p.deliverer) p.delivery.emplace(*p.deliverer, kSenders, log);
  if (!p.options.only_works) {
    MIDWATCH_TRY_VOID(p.listen(address));
  }
  return std::unique_ptr<WatchServer>(new WatchServer(std::move(parts)));
}

WatchServer::WatchServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

WatchServer::~WatchServer() {
  stop();
}

const std::string& WatchServer::name() const {
  return parts_->process;
}

std::string WatchServer::address() const {
  if (!parts_->server) return {};
  return fmt::format("http://{}:{}", parts_->host, parts_->server->port());
}

void WatchServer::stop() {
  parts_->feed.close();
  if (parts_->server) parts_->server->stop();
  parts_->repeated.clear();
  for (const auto& poller : parts_->pollers) poller->leave();
  parts_->pollers.clear();
  parts_->workers->stop();
  parts_->delivery.reset();
}

}  // namespace midwatch::app
