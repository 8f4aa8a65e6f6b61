#pragma once

#include <string>
#include <string_view>

#include "src/base/json.h"
#include "src/base/result.h"
#include "src/clients/aws/api/credentials.h"

namespace midwatch::clients::aws::api {

/// The member names of a document that holds credentials: each issuer has its own.
struct CredentialNames {
  std::string_view access_key = "AccessKeyId";
  std::string_view secret_key = "SecretAccessKey";
  std::string_view token = "Token";
  std::string_view expiration = "Expiration";
};

/// Reads credentials out of an object. The expiration is RFC 3339, or milliseconds where it is a number.
///
/// Errors: kUnauthenticated: a member is missing or the expiration cannot be read; the text never holds a
/// value.
base::Result<Credentials> read_credentials(const base::Json& object, const CredentialNames& names,
                                           const std::string& source);

/// The same out of JSON text.
base::Result<Credentials> parse_credentials(std::string_view text, const CredentialNames& names,
                                            const std::string& source);

/// kUnauthenticated, with where the credentials were to come from.
base::Error no_credentials(const std::string& source, std::string_view why);

}  // namespace midwatch::clients::aws::api
