#pragma once

namespace CLI {
class App;
}  // namespace CLI

namespace midwatch::cli {

/// Adds `midwatch aws policy`; `status` becomes the exit status when it ran.
void add_aws(CLI::App& app, int& status);

}  // namespace midwatch::cli
