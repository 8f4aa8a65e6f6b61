#pragma once

#include <optional>
#include <string_view>

#include "src/base/time.h"
#include "src/http/http_client.h"

namespace midwatch::http {

/// Reads the form of a Date header: `Sun, 06 Nov 1994 08:49:37 GMT`. Gives nothing for any other text.
/// Source: RFC 9110 section 5.6.7, IMF-fixdate
std::optional<base::Timestamp> parse_http_date(std::string_view text);

/// How long an answer asks to wait, at most a day: seconds, or a date as far as it lies after the answer's
/// own, whatever the time is here. Nothing where it does not ask, or is not understood. Source: RFC 9110
/// section 10.2.3
std::optional<base::Duration> retry_after(const HttpResponse& response);

}  // namespace midwatch::http
