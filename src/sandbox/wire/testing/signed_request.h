#pragma once

#include <string>
#include <utility>
#include <vector>

#include "src/base/digest.h"
#include "src/http/server/server.h"
#include "src/sandbox/wire/credentials.h"
#include "src/sandbox/wire/signature.h"

namespace midwatch::sandbox::wire::testing {

/// The moment at which the requests of these tests are signed.
inline constexpr const char* kSignedAt = "2026-01-05T02:11:00Z";

/// A request that is signed with a key for a service. Of the headers only those are signed that must be.
inline http::ServerRequest signed_request(const Credentials& key, const std::string& service,
                                          const std::string& method, const std::string& target,
                                          const std::vector<std::pair<std::string, std::string>>& headers,
                                          const std::string& body) {
  const std::string date = "20260105T021100Z";
  const std::string scope = "20260105/us-east-1/" + service + "/aws4_request";
  http::ServerRequest request;
  request.method = method;
  request.target = target;
  request.headers = headers;
  request.headers.emplace_back("Host", "127.0.0.1:1");
  request.headers.emplace_back("X-Amz-Date", date);
  std::string names = "host;x-amz-date";
  if (!key.session_token.empty()) {
    request.headers.emplace_back("X-Amz-Security-Token", key.session_token);
    names += ";x-amz-security-token";
  }
  request.body = body;
  const std::string signature =
      signature_of(canonical_request(request, names, base::sha256_hex(body), service == "s3"), key.secret_key,
                   date, scope);
  request.headers.emplace_back("Authorization", "AWS4-HMAC-SHA256 Credential=" + key.access_key + "/" +
                                                    scope + ", SignedHeaders=" + names +
                                                    ", Signature=" + signature);
  return request;
}

/// The same of a `POST`.
inline http::ServerRequest signed_post(const Credentials& key, const std::string& service,
                                       const std::vector<std::pair<std::string, std::string>>& headers,
                                       const std::string& body, const std::string& target = "/") {
  return signed_request(key, service, "POST", target, headers, body);
}

}  // namespace midwatch::sandbox::wire::testing
