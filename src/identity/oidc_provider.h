#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/clock.h"
#include "src/base/result.h"
#include "src/http/http_client.h"
#include "src/identity/id_token.h"
#include "src/identity/principal.h"
#include "src/identity/turns.h"

namespace midwatch::identity {

/// What somebody may who is in a group of the provider.
struct GroupGrant {
  std::string group;
  model::Grant grant;
};

/// A provider of OpenID Connect, and what it is to us.
struct OidcConfig {
  std::string issuer;
  std::string client;
  std::string secret;    ///< empty: a public client, which PKCE alone protects
  std::string callback;  ///< the address at which the provider gives people back
  std::string scopes = "openid profile email";
  std::string user_claim = "sub";  ///< by which people are called here
  std::string groups_claim = "groups";
  std::vector<GroupGrant> grants;
  std::vector<std::string> allowed;  ///< hosts that may be reached although they are no part of the network
};

/// Where a browser is sent to sign in, and what it keeps meanwhile.
struct SignInBegun {
  std::string address;
  std::string secret;
};

/// What a browser brings back from the provider.
struct SignInReturned {
  std::string secret;  ///< that it kept
  std::string state;
  std::string code;
  std::string issuer;  ///< RFC 9207; empty where the provider does not say it
};

/// Lets people in for whom a provider vouches: the authorization code flow with PKCE.
///
/// Everything that binds an answer to its question (state, nonce, verifier) is made from the one random
/// secret that the browser keeps; nothing of it is stored.
///
/// Source:  OpenID Connect Core 1.0, Discovery 1.0; RFC 7636 (PKCE), RFC 9207 (issuer), RFC 9700 (best
/// practice) Threads: any number at once; a few wait for the provider, the rest is sent away.
class OidcProvider {
 public:
  OidcProvider(OidcConfig config, http::HttpClient& http, const base::Clock& clock);

  /// Errors: the provider cannot be reached, or says what it must not.
  base::Result<SignInBegun> begin();

  /// Who it is. Errors: kUnauthenticated: something does not belong together, or the provider does not stand
  /// by it; kPermissionDenied: the provider knows them, and none of their groups may do anything here.
  base::Result<Principal> finish(const SignInReturned& returned);

 private:
  struct Endpoints {
    std::string authorization;
    std::string token;
    std::string keys;
    bool takes_basic = true;  ///< the secret as basic authentication
    std::chrono::steady_clock::time_point read{};
  };
  base::Result<std::string> fetch(http::HttpRequest request) const;
  base::Result<> check_address(const std::string& address) const;
  base::Result<Endpoints> endpoints();
  base::Result<ProviderKeys> keys(const Endpoints& from, bool again);
  base::Result<std::string> redeem(const Endpoints& at, const SignInReturned& returned) const;
  base::Result<base::Json> claims_of(const Endpoints& from, const std::string& token);
  base::Result<Principal> principal_of(const base::Json& claims) const;

  OidcConfig config_;
  http::HttpClient& http_;
  const base::Clock& clock_;
  http::AddressGuard guard_;
  Turns turns_;
  std::mutex mutex_;
  std::optional<Endpoints> endpoints_;
  std::optional<ProviderKeys> keys_;
  std::chrono::steady_clock::time_point keys_read_{};
};

}  // namespace midwatch::identity
