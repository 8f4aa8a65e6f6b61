#include "src/clients/aws/api/credentials/credential_document.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/base/utf8.h"

namespace midwatch::clients::aws::api {
namespace {

std::optional<base::Timestamp> read_expiration(const base::Json& value) {
  if (value.is_number_integer()) return base::Timestamp(std::chrono::milliseconds(value.get<std::int64_t>()));
  return base::parse_rfc3339(base::text(value));
}

}  // namespace

base::Error no_credentials(const std::string& source, std::string_view why) {
  constexpr std::size_t kShownBytes = 200;
  return base::user_error(
      base::ErrorCode::kUnauthenticated,
      fmt::format("no credentials from {}: {}", base::printable(source, kShownBytes), why));
}

base::Result<Credentials> read_credentials(const base::Json& object, const CredentialNames& names,
                                           const std::string& source) {
  Credentials credentials{.access_key_id = base::text_at(object, names.access_key),
                          .secret_access_key = base::text_at(object, names.secret_key),
                          .session_token = base::text_at(object, names.token),
                          .expires_at = {},
                          .source = source};
  if (credentials.access_key_id.empty() || credentials.secret_access_key.empty())
    return no_credentials(source, "the answer lacks the key or its secret");
  const base::Json& expiration = base::at(object, names.expiration);
  if (!expiration.is_null()) {
    credentials.expires_at = read_expiration(expiration);
    if (!credentials.expires_at) return no_credentials(source, "the answer's expiration is no time");
  }
  return credentials;
}

base::Result<Credentials> parse_credentials(std::string_view text, const CredentialNames& names,
                                            const std::string& source) {
  const auto parsed = base::parse_json(text);
  // The parser's own message could quote the text.
  if (!parsed) return no_credentials(source, "the answer is no JSON");
  return read_credentials(*parsed, names, source);
}

}  // namespace midwatch::clients::aws::api
