#pragma once

#include <cstddef>
#include <string>

#include "src/base/json_value.h"
#include "src/base/result.h"
#include "src/runtime/request_context.h"

namespace midwatch::clients::aws::api {

/// One question to an AWS account.
struct ApiRequest {
  std::string service;    ///< as the AWS CLI calls it: `ecs`, `logs`, `elbv2`, `rds`
  std::string operation;  ///< as the API calls it: `DescribeTasks`
  std::string region;     ///< empty: the region of the credentials' profile
  base::Json input;  ///< an object with the operation's members, as `aws … --cli-input-json` takes them
  std::string account = {};  ///< twelve digits, where a client asks several; empty: the first
};

/// The code of a function as it is deployed.
struct CodePackage {
  base::Json function;  ///< what `aws lambda get-function` prints, without the address of the code
  std::string archive;  ///< a zip archive; empty where the function is an image
};

/// The largest package that Lambda takes. Source: AWS Lambda developer guide, "Lambda quotas".
inline constexpr std::size_t kMaxPackageBytes = std::size_t{50} << 20U;

/// Asks an AWS account, and reads only: what is not in the compiled list of read operations is refused before
/// anything is sent.
///
/// Shape:   the answer is the object that `aws SERVICE OPERATION --output json` prints, all pages joined,
/// times
///          as RFC 3339 text, so that src/clients/aws/aws_decoder.h reads it.
/// Errors:  kUnsupported: no read operation; kUnauthenticated: no, wrong or expired credentials;
///          kPermissionDenied: the message names the IAM action that is missing; kNotFound; kRateLimited:
///          after retries; kTimeout, kCancelled: of the context; kUnavailable: network, or the service
///          failed; kConflict: the bucket lies in another region; kMalformed: the answer could not be read.
/// Threads: any number at once.
class Api {
 public:
  virtual ~Api() = default;
  virtual base::Result<base::Json> call(const runtime::RequestContext& context,
                                        const ApiRequest& request) = 0;
  /// Fetches the code of a function; `request` is a `lambda GetFunction`. The address of the code is as good
  /// as a key to it: it stays inside of the client, and only one of AWS's object store, or of the configured
  /// endpoint, is asked.
  ///
  /// Errors: as `call`; kPermissionDenied: the address lies elsewhere; kResourceExhausted: the package is
  ///         larger than kMaxPackageBytes.
  virtual base::Result<CodePackage> fetch_code(const runtime::RequestContext& context,
                                               const ApiRequest& request) = 0;
};

}  // namespace midwatch::clients::aws::api
