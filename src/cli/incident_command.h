#pragma once

namespace CLI {
class App;
}  // namespace CLI

namespace midwatch::cli {

/// Adds `midwatch incident`: what a server knows, from a terminal.
void add_incident(CLI::App& app, int& status);

}  // namespace midwatch::cli
