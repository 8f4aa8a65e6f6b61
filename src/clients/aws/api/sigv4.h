#pragma once

#include <string>
#include <string_view>

#include "src/base/time.h"
#include "src/clients/aws/api/credentials.h"
#include "src/http/http_client.h"

namespace midwatch::clients::aws::api {

struct SigningScope {
  std::string region;
  std::string service;
  base::Timestamp time;
};

/// What differs between services; the defaults are those of all but S3.
struct SigningRules {
  bool normalise_path = true;      ///< `.`, `..` and `//` are resolved before signing
  bool encode_path_again = true;   ///< the path is encoded once more than it is sent
  bool content_hash = false;       ///< the header x-amz-content-sha256 is sent and signed
  bool sign_session_token = true;  ///< the session token is part of what is signed
};

/// The rules of S3: the path as it is, and the hash of the body as a header.
SigningRules s3_signing_rules();

/// The intermediate texts, for tests and for comparing with what a service says it expected.
struct Signature {
  std::string canonical_request;
  std::string string_to_sign;
  std::string hex;
  std::string authorization;
};

/// Signs the request in place: adds X-Amz-Date, X-Amz-Security-Token where there is a session token,
/// x-amz-content-sha256 where the rules ask for it, and Authorization. Whatever is changed afterwards in
/// method, URL, body or a signed header makes the signature wrong. Signs the header Host, which the request
/// must have.
///
/// Errors: kInvalidArgument: the URL cannot be read.
/// Source: AWS Signature Version 4, IAM User Guide "Create a signed AWS API request"
base::Result<Signature> sign(http::HttpRequest& request, const Credentials& credentials,
                             const SigningScope& scope, const SigningRules& rules);

}  // namespace midwatch::clients::aws::api
