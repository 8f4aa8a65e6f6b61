#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/http/server/server.h"
#include "src/model/access.h"

namespace midwatch::api {

using model::Role;

/// Who sends a request. `spaces` are all that the caller may see; there is no word for "every space".
struct Caller {
  std::string name;
  Role role = Role::kViewer;  ///< the most that the caller may in any of them
  std::vector<std::string> spaces;
  std::map<std::string, Role, std::less<>> lower{};  ///< of them, those in which it is less
  std::vector<std::string> beyond{};  ///< spaces that the caller may see, but not for what is asked
  std::string csrf{};                 ///< what a change must carry; empty: nothing
  std::optional<Role> everywhere{};   ///< what the caller may in every space, also in one that comes later
  std::string sign_in{};              ///< the id of the caller's session; empty: a token, or nobody asks
  bool has_password = false;          ///< signed in with a password that is kept here
  bool must_change_password = false;  ///< which somebody else chose: nothing else is open until it is changed
  bool is_anybody = false;            ///< nobody has to say who they are, until somebody is let in by name

  Role role_in(std::string_view space) const {
    const auto found = lower.find(space);
    return found == lower.end() ? role : found->second;
  }
};

/// Says who sends a request. Errors: kUnauthenticated; kRateLimited after too many wrong tries.
/// Threads: called by several at once.
using Authenticator = std::function<base::Result<Caller>(const http::ServerRequest&)>;

}  // namespace midwatch::api
