#include "src/identity/id_token.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "src/base/ascii.h"
#include "src/base/base64.h"
#include "src/base/json.h"
#include "src/base/json_access.h"
#include "src/base/try.h"
#include "src/identity/secret.h"

namespace midwatch::identity {
namespace {

/// Tokens with hundreds of groups have some ten kilobytes.
constexpr std::size_t kLongestToken = 64UL * 1024;
/// A provider has a handful, and twice as many while it changes them.
constexpr std::size_t kMostKeys = 64;
/// RFC 7518, 3.3.
constexpr int kLeastRsaBits = 2048;
constexpr std::size_t kP256Bytes = 32;
/// Clocks of two machines differ so much at most.
constexpr std::chrono::seconds kLeeway{60};
/// A token comes straight from the provider, in answer to the code.
constexpr std::chrono::minutes kOldest{10};

template <auto free>
struct Free {
  template <class T>
  void operator()(T* object) const {
    free(object);
  }
};
using KeyPointer = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Free<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Free<OSSL_PARAM_free>>;
using Number = std::unique_ptr<BIGNUM, Free<BN_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, Free<ECDSA_SIG_free>>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Number number_of(std::string_view bytes) {
  return Number(BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
}

base::Error malformed(const char* what) {
  return base::external_error(base::ErrorCode::kMalformed, what);
}

base::Error untrusted(std::string what) {
  return base::external_error(base::ErrorCode::kUnauthenticated, std::move(what));
}

KeyPointer made_of(const char* kind, const Builder& builder) {
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
  EVP_PKEY* key = nullptr;
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1)
    return nullptr;
  return KeyPointer(key);
}

KeyPointer rsa_key(const base::Json& jwk) {
  const auto modulus = base::from_base64url(base::text_at(jwk, "n"));
  const auto exponent = base::from_base64url(base::text_at(jwk, "e"));
  if (!modulus || !exponent) return nullptr;
  const Number n = number_of(*modulus);
  const Number e = number_of(*exponent);
  const Builder builder(OSSL_PARAM_BLD_new());
  if (!n || !e || !builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
    return nullptr;
  KeyPointer key = made_of("RSA", builder);
  return key && EVP_PKEY_bits(key.get()) >= kLeastRsaBits ? std::move(key) : nullptr;
}

KeyPointer p256_key(const base::Json& jwk) {
  const auto x = base::from_base64url(base::text_at(jwk, "x"));
  const auto y = base::from_base64url(base::text_at(jwk, "y"));
  if (base::text_at(jwk, "crv") != "P-256" || !x || !y || x->size() != kP256Bytes || y->size() != kP256Bytes)
    return nullptr;
  const std::string point = '\x04' + *x + *y;  // uncompressed; OpenSSL refuses one that is not on the curve
  const Builder builder(OSSL_PARAM_BLD_new());
  if (!builder ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) !=
          1)
    return nullptr;
  return made_of("EC", builder);
}

/// A signature of ES256, which is two numbers side by side, in the form that OpenSSL takes.
std::optional<std::string> as_der(std::string_view raw) {
  if (raw.size() != 2 * kP256Bytes) return std::nullopt;
  const Signature signature(ECDSA_SIG_new());
  BIGNUM* const r = number_of(raw.substr(0, kP256Bytes)).release();
  BIGNUM* const s = number_of(raw.substr(kP256Bytes)).release();
  if (!signature || ECDSA_SIG_set0(signature.get(), r, s) != 1) {
    BN_free(r);
    BN_free(s);
    return std::nullopt;
  }
  // The numbers belong to the signature now.
  const int length = i2d_ECDSA_SIG(signature.get(), nullptr);
  if (length <= 0) return std::nullopt;
  std::string der(static_cast<std::size_t>(length), '\0');
  auto* end = reinterpret_cast<unsigned char*>(der.data());
  i2d_ECDSA_SIG(signature.get(), &end);
  return der;
}

bool signed_by(EVP_PKEY* key, std::string_view text, std::string_view signature) {
  const DigestContext context(EVP_MD_CTX_new());
  return context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(text),
                          text.size()) == 1;
}

base::Result<base::Json> object_of(std::string_view part) {
  const auto text = base::from_base64url(part);
  if (!text) return malformed("a part of the ID token is no base64url");
  auto object = base::parse_json(*text);
  if (!object || !object->is_object()) return malformed("a part of the ID token is no JSON object");
  return object;
}

/// A time of a claim; nothing where there is none that could be one.
std::optional<base::Timestamp> time_at(const base::Json& claims, const char* name) {
  const base::Json& value = base::at(claims, name);
  constexpr double kLast = 9e9;  // the year 2255: later times do not fit
  if (!value.is_number() || !(value.get<double>() >= 0) || value.get<double>() > kLast) return std::nullopt;
  return base::Timestamp(std::chrono::seconds(static_cast<std::int64_t>(value.get<double>())));
}

base::Result<> check_audience(const base::Json& claims, const std::string& client) {
  const base::Json& audience = base::at(claims, "aud");
  const bool alone = audience.is_string() || (audience.is_array() && audience.size() == 1);
  const bool ours = audience.is_string()
                        ? audience == client
                        : audience.is_array() && std::find(audience.begin(), audience.end(),
                                                           base::Json(client)) != audience.end();
  if (!ours) return untrusted("the ID token is for somebody else (aud)");
  const base::Json& party = base::at(claims, "azp");
  if ((!alone || !party.is_null()) && party != client)
    return untrusted("the ID token was given to somebody else (azp)");
  return {};
}

}  // namespace

struct ProviderKeys::Key {
  std::string id;
  std::string_view way;  ///< in which it signs
  KeyPointer key;
};

base::Result<ProviderKeys> ProviderKeys::read(std::string_view jwks) {
  const auto set = base::parse_json(jwks);
  if (!set || !base::at(*set, "keys").is_array()) return malformed("the provider's keys are no JWK set");
  ProviderKeys read;
  const base::Json& all = base::at(*set, "keys");
  for (const auto& jwk : all) {
    if (read.keys_.size() == kMostKeys) break;
    const std::string kind = base::text_at(jwk, "kty");
    const std::string use = base::text_at(jwk, "use");
    const std::string_view way = kind == "RSA" ? "RS256" : "ES256";
    const std::string written = base::text_at(jwk, "alg");
    if ((!use.empty() && use != "sig") || (!written.empty() && written != way)) continue;
    KeyPointer key = kind == "RSA" ? rsa_key(jwk) : (kind == "EC" ? p256_key(jwk) : nullptr);
    if (!key) continue;
    read.keys_.push_back(std::make_shared<const Key>(Key{base::text_at(jwk, "kid"), way, std::move(key)}));
  }
  return read;
}

base::Result<base::Json> ProviderKeys::claims_of(std::string_view token) const {
  const auto parts = base::split(token.substr(0, kLongestToken + 1), '.');
  if (token.size() > kLongestToken || parts.size() != 3)
    return malformed("what the provider gave is no ID token");
  MIDWATCH_TRY(const base::Json header, object_of(parts[0]));
  const std::string way = base::text_at(header, "alg");
  if ((way != "RS256" && way != "ES256") || header.contains("crit"))
    return base::external_error(
        base::ErrorCode::kUnsupported,
        "the ID token is signed in a way that is not taken; let the provider use RS256 or ES256");
  const auto signature = base::from_base64url(parts[2]);
  if (!signature) return malformed("a part of the ID token is no base64url");
  const std::string id = base::text_at(header, "kid");
  const std::string_view text = token.substr(0, parts[0].size() + 1 + parts[1].size());
  const auto proof = way == "ES256" ? as_der(*signature) : signature;
  bool tried = false;
  for (const auto& key : keys_) {
    if (key->way != way || (!id.empty() && key->id != id)) continue;
    tried = true;
    if (proof && signed_by(key->key.get(), text, *proof)) return object_of(parts[1]);
  }
  if (tried) return untrusted("the signature of the ID token is wrong");
  return base::external_error(base::ErrorCode::kNotFound, "the provider's keys lack the one of the ID token");
}

base::Result<> check_claims(const base::Json& claims, const ExpectedIdToken& expected) {
  if (base::at(claims, "iss") != expected.issuer)
    return untrusted("the ID token is of another provider (iss)");
  MIDWATCH_TRY_VOID(check_audience(claims, expected.client));
  const auto ends = time_at(claims, "exp");
  const auto given = time_at(claims, "iat");
  const auto begins = claims.contains("nbf") ? time_at(claims, "nbf") : given;
  if (!ends || expected.now >= *ends + kLeeway) return untrusted("the ID token has ended (exp)");
  if (!given || *given > expected.now + kLeeway || *given + kOldest < expected.now)
    return untrusted("the ID token was not given just now (iat); check the clocks of both machines");
  if (!begins || *begins > expected.now + kLeeway) return untrusted("the ID token does not count yet (nbf)");
  if (!same_secret(base::text_at(claims, "nonce"), expected.nonce))
    return untrusted("the ID token is of another sign-in (nonce)");
  if (base::text_at(claims, "sub").empty()) return untrusted("the ID token says nobody's name (sub)");
  return {};
}

}  // namespace midwatch::identity
