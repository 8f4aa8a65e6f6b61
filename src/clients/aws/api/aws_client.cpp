#include "src/clients/aws/api/aws_client.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/clients/aws/api/answer_decoder.h"
#include "src/clients/aws/api/api.h"
#include "src/clients/aws/api/code_address.h"
#include "src/clients/aws/api/endpoint.h"
#include "src/clients/aws/api/pages.h"
#include "src/clients/aws/api/request_encoder.h"
#include "src/clients/aws/api/service_error.h"
#include "src/clients/aws/api/sigv4.h"
#include "src/clients/aws/api/table/operation_table.h"
#include "src/http/http_date.h"
#include "src/http/url.h"

namespace midwatch::clients::aws::api {
namespace {

using base::Json;

constexpr base::Duration kAttemptTimeout = std::chrono::seconds(60);  // the SDKs' read timeout
// Of the time that is left until the deadline, so that a service that stalls once can be asked again.
constexpr int kAttemptShare = 3;
constexpr base::Duration kShortestTimeout =
    std::chrono::seconds(1);  // far above what a healthy service takes
constexpr std::size_t kShownNameBytes = 60;
constexpr int kOk = 200;
constexpr std::string_view kCodeOperation = "GetFunction";
// Answers of one call together; a question that is answered by more is asked for a shorter time instead.
constexpr std::size_t kMaxAnswerBytes = std::size_t{256} << 20U;

/// How long one attempt may take.
base::Duration attempt_timeout(const runtime::RequestContext& context) {
  const auto left = context.remaining();
  return left ? std::clamp(*left / kAttemptShare, kShortestTimeout, kAttemptTimeout) : kAttemptTimeout;
}

base::Error unsupported(const ApiRequest& request) {
  return base::user_error(base::ErrorCode::kUnsupported,
                          fmt::format("{} {} is none of the read operations that Midwatch may ask",
                                      base::printable(request.service, kShownNameBytes),
                                      base::printable(request.operation, kShownNameBytes)));
}

std::size_t max_items(const Json& input) {
  const auto number = base::number_at(input, "PaginationConfig", "MaxItems");
  return number && *number >= 1 ? static_cast<std::size_t>(*number) : 0;
}

/// Everything about a call that stays the same over its pages.
struct Call {
  const Service& service;
  const Operation& operation;
  std::string region;
  Endpoint endpoint;
  std::string invocation_id;
  std::string where;  ///< for people: `ecs DescribeTasks in eu-west-1`
};

/// How one attempt ended: with an answer, or with an error that may be worth another one.
struct Attempt {
  base::Result<std::string> answer;
  bool again = false;
  bool timed_out = false;
  std::optional<std::chrono::milliseconds> retry_after = std::nullopt;
};

class AwsClient final : public Api {
 public:
  AwsClient(ClientParts parts, ClientSettings settings)
      : parts_(std::move(parts)), settings_(std::move(settings)) {}

  base::Result<Json> call(const runtime::RequestContext& context, const ApiRequest& request) override;
  base::Result<CodePackage> fetch_code(const runtime::RequestContext& context,
                                       const ApiRequest& request) override;

 private:
  base::Result<Json> call_all(const runtime::RequestContext& context, const ApiRequest& request);
  base::Result<std::string> download(const runtime::RequestContext& context, const std::string& address);
  base::Result<Json> call_pages(const runtime::RequestContext& context, const Call& call, Json input);
  base::Result<std::string> send_page(const runtime::RequestContext& context, const Call& call,
                                      const Json& input);
  Attempt attempt(const runtime::RequestContext& context, const Call& call, http::HttpRequest request);
  Attempt failed_attempt(const runtime::RequestContext& context, const Call& call,
                         const http::HttpResponse& response, const Credentials& credentials);
  base::Result<> keep_to_rate(const runtime::RequestContext& context, const Call& call);
  void learn_clock(const runtime::RequestContext& context, const http::HttpResponse& response);
  RateLimiter& limiter(const Call& call);
  RateLimiter& limiter(const std::string& key, double per_second);
  RetryPolicy& retries(const Call& call);

  const ClientParts parts_;
  const ClientSettings settings_;
  std::atomic<std::int64_t> clock_offset_{0};  // nanoseconds that AWS is ahead of this machine
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<RateLimiter>> limiters_;
  std::map<std::string, std::unique_ptr<RetryPolicy>> retries_;
};

base::Result<Json> AwsClient::call(const runtime::RequestContext& context, const ApiRequest& request) {
  auto answer = call_all(context, request);
  if (answer && request.operation == kCodeOperation) take_code_address(*answer);
  return answer;
}

base::Result<CodePackage> AwsClient::fetch_code(const runtime::RequestContext& context,
                                                const ApiRequest& request) {
  const Service* service = find_service(request.service);
  if (service == nullptr || request.operation != kCodeOperation) return unsupported(request);
  MIDWATCH_TRY(Json function, call_all(context, request));
  CodePackage package;
  const std::string address = take_code_address(function);
  package.function = std::move(function);
  if (address.empty()) return package;
  MIDWATCH_TRY_VOID(check_code_address(address, settings_.endpoint(*service)));
  MIDWATCH_TRY(package.archive, download(context, address));
  return package;
}

/// Asks for a package with nothing but its address: whoever is asked learns no credential.
base::Result<std::string> AwsClient::download(const runtime::RequestContext& context,
                                              const std::string& address) {
  constexpr int kTooManyRequests = 429;
  constexpr int kServerFault = 500;
  for (int number = 1;; ++number) {
    MIDWATCH_TRY_VOID(context.check());
    http::HttpRequest request{.url = address};
    request.timeout = attempt_timeout(context);
    request.max_body_bytes = kMaxPackageBytes;
    auto response = parts_.http.send(context, request);
    if (response && response->status == kOk) return std::move(response->body);
    const bool again = response ? response->status == kTooManyRequests || response->status >= kServerFault
                                : base::is_retryable(response.error().code);
    const auto delay = RetryPolicy::delay(number + 1, parts_.random(), {});
    const auto left = context.remaining();
    if (!again || number >= settings_.max_attempts || (left && *left <= delay)) {
      if (!response) return std::move(response).error().with("the download of the code");
      return base::external_error(
          base::ErrorCode::kUnavailable,
          fmt::format("the download of the code was answered with status {}", response->status));
    }
    MIDWATCH_TRY_VOID(parts_.waiter.wait(context, delay));
  }
}

base::Result<Json> AwsClient::call_all(const runtime::RequestContext& context, const ApiRequest& request) {
  const Service* service = find_service(request.service);
  const Operation* operation = service == nullptr ? nullptr : find_operation(*service, request.operation);
  if (operation == nullptr) return unsupported(request);
  const std::string region = request.region.empty() ? settings_.region : request.region;
  if (region.empty()) {
    return base::user_error(base::ErrorCode::kInvalidArgument,
                            "no AWS region is set; set AWS_REGION, or `region` in the profile");
  }
  MIDWATCH_TRY(Endpoint endpoint, resolve_endpoint(*service, region, settings_.endpoint(*service)));
  Call call{.service = *service,
            .operation = *operation,
            .region = region,
            .endpoint = std::move(endpoint),
            .invocation_id = parts_.ids.next_uuid(),
            .where = fmt::format("{} {} in {}", service->name, operation->name, region)};
  auto answer = call_pages(context, call, request.input.is_null() ? Json(Json::object()) : request.input);
  if (!answer) return std::move(answer).error().with(std::move(call.where));
  return answer;
}

base::Result<Json> AwsClient::call_pages(const runtime::RequestContext& context, const Call& call,
                                         Json input) {
  Pages pages(call.operation, max_items(input));
  if (input.is_object()) input.erase("PaginationConfig");
  std::size_t bytes = 0;
  while (true) {
    MIDWATCH_TRY(const std::string body, send_page(context, call, input));
    bytes += body.size();
    if (bytes > kMaxAnswerBytes) {
      return base::external_error(
          base::ErrorCode::kResourceExhausted,
          fmt::format("the answer is longer than {} MiB; ask for a shorter time or fewer resources",
                      kMaxAnswerBytes >> 20U));
    }
    MIDWATCH_TRY(Json page, decode_answer(call.service, call.operation, body));
    MIDWATCH_TRY(std::optional<Json> next, pages.add(std::move(page)));
    if (!next) return pages.take();
    for (auto& [token, value] : next->items()) {
      input.erase(token);
      if (!value.is_null()) input[token] = std::move(value);
    }
  }
}

base::Result<std::string> AwsClient::send_page(const runtime::RequestContext& context, const Call& call,
                                               const Json& input) {
  MIDWATCH_TRY(WireRequest wire, encode_request(call.service, call.operation, input));
  std::string address = request_url(call.service, call.endpoint, wire.target);
  MIDWATCH_TRY(const http::Url url, http::parse_url(address));
  http::HttpRequest request{.method = std::move(wire.method),
                            .url = std::move(address),
                            .headers = std::move(wire.headers),
                            .body = std::move(wire.body)};
  request.headers.emplace_back("Host", url.authority);
  request.headers.emplace_back("amz-sdk-invocation-id", call.invocation_id);
  RetryPolicy& policy = retries(call);
  for (int number = 1;; ++number) {
    auto numbered = request;
    numbered.headers.emplace_back("amz-sdk-request",
                                  fmt::format("attempt={}; max={}", number, policy.max_attempts()));
    MIDWATCH_TRY_VOID(keep_to_rate(context, call));
    numbered.timeout = attempt_timeout(context);
    Attempt tried = attempt(context, call, std::move(numbered));
    if (tried.answer) {
      policy.succeeded();
      return std::move(tried.answer);
    }
    if (!tried.again || !policy.may_retry(number + 1, tried.timed_out)) return std::move(tried.answer);
    const auto delay = RetryPolicy::delay(number + 1, parts_.random(), tried.retry_after);
    // What cannot be tried again in time has failed now, with the reason that is known.
    if (const auto left = context.remaining(); left && *left <= delay) return std::move(tried.answer);
    MIDWATCH_TRY_VOID(parts_.waiter.wait(context, delay));
  }
}

Attempt AwsClient::attempt(const runtime::RequestContext& context, const Call& call,
                           http::HttpRequest request) {
  auto credentials = parts_.credentials.credentials(context);
  if (!credentials) return {.answer = std::move(credentials).error()};
  const base::Timestamp now = context.clock().now() + base::Duration(clock_offset_.load());
  auto signature = sign(request, *credentials,
                        {.region = call.endpoint.signing_region,
                         .service = std::string(call.service.signing_name),
                         .time = now},
                        call.service.s3 ? s3_signing_rules() : SigningRules{});
  if (!signature) return {.answer = std::move(signature).error()};
  auto response = parts_.http.send(context, request);
  if (!response) {
    const auto code = response.error().code;
    const bool timed_out = code == base::ErrorCode::kTimeout;
    const bool again = (timed_out || code == base::ErrorCode::kUnavailable) && context.check().has_value();
    return {.answer = std::move(response).error(), .again = again, .timed_out = timed_out};
  }
  if (response->status < 200 || response->status >= 300)
    return failed_attempt(context, call, *response, *credentials);
  limiter(call).succeeded();
  return {.answer = std::move(response->body)};
}

Attempt AwsClient::failed_attempt(const runtime::RequestContext& context, const Call& call,
                                  const http::HttpResponse& response, const Credentials& credentials) {
  const std::string_view secrets[] = {credentials.secret_access_key, credentials.session_token};
  const ServiceError error = read_service_error(response, secrets);
  Attempt failed{.answer = to_error(error, call.service, call.operation),
                 .again = is_transient(error),
                 .retry_after = error.retry_after};
  if (is_throttling(error)) {
    limiter(call).throttled(context.clock().steady_now());
    failed.again = true;
  } else if (is_expired(error)) {
    parts_.credentials.forget();
    failed.again = true;
  } else if (is_clock_skew(error)) {
    learn_clock(context, response);
    failed.again = true;
  }
  return failed;
}

base::Result<> AwsClient::keep_to_rate(const runtime::RequestContext& context, const Call& call) {
  MIDWATCH_TRY_VOID(context.check());
  const auto now = context.clock().steady_now();
  auto wait = limiter(call).take(now);
  if (call.service.per_second != 0) {
    wait = std::max(
        wait,
        limiter(fmt::format("{}/{}", call.region, call.service.name), call.service.per_second).take(now));
  }
  if (wait == base::Duration::zero()) return {};
  if (const auto left = context.remaining(); left && *left <= wait) {
    return base::external_error(
        base::ErrorCode::kTimeout,
        "the published rate of this API leaves no time for the call before the deadline");
  }
  return parts_.waiter.wait(context, wait);
}

void AwsClient::learn_clock(const runtime::RequestContext& context, const http::HttpResponse& response) {
  if (const auto theirs = http::parse_http_date(response.header("date")))
    clock_offset_.store((*theirs - context.clock().now()).count());
}

RateLimiter& AwsClient::limiter(const Call& call) {
  return limiter(fmt::format("{}/{}/{}", call.region, call.service.name, call.operation.name),
                 call.operation.per_second);
}

RateLimiter& AwsClient::limiter(const std::string& key, double per_second) {
  const std::lock_guard lock(mutex_);
  auto& found = limiters_[key];
  if (!found) found = std::make_unique<RateLimiter>(per_second);
  return *found;
}

RetryPolicy& AwsClient::retries(const Call& call) {
  const std::lock_guard lock(mutex_);
  auto& found = retries_[fmt::format("{}/{}", call.region, call.service.name)];
  if (!found) found = std::make_unique<RetryPolicy>(settings_.max_attempts);
  return *found;
}

}  // namespace

std::unique_ptr<Api> make_aws_client(ClientParts parts, ClientSettings settings) {
  return std::make_unique<AwsClient>(std::move(parts), std::move(settings));
}

}  // namespace midwatch::clients::aws::api
