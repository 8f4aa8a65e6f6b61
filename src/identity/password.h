#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "src/base/result.h"
#include "src/identity/turns.h"

namespace midwatch::identity {

/// What one hash costs. Argon2id with 64 MiB and three passes is the second choice of RFC 9106 (4), for where
/// memory is scarce, and above what the OWASP cheat sheet asks for (19 MiB, two passes). On a server of two
/// cores that is about a sixth of a second of one of them: nobody who signs in notices, and who guesses gets
/// through a dozen words a second at most.
struct PasswordCost {
  std::uint64_t passes = 3;
  std::size_t bytes = std::size_t{64} << 20U;
};

/// Four groups of five letters and digits, none of which looks like another: 100 bits, that can be read out.
struct MadePassword {
  std::string password;
  std::string hash;
};

/// Hashes passwords and checks them, a few at once: every check holds its memory, and a flood of sign-ins
/// must neither take it all nor every thread that answers requests.
///
/// Source:  RFC 9106 (Argon2); OWASP Password Storage Cheat Sheet; libsodium's crypto_pwhash_str
/// Threads: any number at once.
class Passwords {
 public:
  /// With the defaults a flood takes 128 MiB and four threads.
  explicit Passwords(PasswordCost cost = {}, std::size_t at_once = 2, std::size_t waiting = 2);

  /// The right to one check. Errors: kUnavailable while too many wait already.
  base::Result<Turns::Turn> turn() { return turns_.take(); }

  /// The hash, in the text form that says how it was made. Errors: kResourceExhausted: no memory.
  base::Result<std::string> hash(std::string_view password) const;

  /// A password that nobody chose, with its hash; takes its turn.
  /// Errors: kUnavailable while too many wait already, or without random numbers; kResourceExhausted.
  base::Result<MadePassword> make();

  /// True where the hash is of this password. For an empty hash, which is nobody's, it takes as long.
  /// Requires: a turn.
  bool fits(const std::string& hash, std::string_view password) const;

  /// What an empty hash is checked against: a whole hash that no password has.
  const std::string& nobodys() const { return nobodys_; }

  /// True where the hash was made at another cost than today's.
  bool is_outdated(const std::string& hash) const;

 private:
  PasswordCost cost_;
  std::string nobodys_;
  Turns turns_;
};

/// What is wrong with a new password. Errors: kInvalidArgument, saying what would do.
/// Source: NIST SP 800-63B (length counts, composition does not), OWASP ASVS 2.1
base::Result<> check_new_password(std::string_view user, std::string_view password);

/// The longest password that is looked at; longer ones fit nobody.
inline constexpr std::size_t kLongestPassword = 1024;

}  // namespace midwatch::identity
