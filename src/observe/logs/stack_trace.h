#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace midwatch::observe::logs {

/// What a stack trace says.
struct StackTrace {
  std::string language;  ///< "java", "python", "node", "go", "dotnet", "cpp"
  std::string
      exception;  ///< type, for example "java.lang.IllegalStateException"; empty where only frames are there
  std::string message;
  std::string
      location;  ///< file:line[:col] of the first frame of the user's own code; empty where none is known
};

/// True where a line is a frame or another continuation of a stack trace, not a record of its own.
bool continues_stack_trace(std::string_view line);

/// Reads a text of one or more lines as a stack trace or an exception with its message. Frames of language
/// runtimes and installed packages are not the user's own code.
std::optional<StackTrace> read_stack_trace(std::string_view text);

}  // namespace midwatch::observe::logs
