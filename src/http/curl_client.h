#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "src/http/http_client.h"
#include "src/http/mail_client.h"

namespace midwatch::http {

struct CurlClientOptions {
  std::size_t idle_connections = 32;  ///< kept open between requests, over all hosts
  std::string user_agent = "midwatch";
  /// Gives the address of a host instead of the system; empty: the system's resolver.
  std::function<std::string(const std::string& host)> resolve{};
};

/// Sends over libcurl. All callers share one pool of kept-open connections: a request takes one to the same
/// host where there is one, and puts it back when the answer was read whole.
///
/// Shape:   each request blocks its own thread; a thread costs some ten kilobytes, and a stop token ends its
///          wait at once.
class CurlClient final : public HttpClient, public MailClient {
 public:
  explicit CurlClient(CurlClientOptions options = {});
  ~CurlClient() override;
  CurlClient(const CurlClient&) = delete;
  CurlClient& operator=(const CurlClient&) = delete;

  base::Result<HttpResponse> send(const runtime::RequestContext& context,
                                  const HttpRequest& request) override;
  /// Over a connection of its own.
  base::Result<int> post(const runtime::RequestContext& context, const Mail& mail) override;

 private:
  class Pool;
  std::unique_ptr<Pool> pool_;
};

}  // namespace midwatch::http
