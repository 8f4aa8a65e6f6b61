#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "src/base/result.h"
#include "src/clients/aws/api/credentials/environment.h"
#include "src/http/http_client.h"

namespace midwatch::clients::aws::api {

/// Asks the metadata service of the EC2 instance that this may be, version 2 (with a session token); version
/// 1 where the service knows no tokens, unless AWS_EC2_METADATA_V1_DISABLED forbids it.
///
/// Source: EC2 User Guide, "Use the Instance Metadata Service to access instance metadata"
class InstanceMetadata {
 public:
  InstanceMetadata(http::HttpClient& http, const Environment& environment)
      : http_(http), environment_(environment) {}

  /// Errors: kNotFound: nothing there; kUnavailable, kTimeout: no service answers; kCancelled.
  base::Result<std::string> read(const runtime::RequestContext& context, std::string_view path);

 private:
  std::string address() const;
  base::Result<std::string> session_token(const runtime::RequestContext& context) const;

  http::HttpClient& http_;
  const Environment& environment_;
  std::optional<std::string> token_;  // empty: version 1
};

}  // namespace midwatch::clients::aws::api
