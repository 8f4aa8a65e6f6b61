#pragma once

#include <string_view>

namespace midwatch::observe::logs {

/// The part of a line that says what happened, without the header that a logging system puts before it.
///
/// Known headers: BSD syslog (RFC 3164: month, day, time, host, program and process id), RFC 5424, and a
/// leading timestamp of any kind. Anything else stays as it is.
std::string_view message_of(std::string_view line);

}  // namespace midwatch::observe::logs
