#include "src/http/testing/scripted_client.h"

#include <utility>

#include "src/base/try.h"

namespace midwatch::http::testing {

ScriptedClient& ScriptedClient::then(Answer answer) {
  const std::lock_guard lock(mutex_);
  script_.push_back(std::move(answer));
  return *this;
}

ScriptedClient& ScriptedClient::then(int status, std::string body, std::vector<Header> headers) {
  return then(HttpResponse{.status = status, .headers = std::move(headers), .body = std::move(body)});
}

ScriptedClient& ScriptedClient::otherwise(Responder responder) {
  const std::lock_guard lock(mutex_);
  responder_ = std::move(responder);
  return *this;
}

ScriptedClient::Answer ScriptedClient::send(const runtime::RequestContext& context,
                                            const HttpRequest& request) {
  MIDWATCH_TRY_VOID(context.check());
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

std::vector<HttpRequest> ScriptedClient::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

}  // namespace midwatch::http::testing
