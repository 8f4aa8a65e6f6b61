#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <openssl/evp.h>

#include "src/base/digest.h"
#include "src/base/json_access.h"
#include "src/base/try.h"
#include "src/clients/aws/api/credentials/account_settings.h"
#include "src/clients/aws/api/credentials/credential_document.h"
#include "src/clients/aws/api/credentials/source_context.h"
#include "src/clients/aws/api/endpoint.h"
#include "src/http/url.h"

namespace midwatch::clients::aws::api {
namespace {

constexpr auto kTimeout = std::chrono::seconds(20);
constexpr std::size_t kMaxAnswerBytes = std::size_t{1} << 20U;
constexpr Service kPortal{.name = "sso", .id = "SSO", .endpoint_prefix = "portal.sso", .signing_name = "sso"};

/// The CLI names its token files by the SHA-1 of the session's name; it is a name, not a protection.
std::string sha1_hex(std::string_view text) {
  std::string bytes(EVP_MAX_MD_SIZE, '\0');
  unsigned int length = 0;
  EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(bytes.data()), &length, EVP_sha1(),
             nullptr);
  return base::to_hex(std::string_view(bytes).substr(0, length));
}

struct SsoSettings {
  std::string region;
  std::string cache_key;
  std::string account;
  std::string role;
};

base::Result<SsoSettings> read_settings(const SourceContext& from, const ConfigSection& section,
                                        const std::string& source) {
  SsoSettings settings{.region = setting(section, "sso_region"),
                       .cache_key = setting(section, "sso_start_url"),
                       .account = setting(section, "sso_account_id"),
                       .role = setting(section, "sso_role_name")};
  if (const auto name = setting(section, "sso_session"); !name.empty()) {
    const auto session = from.config.sso_sessions.find(name);
    if (session == from.config.sso_sessions.end())
      return no_credentials(source, fmt::format("the config file has no [sso-session {}]", name));
    settings.region = setting(session->second, "sso_region");
    settings.cache_key = name;
  }
  if (settings.region.empty() || settings.cache_key.empty() || settings.account.empty() ||
      settings.role.empty())
    return no_credentials(source, "sso_region, sso_start_url, sso_account_id or sso_role_name is missing");
  return settings;
}

base::Result<std::string> cached_token(const SourceContext& from, const SsoSettings& settings,
                                       const std::string& source, const std::string& advice) {
  const auto text = read_small_file(
      from.environment.expanded(fmt::format("~/.aws/sso/cache/{}.json", sha1_hex(settings.cache_key))));
  if (!text) return no_credentials(source, "nobody is signed in; run " + advice);
  const auto token = base::parse_json(*text);
  if (!token) return no_credentials(source, "the cached token is no JSON; run " + advice);
  const auto expires = base::parse_rfc3339(base::text_at(*token, "expiresAt"));
  if (!expires || *expires <= from.context.clock().now())
    return no_credentials(source, "the sign-in has expired; run " + advice);
  std::string access = base::text_at(*token, "accessToken");
  if (access.empty()) return no_credentials(source, "the cached token is empty; run " + advice);
  return access;
}

}  // namespace

FoundCredentials sso_credentials(const SourceContext& from, const ConfigSection& section,
                                 const std::string& profile) {
  const std::string source = "SSO profile " + profile;
  const std::string advice = fmt::format("'aws sso login --profile {}'", profile);
  MIDWATCH_TRY(const SsoSettings settings, read_settings(from, section, source));
  MIDWATCH_TRY(const std::string token, cached_token(from, settings, source, advice));
  MIDWATCH_TRY(const Endpoint endpoint, resolve_endpoint(kPortal, settings.region,
                                                         configured_endpoint(from.environment, from.config,
                                                                             from.profile, kPortal.id)));
  const http::HttpRequest request{
      .url = fmt::format("{}/federation/credentials?role_name={}&account_id={}", endpoint.url,
                         http::percent_encode(settings.role), http::percent_encode(settings.account)),
      .headers = {{"x-amz-sso_bearer_token", token}},
      .timeout = kTimeout,
      .max_body_bytes = kMaxAnswerBytes};
  auto response = from.http.send(from.context, request);
  if (!response) return std::move(response).error().with("asking for credentials of " + source);
  if (response->status == 401) return no_credentials(source, "the sign-in has expired; run " + advice);
  if (response->status != 200) {
    return no_credentials(source, fmt::format("the SSO portal answers with status {}: is role {} assigned in "
                                              "account {}?",
                                              response->status, settings.role, settings.account));
  }
  const auto answer = base::parse_json(response->body);
  if (!answer) return no_credentials(source, "the answer is no JSON");
  MIDWATCH_TRY(Credentials credentials,
               read_credentials(base::at(*answer, "roleCredentials"),
                                {"accessKeyId", "secretAccessKey", "sessionToken", "expiration"}, source));
  return credentials;
}

}  // namespace midwatch::clients::aws::api
