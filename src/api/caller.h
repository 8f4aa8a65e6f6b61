#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/http/server/server.h"

namespace midwatch::api {

/// What a caller may do; each includes the ones before it.
enum class Role {
  kViewer,    ///< reads
  kOperator,  ///< starts, steers, judges and undoes
  kAdmin,     ///< reads the audit
};

std::string_view to_string(Role role);

/// Who sends a request. `spaces` are all that the caller may see; there is no word for "every space".
struct Caller {
  std::string name;
  Role role = Role::kViewer;
  std::vector<std::string> spaces;
};

/// Says who sends a request. Errors: kUnauthenticated; kRateLimited after too many wrong tries.
/// Threads: called by several at once.
using Authenticator = std::function<base::Result<Caller>(const http::ServerRequest&)>;

}  // namespace midwatch::api
