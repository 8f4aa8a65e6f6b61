#pragma once

#include <cstddef>
#include <memory>

#include "src/http/http_client.h"

namespace midwatch::http {

struct CurlClientOptions {
  std::size_t idle_connections = 32;  ///< kept open between requests, over all hosts
  std::string user_agent = "midwatch";
};

/// Sends over libcurl. All callers share one pool of kept-open connections: a request takes one to the same
/// host where there is one, and puts it back when the answer was read whole.
///
/// Shape:   each request blocks its own thread; a thread costs some ten kilobytes, and a stop token ends its
///          wait at once.
class CurlClient final : public HttpClient {
 public:
  explicit CurlClient(CurlClientOptions options = {});
  ~CurlClient() override;
  CurlClient(const CurlClient&) = delete;
  CurlClient& operator=(const CurlClient&) = delete;

  base::Result<HttpResponse> send(const runtime::RequestContext& context,
                                  const HttpRequest& request) override;

 private:
  class Pool;
  std::unique_ptr<Pool> pool_;
};

}  // namespace midwatch::http
