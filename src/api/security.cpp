#include "src/api/security.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "src/base/ascii.h"
#include "src/base/digest.h"
#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/http/url.h"

namespace midwatch::api {
namespace {

constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kHeaders{{
    {"Content-Security-Policy", kPolicy},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"X-Frame-Options", "DENY"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
}};

/// Of a wrong name in a message: enough to recognise it.
constexpr std::size_t kShownBytes = 80;
/// Style attributes of a report draw bars of 0 to 100 per cent.
constexpr std::size_t kMostStyles = 128;

base::Error refused(std::string message) {
  return base::user_error(base::ErrorCode::kPermissionDenied, std::move(message));
}

bool has_header(const http::ServerResponse& response, std::string_view name) {
  return std::any_of(response.headers.begin(), response.headers.end(),
                     [&](const auto& header) { return header.first == name; });
}

int nibble(char digit) {
  return digit <= '9' ? digit - '0' : digit - 'a' + 10;
}

/// SHA-256 in the form of a policy.
std::string hash_source(std::string_view content) {
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::string hex = base::sha256_hex(content);
  std::string out = "'sha256-";
  unsigned bits = 0;
  int held = 0;
  for (const char digit : hex) {
    bits = (bits << 4U | static_cast<unsigned>(nibble(digit))) & 0xFFFU;
    held += 4;
    if (held >= 6) {
      held -= 6;
      out += kAlphabet[bits >> static_cast<unsigned>(held) & 63U];
    }
  }
  // 256 bits are 42 letters and four bits.
  out += kAlphabet[bits << 2U & 63U];
  return out + "='";
}

/// All that stands between `begin` and `end`, once each.
std::set<std::string_view> all_between(std::string_view text, std::string_view begin, std::string_view end) {
  std::set<std::string_view> found;
  for (std::size_t at = text.find(begin); at != std::string_view::npos && found.size() < kMostStyles;
       at = text.find(begin, at)) {
    at += begin.size();
    const std::size_t stop = text.find(end, at);
    if (stop == std::string_view::npos) break;
    found.insert(text.substr(at, stop - at));
    at = stop;
  }
  return found;
}

/// The host of `host` or `host:port`, in lower case; empty where it is neither.
std::string host_of(std::string_view authority) {
  const auto url = http::parse_url(fmt::format("http://{}/", authority));
  return url && url->authority == authority ? url->host : std::string();
}

}  // namespace

void add_security_headers(http::ServerResponse& response) {
  for (const auto& [name, value] : kHeaders) {
    if (!has_header(response, name)) response.set(std::string(name), std::string(value));
  }
  if (!has_header(response, "Cache-Control")) response.set("Cache-Control", "private, no-cache");
}

std::string policy_of_document(std::string_view html) {
  std::string styles;
  for (const auto style : all_between(html, "<style>", "</style>")) styles += " " + hash_source(style);
  const auto attributes = all_between(html, " style=\"", "\"");
  if (!attributes.empty()) styles += " 'unsafe-hashes'";
  for (const auto style : attributes) styles += " " + hash_source(style);
  if (styles.empty()) styles = " 'none'";
  return fmt::format(
      "default-src 'none'; style-src{}; img-src data:; base-uri 'none'; frame-ancestors 'none'; form-action "
      "'none'; sandbox allow-popups allow-top-navigation-by-user-activation",
      styles);
}

base::Result<> check_host(const http::ServerRequest& request, const ApiOptions& options) {
  if (!options.on_loopback && options.host_names.empty()) return {};
  const std::string_view written = request.header("Host");
  const std::string host = host_of(written);
  const bool ours =
      std::find(options.host_names.begin(), options.host_names.end(), host) != options.host_names.end() ||
      (options.on_loopback && http::is_loopback(host));
  if (!host.empty() && ours) return {};
  return refused(fmt::format("this server does not answer to the name \"{}\"; add it to its host names",
                             base::printable(written, kShownBytes)));
}

base::Result<> check_same_origin(const http::ServerRequest& request) {
  // Browsers send these by themselves, and no page can change them.
  const std::string_view site = request.header("Sec-Fetch-Site");
  if (!site.empty() && site != "same-origin" && site != "none")
    return refused("a page of another origin must not change anything here");
  const std::string_view origin = request.header("Origin");
  if (origin.empty()) return {};
  const auto url = http::parse_url(origin);
  if (url && base::to_lower(url->authority) == base::to_lower(request.header("Host"))) return {};
  return refused("a page of another origin must not change anything here");
}

}  // namespace midwatch::api
