#pragma once

namespace CLI {
class App;
}  // namespace CLI

namespace midwatch::cli {

/// Adds `midwatch verify`; `status` becomes the exit status when it ran.
void add_verify(CLI::App& app, int& status);

}  // namespace midwatch::cli
