#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace midwatch::observe::lines {

/// What a stack trace says.
struct StackTrace {
  std::string language;   ///< "java", "python", "node", "go", "dotnet", "cpp", "ruby", "php", "rust"
  std::string exception;  ///< type of the innermost cause; empty where only frames are there
  std::string message;    ///< of that cause, one line
  /// file:line[:col] of the first frame of the user's own code, of the innermost cause that has one; empty
  /// where none is known.
  std::string location;
};

/// Reads a text of one or more lines as a stack trace or an exception with its message.
///
/// Of several exceptions that one caused the other, the innermost counts: the last "Caused by" of Java, the
/// innermost "--->" of .NET, the first of a chain in Python. Frames of language runtimes and of installed
/// packages are not the user's own code. Memory: at most 200 lines and 32 KiB are looked at.
std::optional<StackTrace> read_stack_trace(std::string_view text);

}  // namespace midwatch::observe::lines
