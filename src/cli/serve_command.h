#pragma once

namespace CLI {
class App;
}  // namespace CLI

namespace midwatch::cli {

/// Adds `midwatch serve` and `midwatch worker`.
void add_serve(CLI::App& app, int& status);

}  // namespace midwatch::cli
