#include <fmt/format.h>

#include "src/base/ascii.h"
#include "src/base/try.h"
#include "src/clients/aws/api/credentials/credential_document.h"
#include "src/clients/aws/api/credentials/source_context.h"
#include "src/http/url.h"

namespace midwatch::clients::aws::api {
namespace {

constexpr std::string_view kHost = "http://169.254.170.2";  // of the ECS agent
constexpr auto kTimeout = std::chrono::seconds(2);
constexpr int kAttempts = 3;
constexpr std::size_t kMaxAnswerBytes = std::size_t{1} << 20U;
const char* const kSource = "container";

/// The token that goes into the header Authorization; empty where none is configured.
base::Result<std::string> authorization(const Environment& environment) {
  std::string token = environment.get("AWS_CONTAINER_AUTHORIZATION_TOKEN");
  if (const auto file = environment.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"); !file.empty()) {
    MIDWATCH_TRY(token, read_small_file(environment.expanded(file)));
  }
  if (token.find_first_of("\r\n") != std::string::npos)
    return no_credentials(kSource, "the authorization token holds a line break");
  return token;
}

/// The token is only shown to the machine's own endpoints, or over TLS.
bool is_trusted(const http::Url& url) {
  return url.scheme == "https" || http::is_loopback(url.host) || url.host == "169.254.170.2" ||
         url.host == "169.254.170.23" || url.host == "fd00:ec2::23";
}

}  // namespace

FoundCredentials container_credentials(const SourceContext& from) {
  const std::string relative = from.environment.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  const std::string full = from.environment.get("AWS_CONTAINER_CREDENTIALS_FULL_URI");
  if (relative.empty() && full.empty()) return std::nullopt;
  if (!relative.empty() && !relative.starts_with('/'))
    return no_credentials(kSource, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI does not begin with a slash");
  http::HttpRequest request{.url = relative.empty() ? full : std::string(kHost) + relative,
                            .headers = {{"Accept", "application/json"}},
                            .timeout = kTimeout,
                            .max_body_bytes = kMaxAnswerBytes,
                            .destination = http::Destination::kLocalLink};
  MIDWATCH_TRY(const http::Url url, http::parse_url(request.url));
  if (!is_trusted(url))
    return no_credentials(kSource, "AWS_CONTAINER_CREDENTIALS_FULL_URI is neither local nor https");
  if (url.scheme == "https") request.destination = http::Destination::kNetwork;
  MIDWATCH_TRY(const std::string token, authorization(from.environment));
  if (!token.empty()) request.headers.emplace_back("Authorization", token);
  std::string why;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    MIDWATCH_TRY_VOID(from.context.check());
    const auto response = from.http.send(from.context, request);
    if (response && response->status == 200) {
      MIDWATCH_TRY(Credentials credentials, parse_credentials(response->body, {}, kSource));
      return credentials;
    }
    why = response ? fmt::format("the endpoint answers with status {}", response->status)
                   : response.error().describe();
    if (response && response->status < 500) break;
  }
  return no_credentials(kSource, why);
}

}  // namespace midwatch::clients::aws::api
