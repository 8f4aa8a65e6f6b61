#include "src/app/watch/serve_config.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "src/app/watch/sandbox_worlds.h"
#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/base/yaml_fields.h"
#include "src/http/url.h"

namespace midwatch::app {
namespace {

using YAML::Node;

constexpr std::string_view kFormat = "midwatch.serve/v1";
constexpr std::size_t kShownBytes = 80;
constexpr std::size_t kSha256Digits = 64;
/// Alarms are evaluated every ten seconds at most; after an hour nobody would call it a watch.
constexpr std::chrono::seconds kFastestPolling{10};
/// A resolved incident is looked at the next morning; who keeps less has forgotten a unit.
constexpr std::chrono::hours kShortestKeep{1};
constexpr std::chrono::hours kSlowestPolling{1};
constexpr std::array<std::string_view, 3> kRoles{"viewer", "operator", "admin"};

/// A name that can stand in an address.
bool is_plain_name(std::string_view name) {
  constexpr std::size_t kLongest = 64;
  return !name.empty() && name.size() <= kLongest &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") == std::string_view::npos;
}

class ConfigReader {
 public:
  explicit ConfigReader(const std::string& path)
      : yaml_(path), folder_(std::filesystem::path(path).parent_path()) {}

  base::Result<> read(const Node& root, ServeConfig& config) const {
    std::string format;
    MIDWATCH_TRY_VOID(yaml_.map(
        root, "a server's configuration",
        {{"format", [&](const Node& n) { return yaml_.text(n, "format", format); }},
         {"listen", [&](const Node& n) { return yaml_.text(n, "listen", config.listen); }},
         {"hosts", [&](const Node& n) { return yaml_.texts(n, "hosts", config.hosts); }},
         {"behind_proxy",
          [&](const Node& n) { return yaml_.boolean(n, "behind_proxy", config.behind_proxy); }},
         {"store", [&](const Node& n) { return store(n, config); }},
         {"workers", [&](const Node& n) { return yaml_.count(n, "workers", 1, 256, config.workers); }},
         {"streams", [&](const Node& n) { return yaml_.count(n, "streams", 1, 10'000, config.streams); }},
         {"sandbox", [&](const Node& n) { return yaml_.boolean(n, "sandbox", config.sandbox); }},
         {"spaces", [&](const Node& n) { return spaces(n, config); }},
         {"webhooks", [&](const Node& n) { return webhooks(n, config); }},
         {"tokens", [&](const Node& n) { return tokens(n, config); }},
         {"oidc", [&](const Node& n) { return provider(n, config.provider.emplace()); }},
         {"sessions", [&](const Node& n) { return sessions(n, config.sessions); }},
         {"telemetry", [&](const Node& n) { return telemetry(n, config.telemetry); }},
         {"log", [&](const Node& n) { return log(n, config.log); }},
         {"notify", [&](const Node& n) { return notify(n, config.notify); }}}));
    if (format != kFormat) {
      return yaml_.malformed(root, fmt::format("'format' is '{}'; this version reads '{}'",
                                               base::printable(format, kShownBytes), kFormat));
    }
    return cross_check(root, config);
  }

 private:
  std::string path_of(const std::string& text) const { return (folder_ / text).lexically_normal().string(); }

  base::Result<> store(const Node& node, ServeConfig& config) const {
    MIDWATCH_TRY_VOID(yaml_.text(node, "store", config.store));
    if (config.store.find("://") == std::string::npos) config.store = path_of(config.store);
    return {};
  }

  base::Result<> name(const Node& node, std::string& into) const {
    MIDWATCH_TRY_VOID(yaml_.text(node, "name", into));
    if (is_plain_name(into)) return {};
    return yaml_.malformed(node, fmt::format("'name' must be of a-z, 0-9, - and _, at most 64; it is '{}'",
                                             base::printable(into, kShownBytes)));
  }

  base::Result<> spaces(const Node& node, ServeConfig& config) const {
    return yaml_.list(node, "spaces",
                      [&](const Node& item) { return space(item, config.spaces.emplace_back()); });
  }

  base::Result<> space(const Node& node, SpaceConfig& space) const {
    MIDWATCH_TRY_VOID(yaml_.map(
        node, "a space",
        {{"name", [&](const Node& n) { return name(n, space.name); }},
         {"file", [&](const Node& n) { return file(n, "file", space.file); }},
         {"deadline", [&](const Node& n) { return yaml_.duration(n, "deadline", space.deadline); }},
         {"calls", [&](const Node& n) { return yaml_.count(n, "calls", 5, 1000, space.calls); }},
         {"at_once", [&](const Node& n) { return yaml_.count(n, "at_once", 1, 256, space.at_once); }},
         {"keep", [&](const Node& n) { return yaml_.duration(n, "keep", space.keep); }},
         {"keep_megabytes",
          [&](const Node& n) {
            return yaml_.count(n, "keep_megabytes", 1, 100'000'000, space.keep_megabytes);
          }},
         {"polling", [&](const Node& n) { return polling(n, space.polling.emplace()); }},
         {"skip", [&](const Node& n) { return skip(n, space); }}}));
    if (space.name.empty()) return yaml_.malformed(node, "a space needs a 'name'");
    if (space.deadline < std::chrono::seconds(1))
      return yaml_.malformed(node, "'deadline' must be at least one second");
    if (space.keep > base::Duration::zero() && space.keep < kShortestKeep)
      return yaml_.malformed(node, "'keep' must be at least one hour (30d; without a unit it is seconds)");
    return {};
  }

  base::Result<> polling(const Node& node, PollingConfig& polling) const {
    MIDWATCH_TRY_VOID(
        yaml_.map(node, "polling",
                  {{"every", [&](const Node& n) { return yaml_.duration(n, "every", polling.every); }},
                   {"alarms", [&](const Node& n) { return yaml_.texts(n, "alarms", polling.alarms); }}}));
    if (polling.every >= kFastestPolling && polling.every <= kSlowestPolling) return {};
    return yaml_.malformed(node, "'every' must be from 10 seconds to one hour");
  }

  base::Result<> file(const Node& node, std::string_view key, std::string& into) const {
    MIDWATCH_TRY_VOID(yaml_.text(node, key, into));
    into = path_of(into);
    return {};
  }

  base::Result<> skip(const Node& node, SpaceConfig& space) const {
    return yaml_.list(node, "skip", [&](const Node& item) -> base::Result<> {
      intake::SkipRule& rule = space.skip.emplace_back();
      rule.name = fmt::format("skip rule {}", space.skip.size());
      MIDWATCH_TRY_VOID(
          yaml_.map(item, "a skip rule",
                    {{"name", [&](const Node& n) { return yaml_.text(n, "name", rule.name); }},
                     {"alarm", [&](const Node& n) { return yaml_.text(n, "alarm", rule.alarm); }},
                     {"entity", [&](const Node& n) { return yaml_.text(n, "entity", rule.entity); }},
                     {"at_most", [&](const Node& n) { return severity(n, rule.at_most); }},
                     {"reason", [&](const Node& n) { return yaml_.text(n, "reason", rule.reason); }}}));
      if (rule.alarm.empty() && rule.entity.empty() && !rule.at_most)
        return yaml_.malformed(
            item, "a skip rule needs an 'alarm', an 'entity' or 'at_most'; else it fits nothing");
      if (rule.reason.empty())
        return yaml_.malformed(item, "a skip rule needs a 'reason', for who looks later");
      return {};
    });
  }

  base::Result<> severity(const Node& node, std::optional<model::Severity>& into) const {
    std::string word;
    MIDWATCH_TRY_VOID(yaml_.text(node, "at_most", word));
    into = model::severity_of(word);
    if (into) return {};
    return yaml_.malformed(node, "'at_most' must be low, medium, high or critical");
  }

  base::Result<> secret(const Node& node, SecretSource& source) const {
    MIDWATCH_TRY_VOID(
        yaml_.map(node, "a secret",
                  {{"env", [&](const Node& n) { return yaml_.text(n, "env", source.variable); }},
                   {"file", [&](const Node& n) { return file(n, "file", source.file); }}}));
    if (source.variable.empty() == source.file.empty())
      return yaml_.malformed(node,
                             "a secret is read from 'env' (a variable) or 'file' (a path): one of them");
    return {};
  }

  base::Result<> webhooks(const Node& node, ServeConfig& config) const {
    return yaml_.list(node, "webhooks", [&](const Node& item) -> base::Result<> {
      WebhookConfig& webhook = config.webhooks.emplace_back();
      MIDWATCH_TRY_VOID(yaml_.map(
          item, "a webhook",
          {{"name", [&](const Node& n) { return name(n, webhook.name); }},
           {"dialect", [&](const Node& n) { return yaml_.text(n, "dialect", webhook.dialect); }},
           {"space", [&](const Node& n) { return yaml_.text(n, "space", webhook.space); }},
           {"topics", [&](const Node& n) { return yaml_.texts(n, "topics", webhook.topics); }},
           {"user", [&](const Node& n) { return yaml_.text(n, "user", webhook.user); }},
           {"secret_header",
            [&](const Node& n) { return yaml_.text(n, "secret_header", webhook.secret_header); }},
           {"certificate_hosts",
            [&](const Node& n) { return yaml_.texts(n, "certificate_hosts", webhook.certificate_hosts); }},
           {"secrets",
            [&](const Node& n) {
              return yaml_.list(n, "secrets",
                                [&](const Node& s) { return secret(s, webhook.secrets.emplace_back()); });
            }},
           {"unauthenticated",
            [&](const Node& n) { return yaml_.boolean(n, "unauthenticated", webhook.unauthenticated); }}}));
      if (webhook.name.empty() || webhook.dialect.empty() || webhook.space.empty())
        return yaml_.malformed(item, "a webhook needs a 'name', a 'dialect' and a 'space'");
      if (webhook.secrets.empty() && webhook.topics.empty() && !webhook.unauthenticated)
        return yaml_.malformed(
            item, "a webhook needs 'secrets' (of SNS: 'topics'), or says 'unauthenticated: true'");
      return {};
    });
  }

  base::Result<> tokens(const Node& node, ServeConfig& config) const {
    return yaml_.list(node, "tokens", [&](const Node& item) -> base::Result<> {
      TokenConfig& token = config.tokens.emplace_back();
      MIDWATCH_TRY_VOID(
          yaml_.map(item, "a token",
                    {{"name", [&](const Node& n) { return name(n, token.name); }},
                     {"role", [&](const Node& n) { return yaml_.text(n, "role", token.role); }},
                     {"spaces", [&](const Node& n) { return yaml_.texts(n, "spaces", token.spaces); }},
                     {"sha256", [&](const Node& n) { return yaml_.text(n, "sha256", token.sha256); }}}));
      if (token.name.empty()) return yaml_.malformed(item, "a token needs a 'name'");
      if (std::find(kRoles.begin(), kRoles.end(), token.role) == kRoles.end())
        return yaml_.malformed(item, "'role' must be viewer, operator or admin");
      const bool hex = token.sha256.find_first_not_of("0123456789abcdef") == std::string::npos;
      if (!hex || token.sha256.size() != kSha256Digits)
        return yaml_.malformed(
            item, "'sha256' must be 64 hex digits; 'midwatch token' makes a token and its sha256");
      return {};
    });
  }

  base::Result<> provider(const Node& node, ProviderConfig& config) const {
    identity::OidcConfig& oidc = config.oidc;
    std::vector<std::string> scopes;
    std::string here;
    MIDWATCH_TRY_VOID(
        yaml_.map(node, "oidc",
                  {{"issuer", [&](const Node& n) { return yaml_.text(n, "issuer", oidc.issuer); }},
                   {"client_id", [&](const Node& n) { return yaml_.text(n, "client_id", oidc.client); }},
                   {"secret", [&](const Node& n) { return secret(n, config.secret); }},
                   {"address", [&](const Node& n) { return address(n, here); }},
                   {"name", [&](const Node& n) { return yaml_.text(n, "name", config.name); }},
                   {"scopes", [&](const Node& n) { return yaml_.texts(n, "scopes", scopes); }},
                   {"user", [&](const Node& n) { return yaml_.text(n, "user", oidc.user_claim); }},
                   {"groups", [&](const Node& n) { return yaml_.text(n, "groups", oidc.groups_claim); }},
                   {"allow", [&](const Node& n) { return yaml_.texts(n, "allow", oidc.allowed); }},
                   {"roles", [&](const Node& n) {
                      return yaml_.list(n, "roles", [&](const Node& item) { return group_role(item, oidc); });
                    }}}));
    if (oidc.client.empty() || here.empty() || oidc.grants.empty())
      return yaml_.malformed(node, "oidc needs an 'issuer', a 'client_id', an 'address' and 'roles'");
    const auto issuer = http::parse_url(oidc.issuer);
    const http::AddressGuard guard{oidc.allowed};
    if (!issuer || !issuer->query.empty() ||
        (issuer->scheme != "https" && !guard.allows_by_name(issuer->host)))
      return yaml_.malformed(node,
                             "'issuer' must be the https address of the provider, as it writes it itself");
    oidc.callback = here + "/api/v1/session/callback";
    if (!scopes.empty()) oidc.scopes = "openid";
    for (const std::string& scope : scopes)
      if (scope != "openid") oidc.scopes += " " + scope;
    return {};
  }

  base::Result<> group_role(const Node& node, identity::OidcConfig& oidc) const {
    std::string group;
    std::string word;
    std::vector<std::string> spaces;
    MIDWATCH_TRY_VOID(
        yaml_.map(node, "a role of oidc",
                  {{"group", [&](const Node& n) { return yaml_.text(n, "group", group); }},
                   {"role", [&](const Node& n) { return yaml_.text(n, "role", word); }},
                   {"spaces", [&](const Node& n) { return yaml_.texts(n, "spaces", spaces); }}}));
    const auto role = model::role_of(word);
    if (group.empty()) return yaml_.malformed(node, "a role of oidc needs the 'group' that has it");
    if (!role) return yaml_.malformed(node, "'role' must be viewer, operator or admin");
    if (spaces.empty()) spaces.emplace_back(model::kEverySpace);
    for (std::string& space : spaces) oidc.grants.push_back({group, {std::move(space), *role}});
    return {};
  }

  base::Result<> sessions(const Node& node, identity::SignInLimits& limits) const {
    MIDWATCH_TRY_VOID(yaml_.map(
        node, "sessions",
        {{"idle", [&](const Node& n) { return yaml_.duration(n, "idle", limits.idle); }},
         {"longest", [&](const Node& n) { return yaml_.duration(n, "longest", limits.longest); }}}));
    if (limits.idle >= std::chrono::minutes(5) && limits.longest >= limits.idle) return {};
    return yaml_.malformed(node, "'idle' must be at least five minutes, and 'longest' no less than it");
  }

  base::Result<> telemetry(const Node& node, TelemetryConfig& config) const {
    MIDWATCH_TRY_VOID(yaml_.map(
        node, "telemetry",
        {{"otlp", [&](const Node& n) { return yaml_.text(n, "otlp", config.otlp); }},
         {"allow", [&](const Node& n) { return yaml_.texts(n, "allow", config.allowed); }},
         {"headers", [&](const Node& n) {
            return yaml_.list(n, "headers", [&](const Node& item) {
              auto& [name, source] = config.headers.emplace_back();
              return yaml_.map(item, "a header",
                               {{"name", [&](const Node& h) { return yaml_.text(h, "name", name); }},
                                {"secret", [&](const Node& h) { return secret(h, source); }}});
            });
          }}}));
    for (const auto& [name, source] : config.headers)
      if (name.empty() || !source.is_given())
        return yaml_.malformed(node["headers"], "a header needs a 'name' and a 'secret'");
    if (http::parse_url(config.otlp)) return {};
    return yaml_.malformed(node,
                           "'otlp' must be an http or https address, for example https://otel.internal:4318");
  }

  base::Result<> log(const Node& node, LogConfig& config) const {
    std::string format;
    std::string level;
    MIDWATCH_TRY_VOID(yaml_.map(node, "log",
                                {{"format", [&](const Node& n) { return yaml_.text(n, "format", format); }},
                                 {"level", [&](const Node& n) { return yaml_.text(n, "level", level); }}}));
    if (!format.empty()) config.format = base::log_format_of(format);
    if (!format.empty() && !config.format) return yaml_.malformed(node, "'format' must be json or text");
    if (level.empty()) return {};
    const auto known = base::log_level_of(level);
    if (!known) return yaml_.malformed(node, "'level' must be debug, info, warning or error");
    config.level = *known;
    return {};
  }

  base::Result<> notify(const Node& node, NotifyConfig& config) const {
    MIDWATCH_TRY_VOID(yaml_.map(
        node, "notify",
        {{"address", [&](const Node& n) { return address(n, config.address); }},
         {"allow", [&](const Node& n) { return yaml_.texts(n, "allow", config.allowed); }},
         {"targets", [&](const Node& n) {
            return yaml_.list(n, "targets",
                              [&](const Node& item) { return target(item, config.targets.emplace_back()); });
          }}}));
    return {};
  }

  base::Result<> address(const Node& node, std::string& into) const {
    MIDWATCH_TRY_VOID(yaml_.text(node, "address", into));
    while (into.ends_with('/')) into.pop_back();
    // It stands in every message as a link, also within Slack's <address|text>.
    if (http::parse_url(into) && into.find_first_of("<>|\"") == std::string::npos) return {};
    return yaml_.malformed(node,
                           "'address' must be the http or https address at which people reach this server");
  }

  base::Result<> target(const Node& node, NotifyTargetConfig& config) const {
    notify::Target& target = config.target;
    std::optional<bool> at_least_once;
    std::string kind;
    MIDWATCH_TRY_VOID(yaml_.map(
        node, "a target",
        {{"name", [&](const Node& n) { return name(n, target.name); }},
         {"kind", [&](const Node& n) { return yaml_.text(n, "kind", kind); }},
         {"spaces", [&](const Node& n) { return yaml_.texts(n, "spaces", target.spaces); }},
         {"events", [&](const Node& n) { return events(n, target.events); }},
         {"language", [&](const Node& n) { return language(n, target.language); }},
         {"url", [&](const Node& n) { return yaml_.text(n, "url", target.url); }},
         {"channel", [&](const Node& n) { return yaml_.text(n, "channel", target.channel); }},
         {"user", [&](const Node& n) { return yaml_.text(n, "user", target.user); }},
         {"from", [&](const Node& n) { return yaml_.text(n, "from", target.from); }},
         {"to", [&](const Node& n) { return yaml_.texts(n, "to", target.to); }},
         {"label", [&](const Node& n) { return yaml_.text(n, "label", target.label); }},
         {"secret", [&](const Node& n) { return secret(n, config.secret); }},
         {"signing_secret", [&](const Node& n) { return secret(n, config.signing_secret); }},
         {"users", [&](const Node& n) { return yaml_.texts(n, "users", target.users); }},
         {"at_least_once",
          [&](const Node& n) { return yaml_.boolean(n, "at_least_once", at_least_once.emplace()); }}}));
    if (target.name.empty()) return yaml_.malformed(node, "a target needs a 'name'");
    const auto known = notify::target_kind_of(kind);
    if (!known)
      return yaml_.malformed(node,
                             "'kind' must be slack, slack-webhook, pagerduty, servicenow, webhook or email");
    target.kind = *known;
    target.at_least_once = at_least_once.value_or(target.kind == notify::TargetKind::kWebhook);
    const bool logs_in = target.kind != notify::TargetKind::kEmail || !target.user.empty();
    if (logs_in && !config.secret.is_given()) return yaml_.malformed(node, "a target needs a 'secret'");
    if (config.signing_secret.is_given() == target.users.empty())
      return yaml_.malformed(
          node,
          "buttons need both: 'signing_secret', by which Slack signs, and 'users', who may "
          "press them");
    if (const auto complete = notify::check(target); !complete)
      return yaml_.malformed(node, complete.error().message);
    return {};
  }

  base::Result<> events(const Node& node, std::vector<notify::Event>& into) const {
    std::vector<std::string> words;
    MIDWATCH_TRY_VOID(yaml_.texts(node, "events", words));
    into.clear();
    for (const std::string& word : words) {
      const auto event = notify::event_of(word);
      if (!event || *event == notify::Event::kTest)
        return yaml_.malformed(node,
                               fmt::format("'events' may hold started, cause, ended and resolved; not '{}'",
                                           base::printable(word, kShownBytes)));
      into.push_back(*event);
    }
    return {};
  }

  base::Result<> language(const Node& node, model::Language& into) const {
    std::string word;
    MIDWATCH_TRY_VOID(yaml_.text(node, "language", word));
    into = word == "ja" ? model::Language::kJapanese : model::Language::kEnglish;
    if (word == "ja" || word == "en") return {};
    return yaml_.malformed(node, "'language' must be en or ja");
  }

  base::Result<> cross_check(const Node& root, const ServeConfig& config) const {
    std::set<std::string> spaces;
    for (const SpaceConfig& space : config.spaces)
      if (!spaces.insert(space.name).second)
        return yaml_.malformed(root["spaces"], fmt::format("two spaces are called '{}'", space.name));
    std::set<std::string> webhooks;
    for (const WebhookConfig& webhook : config.webhooks) {
      if (!webhooks.insert(webhook.name).second)
        return yaml_.malformed(root["webhooks"], fmt::format("two webhooks are called '{}'", webhook.name));
      if (!spaces.contains(webhook.space))
        return yaml_.malformed(root["webhooks"],
                               fmt::format("the webhook '{}' names the space '{}', which is not there",
                                           webhook.name, base::printable(webhook.space, kShownBytes)));
    }
    for (const TokenConfig& token : config.tokens)
      for (const std::string& space : token.spaces)
        if (!spaces.contains(space))
          return yaml_.malformed(root["tokens"],
                                 fmt::format("the token '{}' names the space '{}', which is not there",
                                             token.name, base::printable(space, kShownBytes)));
    for (const auto& [group, grant] :
         config.provider ? config.provider->oidc.grants : std::vector<identity::GroupGrant>())
      if (grant.space != model::kEverySpace && !spaces.contains(grant.space))
        return yaml_.malformed(
            root["oidc"],
            fmt::format("the group '{}' has a role in the space '{}', which is not there",
                        base::printable(group, kShownBytes), base::printable(grant.space, kShownBytes)));
    std::set<std::string> targets;
    for (const auto& [target, secret, signing] : config.notify.targets) {
      const Node& here = root["notify"]["targets"];
      if (!targets.insert(target.name).second)
        return yaml_.malformed(here, fmt::format("two targets are called '{}'", target.name));
      for (const std::string& space : target.spaces)
        if (!spaces.contains(space) && !(config.sandbox && space == kSandboxSpace))
          return yaml_.malformed(here, fmt::format("the target '{}' names the space '{}', which is not there",
                                                   target.name, base::printable(space, kShownBytes)));
    }
    return {};
  }

  base::YamlFields yaml_;
  std::filesystem::path folder_;
};

base::Result<std::string> read_file(const std::string& path, std::string_view what) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    return base::user_error(base::ErrorCode::kNotFound,
                            fmt::format("{} {} cannot be read; check the path", what, path));
  }
  return std::string((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
}

}  // namespace

base::Result<ServeConfig> read_serve_config(std::string_view yaml, const std::string& path) {
  ServeConfig config;
  const ConfigReader reader(path);
  MIDWATCH_TRY_VOID(
      base::read_yaml_file(yaml, path, [&](const Node& root) { return reader.read(root, config); }));
  return config;
}

base::Result<ServeConfig> load_serve_config(const std::string& path) {
  MIDWATCH_TRY(const std::string text, read_file(path, "the configuration"));
  MIDWATCH_TRY(auto config, read_serve_config(text, path));
  config.file = path;
  return config;
}

bool is_on_loopback(const ServeConfig& config) {
  return http::is_loopback(config.listen.substr(0, config.listen.rfind(':')));
}

base::Result<> check_exposure(const ServeConfig& config) {
  if (is_on_loopback(config) || config.behind_proxy) return {};
  return base::user_error(
      base::ErrorCode::kInvalidArgument,
      fmt::format("'{}' is reached from other machines, and this server speaks no TLS: put a "
                  "proxy with TLS in front of it and say 'behind_proxy: true'",
                  config.listen));
}

base::Result<identity::OidcConfig> read_provider(const ProviderConfig& config) {
  identity::OidcConfig oidc = config.oidc;
  if (config.secret.is_given()) {
    MIDWATCH_TRY(oidc.secret, read_secret(config.secret));
  }
  return oidc;
}

base::Result<std::string> read_secret(const SecretSource& source) {
  std::string secret;
  if (!source.file.empty()) {
    MIDWATCH_TRY(secret, read_file(source.file, "the secret"));
    while (!secret.empty() && (secret.back() == '\n' || secret.back() == '\r')) secret.pop_back();
  } else if (const char* value = std::getenv(source.variable.c_str()); value != nullptr) {
    secret = value;
  }
  if (!secret.empty()) return secret;
  return base::user_error(
      base::ErrorCode::kNotFound,
      source.file.empty()
          ? fmt::format("the variable {} of the environment is not set or empty", source.variable)
          : fmt::format("the secret {} is empty", source.file));
}

base::Result<std::vector<notify::Target>> read_targets(const NotifyConfig& config) {
  std::vector<notify::Target> targets;
  for (const auto& [configured, source, signing] : config.targets) {
    notify::Target& target = targets.emplace_back(configured);
    if (signing.is_given()) {
      MIDWATCH_TRY(target.signing_secret, read_secret(signing));
    }
    if (source.is_given()) {
      MIDWATCH_TRY(target.secret, read_secret(source));
    }
    if (target.kind == notify::TargetKind::kSlackWebhook && !http::parse_url(target.secret))
      return base::user_error(
          base::ErrorCode::kInvalidArgument,
          fmt::format("the secret of the target '{}' must be the address of its incoming webhook",
                      target.name));
  }
  return targets;
}

}  // namespace midwatch::app
