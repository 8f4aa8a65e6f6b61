#pragma once

#include <string>

#include "src/base/time.h"
#include "src/cli/terminal.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace midwatch::cli {

/// Adds --lang, --color and --output to a command.
void add_presentation(CLI::App& command, Presentation& how);

struct LengthLimits {
  base::Duration least;
  base::Duration most;
};

/// Adds an option that takes a length of time: 500ms, 2s, 1m30s, or seconds without a unit. Anything else,
/// and what lies outside the limits, is wrong usage and told with the option's name.
CLI::Option* add_length(CLI::App& command, const std::string& name, base::Duration& into,
                        const LengthLimits& limits, const std::string& what);

/// Adds --deadline: after how long an account is not asked any more.
CLI::Option* add_deadline(CLI::App& command, base::Duration& into);

/// Adds --latency: what every call to a simulated account takes.
CLI::Option* add_latency(CLI::App& command, base::Duration& into);

}  // namespace midwatch::cli
