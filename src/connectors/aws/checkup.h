#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/clients/aws/api/credentials/open_account.h"
#include "src/runtime/request_context.h"

namespace midwatch::connectors::aws {

/// How it stands with one thing that is to be read.
enum class Standing {
  kOk,           ///< it may be read; that there is nothing of the name that was tried proves it, too
  kDenied,       ///< the IAM action is missing
  kNotUsed,      ///< the account has not enabled the service or region
  kNotSignedIn,  ///< AWS does not accept the credentials
  kThrottled,    ///< the account asks too much already
  kUnreachable,  ///< no answer
  kUnclear,      ///< it answered something else
};

std::string_view to_string(Standing standing);

/// One read operation that was tried.
struct ProbeResult {
  std::string service;
  std::string operation;
  std::string action;  ///< the IAM action that allows it
  Standing standing = Standing::kUnclear;
  bool empty = false;  ///< it may be read, and there is nothing
  std::string detail;  ///< what AWS said, where it is not kOk
};

/// What can be read of one account, and who reads it.
struct Checkup {
  std::string wanted_account;  ///< by the space; empty: whatever the credentials are for
  std::string region;          ///< empty: none is configured
  std::string source;          ///< of the credentials: "environment", "profile prod"; never a secret
  std::string key_ending;      ///< the last four characters of the access key's id
  std::optional<base::Timestamp> expires_at;
  std::string credentials_problem;  ///< why there are none; empty: there are
  std::string account;
  std::string identity;                        ///< the ARN of who asks
  std::optional<base::Duration> clock_offset;  ///< how far AWS's clock is ahead of this machine's
  std::vector<ProbeResult> probes;             ///< in the order of the table

  bool is_well() const;
};

/// A clock that differs by more makes AWS refuse signatures.
/// Source: AWS General Reference, "Signature Version 4 request elements"
inline constexpr base::Duration kMostClockSkew = std::chrono::minutes(5);

/// Tries every read operation that an investigation may need with a question that is bounded and changes
/// nothing: one item of a list, or something under a name that does not exist. All at once; what has no
/// answer when the context ends is kUnreachable.
Checkup check_up(const runtime::RequestContext& context, clients::aws::api::Account& account,
                 const std::string& region);

}  // namespace midwatch::connectors::aws
