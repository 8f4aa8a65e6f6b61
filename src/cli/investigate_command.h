#pragma once

namespace CLI {
class App;
}  // namespace CLI

namespace midwatch::cli {

/// Adds `midwatch investigate`; `status` becomes the exit status when it ran.
void add_investigate(CLI::App& app, int& status);

}  // namespace midwatch::cli
