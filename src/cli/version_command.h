#pragma once

namespace CLI {
class App;
}  // namespace CLI

namespace midwatch::cli {

/// Adds `midwatch version`; `status` becomes the exit status when it ran.
void add_version(CLI::App& app, int& status);

}  // namespace midwatch::cli
