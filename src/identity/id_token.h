#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/json_value.h"
#include "src/base/result.h"
#include "src/base/time.h"

namespace midwatch::identity {

/// The public keys with which a provider's ID tokens are checked. A key decides by its kind how: RSA keys
/// check RS256, keys on P-256 check ES256, and nothing else is checked at all. So no token can choose "none",
/// or have a public key taken for the secret of an HMAC.
///
/// Source:  RFC 7517 (JWK), RFC 7518 (JWA), RFC 8725 (JWT best practice) 3.1, 3.2
/// Threads: any number at once.
class ProviderKeys {
 public:
  /// Keys of other kinds, for other uses, or too short are left out. Errors: kMalformed: no set of keys.
  static base::Result<ProviderKeys> read(std::string_view jwks);

  /// The claims of a token that one of the keys signed.
  /// Errors: kMalformed: no token; kUnsupported: another way of signing; kNotFound: the set lacks its key, so
  /// that it may be worth to fetch it again; kUnauthenticated: the signature is wrong.
  base::Result<base::Json> claims_of(std::string_view token) const;

  std::size_t size() const { return keys_.size(); }

 private:
  struct Key;
  std::vector<std::shared_ptr<const Key>> keys_;
};

/// What an ID token has to say.
struct ExpectedIdToken {
  std::string issuer;
  std::string client;
  std::string nonce;
  base::Timestamp now{};
};

/// Source: OpenID Connect Core 1.0, 3.1.3.7. Errors: kUnauthenticated, saying which claim is wrong.
base::Result<> check_claims(const base::Json& claims, const ExpectedIdToken& expected);

}  // namespace midwatch::identity
