#pragma once

#include <string>
#include <vector>

#include "src/model/access.h"

namespace midwatch::identity {

/// Somebody of whom it is known who they are.
struct Principal {
  std::string name;
  std::vector<model::Grant> grants;
  /// What a change must carry besides the cookie; empty for who comes with a token.
  std::string csrf{};
  std::string sign_in{};      ///< the id of the sign-in; empty for who comes with a token
  bool has_password = false;  ///< signed in with a password that is kept here
  bool must_change = false;   ///< which somebody else chose: it must be changed before anything else
};

}  // namespace midwatch::identity
