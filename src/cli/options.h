#pragma once

#include <chrono>
#include <string>

#include "src/base/result.h"
#include "src/cli/terminal.h"

namespace CLI {
class App;
}  // namespace CLI

namespace midwatch::cli {

/// Adds --lang, --color and --output to a command.
void add_presentation(CLI::App& command, Presentation& how);

/// Reads `80ms` and `2s`. Errors: kInvalidArgument for any other text.
base::Result<std::chrono::milliseconds> latency_of(const std::string& text);

}  // namespace midwatch::cli
