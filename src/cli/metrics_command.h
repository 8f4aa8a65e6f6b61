#pragma once

namespace CLI {
class App;
}  // namespace CLI

namespace midwatch::cli {

/// Adds `midwatch metrics score`; `status` becomes the exit status when it ran.
void add_metrics(CLI::App& app, int& status);

}  // namespace midwatch::cli
