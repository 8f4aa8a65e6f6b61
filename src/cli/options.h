#pragma once

#include "src/cli/terminal.h"

namespace CLI {
class App;
}  // namespace CLI

namespace midwatch::cli {

/// Adds --lang, --color and --output to a command.
void add_presentation(CLI::App& command, Presentation& how);

}  // namespace midwatch::cli
