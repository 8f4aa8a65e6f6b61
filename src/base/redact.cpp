#include "src/base/redact.h"

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <vector>

#include <re2/re2.h>
#include <re2/set.h>

#include "src/base/ascii.h"

namespace midwatch::base {
namespace {

struct Rule {
  const char* trigger;  ///< occurs in every text that the pattern matches, and in few others
  const char* pattern;
  const char* replacement;
};

/// Each pattern keeps what identifies the kind of secret and replaces the secret itself. Ordered: whole
/// blocks first.
constexpr std::array<Rule, 10> kRules{{
    {R"re(-----BEGIN )re",
     R"re((?s)-----BEGIN ([A-Z ]*)PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$))re",
     "[redacted]"},
    {R"re(A(?:KIA|SIA|GPA|IDA|ROA|NPA)[A-Z0-9])re",
     R"re(\b(?:AKIA|ASIA|AGPA|AIDA|AROA|ANPA)[A-Z0-9]{16}\b)re", "[redacted]"},
    {R"re(eyJ)re", R"re(\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*)re", "[redacted]"},
    {R"re((?:gh[posu]|github_pat|glpat|xox[abprs]|sk-ant|[srp]k(?:_live)?|dop_v1|npm|SG)[-_.][A-Za-z0-9_.-]{8})re",
     R"re(\b(?:ghp|gho|ghs|ghu|github_pat|glpat|xox[abprs]|sk-ant|sk|rk|pk_live|sk_live|dop_v1|npm|SG)[-_.][A-Za-z0-9_.-]{16,})re",
     "[redacted]"},
    {R"re((?i)(?:bearer|basic)\s)re", R"re((?i)\b(bearer|basic)(\s+)[A-Za-z0-9._~+/=-]{8,})re",
     R"re(\1\2[redacted])re"},
    {R"re(://[^\s:/@"']*:)re", R"re(([a-zA-Z][a-zA-Z0-9+.-]{1,20}://[^\s:/@"']{0,64}):[^\s@/"'\[]{1,256}@)re",
     R"re(\1:[redacted]@)re"},
    {R"re((?i)(?:x-amz-[a-z-]+|sig|signature)=)re",
     R"re((?i)((?:x-amz-security-token|x-amz-signature|x-amz-credential|sig|signature)=)[A-Za-z0-9%/+=_-]{8,})re",
     R"re(\1[redacted])re"},
    // key=value, key: value, "key": "value", key => value
    {R"re((?i)(?:pass|secret|key|token|credential))re",
     R"re((?i)(["']?[a-z0-9_.-]{0,40}(?:passwd|password|passphrase|secret[_-]?(?:(?:access[_-]?)?key|string|binary)|client[_-]?secret|api[_-]?key|apikey|access[_-]?token|auth[_-]?token|refresh[_-]?token|session[_-]?token|private[_-]?key|credential)s?["']?\s*(?:=>|[=:])\s*)"[^"\\]*(?:\\.[^"\\]*)*")re",
     R"re(\1"[redacted]")re"},
    {R"re((?i)(?:pass|pwd|secret|key|token|credential))re",
     R"re((?i)(["']?[a-z0-9_.-]{0,40}(?:passwd|password|passphrase|pwd|secret[_-]?(?:(?:access[_-]?)?key|string|binary)|client[_-]?secret|api[_-]?key|apikey|access[_-]?token|auth[_-]?token|refresh[_-]?token|session[_-]?token|private[_-]?key|credential)s?["']?\s*(?:=>|[=:])\s*)([^\s"',;&\[\]{}()<>]{3,}))re",
     R"re(\1[redacted])re"},
    {R"re((?i)[-/](?:password|token|secret|api-key))re",
     R"re((?i)((?:--?|/)(?:password|token|secret|api-key)(?:\s+|=))[^\s"'\[]{3,})re", R"re(\1[redacted])re"},
}};

/// One pass over a text says which of the rules could match at all; few are ever compiled.
class Rules {
 public:
  Rules() : triggers_(RE2::Options(RE2::Quiet), RE2::UNANCHORED) {
    for (const Rule& rule : kRules) triggers_.Add(rule.trigger, nullptr);
    triggers_.Compile();
  }

  void apply(std::string& text) {
    std::vector<int> triggered;
    if (!triggers_.Match(text, &triggered)) return;
    std::sort(triggered.begin(), triggered.end());
    for (const int i : triggered) {
      const auto rule = static_cast<std::size_t>(i);
      RE2::GlobalReplace(&text, pattern(rule), kRules[rule].replacement);
    }
  }

 private:
  const RE2& pattern(std::size_t rule) {
    std::call_once(once_[rule],
                   [&] { patterns_[rule] = std::make_unique<const RE2>(kRules[rule].pattern, RE2::Quiet); });
    return *patterns_[rule];
  }

  RE2::Set triggers_;
  std::array<std::once_flag, kRules.size()> once_;
  std::array<std::unique_ptr<const RE2>, kRules.size()> patterns_;
};

}  // namespace

std::string redact(std::string_view text) {
  static auto* const kCompiled = new Rules();
  std::string out(text);
  kCompiled->apply(out);
  return out;
}

bool is_secret_key(std::string_view key) {
  static constexpr std::array<std::string_view, 13> kParts{
      "password", "passwd",     "passphrase",  "pwd",          "apikey",     "api_key",   "api-key",
      "token",    "privatekey", "private_key", "secretaccess", "access_key", "credential"};
  const std::string name = to_lower(key);
  for (const std::string_view part : kParts) {
    if (name.find(part) != std::string::npos) return true;
  }
  // "secret" alone also names references ("secretName", "imagePullSecrets"), which are no secrets.
  return name == "secret" || name.ends_with("_secret") || name.ends_with("clientsecret") ||
         name.ends_with("secret_key") || name.ends_with("secretkey") || name.ends_with("secretstring") ||
         name.ends_with("secretbinary");
}

}  // namespace midwatch::base
