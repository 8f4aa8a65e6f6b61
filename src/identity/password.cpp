#include "src/identity/password.h"

#include <array>
#include <stdexcept>

#include <fmt/format.h>
#include <sodium.h>

#include "src/base/ascii.h"
#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/identity/secret.h"

namespace midwatch::identity {
namespace {

constexpr std::size_t kShortest = 12;
constexpr std::size_t kKibibyte = 1024;

}  // namespace

Passwords::Passwords(PasswordCost cost, std::size_t at_once, std::size_t waiting)
    : cost_(cost),
      // The text form of an Argon2id hash of all zeros, which no password has.
      nobodys_(fmt::format("$argon2id$v=19$m={},t={},p=1${:A<22}${:A<43}", cost.bytes / kKibibyte,
                           cost.passes, "", "")),
      turns_(at_once, waiting) {
  if (sodium_init() < 0) throw std::runtime_error("libsodium does not start");
}

base::Result<std::string> Passwords::hash(std::string_view password) const {
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (crypto_pwhash_str(text.data(), password.data(), password.size(), cost_.passes, cost_.bytes) != 0)
    return base::environment_error(base::ErrorCode::kResourceExhausted,
                                   "there is not enough memory to hash a password");
  return std::string(text.data());
}

base::Result<MadePassword> Passwords::make() {
  // Source: the alphabet of Crockford's Base32, whose 32 digits a random byte picks evenly.
  constexpr std::string_view kDigits = "0123456789abcdefghjkmnpqrstvwxyz";
  constexpr std::size_t kCount = 20;
  constexpr std::size_t kGroup = 5;
  MIDWATCH_TRY(const std::string random, random_bytes(kCount));
  MadePassword made;
  for (std::size_t i = 0; i < kCount; ++i) {
    if (i > 0 && i % kGroup == 0) made.password += '-';
    made.password += kDigits[static_cast<unsigned char>(random[i]) % kDigits.size()];
  }
  MIDWATCH_TRY(const auto turn, turns_.take());
  MIDWATCH_TRY(made.hash, hash(made.password));
  return made;
}

bool Passwords::fits(const std::string& hash, std::string_view password) const {
  const std::string& against = hash.empty() ? nobodys_ : hash;
  return crypto_pwhash_str_verify(against.c_str(), password.data(), password.size()) == 0 && !hash.empty();
}

bool Passwords::is_outdated(const std::string& hash) const {
  return crypto_pwhash_str_needs_rehash(hash.c_str(), cost_.passes, cost_.bytes) != 0;
}

base::Result<> check_new_password(std::string_view user, std::string_view password) {
  const auto refused = [](std::string message) {
    return base::user_error(base::ErrorCode::kInvalidArgument, std::move(message));
  };
  if (password.size() < kShortest || password.size() > kLongestPassword)
    return refused(fmt::format("a password has {} to {} bytes; several words make a good one", kShortest,
                               kLongestPassword));
  if (!base::is_valid_utf8(password) || password.find_first_of("\r\n\t") != std::string_view::npos ||
      password.find('\0') != std::string_view::npos)
    return refused("a password is one line of UTF-8");
  if (base::to_lower(password).find(base::to_lower(user)) != std::string::npos)
    return refused("a password must not hold the user's name");
  if (password.find_first_not_of(password.front()) == std::string_view::npos)
    return refused("a password must not be one character again and again");
  return {};
}

}  // namespace midwatch::identity
