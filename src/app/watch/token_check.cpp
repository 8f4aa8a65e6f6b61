#include "src/app/watch/token_check.h"

#include <string_view>

#include "src/base/digest.h"
#include "src/identity/secret.h"

namespace midwatch::app {
namespace {

constexpr std::string_view kBearer = "Bearer ";

std::string_view token_of(const http::ServerRequest& request) {
  const std::string_view field = request.header("Authorization");
  return field.starts_with(kBearer) ? field.substr(kBearer.size()) : std::string_view();
}

}  // namespace

base::Result<api::Caller> TokenCheck::operator()(const http::ServerRequest& request) const {
  if (tokens_.empty() && is_open_()) {
    api::Caller anybody{"local", model::Role::kAdmin, all_spaces_};
    anybody.everywhere = model::Role::kAdmin;
    anybody.is_anybody = true;
    return anybody;
  }
  const std::string digest = base::sha256_hex(token_of(request));
  for (const TokenConfig& token : tokens_) {
    if (!identity::same_secret(token.sha256, digest)) continue;
    const auto role = model::role_of(token.role).value_or(model::Role::kViewer);
    api::Caller caller{token.name, role, token.spaces.empty() ? all_spaces_ : token.spaces};
    if (token.spaces.empty()) caller.everywhere = role;
    return caller;
  }
  return base::user_error(base::ErrorCode::kUnauthenticated,
                          "sign in, or send 'Authorization: Bearer …' with a token that the server knows");
}

}  // namespace midwatch::app
