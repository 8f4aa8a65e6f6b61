#include "src/clients/aws/api/sigv4.h"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "src/base/ascii.h"
#include "src/base/digest.h"
#include "src/base/try.h"
#include "src/http/url.h"

namespace midwatch::clients::aws::api {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kTermination = "aws4_request";

/// Headers that proxies and clients change on the way; `host` and all else is signed.
bool is_signed(std::string_view lower_name) {
  static constexpr std::array<std::string_view, 13> kUnsigned = {"authorization",
                                                                 "connection",
                                                                 "expect",
                                                                 "keep-alive",
                                                                 "proxy-authenticate",
                                                                 "proxy-authorization",
                                                                 "te",
                                                                 "trailer",
                                                                 "transfer-encoding",
                                                                 "upgrade",
                                                                 "user-agent",
                                                                 "x-amzn-trace-id",
                                                                 "accept-encoding"};
  return std::find(kUnsigned.begin(), kUnsigned.end(), lower_name) == kUnsigned.end();
}

/// `20150830T123600Z`
std::string basic_time(base::Timestamp time) {
  std::string text = base::format_rfc3339(std::chrono::floor<std::chrono::seconds>(time));
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

/// Ends trimmed, and each run of spaces and line ends inside folded to one space.
std::string folded(std::string_view value) {
  std::string out;
  bool gap = false;
  for (const char c : base::trim(value)) {
    const bool space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (space) {
      gap = true;
      continue;
    }
    if (gap) out += ' ';
    gap = false;
    out += c;
  }
  return out;
}

std::string normalised_path(std::string_view path) {
  std::vector<std::string_view> kept;
  std::size_t start = 0;
  bool directory = false;  // the path ends in a slash, or in a segment that was resolved away
  while (start <= path.size()) {
    const auto end = std::min(path.find('/', start), path.size());
    const auto segment = path.substr(start, end - start);
    directory = segment.empty() || segment == "." || segment == "..";
    if (segment == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (!directory) {
      kept.push_back(segment);
    }
    start = end + 1;
  }
  std::string out;
  for (const auto segment : kept) {
    out += '/';
    out += segment;
  }
  return directory || out.empty() ? out + "/" : out;
}

/// Each key and value encoded in the one way that the signature knows, sorted by key, then by value.
std::string canonical_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  std::size_t start = 0;
  while (start < query.size()) {
    const auto end = std::min(query.find('&', start), query.size());
    const auto part = query.substr(start, end - start);
    const auto equals = std::min(part.find('='), part.size());
    if (!part.empty()) {
      pairs.emplace_back(http::percent_encode(http::percent_decode(part.substr(0, equals))),
                         http::percent_encode(http::percent_decode(
                             equals == part.size() ? std::string_view() : part.substr(equals + 1))));
    }
    start = end + 1;
  }
  std::sort(pairs.begin(), pairs.end());
  std::string out;
  for (const auto& [key, value] : pairs) out += fmt::format("{}{}={}", out.empty() ? "" : "&", key, value);
  return out;
}

std::string canonical_path(std::string_view path, const SigningRules& rules) {
  const std::string resolved = rules.normalise_path ? normalised_path(path) : std::string(path);
  return rules.encode_path_again ? http::percent_encode_path(resolved) : resolved;
}

struct CanonicalHeaders {
  std::string lines;
  std::string names;
};

CanonicalHeaders canonical_headers(const std::vector<http::Header>& headers) {
  std::map<std::string, std::string> joined;
  for (const auto& [name, value] : headers) {
    const std::string key = base::to_lower(name);
    if (!is_signed(key)) continue;
    const auto [place, added] = joined.try_emplace(key, folded(value));
    if (!added) place->second += "," + folded(value);
  }
  CanonicalHeaders canonical;
  for (const auto& [name, value] : joined) {
    canonical.lines += fmt::format("{}:{}\n", name, value);
    canonical.names += (canonical.names.empty() ? "" : ";") + name;
  }
  return canonical;
}

std::string signing_key(const Credentials& credentials, std::string_view date, const SigningScope& scope) {
  std::string key = base::hmac_sha256("AWS4" + credentials.secret_access_key, date);
  for (const std::string_view part :
       {std::string_view(scope.region), std::string_view(scope.service), kTermination})
    key = base::hmac_sha256(key, part);
  return key;
}

}  // namespace

SigningRules s3_signing_rules() {
  return {.normalise_path = false, .encode_path_again = false, .content_hash = true};
}

base::Result<Signature> sign(http::HttpRequest& request, const Credentials& credentials,
                             const SigningScope& scope, const SigningRules& rules) {
  MIDWATCH_TRY(const http::Url url, http::parse_url(request.url));
  const std::string time = basic_time(scope.time);
  const std::string date = time.substr(0, time.find('T'));
  const std::string body_hash = base::sha256_hex(request.body);
  request.headers.emplace_back("X-Amz-Date", time);
  if (rules.content_hash) request.headers.emplace_back("x-amz-content-sha256", body_hash);
  const bool has_token = !credentials.session_token.empty();
  if (has_token && rules.sign_session_token)
    request.headers.emplace_back("X-Amz-Security-Token", credentials.session_token);

  Signature signature;
  const auto headers = canonical_headers(request.headers);
  signature.canonical_request =
      fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method, canonical_path(url.path, rules),
                  canonical_query(url.query), headers.lines, headers.names, body_hash);
  const std::string credential_scope =
      fmt::format("{}/{}/{}/{}", date, scope.region, scope.service, kTermination);
  signature.string_to_sign = fmt::format("{}\n{}\n{}\n{}", kAlgorithm, time, credential_scope,
                                         base::sha256_hex(signature.canonical_request));
  signature.hex =
      base::to_hex(base::hmac_sha256(signing_key(credentials, date, scope), signature.string_to_sign));
  signature.authorization =
      fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", kAlgorithm,
                  credentials.access_key_id, credential_scope, headers.names, signature.hex);
  if (has_token && !rules.sign_session_token)
    request.headers.emplace_back("X-Amz-Security-Token", credentials.session_token);
  request.headers.emplace_back("Authorization", signature.authorization);
  return signature;
}

}  // namespace midwatch::clients::aws::api
