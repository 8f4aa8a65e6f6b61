#include "src/http/url.h"

#include <algorithm>

#include <fmt/format.h>

#include "src/base/ascii.h"
#include "src/base/utf8.h"

namespace midwatch::http {
namespace {

constexpr std::size_t kShownBytes = 80;  // of a wrong address: enough to recognise it

base::Error wrong(std::string_view what, std::string_view text) {
  // What stands before '@' or after '?' may be secret.
  const auto shown = text.find('@') == std::string_view::npos ? text.substr(0, text.find('?'))
                                                              : text.substr(0, text.find(':'));
  return base::user_error(
      base::ErrorCode::kInvalidArgument,
      fmt::format("this address cannot be used, {}: {}", what, base::printable(shown, kShownBytes)));
}

bool is_unreserved(unsigned char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

std::string encode(std::string_view text, bool keep_slash) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char each : text) {
    const auto c = static_cast<unsigned char>(each);
    if (is_unreserved(c) || (keep_slash && c == '/')) {
      out += each;
    } else {
      out += '%';
      out += kDigits[c >> 4U];
      out += kDigits[c & 15U];
    }
  }
  return out;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Host of `host`, `host:port`, `[v6]` or `[v6]:port`; nothing where it is none of these.
std::string_view host_of(std::string_view authority) {
  std::string_view port;
  std::string_view host = authority;
  if (authority.starts_with('[')) {
    const auto end = authority.find(']');
    if (end == std::string_view::npos) return {};
    host = authority.substr(1, end - 1);
    port = authority.substr(end + 1);
    if (!port.empty() && port.front() != ':') return {};
    if (!port.empty()) port.remove_prefix(1);
  } else if (const auto colon = authority.find(':'); colon != std::string_view::npos) {
    host = authority.substr(0, colon);
    port = authority.substr(colon + 1);
  }
  constexpr std::size_t kMostPortDigits = 5;
  const bool digits = std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits && port.size() <= kMostPortDigits ? host : std::string_view{};
}

/// The four numbers of a dotted address; nothing where it is none, so that `127.evil.example` is a name.
bool is_dotted_address(std::string_view host) {
  const auto parts = base::split(host, '.');
  return parts.size() == 4 && std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
           return !part.empty() && part.size() <= 3 &&
                  std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
         });
}

}  // namespace

base::Result<Url> parse_url(std::string_view text) {
  const auto colon = text.find("://");
  if (colon == std::string_view::npos) return wrong("it does not begin with http:// or https://", text);
  Url url;
  url.scheme = base::to_lower(text.substr(0, colon));
  if (url.scheme != "http" && url.scheme != "https")
    return wrong("it does not begin with http:// or https://", text);
  if (std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || static_cast<unsigned char>(c) == 0x7f;
      })) {
    return wrong("it holds a space or a control character", text);
  }
  if (text.find('#') != std::string_view::npos) return wrong("it holds a fragment", text);
  const auto rest = text.substr(colon + 3);
  const auto end = std::min(rest.find_first_of("/?"), rest.size());
  url.authority = rest.substr(0, end);
  if (url.authority.find('@') != std::string::npos) return wrong("it holds a user name or password", text);
  url.host = base::to_lower(host_of(url.authority));
  if (url.host.empty()) return wrong("it names no host", text);
  const auto target = rest.substr(end);
  const auto mark = std::min(target.find('?'), target.size());
  url.path = mark == 0 ? "/" : std::string(target.substr(0, mark));
  if (mark < target.size()) url.query = target.substr(mark + 1);
  return url;
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || (host.starts_with("127.") && is_dotted_address(host));
}

bool is_link_local(std::string_view host) {
  return (host.starts_with("169.254.") && is_dotted_address(host)) ||
         (host.find(':') != std::string_view::npos &&
          (host.starts_with("fe80:") || host.starts_with("fd00:ec2:")));
}

std::string percent_encode(std::string_view text) {
  return encode(text, false);
}

std::string percent_encode_path(std::string_view text) {
  return encode(text, true);
}

std::string percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace midwatch::http
