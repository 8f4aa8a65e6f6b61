#pragma once

namespace CLI {
class App;
}  // namespace CLI

namespace midwatch::cli {

/// Adds `midwatch topology`; `status` becomes the exit status when it ran.
void add_topology(CLI::App& app, int& status);

}  // namespace midwatch::cli
