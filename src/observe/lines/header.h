#pragma once

#include <string_view>

namespace midwatch::observe::lines {

/// What a logging system puts before a message, and the message.
struct LineParts {
  std::string_view message;  ///< what happened; the whole line where no header is recognised
  std::string_view level;    ///< as written ("INFO", "W"); empty where the header has none
};

/// Takes a line apart, with one grammar for all formats: fields that are times, levels, numbers, identifiers,
/// bracketed threads and requests, names of programs and loggers, in whatever order they come. Only a line
/// with a time near its start has a header, so a bare message stays whole.
///
/// Known among others: BSD syslog (RFC 3164) and RFC 5424, log4j and logback, logcat, glog and klog, Python's
/// logging, CRI, columns separated by "|".
/// Shape: `message` and `level` are parts of `line`; `message` is empty only where `line` is.
LineParts split_header(std::string_view line);

}  // namespace midwatch::observe::lines
