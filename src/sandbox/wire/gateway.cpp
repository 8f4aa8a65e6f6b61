#include "src/sandbox/wire/gateway.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/digest.h"
#include "src/sandbox/wire/form.h"
#include "src/sandbox/wire/hmac.h"
#include "src/sandbox/wire/security_token.h"
#include "src/sandbox/wire/signature.h"

namespace midwatch::sandbox::wire {
namespace {

using base::Json;

/// How S3 calls what the query services call otherwise. Source: S3 API reference, "Error responses"
AccountError as_s3_says(AccountError error) {
  if (error.message.starts_with("Signature expired") || error.message.starts_with("Signature not yet"))
    error.code = "RequestTimeTooSkewed";
  if (error.code == "InvalidClientTokenId") error.code = "InvalidAccessKeyId";
  if (error.code == "MissingAuthenticationToken") error.code = "AccessDenied";
  if (error.code == "IncompleteSignature") error.code = "AuthorizationHeaderMalformed";
  return error;
}

/// How JSON and REST services call what the query services call otherwise.
AccountError as_the_protocol_says(AccountError error, Protocol protocol) {
  if (protocol == Protocol::kEc2 && error.code != "RequestExpired") {
    error.code = error.code == "MissingAuthenticationToken" ? "MissingParameter" : "AuthFailure";
    return error;
  }
  if (protocol == Protocol::kS3) return as_s3_says(std::move(error));
  if (protocol == Protocol::kQuery || protocol == Protocol::kRestXml) return error;
  if (error.code == "InvalidClientTokenId") error.code = "UnrecognizedClientException";
  if (error.code == "SignatureDoesNotMatch") error.code = "InvalidSignatureException";
  if (error.code == "IncompleteSignature") error.code = "IncompleteSignatureException";
  if (error.code == "MissingAuthenticationToken") error.code = "MissingAuthenticationTokenException";
  if (error.code == "ExpiredToken") error.code = "ExpiredTokenException";
  // JSON services say 400 where the query services say 403.
  if (protocol == Protocol::kJson || protocol == Protocol::kCbor) error.status = 400;
  return error;
}

/// Whether an operation is one that nobody signs: whoever asks has no key yet.
bool is_unsigned(const http::ServerRequest& request, Protocol protocol) {
  return protocol == Protocol::kQuery && form_value(request.body, "Action") == "AssumeRoleWithWebIdentity";
}

/// An address that stands in a message of a topic, for whoever got it: nobody signs it.
bool is_message_link(const http::ServerRequest& request) {
  if (request.method != "GET" || request.path() != "/") return false;
  const std::string action = form_value(request.query(), "Action");
  return (action == "ConfirmSubscription" || action == "Unsubscribe") &&
         form_value(request.query(), "X-Amz-Signature").empty() && request.header("authorization").empty();
}

/// What a service says where a fault makes it refuse; nothing where the fault spoils the answer itself.
std::optional<AccountError> refusal_of(const std::optional<Fault>& fault, std::string_view service,
                                       std::string_view operation, const std::string& caller) {
  if (!fault) return {};
  if (fault->kind == FaultKind::kThrottled) return throttled(service);
  constexpr int kFailed = 500;
  if (fault->kind == FaultKind::kServerError)
    return AccountError{"InternalFailure", "An internal error occurred.", kFailed};
  if (fault->kind != FaultKind::kDenied) return {};
  constexpr int kForbidden = 403;
  return AccountError{
      service == "ec2" ? "UnauthorizedOperation" : "AccessDeniedException",
      fmt::format("User: {} is not authorized to perform: {}:{} because no identity-based policy allows the "
                  "{}:{} action",
                  caller, service, operation, service, operation),
      service == "ec2" || service == "lambda" || service == kPackageService ? kForbidden : 400};
}

}  // namespace

Gateway::Gateway(Account& account, const base::Clock& clock, const base::Clock& world_clock,
                 GatewayOptions options)
    : account_(account),
      clock_(clock),
      world_clock_(world_clock),
      options_(std::move(options)),
      secret_(base::sha256_hex(fmt::format("sandbox {}", options_.seed))),
      keys_(secret_),
      pager_(secret_),
      http_({.user_agent = "Amazon Simple Notification Service Agent"}),
      notifier_(account, clock, world_clock, http_, secret_, options_.notifier) {
  keys_.add(sandbox_credentials(options_.account));
  faults_.set(std::move(options_.faults));
}

std::string Gateway::next_request_id() {
  return uuid_of(secret_, fmt::format("request {}", ++requests_));
}

http::ServerResponse Gateway::answer(const http::ServerRequest& request) {
  http::ServerResponse response = answer_now(request, next_request_id());
  response.delay += options_.latency;
  // AWS tells its time, by which clients whose own is wrong learn to sign. Source: RFC 9110 section 6.6.1
  response.set("Date", fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT",
                                   std::chrono::time_point_cast<std::chrono::seconds>(clock_.now())));
  return response;
}

http::ServerResponse Gateway::answer_now(const http::ServerRequest& request, const std::string& request_id) {
  if (asks_for_package(request)) return answer_download(request);
  if (notifier_.asks_for_certificate(request)) return notifier_.answer_certificate();
  if (is_message_link(request)) {
    http::ServerRequest called = request;
    called.target += "&Version=2010-03-31";
    return answer_call(called, {{}, "us-east-1", "sns"}, request_id);
  }
  const Protocol protocol = protocol_of(request);
  const bool query_mode = request.header("x-amzn-query-mode") == "true";
  Signed caller{{}, "us-east-1", "sts"};
  if (!is_unsigned(request, protocol)) {
    auto checked = check_signature(request, keys_, clock_.now());
    if (!checked) {
      return encode_error(protocol, nullptr, query_mode, as_the_protocol_says(checked.error(), protocol),
                          request_id);
    }
    caller = *std::move(checked);
  }
  return answer_call(request, caller, request_id);
}

http::ServerResponse Gateway::answer_call(const http::ServerRequest& request, const Signed& caller,
                                          const std::string& request_id) {
  const Protocol protocol = protocol_of(request);
  const bool query_mode = request.header("x-amzn-query-mode") == "true";
  const auto call = decode_call(request, caller.service);
  if (!call) return encode_error(protocol, nullptr, query_mode, call.error(), request_id);
  const auto fault = faults_.next(call->service->name, call->operation->name);
  const auto refusal = refusal_of(fault, call->service->name, call->operation->name, caller.credentials.arn);
  auto output = refusal ? tl::unexpected(*refusal) : ask(*call, caller.credentials, caller.region);
  if (output && call->operation->name == "GetFunction") {
    const std::string host(request.header("host"));
    sign_code_locations(*output, host, sandbox_credentials(options_.account), clock_.now());
  }
  http::ServerResponse response =
      output ? encode_answer(*call, *output, request_id)
             : encode_error(call->protocol, call->service, query_mode, output.error(), request_id);
  if (fault) spoil(response, *fault);
  return response;
}

http::ServerResponse Gateway::answer_download(const http::ServerRequest& request) {
  const auto fault = faults_.next(kPackageService, kPackageOperation);
  const auto refusal = refusal_of(fault, kPackageService, kPackageOperation, "anonymous");
  http::ServerResponse response =
      refusal ? refuse_package(*refusal)
              : answer_package(request, keys_, options_.packages, clock_.now(), world_clock_.now());
  if (fault) spoil(response, *fault);
  return response;
}

tl::expected<Json, AccountError> Gateway::ask(const WireCall& call, const Credentials& who,
                                              const std::string& region) {
  const std::string& service = call.service->name;
  const std::string& operation = call.operation->name;
  if (options_.throttles) {
    if (auto refused = throttle_.take(service, operation, region, clock_.now()))
      return tl::unexpected(*refused);
  }
  AccountCall asked{service, operation, region, call.input, world_clock_.now()};
  if (service == "sts") return answer_sts(account_, asked, who, keys_, clock_.now());
  if (call.operation->paging) return ask_paged(call, std::move(asked));
  return ask_account(asked);
}

tl::expected<Json, AccountError> Gateway::ask_account(const AccountCall& asked) {
  auto said = account_.answer(asked);
  // An account that knows nothing of topics has those of its alarms.
  if (!said && asked.service == "sns" && said.error().code == "UnknownOperationException")
    return notifier_.answer(asked);
  return said;
}

tl::expected<Json, AccountError> Gateway::ask_paged(const WireCall& call, AccountCall asked) {
  const auto page = pager_.read(*call.operation, asked);
  if (!page) return tl::unexpected(page.error());
  asked.now = page->as_of;
  auto whole = ask_account(asked);
  if (!whole) return whole;
  return pager_.cut(*call.operation, *page, *std::move(whole));
}

}  // namespace midwatch::sandbox::wire
