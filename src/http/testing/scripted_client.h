#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <string>
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
  ScriptedClient& then(Answer answer);
  ScriptedClient& then(int status, std::string body, std::vector<Header> headers = {});

  /// Asked for every request after the script is over.
  ScriptedClient& otherwise(Responder responder);

  Answer send(const runtime::RequestContext& context, const HttpRequest& request) override;
  std::vector<HttpRequest> requests() const;

 private:
  mutable std::mutex mutex_;
  std::deque<Answer> script_;
  Responder responder_;
  std::vector<HttpRequest> requests_;
};

}  // namespace midwatch::http::testing
