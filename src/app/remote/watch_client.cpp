#include "src/app/remote/watch_client.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json.h"
#include "src/base/json_access.h"
#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/http/url.h"

namespace midwatch::app {
namespace {

using base::ErrorCode;
using base::Json;

/// A recording holds what was read of logs; the longest that a person would fetch.
constexpr std::size_t kLongestAnswer = std::size_t{1} << 30U;

ErrorCode code_of(int status) {
  switch (status) {
    case 400:
    case 413:
    case 422:
      return ErrorCode::kInvalidArgument;
    case 401:
      return ErrorCode::kUnauthenticated;
    case 403:
      return ErrorCode::kPermissionDenied;
    case 404:
      return ErrorCode::kNotFound;
    case 409:
    case 412:
      return ErrorCode::kConflict;
    case 429:
      return ErrorCode::kRateLimited;
    default:
      return ErrorCode::kUnavailable;
  }
}

/// What a problem document (RFC 9457) says, for a person at a terminal.
base::Error refusal(const http::HttpResponse& answer, const std::string& server) {
  constexpr std::size_t kLongest = 500;
  const auto problem = base::parse_json(answer.body);
  std::string said = problem ? base::text_at(*problem, "detail") : std::string();
  if (said.empty() && problem) said = base::text_at(*problem, "title");
  if (said.empty()) said = fmt::format("it answers with status {}", answer.status);
  const std::string request = problem ? base::text_at(*problem, "request_id") : std::string();
  if (answer.status == 401)
    said += "; a token is read from --token-file or the environment variable MIDWATCH_TOKEN";
  return base::external_error(code_of(answer.status),
                              fmt::format("{}: {}{}", server, base::printable(said, kLongest),
                                          request.empty() ? "" : fmt::format(" (request {})", request)));
}

bool is_over(const Json& investigation) {
  const std::string status = base::text_at(investigation, "status");
  return status == "done" || status == "failed" || status == "cancelled";
}

base::Result<Json> json_of(const std::string& body, const std::string& server) {
  auto json = base::parse_json(body);
  if (!json) {
    return base::external_error(
        ErrorCode::kMalformed,
        fmt::format("{}: what answers there is no Midwatch: {}", server, json.error().message));
  }
  return json;
}

}  // namespace

base::Result<std::string> WatchClient::ask(const std::string& method, const std::string& path,
                                           const std::string& body) const {
  http::HttpRequest request;
  request.method = method;
  request.url = address_.server + "/api/v1" + path;
  request.body = body;
  request.max_body_bytes = kLongestAnswer;
  if (!body.empty()) request.headers.emplace_back("Content-Type", "application/json");
  if (!address_.token.empty()) request.headers.emplace_back("Authorization", "Bearer " + address_.token);
  auto answer = http_->send(runtime::RequestContext::unlimited(*clock_), request);
  if (!answer) return std::move(answer.error()).with("asking " + address_.server);
  if (answer->status < 200 || answer->status > 299) return refusal(*answer, address_.server);
  return std::move(answer->body);
}

base::Result<Json> WatchClient::get(const std::string& path) const {
  MIDWATCH_TRY(const auto body, ask("GET", path, {}));
  return json_of(body, address_.server);
}

base::Result<Json> WatchClient::post(const std::string& path, const Json& body) const {
  MIDWATCH_TRY(const auto answer, ask("POST", path, base::dump_json(body)));
  return json_of(answer, address_.server);
}

base::Result<std::string> WatchClient::get_bytes(const std::string& path) const {
  return ask("GET", path, {});
}

base::Result<Json> WatchClient::investigation(const std::string& id) const {
  const std::string name = http::percent_encode(id);
  auto direct = get("/investigations/" + name);
  if (direct || direct.error().code != ErrorCode::kNotFound) return direct;
  auto incident = get("/incidents/" + name);
  if (!incident) {
    if (incident.error().code != ErrorCode::kNotFound) return incident;
    return base::user_error(ErrorCode::kNotFound,
                            fmt::format("there is no incident or investigation '{}' that you may see at {}; "
                                        "'midwatch incident list' shows what there is",
                                        base::printable(id, 100), address_.server));
  }
  const Json& latest = base::at(*incident, "investigation");
  if (latest.is_null()) {
    return base::user_error(ErrorCode::kNotFound, fmt::format("the incident '{}' was never investigated",
                                                              base::printable(id, 100)));
  }
  return latest;
}

base::Result<Json> WatchClient::follow(const std::string& investigation, std::uint64_t after,
                                       const std::function<void(const Json&)>& step,
                                       const std::function<bool()>& pause) const {
  const std::string path = "/investigations/" + http::percent_encode(investigation);
  while (true) {
    // Asked before the journal: what ends between the two is told of at the next look.
    MIDWATCH_TRY(auto state, get(path));
    MIDWATCH_TRY(const auto journal, get(fmt::format("{}/journal?limit=500&after={}", path, after)));
    const Json& steps = base::list_at(journal, "items");
    for (const Json& entry : steps) {
      step(entry);
      after = static_cast<std::uint64_t>(base::number_at(entry, "sequence").value_or(0));
    }
    if (!steps.empty()) continue;
    if (is_over(state) || !pause()) return state;
  }
}

}  // namespace midwatch::app
