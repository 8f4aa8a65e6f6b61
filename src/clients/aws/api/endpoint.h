#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "src/base/result.h"
#include "src/clients/aws/api/table/operation.h"

namespace midwatch::clients::aws::api {

struct Endpoint {
  std::string url;             ///< scheme, host and perhaps a path, without a slash at the end
  std::string signing_region;  ///< global services sign with one region of their partition
  bool configured = false;     ///< it is not AWS's own
};

/// Where to ask `service` in `region`. `configured` is an address that replaces AWS's own, or empty.
///
/// Errors: kInvalidArgument: the region is no name of one, or the configured address is no http(s) URL.
base::Result<Endpoint> resolve_endpoint(const Service& service, std::string_view region,
                                        std::string_view configured);

/// The whole address of a request for `target`, a path with its query. S3 at AWS's own endpoint is asked at
/// the host name of the bucket; a configured one has no such names, and for a name with dots AWS has no
/// certificate: there the bucket stays the first part of the path.
std::string request_url(const Service& service, const Endpoint& endpoint, std::string_view target);

/// True for what may be part of a host name as a region: `eu-central-1`.
bool is_region_name(std::string_view region);

}  // namespace midwatch::clients::aws::api
