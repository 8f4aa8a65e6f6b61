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
  std::string_view iam_host;       ///< empty: named after its service
  std::string_view dns_region;     ///< where Route 53 signs
  std::string_view dns_host;
};

const Partition& partition_of(std::string_view region) {
  // Source: botocore 1.43.11, endpoints.json
  static constexpr Partition kPartitions[] = {
      {"cn-", "amazonaws.com.cn", "cn-north-1", "iam.cn-north-1.amazonaws.com.cn", "cn-northwest-1",
       "route53.amazonaws.com.cn"},
      {"us-gov-", "amazonaws.com", "us-gov-west-1", "iam.us-gov.amazonaws.com", "us-gov-west-1",
       "route53.us-gov.amazonaws.com"},
      {"us-iso-", "c2s.ic.gov", "us-iso-east-1", "iam.us-iso-east-1.c2s.ic.gov", "us-iso-east-1",
       "route53.c2s.ic.gov"},
      {"us-isob-", "sc2s.sgov.gov", "us-isob-east-1", "iam.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1",
       "route53.sc2s.sgov.gov"},
      {"", "amazonaws.com", "us-east-1", "iam.amazonaws.com", "us-east-1", "route53.amazonaws.com"},
  };
  return *std::find_if(std::begin(kPartitions), std::end(kPartitions), [region](const Partition& partition) {
    return region.starts_with(partition.region_prefix);
  });
}

/// Health answers in us-east-1 for the whole partition; IAM and Route 53 have host names of their own.
std::string global_host(const Service& service, const Partition& partition) {
  if (service.name == "iam") return std::string(partition.iam_host);
  if (service.name == "route53") return std::string(partition.dns_host);
  return fmt::format("{}.{}.{}", service.endpoint_prefix, partition.global_region, partition.dns_suffix);
}

std::string_view signing_region(const Service& service, const Partition& partition, std::string_view region) {
  if (!service.global) return region;
  return service.name == "route53" ? partition.dns_region : partition.global_region;
}

/// True for a bucket's name that is one label of a host name. Source: S3 user guide, "Bucket naming rules"
bool is_host_label(std::string_view bucket) {
  constexpr std::size_t kShortest = 3;
  constexpr std::size_t kLongest = 63;
  return bucket.size() >= kShortest && bucket.size() <= kLongest && bucket.front() != '-' &&
         bucket.back() != '-' && std::all_of(bucket.begin(), bucket.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

}  // namespace

std::string request_url(const Service& service, const Endpoint& endpoint, std::string_view target) {
  const std::size_t end = std::min(target.find_first_of("/?", 1), target.size());
  const std::string_view bucket = target.empty() ? target : target.substr(1, end - 1);
  if (!service.s3 || endpoint.configured || !is_host_label(bucket))
    return fmt::format("{}{}", endpoint.url, target);
  constexpr std::string_view kScheme = "https://";
  const std::string_view host = std::string_view(endpoint.url).substr(kScheme.size());
  const std::string_view rest = target.substr(end);
  return fmt::format("{}{}.{}{}{}", kScheme, bucket, host, rest.starts_with('/') ? "" : "/", rest);
}

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
  endpoint.signing_region = signing_region(service, partition, region);
  if (!configured.empty()) {
    while (configured.ends_with('/')) configured.remove_suffix(1);
    auto url = http::parse_url(configured);
    if (!url) return std::move(url).error().with("the configured endpoint of " + std::string(service.name));
    endpoint.url = configured;
    endpoint.configured = true;
    return endpoint;
  }
  endpoint.url = "https://" + (service.global ? global_host(service, partition)
                                              : fmt::format("{}.{}.{}", service.endpoint_prefix, region,
                                                            partition.dns_suffix));
  return endpoint;
}

}  // namespace midwatch::clients::aws::api
