#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "src/base/time.h"
#include "src/model/access.h"

namespace midwatch::store {

/// Somebody who signs in with a password. Nobody is ever deleted, so that the audit's names stay theirs.
struct User {
  std::string name;
  std::string password;  ///< its hash, which says by itself how it was made; never the password
  std::vector<model::Grant> grants;
  bool disabled = false;
  base::Timestamp created{};
  base::Timestamp changed{};
  bool must_change = false;  ///< somebody else chose the password: nothing else is open until it is changed
};

/// Somebody who signed in and did not sign out.
struct SignIn {
  std::string id;    ///< SHA-256 of what the browser keeps, in hex
  std::string user;  ///< a User, whose grants count; empty: a provider vouched, and `grants` count
  std::string who;   ///< as the audit and the page call them
  std::vector<model::Grant> grants;
  base::Timestamp began{};
  base::Timestamp used{};   ///< last, within a minute
  base::Timestamp until{};  ///< ends then, however much it is used
};

/// What a program comes with instead of signing in. What was revoked stays, for who asks later.
struct ApiToken {
  std::string id;  ///< "tok-" and a UUID
  std::string name;
  std::string sha256;  ///< of the token, in hex; the token itself is nowhere
  std::vector<model::Grant> grants;
  std::string made_by;
  base::Timestamp created{};
  std::optional<base::Timestamp> until;
  std::optional<base::Timestamp> revoked;
};

/// How often somebody tried to sign in, and did not succeed since.
struct Attempts {
  std::string key;  ///< of a user's name or an address
  std::uint32_t count = 0;
  base::Timestamp last{};
};

}  // namespace midwatch::store
