#include "src/api/problem.h"

#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json.h"
#include "src/base/redact.h"
#include "src/base/utf8.h"

namespace midwatch::api {
namespace {

using base::ErrorCode;

constexpr std::size_t kMostDetail = 1000;

struct Title {
  int status;
  std::string_view text;
};
constexpr std::array<Title, 20> kTitles{{
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {409, "Conflict"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {507, "Insufficient Storage"},
}};

int status_of(const base::Error& error) {
  const bool outside = error.source == base::ErrorSource::kExternal;
  switch (error.code) {
    case ErrorCode::kTimeout:
      return outside ? 504 : 503;
    case ErrorCode::kCancelled:
    case ErrorCode::kUnavailable:
      return outside ? 502 : 503;
    case ErrorCode::kInternal:
      return 500;
    default:
      break;
  }
  if (outside) return 502;
  switch (error.code) {
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kMalformed:
      return 400;
    case ErrorCode::kUnauthenticated:
      return 401;
    case ErrorCode::kPermissionDenied:
      return 403;
    case ErrorCode::kNotFound:
      return 404;
    case ErrorCode::kConflict:
      return 409;
    case ErrorCode::kRateLimited:
      return 429;
    case ErrorCode::kResourceExhausted:
      return 507;
    case ErrorCode::kUnsupported:
      return error.source == base::ErrorSource::kUser ? 415 : 501;
    default:
      return 500;
  }
}

}  // namespace

http::ServerResponse problem(int status, std::string_view detail, std::string_view request_id) {
  std::string_view title = "Error";
  for (const auto& known : kTitles) {
    if (known.status == status) title = known.text;
  }
  const base::Json body{{"type", "about:blank"},
                        {"title", title},
                        {"status", status},
                        {"detail", base::printable(base::redact(detail), kMostDetail)},
                        {"request_id", request_id}};
  http::ServerResponse response;
  response.status = status;
  response.set("Content-Type", std::string(kProblemType));
  response.set("Cache-Control", "no-store");
  response.body = base::dump_json(body);
  return response;
}

http::ServerResponse problem_of(const base::Error& error, std::string_view request_id) {
  const int status = status_of(error);
  http::ServerResponse response =
      status == 500 ? problem(status, "the server failed to answer; its log has the reason by the request id",
                              request_id)
                    : problem(status, error.describe(), request_id);
  if (error.retry_after) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*error.retry_after);
    response.set("Retry-After", fmt::format("{}", seconds.count()));
  } else if (status == 503 || status == 429) {
    response.set("Retry-After", "1");
  }
  if (status == 401) response.set("WWW-Authenticate", "Bearer");
  return response;
}

}  // namespace midwatch::api
