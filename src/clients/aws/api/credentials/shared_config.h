#pragma once

#include <map>
#include <string>
#include <string_view>

#include "src/base/result.h"
#include "src/clients/aws/api/credentials/environment.h"

namespace midwatch::clients::aws::api {

/// Settings by their name. What is nested under a setting without a value is named `outer.inner`.
using ConfigSection = std::map<std::string, std::string, std::less<>>;

/// The value of a setting; empty where there is none.
std::string setting(const ConfigSection& section, std::string_view name);

/// What ~/.aws/config and ~/.aws/credentials say.
struct SharedConfig {
  std::map<std::string, ConfigSection, std::less<>> profiles;     ///< of the config file
  std::map<std::string, ConfigSection, std::less<>> credentials;  ///< of the credentials file
  std::map<std::string, ConfigSection, std::less<>> sso_sessions;
  std::map<std::string, ConfigSection, std::less<>> services;

  bool has_profile(std::string_view name) const;
  /// A profile's section of either file; empty where there is none.
  const ConfigSection& profile(std::string_view name) const;
  const ConfigSection& credentials_of(std::string_view name) const;
};

/// Reads both files (AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE); a file that is not there says nothing.
///
/// Errors: of reading; kInvalidArgument: a line that cannot be understood, by file and number, never its
/// text. Source: AWS SDKs and Tools Reference Guide, "Shared config and credentials files"
base::Result<SharedConfig> read_shared_config(const Environment& environment);

/// The profile that is used where nobody names one: AWS_PROFILE, AWS_DEFAULT_PROFILE, `default`.
std::string default_profile(const Environment& environment);

}  // namespace midwatch::clients::aws::api
