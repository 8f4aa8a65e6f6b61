#include "src/base/result.h"

namespace midwatch::base {

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return "invalid_argument";
    case ErrorCode::kUnauthenticated:
      return "unauthenticated";
    case ErrorCode::kPermissionDenied:
      return "permission_denied";
    case ErrorCode::kNotFound:
      return "not_found";
    case ErrorCode::kConflict:
      return "conflict";
    case ErrorCode::kRateLimited:
      return "rate_limited";
    case ErrorCode::kTimeout:
      return "timeout";
    case ErrorCode::kCancelled:
      return "cancelled";
    case ErrorCode::kUnavailable:
      return "unavailable";
    case ErrorCode::kMalformed:
      return "malformed";
    case ErrorCode::kUnsupported:
      return "unsupported";
    case ErrorCode::kResourceExhausted:
      return "resource_exhausted";
    case ErrorCode::kInternal:
      return "internal";
  }
  return "internal";
}

std::string_view to_string(ErrorSource source) {
  switch (source) {
    case ErrorSource::kUser:
      return "user";
    case ErrorSource::kInternal:
      return "internal";
    case ErrorSource::kEnvironment:
      return "environment";
    case ErrorSource::kExternal:
      return "external";
  }
  return "internal";
}

bool is_retryable(ErrorCode code) {
  return code == ErrorCode::kRateLimited || code == ErrorCode::kTimeout || code == ErrorCode::kUnavailable;
}

std::string Error::describe() const {
  std::string text;
  for (auto where = context.rbegin(); where != context.rend(); ++where) text += *where + ": ";
  return text + message;
}

Error user_error(ErrorCode code, std::string message) {
  return {code, ErrorSource::kUser, std::move(message), std::nullopt, {}};
}
Error external_error(ErrorCode code, std::string message) {
  return {code, ErrorSource::kExternal, std::move(message), std::nullopt, {}};
}
Error environment_error(ErrorCode code, std::string message) {
  return {code, ErrorSource::kEnvironment, std::move(message), std::nullopt, {}};
}
Error internal_error(std::string message) {
  return {ErrorCode::kInternal, ErrorSource::kInternal, std::move(message), std::nullopt, {}};
}

}  // namespace midwatch::base
