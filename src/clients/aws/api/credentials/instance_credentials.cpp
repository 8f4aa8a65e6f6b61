#include <fmt/format.h>

#include "src/base/ascii.h"
#include "src/base/try.h"
#include "src/clients/aws/api/credentials/credential_document.h"
#include "src/clients/aws/api/credentials/instance_metadata.h"
#include "src/clients/aws/api/credentials/source_context.h"
#include "src/http/url.h"

namespace midwatch::clients::aws::api {
namespace {

const char* const kSource = "instance metadata";
constexpr std::string_view kRolePath = "/latest/meta-data/iam/security-credentials/";

/// Nothing answers at the address, or not with what was asked for: this is no such instance.
bool is_absent(const base::Error& error) {
  return error.code != base::ErrorCode::kCancelled;
}

}  // namespace

FoundCredentials instance_credentials(const SourceContext& from) {
  if (from.environment.is_true("AWS_EC2_METADATA_DISABLED")) return std::nullopt;
  InstanceMetadata metadata(from.http, from.environment);
  const auto role = metadata.read(from.context, kRolePath);
  if (!role) return is_absent(role.error()) ? FoundCredentials(std::nullopt) : FoundCredentials(role.error());
  const auto name = base::trim(std::string_view(*role).substr(0, role->find('\n')));
  if (name.empty()) return std::nullopt;
  auto document = metadata.read(from.context, std::string(kRolePath) + http::percent_encode(name));
  if (!document) return std::move(document).error().with(kSource);
  MIDWATCH_TRY(Credentials credentials, parse_credentials(*document, {}, kSource));
  return credentials;
}

}  // namespace midwatch::clients::aws::api
