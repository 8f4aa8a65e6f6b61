#pragma once

#include <string>
#include <string_view>

#include "src/observe/lines/json_line.h"
#include "src/observe/lines/severity.h"

namespace midwatch::observe::lines {

/// A log body taken apart, whatever its format: plain with or without a header, JSON, logfmt.
struct LogLine {
  std::string_view message;    ///< what happened, one line, without header: what templates are mined from
  std::string_view text;       ///< the same with all that follows it (a stack trace), line ends restored
  std::string_view level;      ///< as written; empty where it says none
  std::string_view exception;  ///< the type of an error that is a field of its own
  std::string_view trace;      ///< where a field names the request
  std::string_view span;
};

/// Takes log bodies apart.
/// Threads: one thread; a result lives until the next read and as long as its body.
class LogLineReader {
 public:
  LogLine read(std::string_view body);

 private:
  /// `before` are words that stand before the object.
  LogLine read_json(const JsonLine& json, std::string_view before);
  LogLine read_logfmt(std::string_view text);

  JsonLineReader json_;
  std::string message_;
  std::string text_;
};

/// How serious a line is: what its source says of it (`given`, as written), else the line itself.
Severity severity_of(const LogLine& line, std::string_view given);

}  // namespace midwatch::observe::lines
