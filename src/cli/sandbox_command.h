#pragma once

namespace CLI {
class App;
}  // namespace CLI

namespace midwatch::cli {

/// Adds `midwatch sandbox`; `status` becomes the exit status when it ran.
void add_sandbox(CLI::App& app, int& status);

}  // namespace midwatch::cli
