#pragma once

#include <string>
#include <vector>

#include "src/base/result.h"
#include "src/http/address_guard.h"
#include "src/runtime/request_context.h"

namespace midwatch::http {

/// A message and the server that takes it. Units: nanoseconds.
struct Mail {
  std::string
      server;  ///< smtps://HOST[:PORT], or smtp://HOST[:PORT], which goes over to TLS before anything is said
  std::string user{};  ///< empty: nobody logs in
  std::string password{};
  std::string from;
  std::vector<std::string> to;
  std::string message;  ///< headers and body, lines with CRLF
  base::Duration timeout = std::chrono::seconds(30);
  const AddressGuard* guard = nullptr;  ///< as of HttpRequest
  bool* departed = nullptr;             ///< as of HttpRequest: the whole message was handed over
};

/// Hands a message to a mail server. TLS always, but to loopback.
///
/// Shape:   gives the server's last reply code: 250 where it took the message for all receivers, 4xx where it
///          may later, 5xx where it never will.
/// Errors:  those of HttpClient.
/// Source:  RFC 5321, RFC 3207 (STARTTLS), RFC 8314
/// Threads: any number at once.
class MailClient {
 public:
  virtual ~MailClient() = default;
  virtual base::Result<int> post(const runtime::RequestContext& context, const Mail& mail) = 0;
};

}  // namespace midwatch::http
