#pragma once

#include <string>
#include <vector>

#include "src/base/result.h"
#include "src/identity/audit_line.h"
#include "src/identity/password.h"
#include "src/store/store.h"

namespace midwatch::identity {

// Changes within a transaction of the caller's, who audits them; each gives the user as it is then.
// Errors: kInvalidArgument for a name that will not do; kConflict for a user that is there; kNotFound for one
// that is not.

/// Who chose a password. One that was given by somebody else must be changed before anything else is done.
enum class ChosenBy { kThemselves, kSomebodyElse };

/// A password with its hash, and who chose it.
struct NewPassword {
  std::string hash;
  ChosenBy by = ChosenBy::kSomebodyElse;
};

base::Result<store::User> add_user(store::Session& session, base::Timestamp now, const std::string& name,
                                   const std::vector<model::Grant>& grants, const NewPassword& password);

/// Ends the user's sign-ins, and forgets the tries that failed.
base::Result<store::User> set_password(store::Session& session, base::Timestamp now, const std::string& name,
                                       const NewPassword& password);

/// A disabled user's sign-ins end at once.
base::Result<store::User> set_disabled(store::Session& session, base::Timestamp now, const std::string& name,
                                       bool disabled);

base::Result<store::User> set_grants(store::Session& session, base::Timestamp now, const std::string& name,
                                     const std::vector<model::Grant>& grants);

/// The same, each as one transaction with its line of the audit, for who stands beside the server. Errors:
/// also kInvalidArgument for a password that will not do.

base::Result<> add_user(store::Store& store, const Passwords& passwords, const Author& author,
                        const std::string& name, const std::vector<model::Grant>& grants,
                        const std::string& password, ChosenBy by);

base::Result<> set_password(store::Store& store, const Passwords& passwords, const Author& author,
                            const std::string& name, const std::string& password, ChosenBy by);

base::Result<> set_disabled(store::Store& store, const Author& author, const std::string& name,
                            bool disabled);

base::Result<> set_grants(store::Store& store, const Author& author, const std::string& name,
                          const std::vector<model::Grant>& grants);

base::Result<std::vector<store::User>> list_users(store::Store& store);

/// That a change of users left nothing without an admin which had one: who takes the role from the last one
/// locks everybody out. Errors: kConflict, naming the space.
base::Result<> check_admins_left(const std::vector<store::User>& before,
                                 const std::vector<store::User>& after);

}  // namespace midwatch::identity
