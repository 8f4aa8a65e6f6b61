#pragma once

#include <string>
#include <string_view>

#include "src/base/result.h"

namespace midwatch::http {

/// The parts of an absolute http or https URL; nothing is decoded.
struct Url {
  std::string scheme;     ///< `http` or `https`
  std::string authority;  ///< host, and port where it is written: what the Host header says
  std::string host;       ///< lower case, without the brackets of an IPv6 address
  std::string path;       ///< at least `/`
  std::string query;      ///< without `?`
};

/// Errors: kInvalidArgument where it is no absolute http(s) URL, or holds user information, a fragment,
/// spaces or control characters.
base::Result<Url> parse_url(std::string_view text);

/// True for `localhost`, 127.0.0.0/8 and ::1.
bool is_loopback(std::string_view host);

/// True for the addresses at which a machine serves its own metadata: 169.254.0.0/16, fe80::/10 and
/// fd00:ec2::/32.
bool is_link_local(std::string_view host);

/// Percent-encodes all but the unreserved characters of RFC 3986, in upper case.
std::string percent_encode(std::string_view text);

/// The same, but keeps `/`.
std::string percent_encode_path(std::string_view text);

/// Decodes `%xx`; anything else stays.
std::string percent_decode(std::string_view text);

}  // namespace midwatch::http
