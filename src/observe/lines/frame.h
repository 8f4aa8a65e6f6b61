#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace midwatch::observe::lines {

/// One line of a stack trace that names a place in code.
struct Frame {
  std::string_view language;
  std::string location;  ///< file:line[:col] as the line has it
  bool own = false;      ///< the user's own code: no runtime, no installed package
};

/// Reads a line as a frame of Java, .NET, Node, Python, Go, Ruby, PHP, Rust, gdb, or AddressSanitizer.
std::optional<Frame> read_frame(std::string_view line);

}  // namespace midwatch::observe::lines
