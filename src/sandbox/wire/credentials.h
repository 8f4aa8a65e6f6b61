#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "src/base/time.h"

namespace midwatch::sandbox::wire {

/// A key that the sandbox accepts, and whose it is.
struct Credentials {
  std::string access_key;
  std::string secret_key;
  std::string session_token{};               ///< empty: a key of a user
  std::optional<base::Timestamp> expires{};  ///< empty: never
  std::string arn{};
  std::string user_id{};
};

/// The key of an account that the sandbox knows from its start. It opens nothing anywhere else.
Credentials sandbox_credentials(const std::string& account = "123456789012");

/// The keys that a sandbox accepts: those it was given and those of the roles that were assumed.
///
/// Threads: safe.
class KeyRing {
 public:
  explicit KeyRing(std::string seed) : seed_(std::move(seed)) {}

  void add(Credentials credentials);
  std::optional<Credentials> find(std::string_view access_key) const;
  /// Makes the keys of a session of a role; the same seed makes the same keys in the same order.
  Credentials issue(std::string_view role_arn, std::string_view session_name, base::Timestamp expires);

 private:
  std::string seed_;
  mutable std::mutex mutex_;
  std::uint64_t issued_ = 0;
  std::map<std::string, Credentials, std::less<>> keys_;
};

}  // namespace midwatch::sandbox::wire
