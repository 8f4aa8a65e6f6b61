#pragma once

namespace CLI {
class App;
}  // namespace CLI

namespace midwatch::cli {

/// Adds `midwatch logs mine`; `status` becomes the exit status when it ran.
void add_logs(CLI::App& app, int& status);

}  // namespace midwatch::cli
