#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "src/base/json_value.h"
#include "src/base/result.h"
#include "src/http/http_client.h"

namespace midwatch::app {

/// Where a server of `midwatch serve` is, and who asks.
struct WatchAddress {
  std::string server = "http://127.0.0.1:8686";  ///< without a path; plain HTTP only to this machine
  std::string token;                             ///< empty: a server without tokens
};

/// Asks a server over its API (src/api/openapi.yaml), as its page does.
///
/// Errors:  what the server said went wrong, with its request id; kUnauthenticated and kPermissionDenied say
///          where a token is set; kUnavailable: nobody answers there; kMalformed: it is no Midwatch.
/// Threads: as the HTTP client.
class WatchClient {
 public:
  WatchClient(http::HttpClient& http, WatchAddress address, const base::Clock& clock)
      : http_(&http), address_(std::move(address)), clock_(&clock) {}

  /// The answer to a question; `path` begins behind /api/v1.
  base::Result<base::Json> get(const std::string& path) const;
  base::Result<base::Json> post(const std::string& path, const base::Json& body) const;
  /// The same as it came: reports in text, recordings.
  base::Result<std::string> get_bytes(const std::string& path) const;

  /// The investigation that `id` names, or the latest one of the incident that it names.
  base::Result<base::Json> investigation(const std::string& id) const;

  /// Tells each step of an investigation that comes after `after`, in order and once, until it has ended.
  /// `pause` is called while nothing new is there; where it gives false, nothing is awaited any more.
  /// Gives the investigation as it is then.
  base::Result<base::Json> follow(const std::string& investigation, std::uint64_t after,
                                  const std::function<void(const base::Json&)>& step,
                                  const std::function<bool()>& pause) const;

 private:
  base::Result<std::string> ask(const std::string& method, const std::string& path,
                                const std::string& body) const;

  http::HttpClient* http_;
  WatchAddress address_;
  const base::Clock* clock_;
};

}  // namespace midwatch::app
