#pragma once

#include <string>
#include <vector>

#include "src/base/json.h"
#include "src/clients/aws/api/table/operation.h"
#include "src/http/http_client.h"

namespace midwatch::clients::aws::api {

/// A call in its service's protocol, without host and signature.
struct WireRequest {
  std::string method;
  std::string target;  ///< path and query, encoded as they are sent
  std::vector<http::Header> headers;
  std::string body;
};

/// Writes `input`, an object with the operation's members, as the service wants it. Times may be RFC 3339
/// text or epoch seconds.
///
/// Errors: kInvalidArgument: no object, or a member that is part of the path is missing.
base::Result<WireRequest> encode_request(const Service& service, const Operation& operation,
                                         const base::Json& input);

}  // namespace midwatch::clients::aws::api
