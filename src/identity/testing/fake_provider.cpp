#include "src/identity/testing/fake_provider.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include <nlohmann/json.hpp>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "src/base/ascii.h"
#include "src/base/base64.h"
#include "src/base/digest.h"
#include "src/base/json.h"
#include "src/http/url.h"

namespace midwatch::identity::testing {
namespace {

using base::Json;

void must(bool worked) {
  if (!worked) throw std::runtime_error("OpenSSL does not do what the fake provider needs");
}

std::map<std::string, std::string> fields_of(std::string_view text) {
  std::map<std::string, std::string> fields;
  for (const auto pair : base::split(text, '&')) {
    const std::size_t equals = std::min(pair.find('='), pair.size());
    fields[std::string(pair.substr(0, equals))] =
        http::percent_decode(pair.substr(std::min(equals + 1, pair.size())));
  }
  return fields;
}

http::ServerResponse answer_json(int status, const Json& body) {
  http::ServerResponse answer;
  answer.status = status;
  answer.set("Content-Type", "application/json");
  answer.body = base::dump_json(body);
  return answer;
}

}  // namespace

SigningKey::SigningKey(std::string way, std::string id)
    : way_(std::move(way)),
      id_(std::move(id)),
      key_(way_ == "RS256" ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256"), &EVP_PKEY_free) {
  must(key_ != nullptr);
}

Json SigningKey::jwk() const {
  Json jwk{{"kid", id_}, {"use", "sig"}, {"alg", way_}};
  if (way_ == "RS256") {
    jwk["kty"] = "RSA";
    jwk["n"] = number(OSSL_PKEY_PARAM_RSA_N, 256);
    jwk["e"] = number(OSSL_PKEY_PARAM_RSA_E, 3);
  } else {
    jwk["kty"] = "EC";
    jwk["crv"] = "P-256";
    jwk["x"] = number(OSSL_PKEY_PARAM_EC_PUB_X, 32);
    jwk["y"] = number(OSSL_PKEY_PARAM_EC_PUB_Y, 32);
  }
  return jwk;
}

std::string SigningKey::sign(const Json& claims) const {
  return sign(claims, Json::object());
}

std::string SigningKey::sign(const Json& claims, Json header) const {
  if (!header.contains("alg")) header["alg"] = way_;
  if (!header.contains("kid")) header["kid"] = id_;
  const std::string text =
      base::to_base64url(base::dump_json(header)) + "." + base::to_base64url(base::dump_json(claims));
  return text + "." + base::to_base64url(signature(text));
}

std::string SigningKey::number(const char* name, int bytes) const {
  BIGNUM* value = nullptr;
  must(EVP_PKEY_get_bn_param(key_.get(), name, &value) == 1);
  std::string out(static_cast<std::size_t>(bytes), '\0');
  must(BN_bn2binpad(value, reinterpret_cast<unsigned char*>(out.data()), bytes) == bytes);
  BN_free(value);
  return base::to_base64url(out);
}

std::string SigningKey::signature(const std::string& text) const {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  std::string out(512, '\0');
  std::size_t length = out.size();
  must(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1);
  must(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &length,
                      reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1);
  out.resize(length);
  if (way_ == "RS256") return out;
  // JWS wants the two numbers side by side (RFC 7518, 3.4).
  const auto* der = reinterpret_cast<const unsigned char*>(out.data());
  const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> pair(
      d2i_ECDSA_SIG(nullptr, &der, static_cast<long>(out.size())), &ECDSA_SIG_free);
  must(pair != nullptr);
  std::string raw(64, '\0');
  auto* to = reinterpret_cast<unsigned char*>(raw.data());
  must(BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), to, 32) == 32);
  must(BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), to + 32, 32) == 32);
  return raw;
}

const SigningKey& rsa_key() {
  static const SigningKey kKey("RS256", "rsa-1");
  return kKey;
}

const SigningKey& ec_key() {
  static const SigningKey kKey("ES256", "ec-1");
  return kKey;
}

FakeProvider::FakeProvider(const base::Clock& clock)
    : sign([](const Json& said) { return rsa_key().sign(said); }),
      keys{&rsa_key(), &ec_key()},
      clock_(clock),
      server_(
          *http::Server::start({}, [this](const http::ServerRequest& request) { return answer(request); })) {}

std::string FakeProvider::issuer() const {
  return "http://127.0.0.1:" + std::to_string(server_->port());
}

std::string FakeProvider::visit(const std::string& address, std::map<std::string, std::string>& asked) {
  const std::string prefix = issuer() + "/authorize?";
  if (!address.starts_with(prefix)) return {};
  asked = fields_of(address.substr(prefix.size()));
  if (asked["response_type"] != "code" || asked["code_challenge_method"] != "S256") return {};
  const std::string code = "code/" + std::to_string(++codes_);
  granted_[code] = asked;
  return code;
}

http::ServerResponse FakeProvider::answer(const http::ServerRequest& request) {
  if (request.path() == "/.well-known/openid-configuration") {
    ++documents_fetched;
    Json written{{"issuer", issuer()},
                 {"authorization_endpoint", issuer() + "/authorize"},
                 {"token_endpoint", issuer() + "/token"},
                 {"jwks_uri", issuer() + "/keys"}};
    document(written);
    return answer_json(200, written);
  }
  if (request.path() == "/keys") {
    ++keys_fetched;
    Json set = Json::array();
    for (const SigningKey* key : keys) set.push_back(key->jwk());
    return answer_json(200, {{"keys", set}});
  }
  if (request.path() == "/token" && request.method == "POST") return redeem(request);
  return answer_json(404, Json::object());
}

http::ServerResponse FakeProvider::redeem(const http::ServerRequest& request) {
  const Json invalid{{"error", "invalid_grant"}};
  auto fields = fields_of(request.body);
  const std::string expected = "Basic " + base::to_base64("midwatch:s%20%3A%2F");
  const bool in_body = fields["client_id"] == "midwatch" && fields["client_secret"] == "s :/";
  if (request.header("Authorization") != expected && !in_body)
    return answer_json(401, {{"error", "invalid_client"}});
  const auto found = granted_.find(fields["code"]);
  if (found == granted_.end() || fields["grant_type"] != "authorization_code")
    return answer_json(400, invalid);
  auto asked = found->second;
  granted_.erase(found);
  if (base::to_base64url(base::sha256(fields["code_verifier"])) != asked["code_challenge"] ||
      fields["redirect_uri"] != asked["redirect_uri"])
    return answer_json(400, invalid);
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(clock_.now().time_since_epoch()).count();
  Json said{{"iss", issuer()},
            {"sub", "u-1"},
            {"aud", "midwatch"},
            {"exp", now + 300},
            {"iat", now},
            {"nonce", asked["nonce"]},
            {"email", "ada@example.com"},
            {"groups", {"staff", "sre"}}};
  claims(said);
  return answer_json(200, {{"access_token", "a"}, {"token_type", "Bearer"}, {"id_token", sign(said)}});
}

}  // namespace midwatch::identity::testing
