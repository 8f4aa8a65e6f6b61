#pragma once

#include <optional>
#include <string_view>

#include "src/base/time.h"

namespace midwatch::clients::aws::api {

/// Reads the form of a Date header: `Sun, 06 Nov 1994 08:49:37 GMT`. Gives nothing for any other text.
/// Source: RFC 9110 section 5.6.7, IMF-fixdate
std::optional<base::Timestamp> parse_http_date(std::string_view text);

}  // namespace midwatch::clients::aws::api
