#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/ids.h"
#include "src/base/result.h"
#include "src/base/time.h"
#include "src/identity/audit_line.h"
#include "src/identity/principal.h"
#include "src/store/store.h"

namespace midwatch::identity {

/// A new token, as its owner keeps it, and what is kept of it here.
struct NewToken {
  std::string token;
  std::string sha256;
};

/// Errors: kUnavailable: the machine gives no random numbers.
base::Result<NewToken> make_token();

/// A token as it is kept, and once as its owner keeps it.
struct CreatedToken {
  store::ApiToken kept;
  std::string token;
};

/// Makes a token and adds it, without a line in the audit.
/// Errors: kInvalidArgument: the name will not do, it gives nothing, or it would end before `author.now`.
base::Result<CreatedToken> create_token(store::Session& session, base::IdGenerator& ids, const Author& author,
                                        const std::string& name, const std::vector<model::Grant>& grants,
                                        std::optional<base::Timestamp> until);

/// Whose token it is, of those that the store has.
/// Errors: kUnauthenticated: nobody's, or it has ended or was revoked; or it ends, and was made later than
/// now: then the clock is not what it was, and whether its end has come it does not tell.
base::Result<Principal> owner_of_token(store::Store& store, std::string_view token, base::Timestamp now);

}  // namespace midwatch::identity
