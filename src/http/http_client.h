#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/base/result.h"
#include "src/http/address_guard.h"
#include "src/runtime/request_context.h"

namespace midwatch::http {

/// Name and value; names compare without regard to case.
using Header = std::pair<std::string, std::string>;

/// The value of the first header of that name; empty where there is none.
std::string_view header_value(const std::vector<Header>& headers, std::string_view name);

/// Where a request goes, which decides how much the way there is trusted.
enum class Destination {
  kNetwork,   ///< TLS, through the proxy of the environment; plain HTTP only to loopback
  kLocalLink  ///< the machine's own metadata service: plain HTTP allowed to link-local addresses, no proxy
};

/// Units: bytes, nanoseconds.
struct HttpRequest {
  std::string method = "GET";
  std::string url{};  ///< sent byte for byte: already encoded, dots in the path are kept
  std::vector<Header> headers{};
  std::string body{};
  base::Duration timeout =
      std::chrono::seconds(60);  ///< for the whole exchange; the context may end it earlier
  std::size_t max_body_bytes = std::size_t{64} << 20U;  ///< of the answer, unpacked
  Destination destination = Destination::kNetwork;
  /// Where set, somebody gave the address: it must be of the network (address_guard.h), spoken to over TLS
  /// and without a proxy, which would look up the name itself.
  const AddressGuard* guard = nullptr;
  /// Where set, is told whether the receiver may have got the request, which matters where no answer came.
  bool* departed = nullptr;
};

struct HttpResponse {
  int status = 0;
  std::vector<Header> headers{};
  std::string body{};

  std::string_view header(std::string_view name) const { return header_value(headers, name); }
};

/// Sends one request and waits for its whole answer. Redirects are not followed: an answer with any status is
/// a value, also 404 and 500.
///
/// Errors:  kInvalidArgument: the URL or a header cannot be sent; kTimeout, kCancelled: of the context or the
///          request's own timeout; kUnavailable: no answer came, or it broke off; kResourceExhausted: the
///          answer is longer than `max_body_bytes`; kUnauthenticated: the peer's certificate is not trusted;
///          kPermissionDenied: the guard lets nothing go there.
///          Messages name the host, never the path, a header or the body: those may hold secrets.
/// Threads: any number at once.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  virtual base::Result<HttpResponse> send(const runtime::RequestContext& context,
                                          const HttpRequest& request) = 0;
};

}  // namespace midwatch::http
