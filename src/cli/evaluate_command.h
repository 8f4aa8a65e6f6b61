#pragma once

namespace CLI {
class App;
}  // namespace CLI

namespace midwatch::cli {

/// Adds `midwatch evaluate`; `status` becomes the exit status when it ran.
void add_evaluate(CLI::App& app, int& status);

}  // namespace midwatch::cli
