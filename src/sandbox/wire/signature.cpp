#include "src/sandbox/wire/signature.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "src/base/ascii.h"
#include "src/base/digest.h"
#include "src/sandbox/wire/hmac.h"
#include "src/sandbox/wire/percent.h"

namespace midwatch::sandbox::wire {
namespace {

using http::ServerRequest;

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kUnsigned = "UNSIGNED-PAYLOAD";
/// AWS refuses a request whose date is further away.
constexpr base::Duration kSkew = std::chrono::minutes(15);

/// The parts of a signature, wherever they stood.
struct Presented {
  std::string credential;
  std::string signed_headers;
  std::string signature;
  std::string date;
  std::string token;
  std::optional<base::Duration> valid_for;  ///< of a presigned address
};

/// The parts of a credential: key, day, region, service, `aws4_request`.
constexpr std::size_t kCredentialParts = 5;

tl::unexpected<AccountError> refuse(std::string code, std::string message, int status = 403) {
  return tl::unexpected(AccountError{std::move(code), std::move(message), status});
}

/// Reads `20150830T123600Z`.
std::optional<base::Timestamp> parse_basic_time(const std::string& text) {
  constexpr std::size_t kLength = 16;
  if (text.size() != kLength) return {};
  return base::parse_rfc3339(fmt::format("{}-{}-{}T{}:{}:{}Z", text.substr(0, 4), text.substr(4, 2),
                                         text.substr(6, 2), text.substr(9, 2), text.substr(11, 2),
                                         text.substr(13, 2)));
}

/// The value of `NAME=` in an Authorization header.
std::string part_of(std::string_view authorization, std::string_view name) {
  for (const std::string_view part : base::split(authorization, ',')) {
    const std::string_view found =
        part.substr(part.rfind(' ') == std::string_view::npos ? 0 : part.rfind(' ') + 1);
    if (found.starts_with(name) && found.size() > name.size() && found[name.size()] == '=')
      return std::string(found.substr(name.size() + 1));
  }
  return {};
}

Presented from_header(const ServerRequest& request) {
  const std::string_view authorization = request.header("authorization");
  return {.credential = part_of(authorization, "Credential"),
          .signed_headers = part_of(authorization, "SignedHeaders"),
          .signature = part_of(authorization, "Signature"),
          .date = std::string(request.header("x-amz-date")),
          .token = std::string(request.header("x-amz-security-token")),
          .valid_for = {}};
}

std::optional<Presented> from_query(const ServerRequest& request) {
  Presented out;
  bool signed_address = false;
  for (const auto& [key, value] : split_query(request.query())) {
    if (key == "X-Amz-Algorithm") signed_address = value == kAlgorithm;
    if (key == "X-Amz-Credential") out.credential = value;
    if (key == "X-Amz-SignedHeaders") out.signed_headers = value;
    if (key == "X-Amz-Signature") out.signature = value;
    if (key == "X-Amz-Date") out.date = value;
    if (key == "X-Amz-Security-Token") out.token = value;
    if (key == "X-Amz-Expires") {
      int seconds = 0;
      std::from_chars(value.data(), value.data() + value.size(), seconds);
      out.valid_for = std::chrono::seconds(seconds);
    }
  }
  if (!signed_address) return {};
  return out;
}

/// Without dot segments and empty ones, as RFC 3986 section 5.2.4 removes them.
std::string normalised(std::string_view path) {
  std::vector<std::string_view> kept;
  for (const std::string_view part : base::split(path, '/')) {
    if (part == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (!part.empty() && part != ".") {
      kept.push_back(part);
    }
  }
  std::string out;
  for (const std::string_view part : kept) out.append("/").append(part);
  return out.empty() || (path.ends_with('/') && out != "/") ? out + "/" : out;
}

std::string canonical_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const auto& [key, value] : split_query(query)) {
    if (key != "X-Amz-Signature") pairs.emplace_back(percent_encode(key), percent_encode(value));
  }
  std::sort(pairs.begin(), pairs.end());
  std::string out;
  for (const auto& [key, value] : pairs) out += fmt::format("{}{}={}", out.empty() ? "" : "&", key, value);
  return out;
}

std::string canonical_value(const ServerRequest& request, std::string_view name) {
  std::string out;
  bool first = true;
  for (const auto& [key, value] : request.headers) {
    if (base::to_lower(key) != name) continue;
    if (!first) out += ',';
    first = false;
    std::string folded;
    for (const std::string_view word : base::split_words(value))
      folded.append(folded.empty() ? "" : " ").append(word);
    out += folded;
  }
  return out;
}

/// The digest that goes into the signature. Where the client names one for the body, it must be the body's.
tl::expected<std::string, AccountError> payload_digest(const ServerRequest& request, bool presigned,
                                                       bool s3) {
  std::string named(request.header("x-amz-content-sha256"));
  std::string real = base::sha256_hex(request.body);
  if (presigned && s3 && named.empty()) return std::string(kUnsigned);
  if (s3 && named.empty())
    return refuse("InvalidRequest", "Missing required header for this request: x-amz-content-sha256", 400);
  if (named.empty()) return real;
  if (named == kUnsigned || named.starts_with("STREAMING-")) return named;
  if (named != real)
    return refuse("XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match.",
                  400);
  return real;
}

/// A signature that leaves out the host would hold at any.
bool signs_host(const std::string& signed_headers) {
  const auto names = base::split(signed_headers, ';');
  return std::find(names.begin(), names.end(), "host") != names.end();
}

tl::expected<void, AccountError> check_time(const Presented& presented, base::Timestamp now) {
  const auto date = parse_basic_time(presented.date);
  if (!date)
    return refuse("IncompleteSignature",
                  "Date must be in ISO-8601 'basic format'. Got '" +
                      base::to_lower(presented.date).substr(0, 32) + "'.",
                  400);
  if (*date > now + kSkew)
    return refuse("SignatureDoesNotMatch", fmt::format("Signature not yet current: {} is still later than {}",
                                                       presented.date, base::format_rfc3339(now + kSkew)));
  if (*date + presented.valid_for.value_or(kSkew) < now) {
    if (presented.valid_for) return refuse("AccessDenied", "Request has expired");
    return refuse("SignatureDoesNotMatch", fmt::format("Signature expired: {} is now earlier than {}",
                                                       presented.date, base::format_rfc3339(now - kSkew)));
  }
  return {};
}

tl::expected<Credentials, AccountError> check_key(const Presented& presented, std::string_view access_key,
                                                  const KeyRing& keys, base::Timestamp now) {
  const auto known = keys.find(access_key);
  if (!known || known->session_token != presented.token)
    return refuse("InvalidClientTokenId", "The security token included in the request is invalid.");
  if (known->expires && *known->expires <= now)
    return refuse("ExpiredToken", "The security token included in the request is expired");
  return *known;
}

}  // namespace

std::string presented_service(const ServerRequest& request) {
  const auto in_query = from_query(request);
  const std::string credential = in_query ? in_query->credential : from_header(request).credential;
  const auto parts = base::split(credential, '/');
  return parts.size() == kCredentialParts ? std::string(parts[3]) : std::string();
}

std::string canonical_request(const ServerRequest& request, const std::string& signed_headers,
                              const std::string& payload_digest, bool is_s3) {
  std::string headers;
  for (const std::string_view name : base::split(signed_headers, ';'))
    headers += fmt::format("{}:{}\n", name, canonical_value(request, name));
  const std::string path = is_s3 ? percent_encode(percent_decode(request.path()), true)
                                 : percent_encode(normalised(request.path()), true);
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method, path, canonical_query(request.query()),
                     headers, signed_headers, payload_digest);
}

std::string signature_of(const std::string& canonical, const std::string& secret, const std::string& date,
                         const std::string& scope) {
  std::string key = "AWS4" + secret;
  for (const std::string_view part : base::split(scope, '/')) key = hmac_sha256(key, part);
  const std::string text =
      fmt::format("{}\n{}\n{}\n{}", kAlgorithm, date, scope, base::sha256_hex(canonical));
  return hex_of(hmac_sha256(key, text));
}

tl::expected<Signed, AccountError> check_signature(const ServerRequest& request, const KeyRing& keys,
                                                   base::Timestamp now) {
  const bool in_header = request.header("authorization").starts_with(kAlgorithm);
  const auto in_query = from_query(request);
  if (!in_header && !in_query) return refuse("MissingAuthenticationToken", "Missing Authentication Token");
  const Presented presented = in_header ? from_header(request) : *in_query;
  const auto credential = base::split(presented.credential, '/');
  if (credential.size() != kCredentialParts || presented.signature.empty() ||
      presented.signed_headers.empty() || credential.back() != "aws4_request" ||
      !presented.date.starts_with(credential[1]) || !signs_host(presented.signed_headers)) {
    return refuse("IncompleteSignature", "The request signature does not conform to AWS standards.", 400);
  }
  if (auto timely = check_time(presented, now); !timely) return tl::unexpected(timely.error());
  auto known = check_key(presented, credential[0], keys, now);
  if (!known) return tl::unexpected(known.error());

  const bool s3 = credential[3] == "s3";
  const auto digest = payload_digest(request, !in_header, s3);
  if (!digest) return tl::unexpected(digest.error());
  const std::string canonical = canonical_request(request, presented.signed_headers, *digest, s3);
  const std::string scope = presented.credential.substr(credential[0].size() + 1);
  if (!same_secret(signature_of(canonical, known->secret_key, presented.date, scope), presented.signature)) {
    return refuse(
        "SignatureDoesNotMatch",
        "The request signature we calculated does not match the signature you provided. Check your AWS "
        "Secret Access Key and signing method. Consult the service documentation for details.");
  }
  return Signed{*std::move(known), std::string(credential[2]), std::string(credential[3])};
}

}  // namespace midwatch::sandbox::wire
