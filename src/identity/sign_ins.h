#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/clock.h"
#include "src/base/result.h"
#include "src/identity/clock_skew.h"
#include "src/identity/password.h"
#include "src/identity/principal.h"
#include "src/store/store.h"

namespace midwatch::identity {

/// How long people stay signed in.
struct SignInLimits {
  /// Without a request: a machine that is left in the evening knows nobody in the morning.
  base::Duration idle = std::chrono::hours(12);
  /// In any case: a week on call.
  base::Duration longest = std::chrono::hours(24 * 7);
};

/// Where a request comes from, for the audit and for counting tries.
struct Visitor {
  std::string address;
  std::string request_id;
};

/// What a sign-in gives: the browser keeps `secret`, the store its hash alone.
struct SignedIn {
  std::string secret;
  Principal who;
  base::Timestamp until{};
};

/// Lets people in, knows them again, and lets them go. Each sign-in, each try that failed, each wait that
/// follows and each sign-out has a line in the audit.
///
/// Source:  OWASP Session Management and Authentication Cheat Sheets, ASVS 2.2 and 3
/// Errors:  those of the store.
/// Threads: any number at once.
class SignIns {
 public:
  SignIns(store::Store& store, const base::Clock& clock, Passwords& passwords, SignInLimits limits)
      : store_(store), clock_(clock), passwords_(passwords), limits_(limits) {}

  /// A sign-in with a new secret, in place of the one that the browser had (`before`; empty: none).
  /// Errors: kUnauthenticated, in the same words and after the same work for a user that is not there, is
  /// disabled, or has another password; kRateLimited after too many of these; kUnavailable while too many try
  /// at once.
  base::Result<SignedIn> with_password(const std::string& user, const std::string& password,
                                       const Visitor& visitor, std::string_view before);

  /// Gives who signed in with this secret another password. All sign-ins of the user end; this one goes on
  /// with a new secret. A wrong present password counts like one at signing in. Errors: kUnauthenticated:
  /// nobody's secret; kConflict: no password of them is kept here; kInvalidArgument: the new one will not do;
  /// kPermissionDenied: that is not the present one; kRateLimited and kUnavailable as above.
  base::Result<SignedIn> change_password(std::string_view secret, const std::string& present,
                                         const std::string& wanted, const Visitor& visitor);

  /// The same for somebody that a provider vouches for, whose word holds for half a day: who leaves is out
  /// then.
  base::Result<SignedIn> vouched(const Principal& who, const Visitor& visitor, std::string_view before);

  /// Notes that a provider's word for somebody was not enough. Notes no more where one address comes again
  /// and again.
  base::Result<> note_refusal(const Visitor& visitor);

  /// Whose secret it is. `uses`: it counts as a use, so that the sign-in does not end for being idle.
  /// Errors: kUnauthenticated: nobody's, or it has ended, or its user is disabled.
  base::Result<Principal> who(std::string_view secret, bool uses);

  /// Those of somebody that have not ended, newest first.
  base::Result<std::vector<store::SignIn>> all_of(const std::string& who);

  /// Ends those of somebody that fit; how many.
  base::Result<std::size_t> end_those(const std::string& who,
                                      const std::function<bool(const store::SignIn&)>& fits,
                                      const Visitor& visitor);

  /// Of which passwords people sign in with.
  Passwords& passwords() { return passwords_; }

  /// Ends it; nothing happens where it is nobody's.
  base::Result<> end(std::string_view secret, const Visitor& visitor);

 private:
  /// A try that was counted.
  struct Tried {
    std::optional<store::User> user;
    std::uint32_t of_user = 0;  ///< that failed in a row, with this one
    std::uint32_t of_address = 0;
  };
  base::Result<Tried> begin(const std::string& user, const Visitor& visitor);
  base::Result<> refuse(const Tried& tried, std::string_view action, const Visitor& visitor);
  /// One that began or was used later than now was noted by a clock that has been set back since: how long it
  /// has lasted nobody can tell any more, and its person signs in again.
  bool has_ended(const store::SignIn& sign_in, base::Timestamp now) const {
    return now >= sign_in.until || now - sign_in.used >= limits_.idle || is_yet_to_come(sign_in.began, now) ||
           is_yet_to_come(sign_in.used, now);
  }
  /// `also` is done in the same transaction, before the new sign-in is there.
  base::Result<SignedIn> admit(std::string_view action, store::SignIn sign_in, base::Duration lasts,
                               Principal who, const Visitor& visitor, std::string_view before,
                               const store::Work& also);

  store::Store& store_;
  const base::Clock& clock_;
  Passwords& passwords_;
  SignInLimits limits_;
};

/// True for what may be the name of a user: 1 to 64 of a-z, 0-9 and . _ - @, beginning with a letter or
/// digit.
bool is_user_name(std::string_view name);

}  // namespace midwatch::identity
