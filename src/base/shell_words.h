#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace midwatch::base {

/// The first command of a line of a shell.
struct ShellCommand {
  std::vector<std::string> words;
  char ended_by = 0;  ///< '|', ';', '>' or '<' where more follows that is not the command's own; else 0
};

/// Splits a line into words as a POSIX shell does, without expanding anything. At most 400 words are read: a
/// longer line is no command.
/// Source: POSIX.1-2017, Shell Command Language, 2.2 Quoting and 2.3 Token Recognition.
ShellCommand first_shell_command(std::string_view line);

}  // namespace midwatch::base
