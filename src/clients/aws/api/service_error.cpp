#include "src/clients/aws/api/service_error.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/ascii.h"
#include "src/base/json_access.h"
#include "src/base/redact.h"
#include "src/base/utf8.h"
#include "src/clients/aws/api/endpoint.h"
#include "src/clients/aws/api/xml_document.h"
#include "src/http/http_date.h"

namespace midwatch::clients::aws::api {
namespace {

constexpr std::size_t kMaxCodeBytes = 100;
constexpr std::size_t kMaxMessageBytes = 600;  // the longest of AWS, of a denied action with its context
constexpr std::string_view kLiesIn = "; the bucket lies in ";
constexpr std::string_view kAskThere = ": ask there";
constexpr auto kLongestRetryAfter = std::chrono::hours(1);

template <std::size_t N>
bool is_one_of(std::string_view code, const std::string_view (&list)[N]) {
  return std::find(std::begin(list), std::end(list), code) != std::end(list);
}

/// `com.amazonaws.sqs#QueueDoesNotExist:http://…` is `QueueDoesNotExist`.
std::string bare_code(std::string_view code) {
  code = code.substr(0, code.find_first_of(":;"));
  if (const auto hash = code.rfind('#'); hash != std::string_view::npos) code.remove_prefix(hash + 1);
  return base::printable(base::trim(code), kMaxCodeBytes);
}

void take_out(std::string& text, std::string_view secret) {
  if (secret.empty()) return;
  for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at))
    text.replace(at, secret.size(), base::kRedacted);
}

void read_json(const http::HttpResponse& response, ServiceError& error) {
  const auto body = base::parse_json(response.body);
  const base::Json& json = body ? *body : base::at(base::Json(), "");
  for (const char* member : {"__type", "code", "Code"})
    if (error.code.empty()) error.code = bare_code(base::text_at(json, member));
  for (const char* member : {"message", "Message", "errorMessage"})
    if (error.message.empty()) error.message = base::text_at(json, member);
}

void read_xml(const http::HttpResponse& response, ServiceError& error) {
  const auto root = parse_xml(response.body);
  if (!root) return;
  const XmlElement* place = &*root;  // <Error>, <ErrorResponse><Error>, <Response><Errors><Error>
  for (const char* name : {"Errors", "Error"})
    if (const XmlElement* inner = place->child(name)) place = inner;
  error.code = bare_code(place->child_text("Code"));
  error.message = place->child_text("Message");
  error.region = place->child_text("Region");
}

/// S3 names the region of a bucket in a header, where it knows it.
void read_region(const http::HttpResponse& response, ServiceError& error) {
  if (const std::string_view named = response.header("x-amz-bucket-region"); !named.empty())
    error.region = named;
  if (!is_region_name(error.region)) error.region.clear();
}

std::optional<std::chrono::milliseconds> wait_of(const http::HttpResponse& response) {
  const std::string_view exact = response.header("x-amz-retry-after");
  std::uint64_t milliseconds = 0;
  const auto [end, failure] = std::from_chars(exact.data(), exact.data() + exact.size(), milliseconds);
  const std::chrono::milliseconds longest = kLongestRetryAfter;
  if (!exact.empty() && failure == std::errc() && end == exact.data() + exact.size())
    return std::chrono::milliseconds(std::min(milliseconds, static_cast<std::uint64_t>(longest.count())));
  const auto asked = http::retry_after(response);
  if (!asked) return std::nullopt;
  return std::min(longest, std::chrono::duration_cast<std::chrono::milliseconds>(*asked));
}

/// Codes that say who asks is not known, or no longer.
bool is_unauthenticated(std::string_view code) {
  static constexpr std::string_view kCodes[] = {"UnrecognizedClientException",
                                                "InvalidClientTokenId",
                                                "InvalidSignatureException",
                                                "SignatureDoesNotMatch",
                                                "MissingAuthenticationToken",
                                                "MissingAuthenticationTokenException",
                                                "IncompleteSignature",
                                                "IncompleteSignatureException",
                                                "AuthFailure",
                                                "InvalidAccessKeyId",
                                                "NotAuthorized"};
  return is_one_of(code, kCodes);
}

bool is_denied(std::string_view code) {
  static constexpr std::string_view kCodes[] = {"AccessDenied",
                                                "AccessDeniedException",
                                                "UnauthorizedOperation",
                                                "AuthorizationError",
                                                "AuthorizationErrorException",
                                                "NotAuthorizedException",
                                                "ForbiddenException",
                                                "AllAccessDisabled",
                                                "OptInRequired",
                                                "SubscriptionRequiredException",
                                                "KMSAccessDeniedException"};
  return is_one_of(code, kCodes);
}

bool is_not_found(const ServiceError& error) {
  static constexpr std::string_view kParts[] = {"NotFound", "NoSuch", "DoesNotExist", "NonExistent"};
  return error.status == 404 ||
         std::any_of(std::begin(kParts), std::end(kParts),
                     [&error](auto part) { return error.code.find(part) != std::string::npos; }) ||
         (error.code == "ValidationError" && error.message.find("does not exist") != std::string::npos);
}

/// True where a bucket was asked for in a region that is not its own. A request that is signed for the wrong
/// one is refused; one that comes to the wrong place is sent on. Source: S3 API reference, "Error responses"
bool is_elsewhere(const ServiceError& error) {
  static constexpr std::string_view kCodes[] = {"PermanentRedirect", "TemporaryRedirect", "Redirect"};
  return is_one_of(error.code, kCodes) ||
         (error.code == "AuthorizationHeaderMalformed" && !error.region.empty());
}

base::ErrorCode code_of(const ServiceError& error) {
  using base::ErrorCode;
  if (is_elsewhere(error)) return ErrorCode::kConflict;
  if (is_throttling(error)) return ErrorCode::kRateLimited;
  if (is_expired(error) || is_clock_skew(error) || is_unauthenticated(error.code))
    return ErrorCode::kUnauthenticated;
  if (is_denied(error.code)) return ErrorCode::kPermissionDenied;
  if (is_not_found(error)) return ErrorCode::kNotFound;
  if (error.status == 401) return ErrorCode::kUnauthenticated;
  if (error.status == 403) return ErrorCode::kPermissionDenied;
  if (error.status >= 500) return ErrorCode::kUnavailable;
  if (error.status >= 300 && error.status < 400) return ErrorCode::kUnavailable;
  return ErrorCode::kInvalidArgument;
}

std::string advice(base::ErrorCode code, const ServiceError& error, const Operation& operation) {
  switch (code) {
    case base::ErrorCode::kPermissionDenied:
      return fmt::format("; the role lacks the IAM action {} ('midwatch aws policy' prints what is needed)",
                         operation.action);
    case base::ErrorCode::kConflict:
      return error.region.empty() ? "; the bucket lies in another region"
                                  : fmt::format("{}{}{}", kLiesIn, error.region, kAskThere);
    case base::ErrorCode::kUnauthenticated:
      return is_clock_skew(error) ? "; the clock of this machine is wrong"
             : is_expired(error)  ? "; the credentials have expired: sign in again"
                                  : "; AWS does not accept these credentials";
    default:
      return "";
  }
}

}  // namespace

ServiceError read_service_error(const http::HttpResponse& response,
                                std::span<const std::string_view> secrets) {
  ServiceError error;
  error.status = response.status;
  error.retry_after = wait_of(response);
  // Query-compatible services name the code that the query protocol had; it is the one that people know.
  error.code = bare_code(response.header("x-amzn-query-error"));
  if (error.code.empty()) error.code = bare_code(response.header("x-amzn-errortype"));
  if (base::trim(response.body).starts_with('<')) {
    ServiceError inside;
    read_xml(response, inside);
    if (error.code.empty()) error.code = inside.code;
    error.message = inside.message;
    error.region = inside.region;
  } else {
    read_json(response, error);
  }
  read_region(response, error);
  for (const auto secret : secrets) take_out(error.message, secret);
  error.message = base::printable(base::redact(error.message), kMaxMessageBytes);
  return error;
}

bool is_throttling(const ServiceError& error) {
  static constexpr std::string_view kCodes[] = {"Throttling",
                                                "ThrottlingException",
                                                "ThrottledException",
                                                "RequestThrottledException",
                                                "TooManyRequestsException",
                                                "ProvisionedThroughputExceededException",
                                                "TransactionInProgressException",
                                                "RequestLimitExceeded",
                                                "BandwidthLimitExceeded",
                                                "LimitExceededException",
                                                "RequestThrottled",
                                                "SlowDown",
                                                "PriorRequestNotComplete",
                                                "EC2ThrottledException"};
  return error.status == 429 || is_one_of(error.code, kCodes);
}

bool is_transient(const ServiceError& error) {
  static constexpr std::string_view kCodes[] = {"RequestTimeout", "RequestTimeoutException"};
  return error.status == 500 || error.status == 502 || error.status == 503 || error.status == 504 ||
         is_one_of(error.code, kCodes);
}

bool is_expired(const ServiceError& error) {
  static constexpr std::string_view kCodes[] = {"ExpiredToken", "ExpiredTokenException", "RequestExpired",
                                                "TokenRefreshRequired"};
  return is_one_of(error.code, kCodes);
}

bool is_clock_skew(const ServiceError& error) {
  static constexpr std::string_view kCodes[] = {"RequestTimeTooSkewed", "RequestInTheFuture"};
  const bool late = error.message.find("Signature expired") != std::string::npos ||
                    error.message.find("Signature not yet current") != std::string::npos;
  return is_one_of(error.code, kCodes) || late;
}

std::string region_named_in(const base::Error& error) {
  const std::size_t at = error.message.rfind(kLiesIn);
  if (error.code != base::ErrorCode::kConflict || at == std::string::npos ||
      !error.message.ends_with(kAskThere))
    return {};
  std::string region = error.message.substr(at + kLiesIn.size());
  region.resize(region.size() - std::min(region.size(), kAskThere.size()));
  return is_region_name(region) ? region : std::string();
}

base::Error to_error(const ServiceError& error, const Service& service, const Operation& operation) {
  const auto code = code_of(error);
  std::string message = fmt::format("{} {} answered {}", service.name, operation.name,
                                    error.code.empty() ? fmt::format("status {}", error.status) : error.code);
  if (!error.message.empty()) message += ": " + error.message;
  message += advice(code, error, operation);
  base::Error out = code == base::ErrorCode::kInvalidArgument
                        ? base::user_error(code, std::move(message))
                        : base::external_error(code, std::move(message));
  if (code == base::ErrorCode::kRateLimited) out.retry_after = error.retry_after;
  return out;
}

}  // namespace midwatch::clients::aws::api
