#pragma once

#include <string>
#include <vector>

#include "src/base/json.h"
#include "src/base/result.h"

namespace midwatch::clients::aws::api {

struct PolicyOptions {
  /// ARNs of the log groups whose text may be read; empty: all.
  std::vector<std::string> log_groups;
  /// Services by their name in the table; empty: all.
  std::vector<std::string> services;
};

/// The characters, spaces not counted, that IAM takes for a policy of a role; a managed policy has 6144.
/// Source: IAM User Guide, "IAM and AWS STS quotas"
inline constexpr std::size_t kInlinePolicyLimit = 10240;

/// The IAM policy that allows what the table of read operations can ask, and nothing else; it denies what
/// gives secret values, so that a broader policy beside it does not matter.
///
/// Errors: kInvalidArgument: the table has no such service, or a log group is no ARN.
base::Result<base::Json> read_policy(const PolicyOptions& options);

}  // namespace midwatch::clients::aws::api
