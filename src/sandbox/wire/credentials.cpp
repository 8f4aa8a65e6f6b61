#include "src/sandbox/wire/credentials.h"

#include <fmt/format.h>

#include "src/sandbox/wire/hmac.h"

namespace midwatch::sandbox::wire {
namespace {

/// `length` upper-case letters and digits 2-7 that follow from a secret and a label, as AWS makes ids.
std::string id_of(std::string_view seed, std::string_view label, std::size_t length) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  for (const char c : hmac_sha256(seed, label)) {
    if (out.size() < length) out += kLetters[static_cast<unsigned char>(c) % kLetters.size()];
  }
  return out;
}

/// `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION` of a role's ARN.
std::string session_arn(std::string_view role_arn, std::string_view session_name) {
  constexpr std::string_view kIam = ":iam::";
  const std::size_t iam = role_arn.find(kIam);
  const std::string_view rest =
      iam == std::string_view::npos ? std::string_view() : role_arn.substr(iam + kIam.size());
  const std::string_view account = rest.substr(0, rest.find(':'));
  const std::size_t slash = role_arn.rfind('/');
  const std::string_view role = slash == std::string_view::npos ? role_arn : role_arn.substr(slash + 1);
  return fmt::format("arn:aws:sts::{}:assumed-role/{}/{}", account, role, session_name);
}

}  // namespace

Credentials sandbox_credentials(const std::string& account) {
  return {.access_key = "AKIAMIDWATCHSANDBOX1",
          .secret_key = "sandbox-secret-that-opens-nothing-elsewhere",
          .arn = fmt::format("arn:aws:iam::{}:user/midwatch", account),
          .user_id = "AIDAMIDWATCHSANDBOX1"};
}

void KeyRing::add(Credentials credentials) {
  const std::lock_guard lock(mutex_);
  std::string key = credentials.access_key;
  keys_.insert_or_assign(std::move(key), std::move(credentials));
}

std::optional<Credentials> KeyRing::find(std::string_view access_key) const {
  const std::lock_guard lock(mutex_);
  const auto found = keys_.find(access_key);
  if (found == keys_.end()) return {};
  return found->second;
}

Credentials KeyRing::issue(std::string_view role_arn, std::string_view session_name,
                           base::Timestamp expires) {
  const std::lock_guard lock(mutex_);
  const std::string label = fmt::format("session {}", ++issued_);
  constexpr std::size_t kIdLetters = 16;
  Credentials made{.access_key = "ASIA" + id_of(seed_, label + " key", kIdLetters),
                   .secret_key = hex_of(hmac_sha256(seed_, label + " secret")),
                   .session_token = "sandbox-session-" + hex_of(hmac_sha256(seed_, label + " token")),
                   .expires = expires,
                   .arn = session_arn(role_arn, session_name),
                   .user_id = fmt::format("AROA{}:{}", id_of(seed_, role_arn, kIdLetters), session_name)};
  keys_.insert_or_assign(made.access_key, made);
  return made;
}

}  // namespace midwatch::sandbox::wire
