#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "src/base/clock.h"
#include "src/base/json_value.h"
#include "src/http/server/server.h"

struct evp_pkey_st;

namespace midwatch::identity::testing {

/// A key with which a provider signs, made for the test.
class SigningKey {
 public:
  /// `way` is RS256 or ES256.
  SigningKey(std::string way, std::string id);

  base::Json jwk() const;
  /// A token of these claims, as RFC 7515 writes it; `header` has what is unusual about it.
  std::string sign(const base::Json& claims) const;
  std::string sign(const base::Json& claims, base::Json header) const;

 private:
  std::string number(const char* name, int bytes) const;
  std::string signature(const std::string& text) const;

  std::string way_;
  std::string id_;
  std::shared_ptr<evp_pkey_st> key_;
};

/// The same two of every provider: making one takes a while.
const SigningKey& rsa_key();
const SigningKey& ec_key();

/// A provider on loopback that does what RFC 6749, RFC 7636 and OpenID Connect ask of one, and where a test
/// wants it, something else. It knows the client `midwatch` with the secret "s :/".
class FakeProvider {
 public:
  explicit FakeProvider(const base::Clock& clock);

  std::string issuer() const;

  /// Lets somebody sign in at the address to which the browser was sent: the code that it brings back.
  /// `asked` are the fields of that address.
  std::string visit(const std::string& address, std::map<std::string, std::string>& asked);

  // What it does.
  std::function<void(base::Json&)> claims = [](base::Json&) {};
  std::function<std::string(const base::Json&)> sign;
  std::function<void(base::Json&)> document = [](base::Json&) {};
  std::vector<const SigningKey*> keys;
  // What it saw.
  int keys_fetched = 0;
  int documents_fetched = 0;

 private:
  http::ServerResponse answer(const http::ServerRequest& request);
  http::ServerResponse redeem(const http::ServerRequest& request);

  const base::Clock& clock_;
  std::map<std::string, std::map<std::string, std::string>> granted_;
  int codes_ = 0;
  std::unique_ptr<http::Server> server_;
};

}  // namespace midwatch::identity::testing
