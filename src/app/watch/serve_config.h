#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/base/log.h"
#include "src/base/result.h"
#include "src/base/time.h"
#include "src/identity/oidc_provider.h"
#include "src/identity/sign_ins.h"
#include "src/intake/triage.h"
#include "src/notify/target.h"

namespace midwatch::app {

/// Where a secret is found; it is never part of the file.
struct SecretSource {
  std::string variable;  ///< of the environment
  std::string file;

  bool is_given() const { return !variable.empty() || !file.empty(); }
};

/// Alarms that nobody sends are asked for.
struct PollingConfig {
  base::Duration every = std::chrono::seconds(60);
  std::vector<std::string> alarms;  ///< patterns of their names; empty: all
};

/// One agent space, and what it may use up.
struct SpaceConfig {
  std::string name;
  std::string file;  ///< what may be read (docs/aws.md); empty: the credentials' own account and region
  base::Duration deadline = std::chrono::seconds(60);
  std::uint64_t calls = 80;          ///< an investigation at most
  std::uint64_t at_once = 20;        ///< investigations that wait or run; more alarms are kept and skipped
  base::Duration keep{};             ///< resolved incidents; zero: for ever
  std::uint64_t keep_megabytes = 0;  ///< more than so much makes the oldest resolved go; zero: any
  std::vector<intake::SkipRule> skip;
  std::optional<PollingConfig> polling{};
};

/// Somebody who tells of alarms.
struct WebhookConfig {
  std::string name;  ///< in its address: /webhooks/NAME
  std::string dialect;
  std::string space;
  std::vector<SecretSource> secrets;  ///< any of them opens, so that they can be changed without a gap
  std::vector<std::string> topics;    ///< of SNS: ARNs or accounts that are heard; "*" for all
  std::string user;                   ///< of basic authentication; empty: any
  std::string secret_header;          ///< that carries the secret, where the sender can set one
  std::vector<std::string> certificate_hosts;  ///< that may sign beside SNS: those of a sandbox
  bool unauthenticated = false;
};

/// Who may use the API.
struct TokenConfig {
  std::string name;
  std::string role;                 ///< viewer, operator, admin
  std::vector<std::string> spaces;  ///< empty: all
  std::string sha256;               ///< of the token, in hex; the token itself is nowhere
};

/// A provider of OpenID Connect that vouches for people.
struct ProviderConfig {
  identity::OidcConfig oidc;
  std::string name = "SSO";  ///< as the page calls it
  SecretSource secret;
};

/// Somebody who is told, and where their secret is found.
struct NotifyTargetConfig {
  notify::Target target;
  SecretSource secret;
  SecretSource signing_secret{};  ///< of Slack, by which it signs what people press
};

/// Who is told of what, and how.
struct NotifyConfig {
  std::string address;  ///< of this server as people reach it; empty: messages have no link
  std::vector<std::string>
      allowed;  ///< hosts that targets may reach although they are no part of the network
  std::vector<NotifyTargetConfig> targets;
};

/// Where traces of investigations are sent.
struct TelemetryConfig {
  std::string otlp;                  ///< address of a receiver of OTLP over HTTP; empty: nowhere
  std::vector<std::string> allowed;  ///< hosts that may be reached although they are no part of the network
  std::vector<std::pair<std::string, SecretSource>> headers;
};

/// How the log is written.
struct LogConfig {
  std::optional<base::LogFormat> format{};       ///< without it, text at a terminal, else JSON
  base::LogLevel level = base::LogLevel::kInfo;  ///< what matters less is left out
};

/// What `midwatch serve` does.
struct ServeConfig {
  std::string file;  ///< that says all this; empty where there is none
  std::string listen = "127.0.0.1:8686";
  std::vector<std::string> hosts;  ///< further names by which it is reached
  bool behind_proxy = false;       ///< a proxy in front of it speaks TLS
  std::string store = "midwatch.db";
  std::uint64_t workers = 4;
  std::uint64_t streams = 1100;  ///< event streams at once
  std::vector<SpaceConfig> spaces;
  std::vector<WebhookConfig> webhooks;
  std::vector<TokenConfig> tokens;
  std::optional<ProviderConfig> provider;
  identity::SignInLimits sessions;  ///< of who signs in with a browser
  NotifyConfig notify;
  TelemetryConfig telemetry;
  LogConfig log;
  bool sandbox = false;  ///< simulated accounts can be started from the page
};

/// Reads a configuration (docs/serve.md describes it). Relative paths are relative to the file's folder.
/// Errors: kMalformed with file and line: no YAML, a key that nobody knows, a value of the wrong kind, a
/// webhook, token or target of a space that is not there, a name that occurs twice, a webhook without any
/// secret, a target that lacks something.
base::Result<ServeConfig> read_serve_config(std::string_view yaml, const std::string& path);
base::Result<ServeConfig> load_serve_config(const std::string& path);

/// What is not safe to start: an address off loopback without a proxy for TLS.
base::Result<> check_exposure(const ServeConfig& config);

/// True where it answers to nobody but this machine.
bool is_on_loopback(const ServeConfig& config);

/// The provider with its secret. Errors: those of read_secret.
base::Result<identity::OidcConfig> read_provider(const ProviderConfig& config);

/// The secret itself. Errors: kNotFound: the variable or the file is not there, or empty.
base::Result<std::string> read_secret(const SecretSource& source);

/// The targets with their secrets. Errors: those of read_secret, and of a target whose address is its secret.
base::Result<std::vector<notify::Target>> read_targets(const NotifyConfig& config);

}  // namespace midwatch::app
