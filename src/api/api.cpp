#include "src/api/api.h"

#include <algorithm>
#include <exception>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "src/api/access.h"
#include "src/api/problem.h"
#include "src/api/problem_words.h"
#include "src/api/routes.h"
#include "src/api/security.h"
#include "src/api/session.h"
#include "src/base/ascii.h"
#include "src/base/digest.h"
#include "src/base/try.h"
#include "src/base/utf8.h"

namespace midwatch::api {
namespace {

/// Longer addresses than this no operation and no file of the page has.
constexpr std::size_t kLongestTarget = 8192;
constexpr std::size_t kLongestRequestId = 64;
constexpr std::size_t kShownBytes = 60;
constexpr std::size_t kTagDigits = 32;

bool is_change(std::string_view method) {
  return method != "GET" && method != "HEAD" && method != "OPTIONS";
}

/// True where one of the tags of If-None-Match is this one; weak and strong are the same here.
bool has_tag(std::string_view header, std::string_view tag) {
  const auto bare = [](std::string_view text) { return text.starts_with("W/") ? text.substr(2) : text; };
  for (const auto part : base::split(header, ',')) {
    if (part == "*" || bare(part) == bare(tag)) return true;
  }
  return false;
}

std::string header_of(const http::ServerResponse& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return {};
}

class Api {
 public:
  explicit Api(ApiDependencies dependencies) : api_(std::move(dependencies)) {
    api_.authenticate = with_accounts(api_);
  }

  http::ServerResponse answer(const http::ServerRequest& request) const {
    const auto begun = api_.clock.steady_now();
    const std::string id = request_id(request);
    std::string_view operation = "none";
    http::ServerResponse response;
    try {
      response = answer_checked(request, id, operation);
    } catch (const std::exception& bug) {
      response = failure(base::internal_error(bug.what()), id);
    }
    put_problem_into(preferred_language(request.header("Accept-Language")), response);
    response.set("X-Request-Id", id);
    add_security_headers(response);
    note(request, id, {operation, response.status, base::Duration(api_.clock.steady_now() - begun)});
    return response;
  }

 private:
  /// The caller's own id of the request where it has a plain one, so that logs of both sides fit together.
  std::string request_id(const http::ServerRequest& request) const {
    const std::string_view given = request.header("X-Request-Id");
    const bool plain = std::all_of(given.begin(), given.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
             c == '_' || c == '.';
    });
    if (!given.empty() && given.size() <= kLongestRequestId && plain) return std::string(given);
    return "req-" + api_.ids.next_uuid();
  }

  void note(const http::ServerRequest& request, const std::string& id, const Answered& answered) const {
    if (api_.on_answer) api_.on_answer(answered);
    if (!api_.log) return;
    api_.log({base::LogLevel::kDebug,
              "a request was answered",
              {{"request_id", id},
               {"operation", std::string(answered.operation)},
               {"method", request.method},
               {"path", std::string(request.path())},
               {"status", std::int64_t{answered.status}},
               {"seconds", std::chrono::duration<double>(answered.took).count()}}});
  }

  http::ServerResponse failure(const base::Error& error, const std::string& id) const {
    http::ServerResponse response = problem_of(error, id);
    if (response.status == 500 && api_.log) {
      auto record = base::trouble("a request failed", error, {{"request_id", id}});
      record.level = base::LogLevel::kError;
      api_.log(record);
    }
    return response;
  }

  http::ServerResponse answer_checked(const http::ServerRequest& request, const std::string& id,
                                      std::string_view& operation) const {
    if (request.target.size() > kLongestTarget) return problem(414, "the address is too long", id);
    const auto path = decode_path(request.path());
    if (!path) return failure(path.error(), id);
    const RouteMatch found = find_route(request.method, *path);
    if (found.route == nullptr) return answer_elsewhere(request, found, id, operation);
    operation = found.route->operation;
    auto response = answer_operation(request, found, id);
    if (!response) return failure(response.error(), id);
    if (!is_change(request.method)) finish_reading(request, *response);
    return *std::move(response);
  }

  /// What belongs to no operation: a file of the page, or nothing.
  http::ServerResponse answer_elsewhere(const http::ServerRequest& request, const RouteMatch& found,
                                        const std::string& id, std::string_view& operation) const {
    if (auto host = check_host(request, api_.options); !host) return problem(421, host.error().message, id);
    if (!found.allowed.empty()) {
      http::ServerResponse response;
      if (request.method == "OPTIONS") {
        response.status = 204;
      } else {
        response = problem(405, fmt::format("this address knows: {}", found.allowed), id);
      }
      response.set("Allow", found.allowed);
      return response;
    }
    if ((request.method == "GET" || request.method == "HEAD") && api_.page) {
      if (auto page = api_.page(request.path())) {
        operation = "page";
        return page_answer(request, *std::move(page));
      }
    }
    return problem(404, fmt::format("there is nothing at {}", base::printable(request.path(), kShownBytes)),
                   id);
  }

  static http::ServerResponse page_answer(const http::ServerRequest& request, Page page) {
    http::ServerResponse response;
    response.set("Content-Type", std::move(page.media_type));
    if (page.immutable) response.set("Cache-Control", "public, max-age=31536000, immutable");
    if (!page.gzip.empty()) {
      response.set("Vary", "Accept-Encoding");
      if (request.header("Accept-Encoding").find("gzip") != std::string_view::npos) {
        response.set("Content-Encoding", "gzip");
        page.body = std::move(page.gzip);
      }
    }
    response.body = std::move(page.body);
    finish_reading(request, response);
    return response;
  }

  base::Result<http::ServerResponse> answer_operation(const http::ServerRequest& request,
                                                      const RouteMatch& found, const std::string& id) const {
    Call call{request, id, found.path, {}, {}};
    if (found.route->pattern.starts_with("/api/")) {
      if (auto host = check_host(request, api_.options); !host) return problem(421, host.error().message, id);
      if (is_change(request.method)) MIDWATCH_TRY_VOID(check_same_origin(request));
    }
    if (found.route->needs) {
      MIDWATCH_TRY(auto caller, api_.authenticate(request));
      if (is_change(request.method)) MIDWATCH_TRY_VOID(check_csrf(request, caller));
      MIDWATCH_TRY_VOID(check_password_changed(found.route->operation, caller));
      MIDWATCH_TRY(call.caller, with_role(std::move(caller), *found.route->needs));
    }
    MIDWATCH_TRY(call.query, decode_query(request.query()));
    MIDWATCH_TRY_VOID(check_query(*found.route, call.query));
    return found.route->handler(api_, call);
  }

  static base::Result<> check_query(const Route& route, const Parameters& query) {
    const auto known = base::split_words(route.query);
    for (const auto& [name, value] : query) {
      if (std::find(known.begin(), known.end(), name) != known.end()) continue;
      return base::user_error(
          base::ErrorCode::kInvalidArgument,
          fmt::format("the parameter {} is unknown; known are: {}", base::printable(name, kShownBytes),
                      known.empty() ? std::string_view("none") : route.query));
    }
    return {};
  }

  /// Gives an answer that only reads its tag, and takes away the body that the client has already.
  static void finish_reading(const http::ServerRequest& request, http::ServerResponse& response) {
    if (response.stream) {
      if (request.method == "HEAD") response.stream = nullptr;
      return;
    }
    if (response.status != 200) return;
    if (header_of(response, "ETag").empty())
      response.set("ETag", fmt::format("\"{}\"", base::sha256_hex(response.body).substr(0, kTagDigits)));
    if (!has_tag(request.header("If-None-Match"), header_of(response, "ETag"))) return;
    response.status = 304;
    response.body.clear();
  }

  ApiDependencies api_;
};

}  // namespace

http::ServerHandler make_api(ApiDependencies dependencies) {
  const auto api = std::make_shared<const Api>(std::move(dependencies));
  return [api](const http::ServerRequest& request) { return api->answer(request); };
}

}  // namespace midwatch::api
