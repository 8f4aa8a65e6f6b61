#include "src/clients/aws/api/credentials/sts.h"

#include <fmt/format.h>

#include "src/base/try.h"
#include "src/clients/aws/api/credentials/account_settings.h"
#include "src/clients/aws/api/credentials/credential_document.h"
#include "src/clients/aws/api/endpoint.h"
#include "src/clients/aws/api/service_error.h"
#include "src/clients/aws/api/sigv4.h"
#include "src/clients/aws/api/table/operation_table.h"
#include "src/clients/aws/api/xml_document.h"
#include "src/http/url.h"

namespace midwatch::clients::aws::api {
namespace {

constexpr auto kTimeout = std::chrono::seconds(20);
constexpr std::size_t kMaxAnswerBytes = std::size_t{1} << 20U;

/// These calls take on an identity and read nothing, so they are not in the table of reads.
constexpr Operation kAssumeRole{.name = "AssumeRole", .action = "sts:AssumeRole"};
constexpr Operation kWebIdentity{.name = "AssumeRoleWithWebIdentity",
                                 .action = "sts:AssumeRoleWithWebIdentity"};

std::string form(const Service& service, const Operation& operation, const RoleRequest& role) {
  std::string text =
      fmt::format("Action={}&Version={}&RoleArn={}&RoleSessionName={}", operation.name, service.version,
                  http::percent_encode(role.role_arn), http::percent_encode(role.session_name));
  if (!role.external_id.empty()) text += "&ExternalId=" + http::percent_encode(role.external_id);
  if (!role.duration_seconds.empty())
    text += "&DurationSeconds=" + http::percent_encode(role.duration_seconds);
  return text;
}

base::Result<Credentials> read_answer(const Operation& operation, const std::string& body,
                                      const std::string& source) {
  const auto root = parse_xml(body);
  if (!root) return no_credentials(source, "the answer of STS is no XML");
  const XmlElement* result = root->child(std::string(operation.name) + "Result");
  const XmlElement* given = result == nullptr ? nullptr : result->child("Credentials");
  if (given == nullptr) return no_credentials(source, "the answer of STS holds none");
  Credentials credentials{.access_key_id = std::string(given->child_text("AccessKeyId")),
                          .secret_access_key = std::string(given->child_text("SecretAccessKey")),
                          .session_token = std::string(given->child_text("SessionToken")),
                          .expires_at = base::parse_rfc3339(given->child_text("Expiration")),
                          .source = source};
  if (credentials.access_key_id.empty() || credentials.secret_access_key.empty() || !credentials.expires_at)
    return no_credentials(source, "the answer of STS lacks a member");
  return credentials;
}

/// Sends the form; signed where there are credentials to sign with.
base::Result<Credentials> exchange(const SourceContext& from, const Operation& operation,
                                   const std::string& body, const Credentials* signer,
                                   const std::string& secret, const std::string& source) {
  const Service& service = *find_service("sts");
  std::string region = configured_region(from.environment, from.config, from.profile);
  if (region.empty()) region = "us-east-1";
  MIDWATCH_TRY(const Endpoint endpoint, resolve_endpoint(service, region,
                                                         configured_endpoint(from.environment, from.config,
                                                                             from.profile, service.id)));
  MIDWATCH_TRY(const http::Url url, http::parse_url(endpoint.url + "/"));
  http::HttpRequest request{.method = "POST",
                            .url = endpoint.url + "/",
                            .headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
                                        {"Host", url.authority}},
                            .body = body,
                            .timeout = kTimeout,
                            .max_body_bytes = kMaxAnswerBytes};
  if (signer != nullptr) {
    MIDWATCH_TRY(const Signature signature, sign(request, *signer,
                                                 {.region = endpoint.signing_region,
                                                  .service = std::string(service.signing_name),
                                                  .time = from.context.clock().now()},
                                                 {}));
    (void)signature;
  }
  auto response = from.http.send(from.context, request);
  if (!response) return std::move(response).error().with("taking on " + source);
  if (response->status == 200) return read_answer(operation, response->body, source);
  const std::string_view secrets[] = {
      secret, signer == nullptr ? std::string_view() : std::string_view(signer->secret_access_key),
      signer == nullptr ? std::string_view() : std::string_view(signer->session_token)};
  return to_error(read_service_error(*response, secrets), service, operation).with("taking on " + source);
}

}  // namespace

base::Result<Credentials> assume_role(const SourceContext& from, const Credentials& base_credentials,
                                      const RoleRequest& role, const std::string& source) {
  return exchange(from, kAssumeRole, form(*find_service("sts"), kAssumeRole, role), &base_credentials, {},
                  source);
}

base::Result<Credentials> assume_role_with_web_identity(const SourceContext& from, const std::string& token,
                                                        const RoleRequest& role, const std::string& source) {
  const std::string body =
      form(*find_service("sts"), kWebIdentity, role) + "&WebIdentityToken=" + http::percent_encode(token);
  return exchange(from, kWebIdentity, body, nullptr, token, source);
}

}  // namespace midwatch::clients::aws::api
