#include "src/app/watch/token_check.h"

#include <array>
#include <string_view>

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "src/base/digest.h"

namespace midwatch::app {
namespace {

constexpr std::string_view kBearer = "Bearer ";
constexpr std::string_view kPrefix = "mw_";  // by which secret scanners know it
constexpr std::size_t kTokenBytes = 32;

std::string_view token_of(const http::ServerRequest& request) {
  const std::string_view field = request.header("Authorization");
  return field.starts_with(kBearer) ? field.substr(kBearer.size()) : std::string_view();
}

api::Role role_of(std::string_view word) {
  for (const auto role : {api::Role::kOperator, api::Role::kAdmin})
    if (api::to_string(role) == word) return role;
  return api::Role::kViewer;
}

/// Takes as long for every two texts of one length.
bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

base::Result<api::Caller> TokenCheck::operator()(const http::ServerRequest& request) const {
  if (tokens_.empty()) return api::Caller{"local", api::Role::kAdmin, all_spaces_};
  const std::string digest = base::sha256_hex(token_of(request));
  for (const TokenConfig& token : tokens_)
    if (same(token.sha256, digest))
      return api::Caller{token.name, role_of(token.role), token.spaces.empty() ? all_spaces_ : token.spaces};
  return base::user_error(base::ErrorCode::kUnauthenticated,
                          "a token is needed: send 'Authorization: Bearer …' with one that the server knows");
}

base::Result<NewToken> make_token() {
  std::array<unsigned char, kTokenBytes> random{};
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1)
    return base::environment_error(base::ErrorCode::kUnavailable, "this machine gives no random numbers");
  std::string bytes(random.begin(), random.end());
  std::string token = std::string(kPrefix) + base::to_hex(bytes);
  std::string digest = base::sha256_hex(token);
  return NewToken{std::move(token), std::move(digest)};
}

}  // namespace midwatch::app
