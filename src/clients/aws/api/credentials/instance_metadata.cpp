#include "src/clients/aws/api/credentials/instance_metadata.h"

#include <fmt/format.h>

#include "src/base/ascii.h"
#include "src/base/try.h"

namespace midwatch::clients::aws::api {
namespace {

constexpr auto kTimeout =
    std::chrono::seconds(1);  // it is on the same host; elsewhere nothing answers at all
constexpr std::size_t kMaxAnswerBytes = std::size_t{1} << 20U;
constexpr std::string_view kLifetimeSeconds = "21600";

http::HttpRequest local_request(std::string method, std::string url, std::vector<http::Header> headers) {
  return {.method = std::move(method),
          .url = std::move(url),
          .headers = std::move(headers),
          .timeout = kTimeout,
          .max_body_bytes = kMaxAnswerBytes,
          .destination = http::Destination::kLocalLink};
}

}  // namespace

std::string InstanceMetadata::address() const {
  std::string given = environment_.get("AWS_EC2_METADATA_SERVICE_ENDPOINT");
  while (given.ends_with('/')) given.pop_back();
  if (!given.empty()) return given;
  return base::to_lower(environment_.get("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE")) == "ipv6"
             ? "http://[fd00:ec2::254]"
             : "http://169.254.169.254";
}

base::Result<std::string> InstanceMetadata::session_token(const runtime::RequestContext& context) const {
  const auto response = http_.send(
      context, local_request("PUT", address() + "/latest/api/token",
                             {{"x-aws-ec2-metadata-token-ttl-seconds", std::string(kLifetimeSeconds)}}));
  if (response && response->status == 200) return response->body;
  const bool may_be_version_1 =
      response ? response->status == 403 || response->status == 404 || response->status == 405
               : response.error().code == base::ErrorCode::kTimeout;
  if (may_be_version_1 && context.check() && !environment_.is_true("AWS_EC2_METADATA_V1_DISABLED"))
    return std::string();
  if (!response) return response.error();
  return base::external_error(
      base::ErrorCode::kUnavailable,
      fmt::format("the instance metadata gives no token, status {}", response->status));
}

base::Result<std::string> InstanceMetadata::read(const runtime::RequestContext& context,
                                                 std::string_view path) {
  if (!token_) {
    MIDWATCH_TRY(token_, session_token(context));
  }
  std::vector<http::Header> headers;
  if (!token_->empty()) headers.emplace_back("x-aws-ec2-metadata-token", *token_);
  MIDWATCH_TRY(http::HttpResponse response,
               http_.send(context, local_request("GET", address() + std::string(path), std::move(headers))));
  if (response.status == 200) return std::move(response.body);
  return base::external_error(
      response.status == 404 ? base::ErrorCode::kNotFound : base::ErrorCode::kUnavailable,
      fmt::format("the instance metadata answers with status {}", response.status));
}

}  // namespace midwatch::clients::aws::api
