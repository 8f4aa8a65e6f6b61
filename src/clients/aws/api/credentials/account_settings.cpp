#include "src/clients/aws/api/credentials/account_settings.h"

#include <algorithm>
#include <charconv>

#include "src/base/ascii.h"

namespace midwatch::clients::aws::api {

std::string configured_region(const Environment& environment, const SharedConfig& config,
                              std::string_view profile) {
  for (const char* variable : {"AWS_REGION", "AWS_DEFAULT_REGION"})
    if (auto region = environment.get(variable); !region.empty()) return region;
  if (auto region = setting(config.profile(profile), "region"); !region.empty()) return region;
  return setting(config.credentials_of(profile), "region");
}

std::string configured_endpoint(const Environment& environment, const SharedConfig& config,
                                std::string_view profile, std::string_view service_id) {
  const ConfigSection& section = config.profile(profile);
  if (environment.is_true("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") ||
      base::to_lower(setting(section, "ignore_configured_endpoint_urls")) == "true") {
    return {};
  }
  for (const auto& variable :
       {"AWS_ENDPOINT_URL_" + std::string(service_id), std::string("AWS_ENDPOINT_URL")})
    if (auto url = environment.get(variable); !url.empty()) return url;
  if (const auto named = config.services.find(setting(section, "services")); named != config.services.end()) {
    if (auto url = setting(named->second, base::to_lower(service_id) + ".endpoint_url"); !url.empty())
      return url;
  }
  return setting(section, "endpoint_url");
}

int configured_attempts(const Environment& environment, const SharedConfig& config,
                        std::string_view profile) {
  constexpr int kUsual = 3;
  constexpr int kMost = 10;  // more only prolongs an outage
  std::string text = environment.get("AWS_MAX_ATTEMPTS");
  if (text.empty()) text = setting(config.profile(profile), "max_attempts");
  int attempts = kUsual;
  std::from_chars(text.data(), text.data() + text.size(), attempts);
  return std::clamp(attempts, 1, kMost);
}

}  // namespace midwatch::clients::aws::api
