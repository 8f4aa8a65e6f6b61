#pragma once

#include <tl/expected.hpp>

#include "src/base/json.h"
#include "src/sandbox/account.h"
#include "src/sandbox/wire/credentials.h"

namespace midwatch::sandbox::wire {

/// What STS answers: who calls, and the keys of a role's session. Whether a role may be assumed is asked of
/// the account first; its refusal stands. Sessions end by `now`, the time by which clients sign.
tl::expected<base::Json, AccountError> answer_sts(Account& account, const AccountCall& call,
                                                  const Credentials& who, KeyRing& keys, base::Timestamp now);

}  // namespace midwatch::sandbox::wire
