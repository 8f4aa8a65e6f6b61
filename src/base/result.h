#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

namespace midwatch::base {

/// Says what kind of failure it is; code that reacts to an error reacts to this.
enum class ErrorCode {
  kInvalidArgument,
  kUnauthenticated,
  kPermissionDenied,
  kNotFound,
  kConflict,
  kRateLimited,
  kTimeout,
  kCancelled,
  kUnavailable,
  kMalformed,
  kUnsupported,
  kResourceExhausted,
  kInternal,
};

/// Says whose fault it is: the person's input, our bug, this machine, or an outside service.
enum class ErrorSource { kUser, kInternal, kEnvironment, kExternal };

std::string_view to_string(ErrorCode code);
std::string_view to_string(ErrorSource source);

/// True where the same call may succeed later without anybody changing anything.
bool is_retryable(ErrorCode code);

/// An expected failure. `message` says what happened and, at its end, with which value; `context` is added on
/// the way up, innermost first.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  ErrorSource source = ErrorSource::kInternal;
  std::string message;
  std::optional<std::chrono::milliseconds> retry_after;
  std::vector<std::string> context;

  /// Adds where it happened, for example "reading metrics.csv".
  Error with(std::string where) && {
    context.push_back(std::move(where));
    return std::move(*this);
  }

  /// One line for people: outermost context first, then the message.
  std::string describe() const;
};

Error user_error(ErrorCode code, std::string message);
Error external_error(ErrorCode code, std::string message);
Error environment_error(ErrorCode code, std::string message);
Error internal_error(std::string message);

/// A value or an expected failure. Exceptions are for bugs only.
template <class T = void>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
  Result(Error error) : tl::expected<T, Error>(tl::unexpect, std::move(error)) {}
};

template <>
class [[nodiscard]] Result<void> : public tl::expected<void, Error> {
 public:
  using tl::expected<void, Error>::expected;
  Result() = default;
  Result(Error error) : tl::expected<void, Error>(tl::unexpect, std::move(error)) {}
};

}  // namespace midwatch::base
