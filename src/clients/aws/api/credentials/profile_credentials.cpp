#include <set>
#include <utility>

#include <fmt/format.h>

#include "src/base/ascii.h"
#include "src/base/try.h"
#include "src/clients/aws/api/credentials/credential_document.h"
#include "src/clients/aws/api/credentials/source_context.h"
#include "src/clients/aws/api/credentials/sts.h"

namespace midwatch::clients::aws::api {
namespace {

/// Follows profiles that take their first credentials from other profiles.
class ProfileReader {
 public:
  explicit ProfileReader(const SourceContext& from) : from_(from) {}

  FoundCredentials read(const std::string& profile) {
    const ConfigSection section = merged(profile);
    if (!setting(section, "role_arn").empty()) return role(profile, section);
    if (!setting(section, "sso_account_id").empty() || !setting(section, "sso_role_name").empty())
      return sso_credentials(from_, section, profile);
    if (auto keys = static_keys(from_.config.credentials_of(profile), profile); !keys || *keys) return keys;
    if (const auto command = setting(section, "credential_process"); !command.empty())
      return process_credentials(from_, command, profile);
    return static_keys(from_.config.profile(profile), profile);
  }

 private:
  /// The config file's section, under what the credentials file says.
  ConfigSection merged(const std::string& profile) const {
    ConfigSection section = from_.config.profile(profile);
    for (const auto& [name, value] : from_.config.credentials_of(profile)) section[name] = value;
    return section;
  }

  static FoundCredentials static_keys(const ConfigSection& section, const std::string& profile) {
    Credentials credentials{.access_key_id = setting(section, "aws_access_key_id"),
                            .secret_access_key = setting(section, "aws_secret_access_key"),
                            .session_token = setting(section, "aws_session_token"),
                            .expires_at = {},
                            .source = "profile " + profile};
    if (credentials.access_key_id.empty()) return std::nullopt;
    if (credentials.secret_access_key.empty())
      return no_credentials(credentials.source, "aws_access_key_id is set, but aws_secret_access_key is not");
    return credentials;
  }

  FoundCredentials role(const std::string& profile, const ConfigSection& section) {
    const std::string source = "profile " + profile;
    if (!visited_.insert(profile).second)
      return no_credentials(source, "its source_profile leads back to itself");
    std::string session = setting(section, "role_session_name");
    if (session.empty()) session = "midwatch";
    const RoleRequest request{.role_arn = setting(section, "role_arn"),
                              .session_name = std::move(session),
                              .external_id = setting(section, "external_id"),
                              .duration_seconds = setting(section, "duration_seconds")};
    if (const auto file = setting(section, "web_identity_token_file"); !file.empty()) {
      MIDWATCH_TRY(const std::string token, read_small_file(from_.environment.expanded(file)));
      MIDWATCH_TRY(Credentials taken,
                   assume_role_with_web_identity(from_, std::string(base::trim(token)), request, source));
      return taken;
    }
    if (!setting(section, "mfa_serial").empty())
      return no_credentials(source, "it asks for a one-time password, which nobody can type here");
    MIDWATCH_TRY(const Credentials first, first_credentials(profile, section));
    MIDWATCH_TRY(Credentials taken, assume_role(from_, first, request, source));
    return taken;
  }

  /// What the role is taken on with.
  base::Result<Credentials> first_credentials(const std::string& profile, const ConfigSection& section) {
    const std::string source = "profile " + profile;
    const std::string other = setting(section, "source_profile");
    const std::string kind = setting(section, "credential_source");
    if (other.empty() == kind.empty())
      return no_credentials(source, "a role needs either source_profile or credential_source");
    FoundCredentials found = kind.empty() ? of_profile(profile, other) : of_kind(source, kind);
    if (!found) return std::move(found).error().with("the first credentials of " + source);
    if (!*found)
      return no_credentials(source, kind.empty() ? fmt::format("its source_profile {} has none", other)
                                                 : fmt::format("its credential_source {} has none", kind));
    return std::move(**found);
  }

  FoundCredentials of_profile(const std::string& profile, const std::string& other) {
    if (!from_.config.has_profile(other))
      return no_credentials("profile " + profile, "there is no profile " + other);
    if (other != profile) return read(other);
    // A profile may name itself: the role is then taken on with its own keys.
    if (auto keys = static_keys(from_.config.credentials_of(other), other); !keys || *keys) return keys;
    return static_keys(from_.config.profile(other), other);
  }

  FoundCredentials of_kind(const std::string& source, const std::string& kind) const {
    if (kind == "Environment") return environment_credentials(from_);
    if (kind == "EcsContainer") return container_credentials(from_);
    if (kind == "Ec2InstanceMetadata") return instance_credentials(from_);
    return no_credentials(source,
                          "credential_source is none of Environment, EcsContainer, Ec2InstanceMetadata");
  }

  const SourceContext& from_;
  std::set<std::string> visited_;
};

}  // namespace

FoundCredentials profile_credentials(const SourceContext& from, const std::string& profile) {
  return ProfileReader(from).read(profile);
}

FoundCredentials web_identity_credentials(const SourceContext& from) {
  const std::string file = from.environment.get("AWS_WEB_IDENTITY_TOKEN_FILE");
  if (file.empty()) return std::nullopt;
  RoleRequest role{.role_arn = from.environment.get("AWS_ROLE_ARN"),
                   .session_name = from.environment.get("AWS_ROLE_SESSION_NAME"),
                   .external_id = {},
                   .duration_seconds = {}};
  const std::string source = "web identity";
  if (role.role_arn.empty())
    return no_credentials(source, "AWS_WEB_IDENTITY_TOKEN_FILE is set, but AWS_ROLE_ARN is not");
  if (role.session_name.empty()) role.session_name = "midwatch";
  MIDWATCH_TRY(const std::string token, read_small_file(from.environment.expanded(file)));
  MIDWATCH_TRY(Credentials taken,
               assume_role_with_web_identity(from, std::string(base::trim(token)), role, source));
  return taken;
}

}  // namespace midwatch::clients::aws::api
