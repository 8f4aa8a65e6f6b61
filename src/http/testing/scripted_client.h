#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "src/http/http_client.h"

namespace midwatch::http::testing {

/// Answers from a script instead of the network, and remembers what it was asked. An unexpected request is
/// answered with an error that says so.
///
/// Threads: any number at once.
class ScriptedClient final : public HttpClient {
 public:
  using Answer = base::Result<HttpResponse>;
  using Responder = std::function<Answer(const HttpRequest&)>;

  /// Adds the answer to the next request that no earlier line of the script answers.
  ScriptedClient& then(Answer answer) {
    script_.push_back(std::move(answer));
    return *this;
  }
  ScriptedClient& then(int status, std::string body, std::vector<Header> headers = {}) {
    return then(HttpResponse{.status = status, .headers = std::move(headers), .body = std::move(body)});
  }

  /// Asked for every request after the script is over.
  ScriptedClient& otherwise(Responder responder) {
    responder_ = std::move(responder);
    return *this;
  }

  Answer send(const runtime::RequestContext& context, const HttpRequest& request) override {
    if (auto wanted = context.check(); !wanted) return std::move(wanted).error();
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    if (!script_.empty()) {
      Answer answer = std::move(script_.front());
      script_.pop_front();
      return answer;
    }
    if (responder_) return responder_(request);
    return base::internal_error("the script has no answer to " + request.method + " " + request.url);
  }

  std::vector<HttpRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  mutable std::mutex mutex_;
  std::deque<Answer> script_;
  Responder responder_;
  std::vector<HttpRequest> requests_;
};

}  // namespace midwatch::http::testing
