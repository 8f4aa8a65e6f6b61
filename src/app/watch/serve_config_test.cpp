#include "src/app/watch/serve_config.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "src/app/watch/settings_view.h"

namespace midwatch::app {
namespace {

constexpr const char* kWhole = R"(
format: midwatch.serve/v1
listen: 0.0.0.0:8686
hosts: [watch.internal]
behind_proxy: true
store: data/midwatch.db
workers: 6
spaces:
  - name: shop
    file: shop.space.yaml
    deadline: 90s
    calls: 120
    at_once: 2
    keep: 90d
    polling: { every: 2m, alarms: ["shop-*"] }
    skip:
      - { alarm: "*-canary", at_most: low, reason: probes that fail on purpose }
webhooks:
  - name: prometheus
    dialect: alertmanager
    space: shop
    secrets: [{ env: ALERTS_TOKEN }, { file: old.token }]
  - { name: sns, dialect: cloudwatch-sns, space: shop, topics: ["arn:aws:sns:us-east-1:111122223333:alarms"] }
notify:
  address: https://watch.internal/
  allow: [hooks.internal]
  targets:
    - { name: oncall, kind: slack, channel: C0123, language: ja, spaces: [shop], secret: { env: SLACK_TOKEN } }
    - { name: hook, kind: webhook, url: "https://hooks.internal/x", events: [cause, ended], secret: { file: hook.key } }
sessions: { idle: 2h, longest: 3d }
log: { format: text, level: debug }
oidc:
  issuer: https://login.example.com/realm
  client_id: midwatch
  secret: { env: OIDC_SECRET }
  address: https://watch.internal/
  name: Example
  scopes: [email]
  user: email
  roles: [{ group: sre, role: operator, spaces: [shop] }, { group: admins, role: admin }]
tokens:
  - { name: ci, role: operator, spaces: [shop], sha256: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef }
)";

TEST(ServeConfig, ReadsAllOfIt) {
  const auto config = read_serve_config(kWhole, "/etc/midwatch/serve.yaml");
  ASSERT_TRUE(config) << config.error().describe();
  EXPECT_EQ(config->store, "/etc/midwatch/data/midwatch.db");
  EXPECT_EQ(config->workers, 6U);
  ASSERT_EQ(config->spaces.size(), 1U);
  EXPECT_EQ(config->spaces[0].file, "/etc/midwatch/shop.space.yaml");
  EXPECT_EQ(config->spaces[0].deadline, std::chrono::seconds(90));
  EXPECT_EQ(config->spaces[0].keep, std::chrono::hours(24 * 90));
  EXPECT_EQ(config->spaces[0].polling->every, std::chrono::minutes(2));
  EXPECT_EQ(config->spaces[0].polling->alarms, std::vector<std::string>{"shop-*"});
  ASSERT_EQ(config->spaces[0].skip.size(), 1U);
  ASSERT_EQ(config->webhooks.size(), 2U);
  EXPECT_EQ(config->webhooks[0].secrets[0].variable, "ALERTS_TOKEN");
  EXPECT_EQ(config->webhooks[0].secrets[1].file, "/etc/midwatch/old.token");
  EXPECT_EQ(config->webhooks[1].topics.size(), 1U);
  EXPECT_EQ(config->tokens[0].role, "operator");
  ASSERT_TRUE(config->provider);
  const identity::OidcConfig& oidc = config->provider->oidc;
  EXPECT_EQ(oidc.callback, "https://watch.internal/api/v1/session/callback");
  EXPECT_EQ(oidc.scopes, "openid email");
  EXPECT_EQ(oidc.groups_claim, "groups");
  ASSERT_EQ(oidc.grants.size(), 2U);
  EXPECT_EQ(oidc.grants[1].grant, (model::Grant{"*", model::Role::kAdmin}));
  EXPECT_FALSE(read_provider(*config->provider)) << "the variable is not there";
  EXPECT_EQ(config->sessions.idle, std::chrono::hours(2));
  EXPECT_EQ(config->sessions.longest, std::chrono::hours(72));
  EXPECT_EQ(config->log.format, base::LogFormat::kText);
  EXPECT_EQ(config->log.level, base::LogLevel::kDebug);
  EXPECT_TRUE(check_exposure(*config));
  EXPECT_EQ(config->notify.address, "https://watch.internal");
  EXPECT_EQ(config->notify.allowed.size(), 1U);
  ASSERT_EQ(config->notify.targets.size(), 2U);
  const auto& [slack, token, signing] = config->notify.targets[0];
  EXPECT_EQ(slack.language, model::Language::kJapanese);
  EXPECT_EQ(slack.events.size(), 3U);
  EXPECT_FALSE(slack.at_least_once);
  EXPECT_EQ(token.variable, "SLACK_TOKEN");
  EXPECT_TRUE(config->notify.targets[1].target.at_least_once) << "it can tell by the Idempotency-Key";
  EXPECT_EQ(config->notify.targets[1].target.events.size(), 2U);
  EXPECT_FALSE(read_targets(config->notify)) << "neither the variable nor the file is there";
}

TEST(ServeConfig, IsShownWithoutItsSecrets) {
  const auto config = read_serve_config(kWhole, "/etc/midwatch/serve.yaml");
  ASSERT_TRUE(config) << config.error().describe();
  const base::Json shown = settings_json(*config);
  EXPECT_EQ(shown["address"], "https://watch.internal");
  EXPECT_EQ(
      shown["spaces"].dump(),
      R"([{"name":"shop","deadline_s":90,"calls":120,"at_once":2,)"
      R"("skip":[{"name":"skip rule 1","reason":"probes that fail on purpose","alarm":"*-canary","at_most":"low"}],)"
      R"("file":"/etc/midwatch/shop.space.yaml","keep_s":7776000,"polling":{"every_s":120,"alarms":["shop-*"]}}])");
  EXPECT_EQ(shown["webhooks"][0]["title"], "Prometheus Alertmanager");
  EXPECT_EQ(shown["webhooks"][0]["secrets"], 2U);
  EXPECT_EQ(shown["webhooks"][1]["proofs"].dump(), R"(["sns-signature"])");
  EXPECT_EQ(shown["targets"][0]["where"], "C0123");
  EXPECT_EQ(shown["targets"][1]["where"], "hooks.internal") << "the path of an address may be its key";
  for (const char* secret :
       {"ALERTS_TOKEN", "old.token", "SLACK_TOKEN", "hook.key", "0123456789abcdef", "/x"})
    EXPECT_EQ(shown.dump().find(secret), std::string::npos) << secret;
}

TEST(ServeConfig, SaysWhatIsWrongAndWhere) {
  const std::string head = "format: midwatch.serve/v1\n";
  const std::string space = "spaces: [{ name: a }]\n";
  const std::string oidc = "oidc: { client_id: m, address: \"https://w\", issuer: ";
  const std::vector<std::pair<std::string, std::string>> cases{
      {"listen: 127.0.0.1:1\n", "'format' is ''; this version reads 'midwatch.serve/v1'"},
      {head + "port: 80\n", "f.yaml:2: 'port' is no key of a server's configuration"},
      {head + "log: { format: xml }\n", "f.yaml:2: 'format' must be json or text"},
      {head + "log: { level: loud }\n", "f.yaml:2: 'level' must be debug, info, warning or error"},
      {head + "log: { file: x }\n", "f.yaml:2: 'file' is no key of log"},
      {head + "workers: many\n", "f.yaml:2: 'workers' must be a whole number of 1 to 256"},
      {head + "spaces: [{ name: A B }]\n", "f.yaml:2: 'name' must be of a-z, 0-9, - and _"},
      {head + "spaces: [{ name: a }, { name: a }]\n", "f.yaml:2: two spaces are called 'a'"},
      {head + "spaces: [{ name: a, skip: [{ reason: r }] }]\n", "a skip rule needs an 'alarm', an 'entity'"},
      {head + "spaces: [{ name: a, polling: { every: 5s } }]\n",
       "f.yaml:2: 'every' must be from 10 seconds to one hour"},
      {"format: midwatch.serve/v1\nspaces:\n  - { name: a, keep: 30 }\n",
       "f.yaml:3: 'keep' must be at least one hour (30d; without a unit it is seconds)"},
      {head + "spaces: [{ name: a, polling: { interval: 1m } }]\n",
       "f.yaml:2: 'interval' is no key of polling"},
      {head + space + "webhooks: [{ name: w, dialect: alertmanager, space: a }]\n",
       "f.yaml:3: a webhook needs 'secrets'"},
      {head + space + "webhooks: [{ name: w, dialect: alertmanager, space: b, secrets: [{ env: E }] }]\n",
       "the webhook 'w' names the space 'b', which is not there"},
      {head + space +
           "webhooks: [{ name: w, dialect: alertmanager, space: a, secrets: [{ env: E, file: f }] }]\n",
       "a secret is read from 'env' (a variable) or 'file' (a path): one of them"},
      {head + "telemetry: { otlp: collector }\n", "f.yaml:2: 'otlp' must be an http or https address"},
      {head + "telemetry: { otlp: \"https://c\", headers: [{ name: a }] }\n",
       "a header needs a 'name' and a 'secret'"},
      {head + "notify: { target: [] }\n", "f.yaml:2: 'target' is no key of notify"},
      {head + "notify: { address: watch }\n", "'address' must be the http or https address"},
      {head + "notify: { address: \"https://w/|x>\" }\n", "'address' must be the http or https address"},
      {head + "notify: { targets: [{ kind: slack }] }\n", "a target needs a 'name'"},
      {head + "notify: { targets: [{ name: t, kind: fax }] }\n",
       "f.yaml:2: 'kind' must be slack, slack-webhook"},
      {head + "notify: { targets: [{ name: t, kind: slack, channel: C1 }] }\n", "a target needs a 'secret'"},
      {head +
           "notify: { targets: [{ name: t, kind: slack, channel: C1, secret: { env: E }, users: [U1] }] }\n",
       "buttons need both"},
      {head + "notify: { targets: [{ name: t, kind: slack, channel: C1, secret: { env: E }, "
              "signing_secret: { env: S } }] }\n",
       "buttons need both"},
      {head + "notify: { targets: [{ name: t, kind: slack, secret: { env: E } }] }\n",
       "the target 't' needs a 'channel'"},
      {head + "notify: { targets: [{ name: t, kind: slack, language: fr }] }\n",
       "'language' must be en or ja"},
      {head + "notify: { targets: [{ name: t, kind: slack, events: [all] }] }\n", "not 'all'"},
      {head +
           "notify: { targets: [{ name: t, kind: slack, channel: C1, spaces: [b], secret: { env: E } }] }\n",
       "the target 't' names the space 'b', which is not there"},
      {head + "oidc: { issuer: \"https://i\" }\n", "f.yaml:2: oidc needs an 'issuer', a 'client_id'"},
      {head + oidc + "\"http://i\", roles: [{ group: g, role: admin }] }\n",
       "'issuer' must be the https address"},
      {head + oidc + "\"https://i\", roles: [{ group: g, role: root }] }\n",
       "'role' must be viewer, operator"},
      {head + oidc + "\"https://i\", roles: [{ role: admin }] }\n", "needs the 'group' that has it"},
      {head + oidc + "\"https://i\", roles: [{ group: g, role: admin, spaces: [b] }] }\n",
       "the group 'g' has a role in the space 'b', which is not there"},
      {head + oidc + "\"https://i\", client_secret: s }\n", "'client_secret' is no key of oidc"},
      {head + "sessions: { idle: 1m }\n", "f.yaml:2: 'idle' must be at least five minutes"},
      {head + "sessions: { idle: 2h, longest: 1h }\n", "'longest' no less than it"},
      {head + "sessions: { end: 2h }\n", "f.yaml:2: 'end' is no key of sessions"},
      {head + "tokens: [{ name: t, role: root, sha256: 00 }]\n", "'role' must be viewer, operator or admin"},
      {head + "tokens: [{ name: t, role: admin, sha256: secret }]\n", "'sha256' must be 64 hex digits"},
  };
  for (const auto& [yaml, message] : cases) {
    const auto config = read_serve_config(yaml, "f.yaml");
    ASSERT_FALSE(config) << yaml;
    EXPECT_NE(config.error().message.find(message), std::string::npos) << config.error().message;
  }
}

TEST(ServeConfig, OffLoopbackItNeedsAProxy) {
  ServeConfig config;
  EXPECT_TRUE(check_exposure(config));
  EXPECT_TRUE(is_on_loopback(config));
  config.listen = "0.0.0.0:8686";
  EXPECT_FALSE(is_on_loopback(config));
  EXPECT_NE(check_exposure(config).error().message.find("TLS"), std::string::npos);
  config.behind_proxy = true;
  EXPECT_TRUE(check_exposure(config));
}

TEST(ServeConfig, AMissingSecretIsNamed) {
  EXPECT_NE(read_secret({"MIDWATCH_NOT_SET", ""}).error().message.find("MIDWATCH_NOT_SET"),
            std::string::npos);
  EXPECT_NE(read_secret({"", "/nowhere/secret"}).error().message.find("/nowhere/secret"), std::string::npos);
}

}  // namespace
}  // namespace midwatch::app
