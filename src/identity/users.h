#pragma once

#include <string>
#include <vector>

#include "src/base/result.h"
#include "src/identity/audit_line.h"
#include "src/identity/password.h"
#include "src/store/store.h"

namespace midwatch::identity {

// Each is one transaction with its line of the audit. Errors: kInvalidArgument for a name or a password that
// will not do; kConflict for a user that is there; kNotFound for one that is not.

base::Result<> add_user(store::Store& store, const Passwords& passwords, const Author& author,
                        const std::string& name, const std::vector<model::Grant>& grants,
                        const std::string& password);

/// Ends the user's sign-ins, and forgets the tries that failed.
base::Result<> set_password(store::Store& store, const Passwords& passwords, const Author& author,
                            const std::string& name, const std::string& password);

/// A disabled user's sign-ins end at once.
base::Result<> set_disabled(store::Store& store, const Author& author, const std::string& name,
                            bool disabled);

base::Result<> set_grants(store::Store& store, const Author& author, const std::string& name,
                          const std::vector<model::Grant>& grants);

base::Result<std::vector<store::User>> list_users(store::Store& store);

}  // namespace midwatch::identity
