#include "src/clients/aws/api/endpoint.h"

#include <algorithm>

#include <fmt/format.h>

#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/http/url.h"

namespace midwatch::clients::aws::api {
namespace {

/// A separate AWS with its own accounts and host names.
struct Partition {
  std::string_view region_prefix;
  std::string_view dns_suffix;
  std::string_view global_region;  ///< where global services sign
};

const Partition& partition_of(std::string_view region) {
  static constexpr Partition kPartitions[] = {
      {"cn-", "amazonaws.com.cn", "cn-north-1"},  {"us-gov-", "amazonaws.com", "us-gov-west-1"},
      {"us-iso-", "c2s.ic.gov", "us-iso-east-1"}, {"us-isob-", "sc2s.sgov.gov", "us-isob-east-1"},
      {"", "amazonaws.com", "us-east-1"},
  };
  return *std::find_if(std::begin(kPartitions), std::end(kPartitions), [region](const Partition& partition) {
    return region.starts_with(partition.region_prefix);
  });
}

/// Health answers in us-east-1 for the whole partition; IAM has host names of its own.
std::string global_host(const Service& service, const Partition& partition) {
  if (service.name != "iam")
    return fmt::format("{}.{}.{}", service.endpoint_prefix, partition.global_region, partition.dns_suffix);
  if (partition.region_prefix == "cn-") return "iam.cn-north-1.amazonaws.com.cn";
  if (partition.region_prefix == "us-gov-") return "iam.us-gov.amazonaws.com";
  return fmt::format("iam.{}{}",
                     partition.region_prefix.empty() ? "" : fmt::format("{}.", partition.global_region),
                     partition.dns_suffix);
}

}  // namespace

bool is_region_name(std::string_view region) {
  constexpr std::size_t kLongest = 30;
  return !region.empty() && region.size() <= kLongest && region.front() != '-' && region.back() != '-' &&
         std::all_of(region.begin(), region.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

base::Result<Endpoint> resolve_endpoint(const Service& service, std::string_view region,
                                        std::string_view configured) {
  constexpr std::size_t kShownBytes = 40;
  if (!is_region_name(region)) {
    return base::user_error(base::ErrorCode::kInvalidArgument,
                            fmt::format("this is no AWS region: '{}'", base::printable(region, kShownBytes)));
  }
  const Partition& partition = partition_of(region);
  Endpoint endpoint;
  endpoint.signing_region = service.global ? std::string(partition.global_region) : std::string(region);
  if (!configured.empty()) {
    while (configured.ends_with('/')) configured.remove_suffix(1);
    auto url = http::parse_url(configured);
    if (!url) return std::move(url).error().with("the configured endpoint of " + std::string(service.name));
    endpoint.url = configured;
    return endpoint;
  }
  endpoint.url = "https://" + (service.global ? global_host(service, partition)
                                              : fmt::format("{}.{}.{}", service.endpoint_prefix, region,
                                                            partition.dns_suffix));
  return endpoint;
}

}  // namespace midwatch::clients::aws::api
