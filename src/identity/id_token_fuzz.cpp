#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include <nlohmann/json.hpp>

#include "src/base/base64.h"
#include "src/base/json.h"
#include "src/base/json_access.h"
#include "src/identity/id_token.h"

namespace {

using namespace midwatch;

/// For whom the tokens of the corpus are.
const identity::ExpectedIdToken& expected() {
  static const identity::ExpectedIdToken kExpected{"https://login.example.com", "midwatch", "n-1",
                                                   *base::parse_rfc3339("2026-03-01T10:00:00Z")};
  return kExpected;
}

/// Claims that count say all that they must.
void check(const base::Json& claims) {
  if (!identity::check_claims(claims, expected())) return;
  if (base::text_at(claims, "iss") != expected().issuer ||
      base::text_at(claims, "nonce") != expected().nonce || base::text_at(claims, "sub").empty() ||
      !claims["exp"].is_number() || !claims["iat"].is_number())
    std::abort();
  const base::Json& audience = claims["aud"];
  if (audience != expected().client &&
      std::find(audience.begin(), audience.end(), base::Json(expected().client)) == audience.end())
    std::abort();
}

/// A token with any letter of what is signed changed is nobody's.
void check_forgeries(const identity::ProviderKeys& keys, const std::string& token) {
  const std::size_t end = token.rfind('.');
  for (std::size_t i = 0; i < end; i += 1 + end / 16) {
    std::string forged = token;
    forged[i] = forged[i] == 'A' ? 'B' : 'A';
    if (keys.claims_of(forged)) std::abort();
  }
}

}  // namespace

// A first line of keys, then a token or the claims of one: no token is taken that none of the keys signed,
// and no claims that are for somebody else.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kMostKeys = 64;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t line = std::min(input.find('\n'), input.size());
  const std::string token(input.substr(std::min(line + 1, input.size())));
  if (const auto claims = base::parse_json(token); claims && claims->is_object()) check(*claims);
  if (const auto bytes = base::from_base64url(token); bytes && base::to_base64url(*bytes) != token)
    std::abort();
  const auto keys = identity::ProviderKeys::read(input.substr(0, line));
  if (!keys) return 0;
  if (keys->size() > kMostKeys) std::abort();
  const auto claims = keys->claims_of(token);
  if (!claims) return 0;
  if (!claims->is_object() || std::count(token.begin(), token.end(), '.') != 2) std::abort();
  check(*claims);
  check_forgeries(*keys, token);
  return 0;
}
