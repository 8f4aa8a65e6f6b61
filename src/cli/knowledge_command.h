#pragma once

namespace CLI {
class App;
}  // namespace CLI

namespace midwatch::cli {

/// Adds `midwatch knowledge list|show|lint`; `status` becomes the exit status when one ran.
void add_knowledge(CLI::App& app, int& status);

}  // namespace midwatch::cli
