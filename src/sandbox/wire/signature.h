#pragma once

#include <string>

#include <tl/expected.hpp>

#include "src/base/time.h"
#include "src/http/server/server.h"
#include "src/sandbox/account.h"
#include "src/sandbox/wire/credentials.h"

namespace midwatch::sandbox::wire {

/// What a signature says of its request.
struct Signed {
  Credentials credentials;
  std::string region;
  std::string service;  ///< as the credential scope names it: `monitoring`
};

/// Checks a request's AWS Signature Version 4 from the bytes that came: header or address (presigned), key,
/// date, session token, digest of the body.
///
/// Errors:  those of AWS: MissingAuthenticationToken, IncompleteSignature, InvalidClientTokenId,
///          SignatureDoesNotMatch, RequestExpired, RequestTimeTooSkewed, ExpiredToken; of S3 also
///          InvalidRequest where the digest of the body is not named.
/// Source:  AWS Signature Version 4, "Create a signed request"; the vectors of aws-c-auth.
tl::expected<Signed, AccountError> check_signature(const http::ServerRequest& request, const KeyRing& keys,
                                                   base::Timestamp now);

/// The service that a request says it is signed for, before anything is checked; empty where it says none.
std::string presented_service(const http::ServerRequest& request);

/// The canonical request over the headers that its signature names, with the digest given.
std::string canonical_request(const http::ServerRequest& request, const std::string& signed_headers,
                              const std::string& payload_digest, bool is_s3);

/// The signature of a canonical request. `date` is `20150830T123600Z`, `scope`
/// `20150830/us-east-1/service/…`.
std::string signature_of(const std::string& canonical, const std::string& secret, const std::string& date,
                         const std::string& scope);

}  // namespace midwatch::sandbox::wire
