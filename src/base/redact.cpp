#include "src/base/redact.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>
#include <vector>

#include <re2/re2.h>

namespace midwatch::base {
namespace {

struct Rule {
  const char* pattern;
  const char* replacement;
};

/// Each pattern keeps what identifies the kind of secret and replaces the secret itself. Ordered: whole
/// blocks first.
constexpr std::array<Rule, 10> kRules{{
    {R"re((?s)-----BEGIN ([A-Z ]*)PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$))re",
     "[redacted]"},
    {R"re(\b(?:AKIA|ASIA|AGPA|AIDA|AROA|ANPA)[A-Z0-9]{16}\b)re", "[redacted]"},
    {R"re(\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*)re", "[redacted]"},
    {R"re(\b(?:ghp|gho|ghs|ghu|github_pat|glpat|xox[abprs]|sk-ant|sk|rk|pk_live|sk_live|dop_v1|npm|SG)[-_.][A-Za-z0-9_.-]{16,})re",
     "[redacted]"},
    {R"re((?i)\b(bearer|basic)(\s+)[A-Za-z0-9._~+/=-]{8,})re", R"re(\1\2[redacted])re"},
    {R"re(([a-zA-Z][a-zA-Z0-9+.-]{1,20}://[^\s:/@"']{0,64}):[^\s@/"'\[]{1,256}@)re", R"re(\1:[redacted]@)re"},
    {R"re((?i)((?:x-amz-security-token|x-amz-signature|x-amz-credential|sig|signature)=)[A-Za-z0-9%/+=_-]{8,})re",
     R"re(\1[redacted])re"},
    // key=value, key: value, "key": "value", key => value
    {R"re((?i)(["']?[a-z0-9_.-]{0,40}(?:passwd|password|passphrase|secret[_-]?(?:(?:access[_-]?)?key|string|binary)|client[_-]?secret|api[_-]?key|apikey|access[_-]?token|auth[_-]?token|refresh[_-]?token|session[_-]?token|private[_-]?key|credential)s?["']?\s*(?:=>|[=:])\s*)"[^"\\]*(?:\\.[^"\\]*)*")re",
     R"re(\1"[redacted]")re"},
    {R"re((?i)(["']?[a-z0-9_.-]{0,40}(?:passwd|password|passphrase|pwd|secret[_-]?(?:(?:access[_-]?)?key|string|binary)|client[_-]?secret|api[_-]?key|apikey|access[_-]?token|auth[_-]?token|refresh[_-]?token|session[_-]?token|private[_-]?key|credential)s?["']?\s*(?:=>|[=:])\s*)([^\s"',;&\[\]{}()<>]{3,}))re",
     R"re(\1[redacted])re"},
    {R"re((?i)((?:--?|/)(?:password|token|secret|api-key)(?:\s+|=))[^\s"'\[]{3,})re", R"re(\1[redacted])re"},
}};

const std::vector<std::unique_ptr<const RE2>>& compiled() {
  static const auto* const kCompiled = [] {
    auto* all = new std::vector<std::unique_ptr<const RE2>>();
    for (const Rule& rule : kRules) all->push_back(std::make_unique<const RE2>(rule.pattern, RE2::Quiet));
    return all;
  }();
  return *kCompiled;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

}  // namespace

std::string redact(std::string_view text) {
  std::string out(text);
  const auto& rules = compiled();
  for (std::size_t i = 0; i < rules.size(); ++i) RE2::GlobalReplace(&out, *rules[i], kRules[i].replacement);
  return out;
}

bool is_secret_key(std::string_view key) {
  static constexpr std::array<std::string_view, 13> kParts{
      "password", "passwd",     "passphrase",  "pwd",          "apikey",     "api_key",   "api-key",
      "token",    "privatekey", "private_key", "secretaccess", "access_key", "credential"};
  const std::string name = lower(key);
  for (const std::string_view part : kParts) {
    if (name.find(part) != std::string::npos) return true;
  }
  // "secret" alone also names references ("secretName", "imagePullSecrets"), which are no secrets.
  return name == "secret" || name.ends_with("_secret") || name.ends_with("clientsecret") ||
         name.ends_with("secret_key") || name.ends_with("secretkey") || name.ends_with("secretstring") ||
         name.ends_with("secretbinary");
}

}  // namespace midwatch::base
